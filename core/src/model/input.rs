//! The parameters of a call, typed or by name.

use serde::Deserializer;
use serde_json::{Map, Value};

use super::object::Piece;
use super::rename::{Fields, rename};
use super::{Case, Model, Problem, Ref, Shape, Written, check};

/// The parameters of a call.
#[allow(missing_debug_implementations)] // its values may be people's data
pub struct Input(Kinds);

enum Kinds {
    None,
    Typed(Box<dyn Model>),
    Named(Map<String, Value>),
    Read(Result<Wire, Problem>),
}

impl Input {
    /// A call without parameters.
    #[must_use]
    pub const fn none() -> Self {
        Self(Kinds::None)
    }

    /// Parameters as a typed model.
    pub fn typed(params: impl Model) -> Self {
        Self(Kinds::Typed(Box::new(params)))
    }

    /// Parameters by their names in the client's [`Case`]: what a language without our types gives. A field that is null counts as left out;
    /// fields beyond the contract stand under `extra`, by wire name.
    #[must_use]
    pub const fn named(params: Map<String, Value>) -> Self {
        Self(Kinds::Named(params))
    }

    /// Parameters by their names, read at once from whatever holds them.
    pub(crate) fn read<'de, D: Deserializer<'de>>(shape: Option<&'static Shape>, case: Case, source: D) -> Self {
        Self(Kinds::Read(read(shape, case, source)))
    }

    /// Checks the parameters and makes them ready to be sent.
    pub(crate) fn into_wire(self, shape: Option<&'static Shape>, case: Case) -> Result<Wire, Problem> {
        match self.0 {
            Kinds::None => Ok(Wire::None),
            Kinds::Typed(model) => {
                check(model.as_ref(), case)?;
                Ok(Wire::Typed(model))
            }
            Kinds::Named(params) => read(shape, case, params),
            Kinds::Read(wire) => wire,
        }
    }
}

fn read<'de, D: Deserializer<'de>>(shape: Option<&'static Shape>, case: Case, source: D) -> Result<Wire, Problem> {
    match shape {
        Some(shape) => rename(shape, case, source).map(Wire::Named),
        None => rename(&NOTHING, case, source).map(|_| Wire::None),
    }
}

/// The parameters of an operation that takes none.
static NOTHING: Shape = Shape {
    name: "this operation",
    fields: &[],
};

/// Checked parameters by wire name.
pub(crate) enum Wire {
    None,
    Typed(Box<dyn Model>),
    Named(Fields),
}

impl Wire {
    /// Calls `visit` with each field.
    pub(crate) fn each<E>(&self, visit: &mut dyn FnMut(&str, Piece<'_>) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::None => Ok(()),
            Self::Typed(model) => {
                for (index, field) in model.shape().fields.iter().enumerate() {
                    let value = model.get(index);
                    if model.is_sent(index) && model.extra().get(field.wire).is_none() {
                        visit(field.wire, Piece::Value(Written::sent(field, value)))?;
                    }
                }
                let mut extra = model.extra().iter();
                extra.try_for_each(|(name, value)| visit(name, Piece::Value(Written::wire(Ref::Json(value)))))
            }
            Self::Named(fields) => {
                fields.iter().try_for_each(|(name, json)| visit(name, Piece::Json(json)))?;
                let mut extra = fields.extra.iter();
                extra.try_for_each(|(name, value)| visit(name, Piece::Value(Written::wire(Ref::Json(value)))))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        ButtonInteractive, CollectionContact, CreateTask, CreateWorkflow, InteractiveAction, InteractiveContent, MessageContent,
        OutgoingMessage, ReplyButton, SendMessage, TextContent,
    };

    fn sent(params: impl Model) -> Result<String, String> {
        let shape = params.shape();
        let wire = Input::typed(params)
            .into_wire(Some(shape), Case::Snake)
            .map_err(|problem| problem.to_string())?;
        let mut json = Vec::new();
        let mut object = super::super::ObjectWriter::new(&mut json);
        wire.each(&mut |name, piece| object.piece(name, &piece)).unwrap();
        object.end();
        Ok(String::from_utf8(json).unwrap())
    }

    #[test]
    fn times_of_types_take_the_form_of_the_wire() {
        let workflow = |end: &str| sent(CreateWorkflow::new(7, "n", end));
        assert_eq!(
            workflow("2026-11-23T10:00:00.250Z").unwrap(),
            r#"{"workflow_template_id":7,"name":"n","end_time":"2026-11-23 10:00:00+00:00"}"#
        );
        assert!(
            workflow("2026-11-23 10:00:00")
                .unwrap_err()
                .starts_with("`end_time` must carry its zone")
        );
        let contact = CollectionContact::new("+6281230000001").due_date("2026-02-30");
        let task = CreateTask::new("n", "2026-11-23T09:00:00", "2026-11-23 18:00:00", "1", vec![contact]);
        let problem = sent(task).unwrap_err();
        assert_eq!(problem, "`details[0].due_date` is a day that the calendar does not have");
    }

    #[test]
    fn variants_of_types_are_checked_and_written() {
        let message = |content: MessageContent| sent(SendMessage::new("c", vec![OutgoingMessage::new(content)]));
        assert_eq!(
            message(TextContent::new().text("Hi").into()).unwrap(),
            r#"{"call_id":"c","messages":[{"content":{"type":"text","text":"Hi"}}]}"#
        );
        assert_eq!(
            message(MessageContent::default()).unwrap_err(),
            "`messages[0].content.content_type` is empty"
        );
        let buttons = ButtonInteractive::new().action(InteractiveAction::new().buttons([ReplyButton::new()]));
        assert_eq!(
            message(InteractiveContent::new().interactive(buttons).into()).unwrap(),
            r#"{"call_id":"c","messages":[{"content":{"type":"interactive","interactive":{"type":"button","action":{"buttons":[{}]}}}}]}"#,
            "the list of sections, which an answer would have empty, is not sent"
        );
    }
}
