//! Python objects as a source of values for core's reader. What they mean, core decides; here nothing may be lost on the way.

use std::borrow::Cow;
use std::fmt::Write as _;

use airudder::Case;
use airudder::model::{Number, Problem, ReadError, Start, Text, Tokens, to_value};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::iter::BoundDictIterator;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyIterator, PyList, PyMapping, PySequence, PyString, PyTuple,
};

use crate::model::Model;
use crate::output;

type Result<T> = std::result::Result<T, ReadError>;

/// A Python object, and the containers around the value that comes next.
pub struct PyTokens<'py> {
    value: Bound<'py, PyAny>,
    /// The type of `value`, once it is known.
    start: Option<Start>,
    open: Vec<Container<'py>>,
    /// A number or a date as text.
    text: String,
}

/// A container whose values are being passed.
enum Container<'py> {
    List {
        items: Bound<'py, PyIterator>,
        index: usize,
    },
    Object {
        entries: BoundDictIterator<'py>,
        name: Bound<'py, PyString>,
    },
}

fn refused(what: &str) -> ReadError {
    Problem::new(what).into()
}

impl<'py> PyTokens<'py> {
    pub fn new(value: &Bound<'py, PyAny>) -> Self {
        Self {
            value: value.clone(),
            start: None,
            open: Vec::new(),
            text: String::new(),
        }
    }

    /// Where the value is that comes next, as in `details[3].arrears`.
    pub fn path(&self, root: &str) -> String {
        let mut path = root.to_owned();
        for container in &self.open {
            // Writing to a string does not fail.
            let _ = match container {
                Container::List { index, .. } => write!(path, "[{index}]"),
                Container::Object { name, .. } => {
                    let dot = if path.is_empty() { "" } else { "." };
                    write!(path, "{dot}{}", shown(name.to_str().unwrap_or_default()))
                }
            };
        }
        path
    }

    fn set(&mut self, value: Bound<'py, PyAny>) {
        self.value = value;
        self.start = None;
    }

    /// The type of the next value. What JSON does not have becomes what stands for it.
    fn classify(&mut self) -> Result<Start> {
        let value = &self.value;
        if value.is_instance_of::<PyString>() {
            return Ok(Start::Text);
        }
        if value.is_none() {
            return Ok(Start::Null);
        }
        if value.is_instance_of::<PyBool>() {
            return Ok(Start::Boolean);
        }
        if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
            return Ok(Start::Number);
        }
        if value.is_instance_of::<PyDict>() {
            return Ok(Start::Object);
        }
        if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            return Ok(Start::List);
        }
        let py = value.py();
        if let Ok(model) = value.cast::<Model>() {
            // What came from AI Rudder may be sent on as it is.
            let fields = output::json(py, &to_value(model.get().core(), Case::Snake));
            self.value = fields.map_err(|_| refused("cannot be read as a mapping"))?.into_bound(py);
            return Ok(Start::Object);
        }
        if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
            return Err(refused("is bytes; decode it to text"));
        }
        if value.is_instance_of::<PySequence>() {
            return Ok(Start::List);
        }
        if let Some(text) = scalar(value) {
            self.text = text?;
            self.value = PyString::new(py, &self.text).into_any();
            return Ok(Start::Text);
        }
        let mapping = value
            .cast::<PyMapping>()
            .map_err(|_| refused("must be text, a number, True or False, a list or a mapping"))?;
        let dict = PyDict::new(py);
        dict.update(mapping).map_err(|_| refused("cannot be read as a mapping"))?;
        self.value = dict.into_any();
        Ok(Start::Object)
    }

    /// Takes the next value of the innermost container, or leaves it.
    fn advance(&mut self) -> Result<bool> {
        let next = match self.open.last_mut() {
            Some(Container::List { items, index }) => {
                *index = index.wrapping_add(1);
                items.next().transpose().map_err(|_| refused("cannot be read"))?
            }
            Some(Container::Object { entries, name }) => match entries.next() {
                Some((key, value)) => {
                    *name = key.cast_into().map_err(|_| refused("has a key that is no text"))?;
                    Some(value)
                }
                None => None,
            },
            None => None,
        };
        let has_more = next.is_some();
        match next {
            Some(value) => self.set(value),
            None => drop(self.open.pop()),
        }
        Ok(has_more)
    }

    fn key(&self) -> Result<&str> {
        match self.open.last() {
            Some(Container::Object { name, .. }) => utf8(name),
            _ => Ok(""),
        }
    }
}

