use std::fs;
use std::path::Path;

use super::{check, graph};

/// The findings of a made-up core.
fn findings(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join("core/src").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("its folder");
        fs::write(path, text).expect("a file");
    }
    check(folder.path(), false).expect("sources that parse").1
}

#[test]
fn an_import_points_up() {
    let up = [
        ("lib.rs", "mod json; mod model;"),
        ("json.rs", "pub struct Cursor;"),
        ("model.rs", "use crate::json::Cursor;"),
    ];
    assert_eq!(findings(&up), [""; 0]);
    let down = [
        ("lib.rs", "mod json; mod model;"),
        ("model.rs", "pub struct Ref;"),
        ("json.rs", "fn f() {}\nfn g(r: crate::model::Ref) {}"),
    ];
    assert_eq!(findings(&down), ["json.rs:2: json -> model: json does not import model"]);
}

#[test]
fn events_know_nothing_of_calls() {
    let files = [
        ("events.rs", "use crate::calls::Pages;"),
        ("calls.rs", "pub struct Pages;"),
        ("lib.rs", ""),
    ];
    assert_eq!(findings(&files), ["events.rs:1: events -> calls: events does not import calls"]);
}

#[test]
fn a_module_of_no_layer_is_found() {
    let files = [
        ("helpers.rs", "use crate::json::Cursor;"),
        ("json.rs", "pub struct Cursor;"),
        ("lib.rs", ""),
    ];
    assert_eq!(findings(&files), ["helpers.rs:1: helpers -> json: one of them is in no layer"]);
}

#[test]
fn a_circle_is_found_through_re_exports_and_macros() {
    let through = [
        ("lib.rs", "mod json;"),
        ("json/mod.rs", "mod a; mod b; pub(crate) use a::A; pub(crate) use b::*;"),
        ("json/a.rs", "use super::B; pub struct A;"),
        ("json/b.rs", "use crate::json::A; pub struct B;"),
    ];
    let found = findings(&through);
    assert!(found.len() == 1 && found[0].contains("a circle of json::a, json::b"), "{found:?}");
    let by_macro = [
        ("lib.rs", "mod json;"),
        ("json/mod.rs", "mod a; mod b;"),
        ("json/a.rs", "macro_rules! m { () => { $crate::json::b::f() } }"),
        ("json/b.rs", "use super::a::m; pub fn f() {}"),
    ];
    assert_eq!(findings(&by_macro).len(), 1);
}

#[test]
fn a_parent_may_re_export_but_not_use_what_imports_it() {
    let re_export = [
        ("lib.rs", "mod json;"),
        ("json/mod.rs", "mod a; pub use a::A; pub struct P;"),
        ("json/a.rs", "use super::P; pub struct A;"),
    ];
    assert_eq!(findings(&re_export), [""; 0]);
    let used = [
        ("lib.rs", "mod json;"),
        ("json/mod.rs", "mod a; pub use a::A; pub struct P(A);"),
        ("json/a.rs", "use super::P; pub struct A;"),
    ];
    assert_eq!(findings(&used).len(), 1);
}

#[test]
fn tests_may_import_anything() {
    let files = [
        ("lib.rs", "mod json; mod model;"),
        ("model.rs", "use crate::json::Cursor; pub struct Ref;"),
        (
            "json/mod.rs",
            "pub struct Cursor; #[cfg(test)] mod tests; #[cfg(test)] mod inline { use crate::model::Ref; }",
        ),
        ("json/tests.rs", "use crate::model::Ref;"),
    ];
    assert_eq!(findings(&files), [""; 0]);
}

#[test]
fn the_imports_of_this_very_crate_are_read() {
    let imports = graph::imports(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("this crate");
    let has = |from: &str, to: &str| {
        imports
            .iter()
            .any(|import| import.from.join("::") == from && import.to.join("::") == to)
    };
    assert!(has("layers", "layers::graph") && has("layers::graph", "layers::resolve"));
    assert!(!has("layers::graph", "layers"));
}
