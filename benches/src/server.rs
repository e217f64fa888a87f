//! The server that all contenders call: the emulator's fast mode, on the last core.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::pinned::pinned;

/// How a contender talks to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    Http1,
    Http1OverTls,
    Http2OverTls,
}

/// It ends when this program does, for its standard input ends then.
pub struct Server {
    program: Child,
    urls: [String; 3],
    pub certificate: PathBuf,
}

impl Server {
    pub fn start(root: &Path) -> Result<Self, Box<dyn Error>> {
        let certificate = root.join(".build/bench/server.pem");
        if let Some(folder) = certificate.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let cores = std::thread::available_parallelism()?.get();
        let mut program = pinned(root.join("target/release/airudder-emulator"), cores - 1)
            .args(["fast", "--port", "0", "--until-stdin-closes", "--certificate-to"])
            .arg(&certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(program.stdout.take().ok_or("the server has no output")?).lines();
        let urls = lines.take(3).map(|line| {
            let line = line?;
            let url = line.strip_prefix("listening on ").and_then(|rest| rest.split(' ').next());
            Ok(url.ok_or("the server does not say where it listens")?.to_owned())
        });
        let urls: Vec<String> = urls.collect::<Result<_, Box<dyn Error>>>()?;
        Ok(Self {
            program,
            urls: urls.try_into().map_err(|_| "the server ended at its start")?,
            certificate,
        })
    }

    pub fn url(&self, protocol: Protocol) -> &str {
        let [http1, http1_over_tls, http2_over_tls] = &self.urls;
        match protocol {
            Protocol::Http1 => http1,
            Protocol::Http1OverTls => http1_over_tls,
            Protocol::Http2OverTls => http2_over_tls,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
