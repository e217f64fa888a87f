//! The error table against the SDK and against the cases: no row without its kind, no kind without its row, no row that nothing brings about.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use airudder::{Error, ErrorKind, OPERATIONS};
use airudder_tests::cases::Cases;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Table {
    root: String,
    groups: Vec<Group>,
    kinds: Vec<Row>,
}

#[derive(Deserialize)]
struct Group {
    class: String,
    parent: String,
}

#[derive(Deserialize)]
struct Row {
    kind: String,
    class: String,
    parent: String,
    retryable: bool,
    text: String,
    advice: String,
}

fn table() -> Table {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/errors.yaml");
    serde_yaml_ng::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn cases() -> Cases {
    Cases::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases"))).unwrap()
}

#[test]
fn every_row_is_a_kind_and_every_kind_a_row() {
    let rows = table().kinds;
    let codes: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(ErrorKind::ALL.iter().map(|kind| kind.code()).collect::<Vec<_>>(), codes);
    for row in &rows {
        let kind = ErrorKind::from_code(&row.kind).unwrap();
        assert_eq!((kind.code(), kind.class()), (row.kind.as_str(), row.class.as_str()));
        assert_eq!(
            (kind.text(), kind.advice(), kind.retryable()),
            (row.text.as_str(), row.advice.as_str(), row.retryable)
        );
    }
    assert_eq!(ErrorKind::from_code("no_such_kind"), None);
}

#[test]
fn every_class_hangs_in_one_tree() {
    let table = table();
    let mut known = BTreeSet::from([table.root]);
    let groups = table.groups.into_iter().map(|group| (group.class, group.parent));
    for (class, parent) in groups.chain(table.kinds.into_iter().map(|row| (row.class, row.parent))) {
        assert!(
            known.contains(&parent),
            "{class} derives from {parent}, which stands nowhere above it"
        );
        assert!(known.insert(class.clone()), "{class} stands there twice");
    }
}

#[test]
fn an_error_of_every_kind_tells_all_that_it_knows() {
    for kind in ErrorKind::ALL {
        let error = Error::sample(*kind);
        assert_eq!(error.kind(), *kind);
        let text = error.to_string();
        for part in [kind.text().trim_end_matches('.'), kind.advice(), "tasks.create", "418", "40018"] {
            assert!(text.contains(part), "{}: {text}", kind.code());
        }
        assert!(format!("{error:?}").contains(kind.code()));
    }
}

#[test]
fn every_kind_is_brought_about_by_a_case() {
    let codes: BTreeSet<String> = cases()
        .steps()
        .filter_map(|step| step["expect"]["error"]["code"].as_str().map(str::to_owned))
        .collect();
    for kind in ErrorKind::ALL {
        // A defect of the SDK cannot be asked for from outside.
        let can_be = *kind != ErrorKind::Internal;
        assert_eq!(codes.contains(kind.code()), can_be, "{}", kind.code());
    }
}

#[test]
fn every_operation_is_called_by_a_case() {
    let called: BTreeSet<String> = cases()
        .steps()
        .filter_map(|step| step["call"].as_str().map(str::to_owned))
        .collect();
    for operation in OPERATIONS {
        assert!(called.contains(operation.id), "no case calls {}", operation.id);
    }
}
