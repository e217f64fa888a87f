//! Plays the conformance cases to the suites of all languages, and leads them through walks.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use airudder_tests::cases::Cases;
use airudder_tests::control::Control;
use airudder_tests::walk::{Table, Walks};
use clap::Parser;
use tokio::net::TcpListener;

/// Plays the conformance cases. Ends when its standard input closes.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder of the case files.
    #[arg(long, env = "AIRUDDER_CASES", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/cases"))]
    cases: PathBuf,
    /// Play one case alone, `<file>/<name>`, or the cases of one file, `<file>`.
    #[arg(long, env = "AIRUDDER_CASE")]
    only: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match serve(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("case-server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), String> {
    let mut cases = Cases::read(&arguments.cases)?;
    if let Some(filter) = &arguments.only {
        cases.keep_only(filter)?;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let walks = Walks::read(&[&here.join("walks"), &here.join("mock")])?;
    let table = Table::read()?;
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("listening on http://{address}");
    tokio::select! {
        ended = Control::new(cases, walks, table).serve(listener) => ended.map_err(|error| error.to_string()),
        () = until_closed() => Ok(()),
    }
}

/// A suite that ends, however it ends, takes its server along.
async fn until_closed() {
    let (closed, wait) = tokio::sync::oneshot::channel();
    // A thread of its own: the runtime would wait for a blocked read when it shuts down.
    std::thread::spawn(move || {
        let ended = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = closed.send(ended);
    });
    let _ = wait.await;
}
