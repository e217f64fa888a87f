//! Turns the contract's YAML files into JSON that the program carries inside itself, so that it needs no file at run time and a mistake in
//! the contract stops the build.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let contract = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../contract");
    println!("cargo::rerun-if-changed={}", contract.display());
    let mut documents = serde_json::Map::new();
    for entry in fs::read_dir(&contract)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path
                .file_name()
                .ok_or("a contract file has no name")?
                .to_string_lossy()
                .into_owned();
            let document = serde_yaml_ng::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
            documents.insert(name, document);
        }
    }
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("contract.json"),
        serde_json::to_vec(&documents)?,
    )?;
    Ok(())
}
