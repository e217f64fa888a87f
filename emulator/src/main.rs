//! `airudder-emulator`: AI Rudder on your own machine.

mod cli;
mod keys;
mod stop;
mod trigger;

use std::io::Write as _;
use std::process::ExitCode;

use airudder_emulator::Emulator;
use airudder_emulator::fast::Fast as FastMode;
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use cli::{Cli, Command, Fast, Serve};
use stop::Stop;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Events go to stderr: the first line on stdout is for programs.
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::new(&cli.log))
        .init();
    let result = match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(serve) => run(serve).map(|()| true),
        Command::Trigger(trigger) => trigger.run(),
        Command::Fast(fast) => answer_fast(fast).map(|()| true),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("airudder-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(serve: Serve) -> Result<(), Box<dyn std::error::Error>> {
    let stop = Stop::listen(serve.until_stdin_closes)?;
    let emulator = Emulator::start(serve.into_settings()?)?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "listening on {}", emulator.url())?;
    stdout.flush()?;
    stop.wait();
    Ok(())
}

fn answer_fast(fast: Fast) -> Result<(), Box<dyn std::error::Error>> {
    let stop = Stop::listen(fast.until_stdin_closes)?;
    let server = FastMode::start(fast.port, fast.certificate_to)?;
    let mut stdout = std::io::stdout().lock();
    for (url, protocol) in server.urls() {
        writeln!(stdout, "listening on {url} {protocol}")?;
    }
    stdout.flush()?;
    stop.wait();
    Ok(())
}
