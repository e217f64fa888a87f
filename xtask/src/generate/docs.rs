//! The API reference.

use super::file::GeneratedFile;
use super::templates::Templates;
use crate::ir::Contract;
use crate::result::Result;

pub fn files(contract: &Contract, templates: &Templates) -> Result<Vec<GeneratedFile>> {
    let text = templates.render("docs/operations.md.j2", contract.value())?;
    Ok(vec![GeneratedFile {
        path: "docs/generated/operations.md".to_owned(),
        text,
    }])
}
