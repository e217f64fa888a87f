//! The case server against a client of raw bytes: it has to notice what is wrong, or no suite would.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::{Value, json};

struct Server {
    child: Child,
    _input: ChildStdin,
    address: String,
}

impl Server {
    fn start(cases: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_case-server"))
            .arg("--cases")
            .arg(cases)
            .env_remove("AIRUDDER_CASE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self {
            _input: child.stdin.take().unwrap(),
            child,
            address,
        }
    }

    fn start_case(&self, name: &str, suite: &str) -> (String, String, Value) {
        let started = control(&self.address, "POST", &format!("/_cases/self/{name}/start?suite={suite}"), "");
        let base_url = started["base_url"].as_str().unwrap().strip_prefix("http://").unwrap();
        (
            started["id"].as_str().unwrap().to_owned(),
            base_url.to_owned(),
            started["case"].clone(),
        )
    }

    fn finish(&self, id: &str, outcomes: &Value) -> Vec<String> {
        let report = json!({"outcomes": outcomes}).to_string();
        let finished = control(&self.address, "POST", &format!("/_cases/{id}/finish"), &report);
        let problems: Vec<String> = serde_json::from_value(finished["problems"].clone()).unwrap();
        assert_eq!(finished["ok"], json!(problems.is_empty()));
        problems
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The answer to a request, up to where its head says that it ends or the connection does.
fn exchange(address: &str, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while !is_whole(&answer) {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(read) => answer.extend_from_slice(&piece[..read]),
        }
    }
    answer
}

fn is_whole(answer: &[u8]) -> bool {
    let Some(head_bytes) = answer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4) else {
        return false;
    };
    let head = String::from_utf8_lossy(&answer[..head_bytes]);
    match head.lines().find_map(|line| line.strip_prefix("Content-Length: ")) {
        Some(bytes) => answer.len() >= head_bytes + bytes.parse::<usize>().unwrap(),
        None => answer.ends_with(b"\r\n0\r\n\r\n"),
    }
}

fn text(method: &str, target: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: here\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn control(address: &str, method: &str, target: &str, body: &str) -> Value {
    let answer = exchange(address, &text(method, target, "", body));
    let at = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    serde_json::from_slice(&answer[at + 4..]).unwrap()
}

const SIGN_IN: &str = r#"{"APPKey":"case-key","APPSecret":"case-secret"}"#;
const TOKEN: &str = "Authorization: Token case-token\r\nContent-Type: application/json\r\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = json!({"description": "For the server's own test.", "cases": [
        {"name": "post", "why": "-", "call": "tasks.stop", "params": {"task_id": "t"},
         "wire": [{"expect": {"method": "POST", "path": "/p", "query": "a=1", "body_text": "{\"x\":1}"}, "answer": {"data": {"task_id": 1}}}],
         "expect": {"value": {"task_id": "1", "extra": {"own_name": 1}}}},
        {"name": "cut", "why": "-", "auth": "explicit", "call": "tasks.robots",
         "wire": [{"expect": {"method": "GET", "path": "/p"}, "answer": {"body_text": "0123456789", "fault": "cut_in_body", "after_bytes": 4}}],
         "expect": {"error": {"code": "connection_lost", "retry_after": null, "message_contains": ["lost"], "message_lacks": ["+62"]}}},
        {"name": "large", "why": "-", "auth": "explicit", "call": "tasks.robots",
         "wire": [{"expect": {"method": "GET", "path": "/p"}, "answer": {"framing": "chunked", "body_repeat": {"prefix": "<", "unit": "ab", "times": 100_000, "suffix": ">"}}}],
         "expect": {"value": null}}
    ]});
    std::fs::write(folder.path().join("self.json"), file.to_string()).unwrap();
    folder
}

