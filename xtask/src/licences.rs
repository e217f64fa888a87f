//! Checks the licence of everything that is compiled into what we ship.

use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand, PackageId};
use spdx::{Expression, LicenseReq};

use crate::result::Result;

/// Licences that ask for no more than that their text goes along.
const ALLOWED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Unicode-3.0",
    "Zlib",
    "CDLA-Permissive-2.0",
    "MIT-0",
];
/// uniffi is under the MPL: its files stay under it, and ours stay free beside them.
const ALLOWED_FOR: &[(&str, &str)] = &[("uniffi", "MPL-2.0")];
/// What ships: the SDK, its packages, and the emulator.
const SHIPPED: &[&str] = &[
    "airudder",
    "airudder-emulator",
    "airudder-python",
    "airudder-node",
    "airudder-kotlin",
];

/// The packages whose licence does not let us ship them.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(vec!["--locked".to_owned()])
        .exec()?;
    let resolve = metadata.resolve.as_ref().ok_or("cargo resolved no dependencies")?;
    let mut open: Vec<&PackageId> = metadata
        .packages
        .iter()
        .filter(|package| SHIPPED.contains(&package.name.as_str()))
        .map(|package| &package.id)
        .collect();
    let mut seen = open.clone();
    while let Some(id) = open.pop() {
        for node in resolve.nodes.iter().filter(|node| node.id == *id) {
            for dependency in &node.deps {
                let ships = dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
                if ships && !seen.contains(&&dependency.pkg) {
                    seen.push(&dependency.pkg);
                    open.push(&dependency.pkg);
                }
            }
        }
    }
    let findings = metadata
        .packages
        .iter()
        .filter(|package| seen.contains(&&package.id))
        .filter_map(|package| {
            finding(package.name.as_str(), package.license.as_deref()).map(|what| format!("{} {}: {what}", package.name, package.version))
        })
        .collect();
    Ok(findings)
}

fn finding(package: &str, licence: Option<&str>) -> Option<String> {
    let Some(licence) = licence else {
        return Some("it names no licence".to_owned());
    };
    // Some old packages write `MIT/Apache-2.0`.
    match Expression::parse_mode(licence, spdx::ParseMode::LAX) {
        Ok(expression) if expression.evaluate(|requirement| is_allowed(package, requirement)) => None,
        Ok(_) => Some(licence.to_owned()),
        Err(_) => Some(format!("`{licence}` is no licence expression")),
    }
}

fn is_allowed(package: &str, requirement: &LicenseReq) -> bool {
    let Some(id) = requirement.license.id() else {
        return false;
    };
    ALLOWED.contains(&id.name)
        || ALLOWED_FOR
            .iter()
            .any(|(prefix, allowed)| package.starts_with(prefix) && *allowed == id.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_that_ask_for_more_are_found() {
        assert_eq!(finding("a", Some("MIT OR GPL-3.0-only")), None);
        assert_eq!(finding("a", Some("MIT/Apache-2.0")), None);
        assert_eq!(finding("a", Some("MIT AND GPL-3.0-only")).as_deref(), Some("MIT AND GPL-3.0-only"));
        assert_eq!(finding("uniffi_core", Some("MPL-2.0")), None);
        assert!(finding("a", Some("MPL-2.0")).is_some());
        assert!(finding("a", None).is_some());
    }
}
