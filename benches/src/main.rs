//! Measures airudder beside what a user would write instead: one server, and pairs of programs that take turns.

mod contender;
mod languages;
mod measure;
mod numbers;
mod pinned;
mod report;
mod rows;
mod server;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use languages::Language;
use measure::Bench;
use report::Report;
use server::Server;

/// Measures airudder beside what a user would write instead. `benches/run` builds what this needs and starts it.
#[derive(Debug, Parser)]
struct Arguments {
    /// Measure one language only
    #[arg(long, value_enum)]
    only: Option<Language>,
    /// Measure only rows whose name has this in it
    #[arg(long, default_value = "")]
    row: String,
    /// How many rounds each row has
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Where the figures go, as JSON
    #[arg(long, default_value = ".build/bench/figures.json")]
    json: PathBuf,
    /// A file whose part between `<!-- figures -->` and `<!-- end of figures -->` becomes the table
    #[arg(long)]
    into: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("airudder-benches: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let server = Server::start(&root)?;
    let mut bench = Bench::new(&root, &server, arguments.rounds.max(1));
    let mut report = Report::new(&root);
    println!("{}", Report::head());
    for row in rows::all() {
        if arguments.only.is_some_and(|only| only != row.language) || !row.id.contains(&arguments.row) {
            continue;
        }
        let figure = bench.measure(&row).map_err(|error| format!("{}: {error}", row.id))?;
        println!("{}", report.add(row, figure));
    }
    report.write_json(&root.join(&arguments.json))?;
    if let Some(page) = &arguments.into {
        report.write_into(page)?;
    }
    Ok(())
}
