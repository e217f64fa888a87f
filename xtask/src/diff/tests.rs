use super::*;
use crate::contract;
use crate::ir::Source;

/// A copy of a contract in a folder of its own. `fixtures/contract` is a small one that changes with no family.
fn copy_of(contract: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let errors = root().join("contract/errors.yaml");
    std::fs::copy(errors, folder.path().join("errors.yaml")).expect("is copied");
    for entry in std::fs::read_dir(contract).expect("a folder") {
        let path = entry.expect("an entry").path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            std::fs::copy(&path, folder.path().join(name)).expect("is copied");
        }
    }
    folder
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diff/fixtures").join(name)
}

fn expected(name: &str) -> String {
    std::fs::read_to_string(fixture(name)).expect("can be read")
}

fn small() -> tempfile::TempDir {
    copy_of(&fixture("contract"))
}

fn text(folder: &tempfile::TempDir, file: &str) -> String {
    std::fs::read_to_string(folder.path().join(file)).expect("can be read")
}

/// The lines that a file lost and gained.
fn changed(folder: &tempfile::TempDir, file: &str) -> Vec<String> {
    let before = expected(&format!("contract/{file}"));
    let after = text(folder, file);
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let mut changes = Vec::new();
    let (mut old, mut new) = (0, 0);
    while old < before.len() || new < after.len() {
        if before.get(old) == after.get(new) {
            (old, new) = (old + 1, new + 1);
        } else if after.get(new + 1) == before.get(old) {
            changes.push(format!("+{}", after[new].trim()));
            new += 1;
        } else {
            changes.push(format!("{} -> {}", before[old].trim(), after[new].trim()));
            (old, new) = (old + 1, new + 1);
        }
    }
    changes
}

#[test]
fn a_chinese_export_is_compared_operation_by_operation() {
    let folder = small();
    let report = run(folder.path(), &[fixture("apifox.zh.json")], false).expect("can be compared");
    assert_eq!(report, expected("report.zh.txt"));
    for file in ["tasks.yaml", "plans.yaml", "common.yaml"] {
        assert_eq!(
            text(&folder, file),
            expected(&format!("contract/{file}")),
            "nothing is written unless asked for"
        );
    }
}

#[test]
fn an_english_export_is_compared_operation_by_operation() {
    let report = run(small().path(), &[fixture("apifox.en.json")], false).expect("can be compared");
    assert_eq!(report, expected("report.en.txt"));
}

#[test]
fn exports_of_both_languages_are_one_documentation() {
    let exports = [fixture("apifox.zh.json"), fixture("apifox.en.json")];
    let report = run(small().path(), &exports, false).expect("can be compared");
    let create = report.split("\n\n").find(|part| part.starts_with("tasks.create")).expect("differs");
    assert_eq!(create.matches("body `RepeatNumber`").count(), 1, "{create}");
    assert!(
        create.contains("+ body `Details[].CompanyName`: string (on 1 of 3 pages)"),
        "{create}"
    );
}

#[test]
fn what_is_confirmed_is_brought_over_and_nothing_else_changes() {
    let folder = small();
    let report = run(folder.path(), &[fixture("apifox.zh.json")], true).expect("can be written");
    assert!(report.ends_with(&expected("written.zh.txt")), "{report}");
    assert_eq!(
        changed(&folder, "plans.yaml"),
        [
            "/service/cloud/plan: -> /service/cloud/strategyplan:",
            "x-airudder-source: assumed -> x-airudder-source: documented",
            "x-airudder-source: assumed -> x-airudder-source: documented",
            "+x-airudder-source: documented",
        ]
    );
    contract::load(folder.path()).expect("is still a contract");

    let again = run(folder.path(), &[fixture("apifox.zh.json")], true).expect("can be compared again");
    assert!(again.contains("differ (0 routes, "), "{again}");
    assert!(!again.contains("Written:"), "{again}");
}

#[test]
fn comments_and_blanks_outlive_an_edit() {
    let folder = small();
    run(folder.path(), &[fixture("apifox.zh.json")], true).expect("can be written");
    let tasks = text(&folder, "tasks.yaml");
    for line in [
        "  # The only page that a public client was seen to use.\n  /service/cloud/list:",
        "      x-airudder-source: documented   # seen, not read\n",
        "        # Spelled without a hyphen everywhere.\n        callid:\n",
        "  /service/cloud/callinfo:\n    get:\n      operationId: tasks.call_by_id\n",
        "        SIPLine: {type: string, description: The line., x-airudder-source: documented}\n",
    ] {
        assert!(tasks.contains(line), "{line} is not in {tasks}");
    }
}

#[test]
fn what_cannot_be_brought_over_is_left_and_named() {
    let folder = small();
    let report = run(folder.path(), &[fixture("apifox.en.json")], true).expect("can be written");
    assert!(report.ends_with(&expected("written.en.txt")), "{report}");
    contract::load(folder.path()).expect("is still a contract");
}