impl<'py> Tokens for PyTokens<'py> {
    type Mark = (Bound<'py, PyAny>, usize);

    fn start(&mut self) -> Result<Start> {
        let start = match self.start {
            Some(start) => start,
            None => self.classify()?,
        };
        self.start = Some(start);
        Ok(start)
    }

    fn null(&mut self) -> Result<()> {
        Ok(())
    }

    fn boolean(&mut self) -> Result<bool> {
        Ok(self.value.is_truthy().unwrap_or_default())
    }

    fn number(&mut self) -> Result<Number<'_>> {
        self.text.clear();
        if let Ok(float) = self.value.cast::<PyFloat>() {
            let number = serde_json::Number::from_f64(float.value()).ok_or_else(|| refused("must be a finite number"))?;
            self.text = number.to_string();
        } else {
            let written = match (self.value.extract::<i64>(), self.value.extract::<u64>()) {
                (Ok(number), _) => write!(self.text, "{number}"),
                (_, Ok(number)) => write!(self.text, "{number}"),
                _ => return Err(refused("is larger than 64 bits")),
            };
            written.map_err(|_| refused("cannot be read"))?;
        }
        Number::new(&self.text).ok_or_else(|| refused("cannot be read as a number"))
    }

    fn text(&mut self) -> Result<Text<'_>> {
        let text = self.value.cast::<PyString>().map_err(|_| refused("cannot be read as text"))?;
        utf8(text).map(Text::plain)
    }

    fn enter(&mut self, container: Start) -> Result<bool> {
        self.open.push(if container == Start::List {
            let items = self.value.try_iter().map_err(|_| refused("cannot be read as a list"))?;
            let index = usize::MAX;
            Container::List { items, index }
        } else {
            let dict = self.value.cast::<PyDict>().map_err(|_| refused("cannot be read as a mapping"))?;
            let (entries, name) = (dict.iter(), PyString::intern(dict.py(), ""));
            Container::Object { entries, name }
        });
        self.advance()
    }

    fn next(&mut self, _: Start) -> Result<bool> {
        self.advance()
    }

    fn take_name(&mut self, expected: &str) -> Result<bool> {
        Ok(self.key()? == expected)
    }

    fn name(&mut self) -> Result<Cow<'_, str>> {
        self.key().map(Cow::Borrowed)
    }

    fn skip(&mut self) -> Result<()> {
        Ok(())
    }

    fn mark(&self) -> Self::Mark {
        (self.value.clone(), self.open.len())
    }

    fn rewind(&mut self, (value, depth): &Self::Mark) -> usize {
        self.open.truncate(*depth);
        self.set(value.clone());
        1
    }
}

/// A key as it may be shown: it may be a phone number as well as a name.
pub fn shown(key: &str) -> &str {
    let is_name = key.len() <= 40 && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if is_name { key } else { "…" }
}

fn utf8<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str> {
    text.to_str()
        .map_err(|_| refused("holds a lone surrogate, which UTF-8 does not have"))
}

/// Days, times and decimal numbers as the text that AI Rudder takes. `None` if the value is none of them.
fn scalar(value: &Bound<'_, PyAny>) -> Option<Result<String>> {
    let py = value.py();
    let text = if value.is_instance_of::<PyDateTime>() {
        // With its offset when it has one: which of the two a field takes, core knows.
        value.call_method1(intern!(py, "isoformat"), (" ", "seconds"))
    } else if value.is_instance_of::<PyDate>() {
        value.call_method0(intern!(py, "isoformat"))
    } else if is_decimal(value) {
        match value.call_method0(intern!(py, "is_finite")).and_then(|finite| finite.is_truthy()) {
            Ok(true) => value.call_method1(intern!(py, "__format__"), ("f",)),
            _ => return Some(Err(refused("must be a finite number"))),
        }
    } else {
        return None;
    };
    let text = text.and_then(|text| text.extract());
    Some(text.map_err(|_| refused("cannot be written as text")))
}

fn is_decimal(value: &Bound<'_, PyAny>) -> bool {
    let py = value.py();
    let class = py
        .import(intern!(py, "decimal"))
        .and_then(|module| module.getattr(intern!(py, "Decimal")));
    class.and_then(|class| value.is_instance(&class)).unwrap_or(false)
}
