//! Writes what follows from the contract: one module per language says which files, templates say what stands in them.

mod docs;
mod file;
mod format;
mod kotlin;
mod node;
mod output;
mod python;
mod rust;
mod spellings;
mod templates;

use std::path::Path;

use crate::ir::Contract;
use crate::result::Result;
use file::GeneratedFile;
use output::Manifest;
pub use templates::Templates;

const MANIFEST: &str = "xtask/generated.manifest";

/// What writes the files of one language.
type Generator = fn(&Contract, &Templates) -> Result<Vec<GeneratedFile>>;

const GENERATORS: &[(&str, Generator)] = &[
    ("rust", rust::files),
    ("node", node::files),
    ("kotlin", kotlin::files),
    ("python", python::files),
    ("docs", docs::files),
];

/// What all generators made.
struct Outcome {
    /// Formatted and sorted.
    files: Vec<GeneratedFile>,
    /// Of the languages that could not be generated. The others can be.
    failures: Vec<String>,
}

fn generate(root: &Path, contract: &Contract) -> Result<Outcome> {
    let templates = Templates::load(&root.join("xtask/templates"))?;
    let mut outcome = Outcome {
        files: Vec::new(),
        failures: Vec::new(),
    };
    for (language, generator) in GENERATORS {
        match generator(contract, &templates).and_then(|files| files.into_iter().map(|file| finish(root, file)).collect::<Result<Vec<_>>>())
        {
            Ok(files) => outcome.files.extend(files),
            Err(error) => outcome.failures.push(format!("{language}: {error}")),
        }
    }
    outcome.files.sort_by(|one, other| one.path.cmp(&other.path));
    if let Some(pair) = outcome.files.windows(2).find(|pair| pair[0].path == pair[1].path) {
        return Err(format!("{} is generated twice", pair[0].path).into());
    }
    Ok(outcome)
}

fn finish(root: &Path, file: GeneratedFile) -> Result<GeneratedFile> {
    output::require_mark(&file)?;
    format::apply(root, file)
}

/// Brings the workspace up to date and says what changed. A language that cannot be generated keeps its files as they are.
pub fn write(root: &Path, contract: &Contract) -> Result<Vec<String>> {
    let outcome = generate(root, contract)?;
    let manifest = Manifest { root, path: MANIFEST };
    if outcome.failures.is_empty() {
        return manifest.write(&outcome.files);
    }
    manifest.write_files(&outcome.files)?;
    Err(outcome.failures.join("\n").into())
}

/// Says what is not up to date; changes nothing.
pub fn check(root: &Path, contract: &Contract) -> Result<Vec<String>> {
    let outcome = generate(root, contract)?;
    if outcome.failures.is_empty() {
        return Manifest { root, path: MANIFEST }.check(&outcome.files);
    }
    Err(outcome.failures.join("\n").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDGETS: &str = "\
openapi: 3.1.0
tags: [{name: widgets, description: Widgets.}]
paths:
  /service/cloud/widget:
    post:
      operationId: widgets.spin_around
      summary: Spin a widget
      description: Spins it.
      x-airudder-source: assumed
      x-airudder-retry: once
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/SpinWidget'}}}}
      responses:
        '200': {content: {application/json: {schema: {properties: {data: {$ref: '#/components/schemas/SpunWidget'}}}}}}
components:
  schemas:
    SpinWidget:
      type: object
      description: A spin.
      x-airudder-source: assumed
      required: [WidgetID]
      properties: {WidgetID: {type: string, description: Which widget.}}
    SpunWidget:
      type: object
      description: What came of it.
      x-airudder-source: assumed
      properties: {TurnCount: {type: integer, description: How many turns it made.}}
";

    /// The contract of this workspace and one endpoint more.
    fn contract_with_widgets(root: &Path) -> Contract {
        let folder = tempfile::tempdir().expect("folder");
        for entry in std::fs::read_dir(root.join("contract")).expect("contract") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                continue; // the linter's own packages
            }
            std::fs::copy(&path, folder.path().join(path.file_name().expect("name"))).expect("copies");
        }
        std::fs::write(folder.path().join("widgets.yaml"), WIDGETS).expect("writes");
        let pages = folder.path().join("pages.tsv");
        let rows = std::fs::read_to_string(&pages).expect("reads") + "widgets.spin_around\tWidgets > Spin\n";
        std::fs::write(pages, rows).expect("writes");
        crate::contract::load(folder.path()).expect("is a contract")
    }

    #[test]
    fn a_new_endpoint_is_in_every_language_with_no_other_edit() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("root");
        let contract = contract_with_widgets(root);
        let templates = Templates::load(&root.join("xtask/templates")).expect("templates");
        for (language, generator) in GENERATORS {
            let files = generator(&contract, &templates).expect(language);
            for [snake, camel] in [
                ["spin_around", "spinAround"],
                ["widget_id", "widgetId"],
                ["turn_count", "turnCount"],
            ] {
                let named = files.iter().any(|file| file.text.contains(snake) || file.text.contains(camel));
                assert!(named, "{language} has no {snake}");
            }
            // What its documentation has to say: what it does, its parameters, and where that is from.
            for said in ["Spin a widget", "Spins it.", "Which widget.", "Widgets > Spin"] {
                let is_said = files.iter().any(|file| file.text.contains(said));
                assert!(is_said, "{language} does not say {said:?}");
            }
        }
    }

    #[test]
    fn rust_gets_a_method_a_model_and_a_shape() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("root");
        let contract = contract_with_widgets(root);
        let templates = Templates::load(&root.join("xtask/templates")).expect("templates");
        let files = rust::files(&contract, &templates).expect("generates");
        let formatted = files
            .into_iter()
            .map(|file| finish(root, file).expect("is Rust"))
            .collect::<Vec<_>>();
        let text = |path: &str| &formatted.iter().find(|file| file.path.ends_with(path)).expect(path).text;
        assert!(
            text("resources/widgets.rs")
                .contains("pub fn spin_around(&self, widget_id: impl Into<String>) -> Request<models::widgets::SpunWidget>")
        );
        assert!(text("models/widgets.rs").contains("pub turn_count: Option<i64>"));
        assert!(text("shapes.rs").contains(r#"SPIN_WIDGET = "SpinWidget" {"#));
        assert!(text("operations.rs").contains("    &WIDGETS_SPIN_AROUND,"));
        assert!(text("models/mod.rs").contains("mod widgets;"));
    }
}
