//! `cargo xtask <chore>`: the chores of this workspace.

// A test that fails says where.
#![cfg_attr(test, allow(clippy::expect_used))]

mod bundle;
mod case;
mod contract;
mod diff;
mod generate;
mod ir;
mod layers;
mod licences;
mod programs;
mod readme;
mod result;
mod snippets;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use programs::Language;
use result::Result;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of this workspace")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Write what follows from contract/: models, methods, bindings, the API reference
    Generate {
        /// Write nothing; list what is not up to date and end with 1
        #[arg(long)]
        check: bool,
    },
    /// Print every operation with its path, source, retry class and page
    Operations,
    /// Write the whole contract as one document, for mock servers, fuzzers and viewers
    Bundle {
        /// Where to; target/contract/openapi.json when absent
        out: Option<PathBuf>,
    },
    /// Compare AI Rudder's own documentation, exported as `OpenAPI`, with the contract
    ContractDiff {
        /// The exports, as JSON or YAML; several when the documentation is several projects
        #[arg(required = true)]
        exports: Vec<PathBuf>,
        /// Bring over into contract/ the routes and fields that they confirm
        #[arg(long)]
        write: bool,
    },
    /// Print which layer of core imports which; check that no import points down and that no modules import each other in a circle
    Layers {
        /// Print the imports between files, too
        #[arg(long)]
        files: bool,
    },
    /// Check that every dependency's licence lets us ship it
    Licences,
    /// Check that the README shows the operations as they are, and that every program in the documents is run
    Readme,
    /// Run the demo of each language, or of one, against the emulator
    Demo {
        /// The one language to run
        #[arg(long)]
        only: Option<Language>,
    },
    /// Run the README's program of each language, or of one, against the emulator
    Quickstarts {
        /// The one language to run
        #[arg(long)]
        only: Option<Language>,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse().chore) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: &Chore) -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the workspace has no root")?;
    let contract = || contract::load(&root.join("contract"));
    match chore {
        Chore::Generate { check: false } => {
            for change in generate::write(root, &contract()?)? {
                println!("{change}");
            }
        }
        Chore::Generate { check: true } => {
            let findings = generate::check(root, &contract()?)?;
            if !findings.is_empty() {
                eprintln!(
                    "The generated code is not up to date; run `cargo xtask generate`.\n  {}",
                    findings.join("\n  ")
                );
                return Ok(ExitCode::FAILURE);
            }
        }
        Chore::Operations => print!("{}", table::operations(&contract()?)),
        Chore::Bundle { out } => {
            let out = out.clone().unwrap_or_else(|| root.join("target/contract/openapi.json"));
            bundle::write(&root.join("contract"), &out)?;
            println!("{}", out.display());
        }
        Chore::ContractDiff { exports, write } => match diff::run(&root.join("contract"), exports, *write) {
            Ok(report) => print!("{report}"),
            // Differences are what it is for; 2 tells an export that cannot be read from anything else.
            Err(error) => {
                eprintln!("error: {error}");
                return Ok(ExitCode::from(2));
            }
        },
        Chore::Layers { files } => {
            let (report, findings) = layers::check(root, *files)?;
            print!("{report}");
            return Ok(verdict("imports that point down or in a circle", &findings));
        }
        Chore::Licences => return Ok(verdict("licences that we cannot ship", &licences::check(root)?)),
        Chore::Readme => return Ok(verdict("in the documents", &readme::check(root, &contract()?)?)),
        Chore::Demo { only } => return programs::demo(root, *only),
        Chore::Quickstarts { only } => return programs::quickstarts(root, *only),
    }
    Ok(ExitCode::SUCCESS)
}

fn verdict(what: &str, findings: &[String]) -> ExitCode {
    if findings.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("{what}:\n  {}", findings.join("\n  "));
    ExitCode::FAILURE
}
