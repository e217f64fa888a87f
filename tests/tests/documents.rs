//! Every page of AI Rudder's table of contents leads to an operation, an event or a document: in the contract, in Rust, and in the emulator.
//! The suites of the other languages ask the same of themselves.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use airudder::{AuthScheme, EventKind, OPERATIONS, Operation};
use airudder_emulator::contract::Contract;
use airudder_emulator::families::handler;
use serde::Deserialize;

/// A page of AI Rudder's that is neither an operation nor an event.
#[derive(Deserialize)]
struct Document {
    source: String,
    says: String,
    /// Where each part of the project says it: `bindings-python/README.md#errors`.
    places: BTreeMap<String, String>,
}

const PARTS: [&str; 6] = ["contract", "emulator", "kotlin", "node", "python", "rust"];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What and title of each row.
fn pages() -> Vec<(String, String)> {
    let table = read("contract/pages.tsv");
    let rows = table.lines().skip(1).filter(|line| !line.trim().is_empty());
    rows.map(|row| row.split_once('\t').unwrap())
        .map(|(what, title)| (what.trim().to_owned(), title.trim().to_owned()))
        .collect()
}

#[test]
fn every_page_leads_somewhere() {
    let documents: BTreeMap<String, Document> = serde_json::from_str(&read("contract/documents.json")).unwrap();
    let emulator = Contract::load().unwrap();
    let pages = pages();
    let mut lost = Vec::new();
    for (what, title) in &pages {
        let problem = if let Some(kind) = what.strip_prefix("event:") {
            event(kind, title, &emulator)
        } else if what.starts_with("doc:") || what.starts_with("encryption.") {
            documents.get(what).map_or_else(|| Err("no document".to_owned()), document)
        } else {
            operation(what, title)
        };
        lost.extend(problem.err().map(|problem| format!("{what}, \"{title}\": {problem}")));
    }
    assert!(lost.is_empty(), "\n{}\n", lost.join("\n"));
    assert_eq!(pages.len(), 320);
}

#[test]
fn nothing_is_there_that_no_page_names() {
    let pages = pages();
    let is_named = |what: &str| pages.iter().any(|(named, _)| named == what);
    let operations = OPERATIONS.iter().map(|operation| operation.id.to_owned());
    let events = EventKind::ALL.iter().map(|kind| format!("event:{}", kind.as_str()));
    let unnamed: Vec<_> = operations.chain(events).filter(|what| !is_named(what)).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
    assert_eq!((OPERATIONS.len(), EventKind::ALL.len()), (76, 35));
}

fn operation(id: &str, title: &str) -> Result<(), String> {
    let known = OPERATIONS.iter().find(|operation| operation.id == id).ok_or("no operation")?;
    if !known.pages.contains(&title) {
        return Err("the operation does not know this page".to_owned());
    }
    if handler(id).is_none() {
        return Err("the emulator does not answer it".to_owned());
    }
    is_sendable(known)
}

/// An operation has a path of its kind: the Chatbot API is signed and stands below `/api/v1`.
fn is_sendable(operation: &Operation) -> Result<(), String> {
    let is_chatbot = operation.path.starts_with("/api/v1/");
    if is_chatbot == (operation.auth == AuthScheme::Sign) && (is_chatbot || operation.path.starts_with("/service/cloud/")) {
        Ok(())
    } else {
        Err(format!("{} is no path for {:?}", operation.path, operation.auth))
    }
}

fn event(kind: &str, title: &str, emulator: &Contract) -> Result<(), String> {
    let known = EventKind::from_name(kind).ok_or("no event")?;
    if !known.pages().contains(&title) {
        return Err("the event does not know this page".to_owned());
    }
    let sample = emulator.sample_event(kind).ok_or("the emulator cannot post it")?;
    let client = airudder::Client::new(airudder::Settings {
        base_url: Some("http://127.0.0.1:1".to_owned()),
        ..airudder::Settings::default()
    });
    let body = sample.to_string();
    let event = client
        .and_then(|client| {
            let headers = client.events().sign(body.as_bytes())?;
            client.events().unwrap(body.as_bytes(), &headers, Some(kind))
        })
        .map_err(|error| error.to_string())?;
    let model = event.data.model().ok_or("its body has no type")?;
    if event.data.kind() == Some(known) && !model.shape().fields.is_empty() {
        Ok(())
    } else {
        Err("its body is read as something else".to_owned())
    }
}

fn document(document: &Document) -> Result<(), String> {
    if !["documented", "reported", "assumed"].contains(&document.source.as_str()) || document.says.is_empty() {
        return Err("it has no source, or says nothing".to_owned());
    }
    if !document.places.keys().map(String::as_str).eq(PARTS) {
        return Err(format!("it does not stand in exactly {PARTS:?}"));
    }
    for place in document.places.values() {
        let (file, anchor) = place.split_once('#').ok_or_else(|| format!("{place} names no heading"))?;
        if words_below(&read(file), anchor).unwrap_or_default() < 10 {
            return Err(format!("{place} is not there, or says next to nothing"));
        }
    }
    Ok(())
}

/// How many words stand between a heading and the next one.
fn words_below(text: &str, anchor: &str) -> Option<usize> {
    let mut lines = text.lines().skip_while(|line| slug(line).as_deref() != Some(anchor));
    lines.next()?;
    let below = lines.take_while(|line| slug(line).is_none());
    Some(below.flat_map(str::split_whitespace).count())
}

/// The anchor that a heading gets; a line that is no heading has none.
fn slug(line: &str) -> Option<String> {
    let title = line.trim_start_matches('#');
    let is_heading = title.len() < line.len() && title.starts_with(' ');
    is_heading.then(|| {
        let kept = title
            .trim()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter));
        kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() })
            .collect()
    })
}
