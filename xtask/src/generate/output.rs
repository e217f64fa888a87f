//! Puts generated files into the workspace, and takes those away that are generated no longer.

use std::collections::BTreeSet;
use std::path::Path;

use super::file::{GENERATED_BY, GeneratedFile};
use crate::result::Result;

const HEADING: &str = "# Every file that `cargo xtask generate` wrote. A file that leaves this list is deleted.";
/// Folders that hold what others build or install.
const FOREIGN: [&str; 5] = ["build", "dist", "node_modules", "site-packages", "target"];

/// The list of generated files, kept in the workspace.
pub struct Manifest<'a> {
    pub root: &'a Path,
    /// Relative to the root.
    pub path: &'a str,
}

/// Refuses a file whose first lines do not say that it is generated.
pub fn require_mark(file: &GeneratedFile) -> Result<()> {
    if !file.path.split('/').any(|part| part == "generated") {
        return Err(format!("{}: generated files stand in folders called `generated`", file.path).into());
    }
    if file.text.lines().take(2).any(|line| line.contains(GENERATED_BY)) {
        return Ok(());
    }
    Err(format!("{}: its first two lines do not say `{{{{ generated_by }}}}`", file.path).into())
}

impl Manifest<'_> {
    /// Writes what differs, deletes what is no longer generated, and says which.
    pub fn write(&self, files: &[GeneratedFile]) -> Result<Vec<String>> {
        let mut changes = Vec::new();
        for path in self.listed()?.iter().filter(|path| !files.iter().any(|file| file.path == **path)) {
            if self.root.join(path).exists() {
                std::fs::remove_file(self.root.join(path))?;
                changes.push(format!("deleted {path}"));
            }
        }
        let manifest = GeneratedFile {
            path: self.path.to_owned(),
            text: listing(files),
        };
        changes.extend(self.write_files(files)?);
        changes.extend(self.write_files(&[manifest])?);
        Ok(changes)
    }

    /// Writes what differs, and says which.
    pub fn write_files(&self, files: &[GeneratedFile]) -> Result<Vec<String>> {
        let mut changes = Vec::new();
        for file in files {
            if self.present(&file.path)?.as_deref() != Some(&*file.text) {
                let target = self.root.join(&file.path);
                if let Some(folder) = target.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                std::fs::write(target, &file.text)?;
                changes.push(format!("wrote {}", file.path));
            }
        }
        Ok(changes)
    }

    /// Every file that is missing, stale, or there without being generated.
    pub fn check(&self, files: &[GeneratedFile]) -> Result<Vec<String>> {
        let mut findings = Vec::new();
        let manifest = GeneratedFile {
            path: self.path.to_owned(),
            text: listing(files),
        };
        for file in files.iter().chain([&manifest]) {
            match self.present(&file.path)? {
                None => findings.push(format!("missing: {}", file.path)),
                Some(text) if text != file.text => findings.push(format!("stale: {}", file.path)),
                Some(_) => {}
            }
        }
        let mut there = self.listed()?;
        self.collect(self.root, false, &mut there)?;
        let extra = there
            .iter()
            .filter(|path| !files.iter().any(|file| file.path == **path) && self.root.join(path).exists());
        findings.extend(extra.map(|path| format!("not generated: {path}")));
        Ok(findings)
    }

    fn present(&self, path: &str) -> Result<Option<String>> {
        match std::fs::read_to_string(self.root.join(path)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{path}: {error}").into()),
        }
    }

    fn listed(&self) -> Result<BTreeSet<String>> {
        let text = self.present(self.path)?.unwrap_or_default();
        let paths = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        // The list is a file that anybody may edit: it must not lead to a file elsewhere.
        let stray = |path: &str| {
            path.starts_with('/') || path.split('/').any(|part| part == "..") || !path.split('/').any(|part| part == "generated")
        };
        paths
            .map(|path| {
                if stray(path) {
                    Err(format!("{}: {path} is no generated file", self.path).into())
                } else {
                    Ok(path.to_owned())
                }
            })
            .collect()
    }

    /// The files in folders called `generated`.
    fn collect(&self, folder: &Path, inside: bool, found: &mut BTreeSet<String>) -> Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type()?;
            if kind.is_dir() && !name.starts_with('.') && name != "__pycache__" && !FOREIGN.contains(&name.as_str()) {
                self.collect(&entry.path(), inside || name == "generated", found)?;
            } else if kind.is_file() && inside {
                let path = entry.path();
                found.insert(path.strip_prefix(self.root)?.to_string_lossy().replace('\\', "/"));
            }
        }
        Ok(())
    }
}

