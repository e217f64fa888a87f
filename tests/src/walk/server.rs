//! The servers that a walk calls: programs of their own, which end when their standard input closes.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::file::{Kind, Walk};

/// A server that runs until this is dropped.
#[derive(Debug)]
pub struct Server {
    pub url: String,
    _child: Child,
    _input: Option<ChildStdin>,
    /// Kept open: a server that logs must not fail for want of a reader.
    _output: BufReader<ChildStdout>,
}

impl Server {
    pub async fn start(walk: &Walk) -> io::Result<Self> {
        let mut command = match walk.server {
            Kind::Emulator => {
                let mut command = Command::new(beside_this_program("airudder-emulator")?);
                command.args(["--port", "0", "--until-stdin-closes"]).args(&walk.emulator);
                command
            }
            Kind::Mock => Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("mock/serve")),
        };
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| io::Error::other(format!("{}: {error}; has it been built?", command.as_std().get_program().display())))?;
        let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut output = BufReader::new(output);
        loop {
            let mut line = String::new();
            if output.read_line(&mut line).await? == 0 {
                return Err(io::Error::other("the server did not say where it listens"));
            }
            if let Some(url) = line.trim().strip_prefix("listening on ") {
                return Ok(Self {
                    url: url.to_owned(),
                    _input: child.stdin.take(),
                    _child: child,
                    _output: output,
                });
            }
        }
    }
}

fn beside_this_program(name: &str) -> io::Result<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this.parent().ok_or(io::ErrorKind::NotFound)?;
    Ok(folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
