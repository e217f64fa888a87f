//! A program that does jobs when it is told to, and says how long they took.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Instant;

use serde::Deserialize;

use crate::pinned::pinned;
use crate::server::{Protocol, Server};

/// What a contender says of a job.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Done {
    /// How long it took.
    pub seconds: f64,
    /// What it added to the process's memory.
    pub kilobytes: f64,
    /// What it read: the same for everybody who does the same job.
    pub check: String,
}

/// A running contender.
pub struct Contender {
    program: Child,
    jobs: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Contender {
    /// Starts a contender on the first core.
    pub fn start(root: &Path, command: &[String], server: &Server, protocol: Protocol) -> Result<Self, Box<dyn Error>> {
        let (program, arguments) = command.split_first().ok_or("a contender without a command")?;
        let mut command = pinned(program, 0);
        command
            .args(arguments)
            .arg(server.url(protocol))
            .env("AIRUDDER_CA_CERTIFICATE", &server.certificate)
            .env_remove("BENCH_HTTP2")
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if protocol == Protocol::Http2OverTls {
            command.env("BENCH_HTTP2", "1");
        }
        let mut program = command.spawn()?;
        let jobs = program.stdin.take().ok_or("a contender takes no jobs")?;
        let answers = program.stdout.take().ok_or("a contender says nothing")?;
        Ok(Self {
            program,
            jobs,
            answers: BufReader::new(answers),
        })
    }

    /// Has a job done so many times.
    pub fn work(&mut self, job: &str, count: usize) -> Result<Done, Box<dyn Error>> {
        writeln!(self.jobs, "{job} {count}")?;
        self.jobs.flush()?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(format!("the contender ended while it did `{job} {count}`").into());
        }
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Contender {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Runs a program once, on the first core: its seconds, and the number that it prints.
pub fn run_once(root: &Path, command: &[String]) -> Result<Done, Box<dyn Error>> {
    let (program, arguments) = command.split_first().ok_or("a program without a command")?;
    let begin = Instant::now();
    let output = pinned(program, 0)
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let seconds = begin.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("`{}` ended with {}", command.join(" "), output.status).into());
    }
    let kilobytes = String::from_utf8_lossy(&output.stdout).trim().parse()?;
    Ok(Done {
        seconds,
        kilobytes,
        check: String::new(),
    })
}