fn listing(files: &[GeneratedFile]) -> String {
    files.iter().fold(format!("{HEADING}\n"), |text, file| text + &file.path + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "list.manifest";

    fn file(path: &str, text: &str) -> GeneratedFile {
        GeneratedFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_is_no_longer_generated_is_deleted() {
        let root = tempfile::tempdir().expect("folder");
        let manifest = Manifest {
            root: root.path(),
            path: LIST,
        };
        let both = [file("a/generated/one.txt", "1"), file("a/generated/two.txt", "2")];
        assert_eq!(manifest.write(&both).expect("writes").len(), 3);
        assert!(manifest.check(&both).expect("checks").is_empty());
        assert!(manifest.write(&both).expect("writes nothing").is_empty());

        let changes = manifest.write(&both[..1]).expect("writes");
        assert_eq!(changes, ["deleted a/generated/two.txt", "wrote list.manifest"]);
        assert!(!root.path().join("a/generated/two.txt").exists());
        assert!(root.path().join("a/generated/one.txt").exists());
    }

    #[test]
    fn the_check_names_missing_stale_and_extra_files() {
        let root = tempfile::tempdir().expect("folder");
        let manifest = Manifest {
            root: root.path(),
            path: LIST,
        };
        let files = [
            file("a/generated/kept.txt", "1"),
            file("a/generated/lost.txt", "2"),
            file("a/generated/old.txt", "3"),
        ];
        manifest.write(&files).expect("writes");
        std::fs::remove_file(root.path().join("a/generated/lost.txt")).expect("removes");
        std::fs::write(root.path().join("a/generated/old.txt"), "edited").expect("edits");
        std::fs::create_dir(root.path().join("a/generated/deep")).expect("folder");
        std::fs::write(root.path().join("a/generated/deep/stray.txt"), "by hand").expect("adds");
        std::fs::write(root.path().join("a/beside.txt"), "by hand").expect("adds");
        let findings = manifest.check(&files).expect("checks");
        assert_eq!(
            findings,
            [
                "missing: a/generated/lost.txt",
                "stale: a/generated/old.txt",
                "not generated: a/generated/deep/stray.txt"
            ]
        );
        assert!(!root.path().join("a/generated/lost.txt").exists(), "the check wrote");
    }

    #[test]
    fn a_manifest_that_names_other_files_deletes_nothing() {
        let root = tempfile::tempdir().expect("folder");
        std::fs::write(root.path().join("precious.txt"), "by hand").expect("writes");
        std::fs::write(root.path().join(LIST), "precious.txt\n").expect("writes");
        let manifest = Manifest {
            root: root.path(),
            path: LIST,
        };
        assert!(
            manifest
                .write(&[])
                .expect_err("refuses")
                .to_string()
                .contains("precious.txt is no generated file")
        );
        assert!(root.path().join("precious.txt").exists());
    }

    #[test]
    fn unmarked_and_misplaced_files_are_refused() {
        assert!(require_mark(&file("a/generated/one.txt", &format!("# {GENERATED_BY}\n"))).is_ok());
        assert!(require_mark(&file("a/generated/one.txt", "text")).is_err());
        assert!(require_mark(&file("a/one.txt", GENERATED_BY)).is_err());
    }
}