#[test]
fn the_contract_itself_can_be_edited() {
    let folder = copy_of(&root().join("contract"));
    let report = run(folder.path(), &[fixture("apifox.zh.json")], true).expect("can be written");
    assert!(
        report.contains("tasks.yaml: tasks.call_by_id is GET /service/cloud/callinfo, and documented"),
        "{report}"
    );
    let contract = contract::load(folder.path()).expect("is still a contract");
    let call = contract
        .operations
        .iter()
        .find(|operation| operation.id == "tasks.call_by_id")
        .expect("is there");
    assert_eq!((call.path.as_str(), call.source), ("/service/cloud/callinfo", Source::Documented));
    let again = run(folder.path(), &[fixture("apifox.zh.json")], false).expect("can be compared again");
    assert!(!again.contains("> GET /service/cloud/callinfo"), "{again}");
}

/// The pages that the table of contents lists, as if they said what the contract says, but for the routes: all that are not documented moved.
fn moved(folder: &Path) -> Vec<Theirs> {
    let pages = std::fs::read_to_string(folder.join("pages.tsv")).expect("can be read");
    let contract = read::contract(folder).expect("can be read");
    let page = |ours: Ours| {
        let row = pages.lines().find_map(|line| line.strip_prefix(&format!("{}\t", ours.key)));
        let (above, title) = row.and_then(|row| row.rsplit_once(" > ")).expect("has a page");
        let is_certain = ours.source == "documented";
        Theirs {
            folder: above.to_owned(),
            title: title.to_owned(),
            route: ours.route.map(|mut route| {
                route.path.push_str(if is_certain { "" } else { "/moved" });
                route
            }),
            deprecated: false,
            shape: ours.shape,
        }
    };
    read::ours(&contract).into_iter().map(page).collect()
}

#[test]
fn an_export_of_everything_makes_everything_documented() {
    let folder = copy_of(&root().join("contract"));
    let pages = moved(folder.path());
    let report = against(folder.path(), &pages, true).expect("can be written");
    assert!(
        report.contains(" routes, 0 fields). 0 not in the export, 0 not in the contract."),
        "{report}"
    );
    assert!(!report.contains("Left to be done by hand"), "{report}");

    let contract = contract::load(folder.path()).expect("is still a contract");
    assert!(contract.operations.iter().all(|operation| operation.source == Source::Documented));
    assert!(contract.events.iter().all(|event| event.source == Source::Documented));
    let fields = contract.models.iter().flat_map(|model| &model.fields);
    let guessed: Vec<_> = fields
        .filter(|field| field.source != Source::Documented)
        .map(|field| &field.wire)
        .collect();
    assert!(guessed.is_empty(), "{guessed:?}");

    let again = against(folder.path(), &pages, true).expect("can be compared again");
    assert!(
        again.ends_with("0 differ (0 routes, 0 fields). 0 not in the export, 0 not in the contract.\n"),
        "{again}"
    );
}

#[test]
fn an_export_that_cannot_be_read_is_named_with_its_mistake() {
    let folder = small();
    let problem = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("is written");
        let error = run(folder.path(), std::slice::from_ref(&path), false).expect_err("cannot be read");
        error.to_string().replace(&path.display().to_string(), name)
    };
    assert_eq!(
        problem("a.json", "{\"openapi\": "),
        "a.json is no JSON: EOF while parsing a value at line 1 column 12"
    );
    assert_eq!(
        problem("b.json", "{\"paths\": {}}"),
        "b.json is no OpenAPI document: `openapi` is missing"
    );
    assert_eq!(
        problem("c.json", "{\"swagger\": \"2.0\"}"),
        "c.json is Swagger \"2.0\"; export it as OpenAPI 3.0 or 3.1"
    );
    assert_eq!(
        problem("d.json", "{\"openapi\": \"3.0.1\"}"),
        "d.json has neither `paths` nor `webhooks`"
    );
    assert_eq!(problem("e.json", "<html>"), "e.json is no OpenAPI document: `openapi` is missing");
    let absent = run(folder.path(), &[folder.path().join("f.json")], false).expect_err("is not there");
    assert!(absent.to_string().contains("f.json: No such file"), "{absent}");
}

#[test]
fn yaml_is_read_as_well_and_what_it_leaves_open_is_no_difference() {
    let folder = small();
    let export = folder.path().join("export.yml");
    let text = "
openapi: 3.0.3
paths:
  /service/cloud/detail:
    get:
      summary: Anything
      parameters: [{name: TaskID, in: query, required: true, schema: {type: string}}]
      responses: {200: {content: {'application/json': {schema: {type: object, properties: {data: {$ref: '#/nowhere'}}}}}}}
";
    std::fs::write(&export, text).expect("is written");
    let report = run(folder.path(), &[export], false).expect("can be compared");
    assert!(
        report.contains("References of the export that lead nowhere:\n  #/nowhere (Anything (GET /service/cloud/detail))\n"),
        "{report}"
    );
    assert!(report.contains(": 1 alike, 0 differ (0 routes, 0 fields)"), "{report}");
}
