//! Generates the Kotlin side of the native library beside this program, and copies the library to where JNA finds it in a jar.
//!
//! `airudder-kotlin-bindgen <folder for sources> <folder for resources>`

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};
use camino::Utf8PathBuf;
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate_with_bindgen_paths};
use uniffi_bindgen::{BindgenPaths, BindgenPathsLayer};

/// What `UniFFI` writes, in the package that `uniffi.toml` names.
const SOURCE: &str = "com/airudder/internal/airudder_kotlin.kt";

/// Where `uniffi.toml` stands.
struct ThisCrate;

impl BindgenPathsLayer for ThisCrate {
    fn get_crate_root(&self, crate_name: &str) -> Option<Utf8PathBuf> {
        (crate_name == "airudder_kotlin").then(|| env!("CARGO_MANIFEST_DIR").into())
    }
}

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(sources), Some(resources), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: airudder-kotlin-bindgen <folder for sources> <folder for resources>");
    };
    let file_name = format!("{}airudder_kotlin{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let library = env::current_exe()?.with_file_name(&file_name);
    let fresh = sources.with_extension("fresh");
    generate(&library, &fresh)?;
    update(&fresh.join(SOURCE), &sources.join(SOURCE))?;
    let library = if cfg!(debug_assertions) {
        library
    } else {
        stripped(&library, &fresh)?
    };
    update(&library, &resources.join(jna_folder()).join(&file_name))?;
    Ok(fs::remove_dir_all(fresh)?)
}

/// A copy without symbols. `UniFFI` needs them to generate the Kotlin side; the package does not. They stay if this machine has no `strip`.
fn stripped(library: &Path, folder: &Path) -> Result<PathBuf> {
    let copy = folder.join("stripped");
    fs::copy(library, &copy)?;
    let flag = if cfg!(target_os = "macos") { "-x" } else { "--strip-unneeded" };
    let outcome = Command::new("strip").arg(flag).arg(&copy).status();
    Ok(if outcome.is_ok_and(|status| status.success()) {
        copy
    } else {
        library.to_path_buf()
    })
}

fn generate(library: &Path, folder: &Path) -> Result<()> {
    let options = GenerateOptions {
        languages: vec![TargetLanguage::Kotlin],
        source: library.to_path_buf().try_into()?,
        out_dir: folder.to_path_buf().try_into()?,
        ..GenerateOptions::default()
    };
    let mut paths = BindgenPaths::default();
    paths.add_layer(ThisCrate);
    generate_with_bindgen_paths(options, paths)
}

/// Copies a file unless it is the same already: a newer file would have everything compiled again.
fn update(from: &Path, to: &Path) -> Result<()> {
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    let content = read(from)?;
    if to.is_file() && read(to)? == content {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, content).with_context(|| to.display().to_string())
}

/// The folder of a jar in which JNA looks for libraries of this machine's kind.
fn jna_folder() -> String {
    let system = match env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    format!("{system}-{processor}")
}
