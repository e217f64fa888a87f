//! Reads the data of an answer, in the same pass that opens the envelope around it.

use std::marker::PhantomData;

use serde_json::Value;

use crate::json::{Budget, JsonTokens, ReadError, Source};
use crate::model::Answer;
use crate::schema::Shape;

/// What reads the data of an answer.
pub(crate) trait DataReader: Sync {
    /// What it makes.
    type Data: Send;

    /// Reads the next value, and returns the tokens behind it.
    fn read<'a>(&self, tokens: JsonTokens<'a>) -> Result<(Self::Data, JsonTokens<'a>), ReadError>;

    /// Reads the value that the whole of `json` is.
    fn read_whole(&self, json: &str) -> Result<Self::Data, ReadError> {
        let (data, mut rest) = self.read(JsonTokens::new(json))?;
        rest.end().map(|()| data)
    }
}

/// Reads data of a known shape.
pub(crate) struct AnswerReader<T> {
    shape: &'static Shape,
    budget: Budget,
    answer: PhantomData<fn() -> T>,
}

impl<T: Answer> AnswerReader<T> {
    pub(crate) fn new(shape: &'static Shape, budget: Budget) -> Self {
        Self {
            shape,
            budget,
            answer: PhantomData,
        }
    }
}

impl<T: Answer> DataReader for AnswerReader<T> {
    type Data = T;

    fn read<'a>(&self, tokens: JsonTokens<'a>) -> Result<(T, JsonTokens<'a>), ReadError> {
        T::next(self.shape, Source::new(tokens, self.budget.clone()))
    }
}

/// Reads data of any shape.
pub(crate) struct ValueReader(pub(crate) Budget);

impl DataReader for ValueReader {
    type Data = Value;

    fn read<'a>(&self, tokens: JsonTokens<'a>) -> Result<(Value, JsonTokens<'a>), ReadError> {
        let mut source = Source::new(tokens, self.0.clone());
        Ok((source.value()?, source.tokens))
    }
}