#[test]
fn a_case_that_goes_as_written_has_no_problems() {
    let folder = folder();
    let server = Server::start(folder.path());
    for (suite, name) in [("rust", "task_id"), ("node", "taskId")] {
        let (id, address, case) = server.start_case("post", suite);
        assert_eq!(case["steps"][0]["params"], json!({name: "t"}));
        let token = exchange(
            &address,
            &text("POST", "/service/cloud/auth", "Content-Type: application/json\r\n", SIGN_IN),
        );
        assert!(String::from_utf8_lossy(&token).contains("case-token"));
        let answer = exchange(&address, &text("POST", "/p?a=1", TOKEN, "{\"x\":1}"));
        assert!(answer.ends_with(br#"{"code":200,"status":"OK","data":{"task_id":1}}"#));
        let outcome = json!([{"value": {name: "1", "left_out": null, "extra": {"own_name": 1.0}}}]);
        assert_eq!(server.finish(&id, &outcome), Vec::<String>::new());
    }
}

#[test]
fn every_difference_is_told() {
    let folder = folder();
    let server = Server::start(folder.path());
    let good = json!([{"value": {"task_id": "1", "extra": {"own_name": 1}}}]);
    let wires = [
        (
            text("POST", "/p?a=1", TOKEN, "{\"x\":2}"),
            "exchange 1: body differs at byte 5: expected `1}`, got `2}`",
        ),
        (text("POST", "/p?a=2", TOKEN, "{\"x\":1}"), "exchange 1: query differs at byte 2"),
        (text("PUT", "/p?a=1", TOKEN, "{\"x\":1}"), "exchange 1: method is PUT"),
        (text("POST", "/q?a=1", TOKEN, "{\"x\":1}"), "exchange 1: path is `/q`"),
        (
            text("POST", "/p?a=1", "Authorization: Bearer case-token\r\n", "{\"x\":1}"),
            "exchange 1: header `authorization`",
        ),
    ];
    for (request, expected) in wires {
        let (id, address, _) = server.start_case("post", "rust");
        exchange(&address, &request);
        let problems = server.finish(&id, &good);
        assert!(problems[0].starts_with(expected), "{problems:?}");
    }
    let outcomes = [
        (json!([]), "0 outcomes were reported for 1 steps"),
        (json!([{"value": {"task_id": "1"}}]), "step 1: value.extra is absent"),
        (
            json!([{"value": {"task_id": 1, "extra": {"own_name": 1}}}]),
            "step 1: value.task_id is 1",
        ),
        (
            json!([{"value": {"task_id": "1", "more": 1, "extra": {"own_name": 1}}}]),
            "step 1: value.more is 1, expected none",
        ),
        (json!([{"error": {"code": "internal", "message": "m"}}]), "step 1: expected a value"),
        (
            json!([{"value": {"task_id": "1", "extra": {"own_name": 1}}, "shown": ["with case-secret in it"]}]),
            "step 1: the secret `case-secret` is shown",
        ),
    ];
    for (outcome, expected) in outcomes {
        let (id, address, _) = server.start_case("post", "rust");
        exchange(&address, &text("POST", "/p?a=1", TOKEN, "{\"x\":1}"));
        let problems = server.finish(&id, &outcome);
        assert!(problems.len() == 1 && problems[0].starts_with(expected), "{problems:?}");
    }
}

#[test]
fn missing_and_unexpected_exchanges_are_told() {
    let folder = folder();
    let server = Server::start(folder.path());
    let good = json!([{"value": {"task_id": "1", "extra": {"own_name": 1}}}]);
    let (id, _, _) = server.start_case("post", "rust");
    assert_eq!(server.finish(&id, &good), ["exchange 1: POST /p never came"]);
    let (id, address, _) = server.start_case("post", "rust");
    for _ in 0..2 {
        exchange(&address, &text("POST", "/p?a=1", TOKEN, "{\"x\":1}"));
    }
    assert_eq!(server.finish(&id, &good), ["exchange 2: POST /p?a=1 was not expected"]);
}

#[test]
fn a_cut_body_ends_where_the_case_says_and_errors_are_compared() {
    let folder = folder();
    let server = Server::start(folder.path());
    let expectations = [
        (json!({"code": "connection_lost", "message": "The connection was lost."}), None),
        (
            json!({"code": "timeout", "message": "lost"}),
            Some("step 1: error.code is \"timeout\""),
        ),
        (
            json!({"code": "connection_lost", "message": "lost +62"}),
            Some("step 1: the message shows `+62`"),
        ),
        (
            json!({"code": "connection_lost", "message": "gone"}),
            Some("step 1: the message lacks `lost`"),
        ),
        (
            json!({"code": "connection_lost", "message": "lost", "retry_after": 1}),
            Some("step 1: error.retry_after is 1"),
        ),
    ];
    for (error, problem) in expectations {
        let (id, address, _) = server.start_case("cut", "rust");
        let answer = exchange(&address, &text("GET", "/p", "", ""));
        let answer = String::from_utf8(answer).unwrap();
        assert!(
            answer.contains("Content-Length: 10\r\n") && answer.ends_with("\r\n\r\n0123"),
            "{answer}"
        );
        let problems = server.finish(&id, &json!([{"error": error}]));
        assert_eq!(problems.len(), usize::from(problem.is_some()), "{problems:?}");
        assert!(problem.is_none_or(|problem| problems[0].starts_with(problem)), "{problems:?}");
    }
}

#[test]
fn a_large_body_is_sent_whole() {
    let folder = folder();
    let server = Server::start(folder.path());
    let (id, address, _) = server.start_case("large", "rust");
    let answer = exchange(&address, &text("GET", "/p", "", ""));
    assert!(answer.iter().filter(|byte| **byte == b'b').count() >= 100_000);
    assert_eq!(server.finish(&id, &json!([{"value": null}])), Vec::<String>::new());
}
