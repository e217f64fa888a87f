//! What is written at once is what a model would write, whatever came; and what usually comes is written at once.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use fastrand::Rng;
use proptest::prelude::*;
use serde_json::Value;

use super::{Style, transcode};
use crate::OPERATIONS;
use crate::generated::models::tasks::TaskPage;
use crate::generated::shapes;
use crate::model::write::to_text;
use crate::model::{AnswerReader, Case, Kind, Shape, read_answer, read_whole};
use crate::operation::Operation;

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

fn answers() -> Vec<(&'static Operation, &'static Shape, AnswerReader)> {
    let answers = OPERATIONS
        .iter()
        .map(|operation| Some((*operation, operation.answer_shape?, operation.answer?)));
    answers.flatten().collect()
}

/// Writes JSON that looks like an answer.
struct Server {
    rng: Rng,
    /// How often something is not as the contract says, in percent.
    oddity: u8,
    json: String,
}

impl Server {
    fn is_odd(&mut self) -> bool {
        self.rng.u8(..100) < self.oddity
    }

    fn pick(&mut self, choices: &[&str]) {
        let choice = self.rng.usize(..choices.len());
        self.json.push_str(choices[choice]);
    }

    fn space(&mut self) {
        if self.is_odd() {
            self.pick(&[" ", "\n\t", "\r\n", ""]);
        }
    }

    fn value(&mut self, kind: &'static Kind, depth: usize) {
        self.space();
        if self.is_odd() {
            return self.anything(depth);
        }
        match kind {
            Kind::Text => self.text(),
            Kind::Integer => self.pick(&["0", "12", "-3", "9007199254740993", "-9223372036854775808", "999999999999999"]),
            Kind::Number => self.pick(&["1.5", "1.50", "3", "-0", "1e3", "0.1", "123456789012345678901234567890"]),
            Kind::Boolean => self.pick(&["true", "false"]),
            Kind::Json => self.anything(depth),
            Kind::Model(shape) => self.object(shape, None, depth + 1),
            Kind::Union(union) => {
                let variant = &union.variants[self.rng.usize(..union.variants.len())];
                let tag = union.discriminator().map(|field| (field.wire, variant.tag.unwrap_or("new")));
                self.object(variant.shape, tag, depth + 1);
            }
            Kind::List(item) => {
                self.json.push('[');
                for index in 0..self.rng.usize(..4) {
                    self.json.push_str(if index > 0 { "," } else { "" });
                    self.value(item, depth + 1);
                }
                self.json.push(']');
            }
            Kind::Map(item) => {
                self.json.push('{');
                let names: &[&str] = if self.is_odd() {
                    &["b", "a", "a"]
                } else {
                    &["z", "due date", "amount", "é"]
                };
                for (index, name) in names.iter().enumerate().take(self.rng.usize(..5)) {
                    self.json.push_str(if index > 0 { "," } else { "" });
                    self.json.push_str(&Value::from(*name).to_string());
                    self.json.push(':');
                    self.value(item, depth + 1);
                }
                self.json.push('}');
            }
        }
        self.space();
    }

    fn text(&mut self) {
        self.pick(&[
            r#""""#,
            r#""answered""#,
            r#""2026-11-23 09:00:00""#,
            r#""Budi \"Siti\" \\ \n""#,
            r#""\u0042\u00e9\/\ud83d\ude00""#,
            r#""字 é 😀 and more than eight bytes""#,
            r#""\u001f\u007f\b\f""#,
        ]);
    }

    fn anything(&mut self, depth: usize) {
        match self.rng.u8(..if depth > 6 { 5 } else { 9 }) {
            0 => self.pick(&["null", "true", "false"]),
            1 => self.text(),
            2 => self.pick(&[
                r#""7""#,
                r#""+7""#,
                r#"" 7""#,
                r#""-0""#,
                r#""1e3""#,
                r#""NaN""#,
                r#""inf""#,
                r#""\u0037""#,
            ]),
            3 => self.pick(&[
                "7",
                "-0",
                "-0.0",
                "1e3",
                "1.50",
                "1E400",
                "18446744073709551615",
                "9007199254740992",
                "-1e-7",
                "0.30000000000000004",
            ]),
            4 => self.pick(&[
                "01",
                "+1",
                "1.",
                ".5",
                "-",
                "nul",
                "truefalse",
                r#""\x""#,
                r#""\ud800""#,
                "\"\u{1}\"",
                "'a'",
                "NaN",
                "1-2",
            ]),
            5 => {
                self.json.push('[');
                for index in 0..self.rng.usize(..4) {
                    self.json.push_str(if index > 0 { "," } else { "" });
                    self.anything(depth + 2);
                }
                self.json.push(']');
            }
            _ => {
                self.json.push('{');
                for index in 0..self.rng.usize(..5) {
                    self.json.push_str(if index > 0 { "," } else { "" });
                    self.pick(&[r#""a""#, r#""b""#, r#""c""#, r#""\u0061""#, r#""type""#, r#""字""#, r#""data""#]);
                    self.json.push(':');
                    self.anything(depth + 2);
                }
                self.json.push('}');
            }
        }
    }

    fn object(&mut self, shape: &'static Shape, tag: Option<(&str, &str)>, depth: usize) {
        let mut fields: Vec<_> = shape.fields.iter().collect();
        if self.is_odd() {
            self.rng.shuffle(&mut fields);
        }
        let mut separator = "{";
        for field in fields {
            let is_needed = field.required && !self.is_odd();
            if !is_needed && (depth > 5 || self.rng.u8(..4) == 0) {
                continue;
            }
            self.json.push_str(separator);
            separator = ",";
            self.space();
            self.json.push_str(&Value::from(field.wire).to_string());
            self.space();
            self.json.push(':');
            match tag.filter(|(wire, _)| *wire == field.wire) {
                Some((_, tag)) if !self.is_odd() => self.json.push_str(&Value::from(tag).to_string()),
                _ if self.rng.u8(..8) == 0 && !is_needed => self.json.push_str("null"),
                _ => self.value(&field.kind, depth),
            }
            if self.is_odd() {
                let twice = shape.fields[self.rng.usize(..shape.fields.len())].wire;
                self.json.push(',');
                self.json
                    .push_str(&Value::from(if self.rng.bool() { twice } else { "new" }).to_string());
                self.json.push(':');
                self.anything(depth);
            }
        }
        if self.rng.u8(..4) == 0 {
            self.json.push_str(separator);
            separator = ",";
            self.json
                .push_str(r#""news":{"deep":[1,9007199254740993,"\u00e9"]},"Big":12345678901234567"#);
        }
        self.json.push_str(if separator == "{" { "{}" } else { "}" });
    }
}

fn answer(seed: u64, oddity: u8, shape: &'static Shape) -> String {
    let mut server = Server {
        rng: Rng::with_seed(seed),
        oddity,
        json: String::new(),
    };
    server.object(shape, None, 0);
    server.json
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases");
    let (mut all, mut at_once) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let cases: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            let Some((_, shape, decode)) = answers().into_iter().find(|(operation, ..)| case["call"] == operation.id) else {
                continue;
            };
            let wire = case["wire"].as_array().into_iter().flatten();
            for data in wire.filter_map(|exchange| exchange["answer"].get("data")) {
                all += 1;
                at_once += usize::from(is_written_at_once(shape, decode, data.to_string().as_bytes()));
            }
        }
    }
    assert!(all > 100 && at_once * 10 > all * 9, "{at_once} of {all}");
}
