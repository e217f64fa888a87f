//! Answers for tests: random ones, from usual to absurd, and those of the conformance cases.
use std::path::Path;

use airudder::OPERATIONS;
use airudder::model::{Field, Kind, Shape};
use fastrand::Rng;
use serde_json::Value;

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

    fn separate(&mut self, index: usize) {
        self.json.push_str(if index > 0 { "," } else { "" });
    }

    fn quote(&mut self, text: &str) {
        self.json.push_str(&Value::from(text).to_string());
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
            Kind::Json => self.pick(&[r#"{"a": [1, {"b": null}]}"#, r#"["c", 1.50]"#, r#""A""#, "7", "false", "{}"]),
            Kind::Model(shape) => self.object(shape, None, depth + 1),
            Kind::Union(union) => {
                let variant = &union.variants[self.rng.usize(..union.variants.len())];
                let tag = union.discriminator().map(|field| (field.wire, variant.tag.unwrap_or("new")));
                self.object(variant.shape, tag, depth + 1);
            }
            Kind::List(item) => {
                self.json.push('[');
                for index in 0..self.rng.usize(..4) {
                    self.separate(index);
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
                    self.separate(index);
                    self.quote(name);
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
                    self.separate(index);
                    self.anything(depth + 2);
                }
                self.json.push(']');
            }
            _ => {
                self.json.push('{');
                for index in 0..self.rng.usize(..5) {
                    self.separate(index);
                    self.pick(&[r#""a""#, r#""b""#, r#""c""#, r#""\u0061""#, r#""type""#, r#""字""#, r#""data""#]);
                    self.json.push(':');
                    self.anything(depth + 2);
                }
                self.json.push('}');
            }
        }
    }

    /// The field's name, at times not as the contract spells it.
    fn spelling(&mut self, field: &Field) -> String {
        if !self.is_odd() {
            return field.wire.to_owned();
        }
        match self.rng.u8(..4) {
            0 => field.wire.to_ascii_lowercase(),
            1 => field.wire.replace('_', ""),
            2 => field.aliases.first().map_or(field.name, |(alias, _)| *alias).to_owned(),
            _ => field.name.to_ascii_uppercase(),
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
            let name = self.spelling(field);
            self.quote(&name);
            self.space();
            self.json.push(':');
            match tag.filter(|(wire, _)| *wire == field.wire) {
                Some((_, tag)) if !self.is_odd() => self.quote(tag),
                _ if self.rng.u8(..8) == 0 && !is_needed => self.json.push_str("null"),
                _ => self.value(&field.kind, depth),
            }
            if self.is_odd() {
                let twice = shape.fields[self.rng.usize(..shape.fields.len())].wire;
                self.json.push(',');
                let name = if self.rng.bool() { twice } else { "new" };
                self.quote(name);
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

/// An answer; the less odd it is, the likelier it is as the contract says.
pub fn answer(seed: u64, oddity: u8, shape: &'static Shape) -> String {
    let mut server = Server {
        rng: Rng::with_seed(seed),
        oddity,
        json: String::new(),
    };
    server.object(shape, None, 0);
    server.json
}

/// The answers of the conformance cases.
pub fn conformance_answers() -> Vec<(&'static Shape, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases");
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let cases: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            let operation = OPERATIONS.iter().find(|operation| case["call"] == operation.id);
            let Some(shape) = operation.and_then(|operation| operation.answer) else {
                continue;
            };
            let wire = case["wire"].as_array().into_iter().flatten();
            let data = wire.filter_map(|exchange| exchange["answer"].get("data"));
            all.extend(data.map(|data| (shape, data.to_string())));
        }
    }
    all
}
