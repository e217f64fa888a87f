//! The case server against a client of raw bytes: it has to notice what is wrong, or no suite would.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use airudder_tests::suite::{Server, exchange, request};
use serde_json::{Value, json};

const SIGN_IN: &str = r#"{"APPKey":"case-key","APPSecret":"case-secret"}"#;
const TOKEN: &str = "Authorization: Token case-token\r\nContent-Type: application/json\r\n";

fn start(cases: &Path) -> Server {
    Server::start(env!("CARGO_BIN_EXE_case-server"), Some(cases)).unwrap()
}

/// The case's id, where it listens, and what a suite sees of it.
fn start_case(server: &Server, name: &str, suite: &str) -> (String, String, Value) {
    let (id, started) = server.start_case("self", name, suite).unwrap();
    let base_url = started["base_url"].as_str().unwrap().strip_prefix("http://").unwrap();
    (id, base_url.to_owned(), started["case"].clone())
}

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
    let server = start(folder.path());
    for (suite, name) in [("rust", "task_id"), ("node", "taskId")] {
        let (id, address, case) = start_case(&server, "post", suite);
        assert_eq!(case["steps"][0]["params"], json!({name: "t"}));
        let token = exchange(
            &address,
            &request("POST", "/service/cloud/auth", "Content-Type: application/json\r\n", SIGN_IN),
        )
        .unwrap();
        assert!(String::from_utf8_lossy(&token).contains("case-token"));
        let answer = exchange(&address, &request("POST", "/p?a=1", TOKEN, "{\"x\":1}")).unwrap();
        assert!(answer.ends_with(br#"{"code":200,"status":"OK","data":{"task_id":1}}"#));
        let outcome = json!([{"value": {name: "1", "left_out": null, "extra": {"own_name": 1.0}}}]);
        assert_eq!(server.finish(&id, &outcome).unwrap(), Vec::<String>::new());
    }
}

#[test]
fn every_difference_is_told() {
    let folder = folder();
    let server = start(folder.path());
    let good = json!([{"value": {"task_id": "1", "extra": {"own_name": 1}}}]);
    let wires = [
        (
            request("POST", "/p?a=1", TOKEN, "{\"x\":2}"),
            "exchange 1: body differs at byte 5: expected `1}`, got `2}`",
        ),
        (request("POST", "/p?a=2", TOKEN, "{\"x\":1}"), "exchange 1: query differs at byte 2"),
        (request("PUT", "/p?a=1", TOKEN, "{\"x\":1}"), "exchange 1: method is PUT"),
        (request("POST", "/q?a=1", TOKEN, "{\"x\":1}"), "exchange 1: path is `/q`"),
        (
            request("POST", "/p?a=1", "Authorization: Bearer case-token\r\n", "{\"x\":1}"),
            "exchange 1: header `authorization`",
        ),
    ];
    for (request, expected) in wires {
        let (id, address, _) = start_case(&server, "post", "rust");
        exchange(&address, &request).unwrap();
        let problems = server.finish(&id, &good).unwrap();
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
        let (id, address, _) = start_case(&server, "post", "rust");
        exchange(&address, &request("POST", "/p?a=1", TOKEN, "{\"x\":1}")).unwrap();
        let problems = server.finish(&id, &outcome).unwrap();
        assert!(problems.len() == 1 && problems[0].starts_with(expected), "{problems:?}");
    }
}

#[test]
fn missing_and_unexpected_exchanges_are_told() {
    let folder = folder();
    let server = start(folder.path());
    let good = json!([{"value": {"task_id": "1", "extra": {"own_name": 1}}}]);
    let (id, _, _) = start_case(&server, "post", "rust");
    assert_eq!(server.finish(&id, &good).unwrap(), ["exchange 1: POST /p never came"]);
    let (id, address, _) = start_case(&server, "post", "rust");
    for _ in 0..2 {
        exchange(&address, &request("POST", "/p?a=1", TOKEN, "{\"x\":1}")).unwrap();
    }
    assert_eq!(server.finish(&id, &good).unwrap(), ["exchange 2: POST /p?a=1 was not expected"]);
}

#[test]
fn a_cut_body_ends_where_the_case_says_and_errors_are_compared() {
    let folder = folder();
    let server = start(folder.path());
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
        let (id, address, _) = start_case(&server, "cut", "rust");
        let answer = exchange(&address, &request("GET", "/p", "", "")).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        assert!(
            answer.contains("Content-Length: 10\r\n") && answer.ends_with("\r\n\r\n0123"),
            "{answer}"
        );
        let problems = server.finish(&id, &json!([{"error": error}])).unwrap();
        assert_eq!(problems.len(), usize::from(problem.is_some()), "{problems:?}");
        assert!(problem.is_none_or(|problem| problems[0].starts_with(problem)), "{problems:?}");
    }
}

#[test]
fn a_large_body_is_sent_whole() {
    let folder = folder();
    let server = start(folder.path());
    let (id, address, _) = start_case(&server, "large", "rust");
    let answer = exchange(&address, &request("GET", "/p", "", "")).unwrap();
    assert!(answer.len() > 200_002);
    assert_eq!(server.finish(&id, &json!([{"value": null}])).unwrap(), Vec::<String>::new());
}
