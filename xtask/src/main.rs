//! `cargo xtask <chore>`: the chores of this workspace.

// A test that fails says where.
#![cfg_attr(test, allow(clippy::expect_used))]

mod case;
mod contract;
mod generate;
mod ir;
mod table;

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

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
    let contract = contract::load(&root.join("contract"))?;
    match chore {
        Chore::Generate { check: false } => {
            for change in generate::write(root, &contract)? {
                println!("{change}");
            }
        }
        Chore::Generate { check: true } => {
            let findings = generate::check(root, &contract)?;
            if !findings.is_empty() {
                eprintln!(
                    "The generated code is not up to date; run `cargo xtask generate`.\n  {}",
                    findings.join("\n  ")
                );
                return Ok(ExitCode::FAILURE);
            }
        }
        Chore::Operations => print!("{}", table::operations(&contract)),
    }
    Ok(ExitCode::SUCCESS)
}
