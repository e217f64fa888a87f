//! The contenders that are written in Rust: `contender NAME URL`.

mod aes;
mod contender;
mod ours;
mod peer;

use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use serde_json::json;
use tokio::runtime::Runtime;

use contender::{Contender, Failure};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("contender: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (name, url) = (
        arguments.next().ok_or("NAME is missing")?,
        arguments.next().ok_or("URL is missing")?,
    );
    let runtime = Runtime::new()?;
    let _inside = runtime.enter();
    let mut contender: Box<dyn Contender> = match name.as_str() {
        "airudder" => Box::new(runtime.block_on(ours::Ours::new(&url))?),
        "reqwest" => Box::new(runtime.block_on(peer::Peer::new(&url))?),
        "aes" => Box::new(aes::Aes::new()?),
        _ => return Err(format!("there is no contender `{name}`").into()),
    };
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (job, count) = line.split_once(' ').ok_or("a line is `JOB COUNT`")?;
        let work = contender.work(job, count.parse()?)?;
        let begin = Instant::now();
        let check = runtime.block_on(work)?;
        let done = json!({ "seconds": begin.elapsed().as_secs_f64(), "check": check });
        writeln!(std::io::stdout(), "{done}")?;
    }
    Ok(())
}
