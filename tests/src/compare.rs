//! What a case expects against what a suite saw. Every difference becomes one sentence.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::cases::{Auth, Case, ExpectedFile, ExpectedRequest, Outcome};
use crate::cipher;
use crate::form::{self, Part};
use crate::http::Request;
use crate::names::{camel, is_verbatim};

/// How much of a body a difference quotes.
const QUOTED_BYTES: usize = 60;

/// Every way in which the request is not the expected one.
#[must_use]
pub fn request(expected: &ExpectedRequest, case: &Case, actual: &Request) -> Vec<String> {
    let mut problems = Vec::new();
    if actual.method != expected.method {
        problems.push(format!("method is {}, expected {}", actual.method, expected.method));
    }
    if actual.path() != expected.path {
        problems.push(format!("path is `{}`, expected `{}`", actual.path(), expected.path));
    }
    let query = actual.query().unwrap_or_default().as_bytes();
    problems.extend(match &expected.query_decrypted {
        Some(wanted) => encrypted_problem("query", case, wanted, query),
        None => bytes_problem("query", expected.query.as_deref().unwrap_or_default().as_bytes(), query),
    });
    headers(expected, case.auth, actual, &mut problems);
    problems.extend(match &expected.body_form {
        Some(parts) => form_problem(parts, case, actual),
        None => body_problem(expected, case, &actual.body),
    });
    problems
}

fn headers(expected: &ExpectedRequest, auth: Auth, actual: &Request, problems: &mut Vec<String>) {
    let named = |name: &str| {
        expected
            .headers
            .keys()
            .chain(&expected.absent_headers)
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let mut wanted = expected.headers.clone();
    if auth == Auth::Implicit && !named("authorization") {
        wanted.insert("authorization".to_owned(), "Token case-token".to_owned());
    }
    if !actual.body.is_empty() && !named("content-type") && expected.body_form.is_none() {
        wanted.insert("content-type".to_owned(), "application/json".to_owned());
    }
    for (name, value) in &wanted {
        match actual.header(name) {
            Some(seen) if seen == value => {}
            Some(seen) => problems.push(format!("header `{name}` is `{seen}`, expected `{value}`")),
            None => problems.push(format!("header `{name}` is absent, expected `{value}`")),
        }
    }
    for name in &expected.absent_headers {
        if let Some(seen) = actual.header(name) {
            problems.push(format!("header `{name}` is `{seen}`, expected none"));
        }
    }
}

fn body_problem(expected: &ExpectedRequest, case: &Case, seen: &[u8]) -> Option<String> {
    if let Some(wanted) = &expected.body_decrypted {
        return encrypted_problem("body", case, wanted, seen);
    }
    if let Some(wanted) = &expected.body_json {
        return match serde_json::from_slice::<Value>(seen) {
            Ok(value) if value == *wanted => None,
            Ok(value) => Some(format!("body is {value}, expected {wanted}")),
            Err(error) => Some(format!("body is no JSON: {error}")),
        };
    }
    let wanted = match &expected.body_base64 {
        Some(text) => STANDARD.decode(text).unwrap_or_default(),
        None => expected.body_text.clone().unwrap_or_default().into_bytes(),
    };
    bytes_problem("body", &wanted, seen)
}

/// The sign of a form cannot stand in the case, as its boundary is not known beforehand.
fn form_problem(parts: &[Part], case: &Case, actual: &Request) -> Option<String> {
    let wanted = match form::bytes(parts, actual.header("content-type").unwrap_or_default()) {
        Ok(wanted) => wanted,
        Err(problem) => return Some(problem),
    };
    let secret = case.client.get("sign_secret").and_then(Value::as_str);
    let sign = secret.map(|secret| form::sign(secret, &actual.body));
    match (sign, actual.header("x-airudder-sign")) {
        (Some(sign), seen) if seen != Some(&sign) => Some(format!("header `x-airudder-sign` is {seen:?}, expected `{sign}`")),
        _ => bytes_problem("body", &wanted, &actual.body),
    }
}

fn bytes_problem(what: &str, wanted: &[u8], seen: &[u8]) -> Option<String> {
    if wanted == seen {
        return None;
    }
    let at = wanted.iter().zip(seen).take_while(|(left, right)| left == right).count();
    let quote = |bytes: &[u8]| {
        let end = bytes.len().min(at + QUOTED_BYTES);
        format!("`{}`", String::from_utf8_lossy(&bytes[at..end]))
    };
    Some(format!(
        "{what} differs at byte {at}: expected {}, got {}",
        quote(wanted),
        quote(seen)
    ))
}

fn encrypted_problem(what: &str, case: &Case, wanted: &str, seen: &[u8]) -> Option<String> {
    let key = case.client.get("encryption_key").and_then(Value::as_str).unwrap_or_default();
    match cipher::open(key, seen) {
        Ok(plaintext) => bytes_problem(what, wanted.as_bytes(), &plaintext),
        Err(problem) => Some(format!("{what} {problem}")),
    }
}

/// Every way in which a step did not end as expected.
#[must_use]
pub fn outcome(expected: &Outcome, actual: &Outcome) -> Vec<String> {
    let mut problems = Vec::new();
    match (&expected.value, &expected.error, &actual.value, &actual.error) {
        (Some(wanted), _, Some(seen), None) => value("value", wanted, seen, &mut problems),
        (_, Some(wanted), None, Some(seen)) => error(wanted, seen, &mut problems),
        (Some(_), _, _, Some(seen)) => {
            problems.push(format!("expected a value, got the error {}", Value::Object(seen.clone())));
        }
        (_, Some(wanted), Some(seen), None) => {
            problems.push(format!("expected the error {}, got {seen}", Value::Object(wanted.clone())));
        }
        _ => problems.push("a step reports either a value or an error".to_owned()),
    }
    problems
}

/// A field that is null or holds nothing says the same as one that is not there: languages differ in which they have.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn value(path: &str, wanted: &Value, seen: &Value, problems: &mut Vec<String>) {
    match (wanted, seen) {
        (Value::Object(wanted), Value::Object(seen)) => {
            for (name, inner) in wanted {
                let path = format!("{path}.{name}");
                match seen.get(name) {
                    None => problems.push(format!("{path} is absent, expected {inner}")),
                    Some(seen) if is_verbatim(name) => verbatim(&path, inner, seen, problems),
                    Some(seen) => value(&path, inner, seen, problems),
                }
            }
            for (name, inner) in seen {
                if !wanted.contains_key(name) && !says_nothing(inner) {
                    problems.push(format!("{path}.{name} is {inner}, expected none"));
                }
            }
        }
        (Value::Array(wanted_items), Value::Array(seen_items)) if wanted_items.len() == seen_items.len() => {
            for (index, (wanted, seen)) in wanted_items.iter().zip(seen_items).enumerate() {
                value(&format!("{path}[{index}]"), wanted, seen, problems);
            }
        }
        _ => verbatim(path, wanted, seen, problems),
    }
}

