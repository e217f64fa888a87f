//! Every sink says the same of the same JSON, whatever comes.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;
use serde_json::Value;

use super::language::Style;
use super::random::{answer, conformance_answers};
use super::text::read_text;
use super::write::to_text;
use super::{AnyModel, Budget, Model, ReadError, Redacted, Ref, Typed, read_packed, read_typed};
use crate::OPERATIONS;
use crate::generated::events::EventKind;
use crate::schema::{Case, Shape};

const STYLES: [Style; 3] = [
    Style {
        case: Case::Camel,
        names_variants: false,
    },
    Style {
        case: Case::Snake,
        names_variants: true,
    },
    Style {
        case: Case::Camel,
        names_variants: true,
    },
];

type ReadTyped = fn(&str) -> Result<AnyModel, ReadError>;

fn typed<T: Typed>(json: &str) -> Result<AnyModel, ReadError> {
    read_typed::<T>(json, Budget::unlimited()).map(|model| Box::new(model) as AnyModel)
}

/// The typed models of answers that hold the others.
fn typed_models() -> Vec<(&'static Shape, ReadTyped)> {
    macro_rules! models {
        ($($model:ident),*) => { vec![$((<crate::$model as Typed>::SHAPE, typed::<crate::$model> as ReadTyped)),*] };
    }
    models!(
        Acknowledgement,
        ChannelList,
        ChatMessage,
        ChatSessionReport,
        ChatTemplate,
        CompanyInfo,
        CreatedPlan,
        CreatedTask,
        CreatedWorkflow,
        CreateTask,
        FoundWorkflows,
        InboundCall,
        InfoCheckTaskDetail,
        LeadCall,
        MessagePage,
        OutboundTaskPage,
        Plan,
        PlanRoundList,
        RobotDetail,
        RobotList,
        SendMessage,
        SessionPage,
        StrategyList,
        TaskDetail,
        TaskPage,
        TemplatePage,
        Token,
        Waybill,
        WorkflowCallList,
        WorkflowChatbotSessionEnd,
        WorkflowPage,
        WorkflowStatusChange,
        WorkflowTaskDetail,
        WorkflowTemplatePage
    )
}

fn all_shapes() -> Vec<&'static Shape> {
    let answers = OPERATIONS.iter().filter_map(|operation| operation.answer);
    answers.chain(EventKind::ALL.iter().map(|kind| kind.traits().shape)).collect()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Reads in every way, compares, and returns whether it could be read.
fn is_read_alike(shape: &'static Shape, json: &str, typed: Option<ReadTyped>) -> bool {
    let packed = read_packed(shape, json, Budget::unlimited());
    let typed = typed.map(|read| read(json));
    for style in STYLES {
        let text = read_text(shape, json, style, Budget::unlimited());
        match (&packed, &text) {
            (Ok(packed), Ok(text)) => assert_eq!(value(text), value(&to_text(&**packed, style)), "{json}"),
            (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string(), "{json}"),
            (one, other) => panic!("{:?} {:?}: {json}", one.as_ref().err(), other.as_ref().err()),
        }
    }
    match (&packed, &typed) {
        (Ok(packed), Some(Ok(typed))) => {
            assert!(std::ptr::eq(packed.shape(), typed.shape()));
            let wire = |model: &dyn Model| value(&serde_json::to_string(&super::Written::wire(Ref::Model(model))).unwrap());
            assert_eq!(wire(&**packed), wire(&**typed), "{json}");
            let shown = |model: &dyn Model| format!("{:?}", Redacted(Ref::Model(model)));
            assert_eq!(shown(&**packed), shown(&**typed), "{json}");
            assert!(packed.extra() == typed.extra(), "{json}");
        }
        (Err(one), Some(Err(other))) => assert_eq!(one.to_string(), other.to_string(), "{json}"),
        (one, Some(other)) => panic!("{:?} {:?}: {json}", one.as_ref().err(), other.as_ref().err()),
        (_, None) => {}
    }
    packed.is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn odd_answers_are_read_alike(seed in any::<u64>(), oddity in 0_u8..20) {
        for (shape, read) in typed_models() {
            is_read_alike(shape, &answer(seed, oddity, shape), Some(read));
        }
        for shape in all_shapes() {
            is_read_alike(shape, &answer(seed, oddity, shape), None);
        }
    }

    #[test]
    fn broken_answers_are_refused_alike(seed in any::<u64>(), at in any::<prop::sample::Index>(), byte in any::<Option<u8>>()) {
        for (shape, read) in typed_models() {
            let mut json = answer(seed, 2, shape).into_bytes();
            let at = at.index(json.len());
            match byte {
                Some(byte) => json[at] = byte,
                None => json.truncate(at),
            }
            if let Ok(json) = std::str::from_utf8(&json) {
                is_read_alike(shape, json, Some(read));
            }
        }
    }

    #[test]
    fn usual_answers_are_read(seed in any::<u64>()) {
        for shape in all_shapes() {
            let json = answer(seed, 0, shape);
            let lacks_text = matches!(read_packed(shape, &json, Budget::unlimited()), Err(ReadError::Missing(_)));
            prop_assert!(is_read_alike(shape, &json, None) || lacks_text, "{}: {json}", shape.name);
        }
    }

    #[test]
    fn a_syntax_error_is_one_for_the_json_library_too(seed in any::<u64>(), oddity in 0_u8..20) {
        for shape in all_shapes() {
            let json = answer(seed, oddity, shape);
            let read = read_packed(shape, &json, Budget::unlimited());
            let is_syntax = matches!(read, Err(ReadError::Syntax(_) | ReadError::Eof));
            // The library refuses half a surrogate and what no number of its own holds, too.
            let is_lenient = json.contains("\\ud800") || json.contains("1E400") || matches!(read, Err(ReadError::Missing(_)));
            prop_assert!(is_lenient || is_syntax == serde_json::from_str::<serde::de::IgnoredAny>(&json).is_err(), "{json}");
        }
    }
}

#[test]
fn the_answers_of_the_conformance_cases_are_read_alike() {
    let all = conformance_answers();
    let typed = typed_models();
    for (shape, json) in &all {
        let read = typed.iter().find(|(known, _)| std::ptr::eq(*known, *shape)).map(|(_, read)| *read);
        is_read_alike(shape, json, read);
    }
    assert!(all.len() > 100, "{}", all.len());
}
