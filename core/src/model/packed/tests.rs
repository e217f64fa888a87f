//! What is packed says what a typed model says, whatever came; and what usually comes is packed.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::super::transcode::tests::STYLES;
use super::packed;
use crate::generated::models::tasks::TaskPage;
use crate::generated::shapes;
use crate::model::any_answer::{answer, answers, conformance_answers};
use crate::model::write::{Written, to_text};
use crate::model::{AnswerReader, Model, Redacted, Ref, Shape, read_answer, read_whole};

/// Checks what an answer says, and tells whether it was packed.
fn is_packed(shape: &'static Shape, read: AnswerReader, json: &[u8]) -> bool {
    let Some(packed) = packed(shape, json) else { return false };
    let context = String::from_utf8_lossy(json);
    let typed = read_whole(read, json).unwrap_or_else(|error| panic!("{error}: {context}"));
    assert!(std::ptr::eq(packed.shape(), typed.shape()));
    for style in STYLES {
        assert_eq!(to_text(&*packed, style), to_text(&*typed, style), "{context}");
    }
    let wire = |model: &dyn Model| serde_json::to_string(&Written::wire(Ref::Model(model))).unwrap();
    assert_eq!(wire(&*packed), wire(&*typed), "{context}");
    let shown = |model: &dyn Model| format!("{:?}", Redacted(Ref::Model(model)));
    assert_eq!(shown(&*packed), shown(&*typed), "{context}");
    assert!(packed.extra() == typed.extra(), "{context}");
    true
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn odd_answers_say_what_their_models_say(seed in any::<u64>(), oddity in 0_u8..20) {
        for (_, shape, read) in answers() {
            is_packed(shape, read, answer(seed, oddity, shape).as_bytes());
        }
    }

    #[test]
    fn broken_answers_say_what_their_models_say(seed in any::<u64>(), at in any::<prop::sample::Index>(), byte in any::<Option<u8>>()) {
        for (_, shape, read) in answers() {
            let mut json = answer(seed, 2, shape).into_bytes();
            let at = at.index(json.len());
            match byte {
                Some(byte) => json[at] = byte,
                None => json.truncate(at),
            }
            is_packed(shape, read, &json);
        }
    }

    #[test]
    fn usual_answers_are_packed(seed in any::<u64>()) {
        for (operation, shape, read) in answers() {
            let json = answer(seed, 0, shape);
            if read_whole(read, json.as_bytes()).is_ok() {
                prop_assert!(is_packed(shape, read, json.as_bytes()), "{}: {json}", operation.id);
            }
        }
    }
}

#[test]
fn the_answers_of_the_conformance_cases_say_what_their_models_say() {
    let all = conformance_answers();
    let packed = all
        .iter()
        .filter(|(shape, read, json)| is_packed(shape, *read, json.as_bytes()))
        .count();
    assert!(all.len() > 100 && packed * 10 > all.len() * 9, "{packed} of {}", all.len());
}

#[test]
fn deep_answers_are_left_to_their_models() {
    let (shape, read) = (&shapes::TASK_PAGE, read_answer::<TaskPage> as AnswerReader);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for (levels, is_packed_then) in [(99, true), (100, false), (126, false), (127, false), (100_000, false)] {
            let json = format!("{{\"news\":{}1{}}}", open.repeat(levels), close.repeat(levels));
            assert_eq!(is_packed(shape, read, json.as_bytes()), is_packed_then, "{levels} times {open}");
        }
    }
}

#[test]
fn a_text_stands_behind_its_length() {
    let mut texts = super::texts::Texts::with_capacity(0);
    let all: Vec<_> = [0, 1, 7, 8, 9, 63, 64, 65, 4095, 4096, 300_000]
        .map(|length| "é".repeat(length))
        .into();
    let places: Vec<_> = all.iter().map(|text| texts.add(text).unwrap()).collect();
    let length = texts.len();
    assert_eq!(texts.add(&all[1]), Some(places[1]), "a text that was there lately is there once");
    assert_eq!(texts.len(), length);
    texts.add("later").unwrap();
    texts.truncate(length);
    let again = texts.add("later").unwrap();
    let text = texts.into_text();
    for (place, expected) in places.iter().zip(&all) {
        assert_eq!(super::text_at(&text, *place), Some(expected.as_str()));
    }
    assert_eq!(super::text_at(&text, again), Some("later"));
    assert_eq!(super::text_at(&text, u32::MAX), None);
}
