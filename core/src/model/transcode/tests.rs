//! What is written at once is what a model would write, whatever came; and what usually comes is written at once.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::{Style, transcode};
use crate::generated::models::tasks::TaskPage;
use crate::generated::shapes;
use crate::model::any_answer::{answer, answers, conformance_answers};
use crate::model::write::to_text;
use crate::model::{AnswerReader, Case, Shape, read_answer, read_whole};

pub(in crate::model) const STYLES: [Style; 3] = [
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

/// Checks the text in all styles, and tells whether it was written at once.
fn is_written_at_once(shape: &'static Shape, read: AnswerReader, json: &[u8]) -> bool {
    let written = STYLES.map(|style| {
        let at_once = transcode(shape, json, style);
        if let Some(text) = &at_once {
            let by_model = read_whole(read, json).map(|model| to_text(&*model, style));
            let by_model = by_model.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(json)));
            assert_eq!(text, &by_model, "{}", String::from_utf8_lossy(json));
        }
        at_once.is_some()
    });
    assert!(written == [true; 3] || written == [false; 3]);
    written[0]
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn odd_answers_are_written_as_their_models_are(seed in any::<u64>(), oddity in 0_u8..20) {
        for (_, shape, decode) in answers() {
            let json = answer(seed, oddity, shape);
            is_written_at_once(shape, decode, json.as_bytes());
        }
    }

    #[test]
    fn broken_answers_are_written_as_their_models_are(seed in any::<u64>(), at in any::<prop::sample::Index>(), byte in any::<Option<u8>>()) {
        for (_, shape, decode) in answers() {
            let mut json = answer(seed, 2, shape).into_bytes();
            let at = at.index(json.len());
            match byte {
                Some(byte) => json[at] = byte,
                None => json.truncate(at),
            }
            is_written_at_once(shape, decode, &json);
        }
    }

    #[test]
    fn usual_answers_are_written_at_once(seed in any::<u64>()) {
        for (operation, shape, decode) in answers() {
            let json = answer(seed, 0, shape);
            if read_whole(decode, json.as_bytes()).is_ok() {
                prop_assert!(is_written_at_once(shape, decode, json.as_bytes()), "{}: {json}", operation.id);
            }
        }
    }
}

#[test]
fn deep_answers_are_left_to_their_models() {
    let (shape, decode) = (&shapes::TASK_PAGE, read_answer::<TaskPage> as AnswerReader);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for (levels, is_at_once, is_read) in [
            (99, true, true),
            (100, false, true),
            (126, false, true),
            (127, false, false),
            (100_000, false, false),
        ] {
            let json = format!("{{\"news\":{}1{}}}", open.repeat(levels), close.repeat(levels));
            assert_eq!(
                is_written_at_once(shape, decode, json.as_bytes()),
                is_at_once,
                "{levels} times {open}"
            );
            assert_eq!(read_whole(decode, json.as_bytes()).is_ok(), is_read, "{levels} times {open}");
        }
    }
}

#[test]
fn the_answers_of_the_conformance_cases_are_written_as_their_models_are() {
    let all = conformance_answers();
    let is_at_once = all
        .iter()
        .filter(|(shape, decode, json)| is_written_at_once(shape, *decode, json.as_bytes()));
    let at_once = is_at_once.count();
    assert!(all.len() > 100 && at_once * 10 > all.len() * 9, "{at_once} of {}", all.len());
}
