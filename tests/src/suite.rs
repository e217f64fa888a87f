//! What a suite in Rust needs: the server as a child process, and its three addresses.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::{Value, json};

/// A case server that ends with this value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// The server ends when this closes.
    _input: Option<ChildStdin>,
    address: String,
}

impl Server {
    /// Starts the program. `cases` is the folder; the environment says when it is not given.
    pub fn start(program: &str, cases: Option<&Path>) -> io::Result<Self> {
        let mut command = Command::new(program);
        if let Some(cases) = cases {
            command.arg("--cases").arg(cases).env_remove("AIRUDDER_CASE");
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let address = line.trim().strip_prefix("listening on http://").map(str::to_owned);
        Ok(Self {
            _input: child.stdin.take(),
            child,
            address: address.ok_or_else(|| io::Error::other("the case server did not start"))?,
        })
    }

    /// File and name of each case of the suite.
    pub fn cases(&self, suite: &str) -> io::Result<Vec<(String, String)>> {
        let cases = self.ask("GET", &format!("/_cases?suite={suite}"), "")?;
        let text = |case: &Value, name: &str| case[name].as_str().unwrap_or_default().to_owned();
        Ok(cases
            .as_array()
            .into_iter()
            .flatten()
            .map(|case| (text(case, "file"), text(case, "name")))
            .collect())
    }

    /// Starts a case: its id, and what the suite needs to know of it.
    pub fn start_case(&self, file: &str, name: &str, suite: &str) -> io::Result<(String, Value)> {
        let started = self.ask("POST", &format!("/_cases/{file}/{name}/start?suite={suite}"), "")?;
        let id = started["id"].as_str().ok_or_else(|| io::Error::other(started.to_string()))?;
        Ok((id.to_owned(), started))
    }

    /// Finishes a case: what was wrong.
    pub fn finish(&self, id: &str, outcomes: &Value) -> io::Result<Vec<String>> {
        let report = json!({"outcomes": outcomes}).to_string();
        let finished = self.ask("POST", &format!("/_cases/{id}/finish"), &report)?;
        let problems: Vec<String> = serde_json::from_value(finished["problems"].clone())?;
        if finished["ok"] == problems.is_empty() {
            Ok(problems)
        } else {
            Err(io::Error::other("the server says ok and problems at once"))
        }
    }

    /// The file of each walk.
    pub fn walks(&self) -> io::Result<Vec<String>> {
        let walks = self.ask("GET", "/_walks", "")?;
        let files = walks.as_array().into_iter().flatten();
        Ok(files.filter_map(|walk| walk["file"].as_str().map(str::to_owned)).collect())
    }

    /// Starts a walk: its id, and the settings of the client to walk with.
    pub fn start_walk(&self, file: &str, suite: &str) -> io::Result<(String, Value)> {
        let started = self.ask("POST", &format!("/_walks/{file}/start?suite={suite}"), "")?;
        let id = started["id"].as_str().ok_or_else(|| io::Error::other(started.to_string()))?;
        Ok((id.to_owned(), started["client"].clone()))
    }

    /// The next step of a walk; `outcome` is that of the step before, or null.
    pub fn next_step(&self, id: &str, outcome: &Value) -> io::Result<Value> {
        self.ask("POST", &format!("/_walks/{id}/next"), &json!({"outcome": outcome}).to_string())
    }

    /// The operations that no walk of the suite has called so far.
    pub fn missing(&self, suite: &str) -> io::Result<Vec<String>> {
        let answer = self.ask("GET", &format!("/_walks/missing?suite={suite}"), "")?;
        Ok(serde_json::from_value(answer["missing"].clone())?)
    }

    fn ask(&self, method: &str, target: &str, body: &str) -> io::Result<Value> {
        let answer = exchange(&self.address, &request(method, target, "", body))?;
        let at = head_bytes(&answer).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(serde_json::from_slice(&answer[at..])?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that is gone already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The bytes of a request.
#[must_use]
pub fn request(method: &str, target: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: here\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

/// The bytes of the answer to a request, up to where its head says that it ends, or the connection does.
pub fn exchange(address: &str, request: &str) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while !is_whole(&answer) {
        match stream.read(&mut piece)? {
            0 => break,
            read => answer.extend_from_slice(&piece[..read]),
        }
    }
    Ok(answer)
}

fn head_bytes(answer: &[u8]) -> Option<usize> {
    let end = b"\r\n\r\n";
    answer.windows(end.len()).position(|window| window == end).map(|at| at + end.len())
}

fn is_whole(answer: &[u8]) -> bool {
    let Some(head_bytes) = head_bytes(answer) else {
        return false;
    };
    let head = String::from_utf8_lossy(&answer[..head_bytes]);
    match head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: ")?.parse::<usize>().ok())
    {
        Some(bytes) => answer.len() >= head_bytes + bytes,
        None => answer.ends_with(b"\r\n0\r\n\r\n"),
    }
}
