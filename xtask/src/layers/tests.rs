use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{OTHERS, check, graph};

/// A made-up core.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join("core/src").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("its folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// The findings of a made-up core.
fn findings(files: &[(&str, &str)]) -> Vec<String> {
    check(folder(files).path(), false).expect("sources that parse").1
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
    assert_eq!(findings(&down), ["core/src/json.rs:2: json -> model: json does not import model"]);
}

#[test]
fn events_know_nothing_of_calls() {
    let files = [
        ("events.rs", "use crate::calls::Pages;"),
        ("calls.rs", "pub struct Pages;"),
        ("lib.rs", ""),
    ];
    assert_eq!(
        findings(&files),
        ["core/src/events.rs:1: events -> calls: events does not import calls"]
    );
}

#[test]
fn a_module_of_no_layer_is_found() {
    let files = [
        ("helpers.rs", "use crate::json::Cursor;"),
        ("json.rs", "pub struct Cursor;"),
        ("lib.rs", ""),
    ];
    assert_eq!(findings(&files), ["core/src: `helpers` is in no layer"]);
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
fn only_conditions_that_need_tests_are_of_tests() {
    let json = |text| {
        [
            ("lib.rs", "mod json; mod model;"),
            ("model.rs", "pub struct Ref;"),
            ("json.rs", text),
        ]
    };
    for of_tests in [
        "#[cfg(test)] use crate::model::Ref;",
        "#[cfg(all(unix, test))] fn f(r: crate::model::Ref) {}",
        "mod tests { use crate::model::Ref; }",
        "struct S; impl S { #[cfg(test)] fn f(r: crate::model::Ref) {} }",
        "#[test] fn f() { crate::model::Ref; }",
    ] {
        assert_eq!(findings(&json(of_tests)), [""; 0], "{of_tests}");
    }
    for shipped in [
        "#[cfg(not(test))] use crate::model::Ref;",
        r#"#[cfg(any(test, feature = "x"))] use crate::model::Ref;"#,
        r#"#[cfg(feature = "test")] use crate::model::Ref;"#,
    ] {
        assert_eq!(findings(&json(shipped)).len(), 1, "{shipped}");
    }
}

#[test]
fn a_path_through_a_module_leads_to_the_file_behind_it() {
    let through = |text| {
        [
            ("lib.rs", "mod json; mod model; pub use model::inner::Ref;"),
            ("model/mod.rs", "pub mod inner; pub struct P;"),
            ("model/inner.rs", "pub struct Ref; pub fn make() {}"),
            ("json.rs", text),
        ]
    };
    for text in [
        "use crate::model;\nfn f() { model::inner::make() }",
        "use crate::model::{self as other};\nfn f() { println!(\"{:?}\", other::inner::make()) }",
        "use crate::model::inner::{self};\nfn f() { inner::make() }",
        "mod made { }\nfn f() { super::model::inner::made_by_a_macro() }",
        "\nuse crate::Ref as Other;",
        "mod inline {\n use super::super::model::inner::Ref; }",
    ] {
        let found = findings(&through(text));
        assert_eq!(
            found,
            ["core/src/json.rs:2: json -> model::inner: json does not import model"],
            "{text}"
        );
    }
    // Neither a module by itself nor another crate's name is an import.
    for text in [
        "use crate::model;",
        "use model::Ref;",
        "fn f() { ::model::inner::make() }",
        "use serde::model as x; fn f(y: x::Z) {}",
    ] {
        assert_eq!(findings(&through(text)), [""; 0], "{text}");
    }
}

#[test]
fn the_root_may_re_export_but_not_declare_what_it_uses() {
    let circle = [
        ("lib.rs", "mod json; pub struct Root(json::Cursor);"),
        ("json.rs", "use crate::Root;\nuse crate::Root as Twice; pub struct Cursor;"),
    ];
    let found = findings(&circle);
    let [first, second, circle] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(first, "core/src/json.rs:1: json -> the root: json does not import the root");
    assert_eq!(second, "core/src/json.rs:2: json -> the root: json does not import the root");
    assert!(circle.contains("a circle of the root, json"), "{circle}");
}

#[test]
fn a_library_and_a_program_share_their_folder() {
    let files = [
        ("lib.rs", "mod json; mod model; pub use model::Ref;"),
        ("main.rs", "mod json; fn main() {}"),
        ("model.rs", "pub struct Ref;"),
        ("json.rs", "use crate::Ref;"),
    ];
    assert_eq!(findings(&files), ["core/src/json.rs:1: json -> model: json does not import model"]);
}

#[test]
fn the_graph_is_printed() {
    let files = [
        ("lib.rs", "mod json; mod model;"),
        ("json.rs", "pub struct Cursor; pub struct Token;"),
        ("model.rs", "use crate::json::{Cursor,\n Token};"),
    ];
    let folder = folder(&files);
    assert_eq!(
        check(folder.path(), false).expect("sources").0,
        "    json -> \n   model -> json (2)\n"
    );
    assert_eq!(
        check(folder.path(), true).expect("sources").0,
        "    json -> \n   model -> json (2)\n    model -> json\n"
    );
}

#[test]
fn the_crates_beside_core_have_no_circles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    for folder in OTHERS.iter().filter(|folder| root.join(folder).is_dir()) {
        let imports = graph::imports(root, folder).expect(folder);
        assert!(imports.len() > 2, "{folder} is read");
        assert!(graph::circles(&imports).is_empty(), "{folder}");
    }
}