fn verbatim(path: &str, wanted: &Value, seen: &Value, problems: &mut Vec<String>) {
    if !same(wanted, seen) {
        problems.push(format!("{path} is {seen}, expected {wanted}"));
    }
}

/// Equal, where `1` and `1.0` are one number, as they are in JavaScript.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(left, right)| same(left, right))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, left)| other.get(name).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}

fn error(wanted: &Map<String, Value>, seen: &Map<String, Value>, problems: &mut Vec<String>) {
    let message = seen.get("message").and_then(Value::as_str).unwrap_or_default();
    for (name, inner) in wanted {
        let parts = || inner.as_array().into_iter().flatten().filter_map(Value::as_str);
        match name.as_str() {
            "message_contains" | "messageContains" => {
                for part in parts().filter(|part| !message.contains(part)) {
                    problems.push(format!("the message lacks `{part}`: {message}"));
                }
            }
            "message_lacks" | "messageLacks" => {
                for part in parts().filter(|part| message.contains(part)) {
                    problems.push(format!("the message shows `{part}`: {message}"));
                }
            }
            "message_names" | "messageNames" => {
                let names = parts().map(|part| if name == "messageNames" { camel(part) } else { part.to_owned() });
                for part in names.filter(|part| !message.contains(part)) {
                    problems.push(format!("the message does not name `{part}`: {message}"));
                }
            }
            _ => verbatim(&format!("error.{name}"), inner, seen.get(name).unwrap_or(&Value::Null), problems),
        }
    }
    if message.is_empty() {
        problems.push("the error has no message".to_owned());
    }
}

/// Every secret that a reported text shows.
#[must_use]
pub fn shown(secrets: &[String], actual: &Outcome) -> Vec<String> {
    let message = actual
        .error
        .iter()
        .filter_map(|error| error.get("message"))
        .filter_map(Value::as_str);
    message
        .chain(actual.shown.iter().map(String::as_str))
        .flat_map(|text| {
            let leaked = secrets.iter().filter(move |secret| text.contains(secret.as_str()));
            leaked.map(move |secret| format!("the secret `{secret}` is shown in: {text}"))
        })
        .collect()
}

/// Every file that is missing, is not as expected, or should not be there.
#[must_use]
pub fn files(folder: &Path, setup: &BTreeMap<String, String>, expected: &BTreeMap<String, ExpectedFile>) -> Vec<String> {
    let mut found = BTreeMap::new();
    if let Err(error) = read_all(folder, "", &mut found) {
        return vec![format!("the folder cannot be read: {error}")];
    }
    let mut problems = Vec::new();
    for (name, text) in setup {
        if !expected.contains_key(name) && found.remove(name).as_deref() != Some(text.as_bytes()) {
            problems.push(format!("file `{name}` is not what it was before"));
        }
    }
    for (name, wanted) in expected {
        match found.remove(name) {
            None => problems.push(format!("file `{name}` is absent")),
            Some(bytes) => problems.extend(file_problem(wanted, &bytes).map(|what| format!("file `{name}`: {what}"))),
        }
    }
    problems.extend(found.keys().map(|name| format!("file `{name}` was left behind")));
    problems
}

fn file_problem(wanted: &ExpectedFile, bytes: &[u8]) -> Option<String> {
    match wanted {
        ExpectedFile::Text(text) => bytes_problem("content", text.as_bytes(), bytes),
        ExpectedFile::Base64(text) => bytes_problem("content", &STANDARD.decode(text).unwrap_or_default(), bytes),
        ExpectedFile::Sha256(digest) => {
            let seen = Sha256::digest(bytes)
                .iter()
                .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
            (seen != *digest).then(|| format!("SHA-256 is {seen}, expected {digest}"))
        }
    }
}

fn read_all(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_all(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}
