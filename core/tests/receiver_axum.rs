//! The example of a receiver, run as it is: `cargo test --package airudder` builds it beside this test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use airudder::{Client, EventKind, Events, Settings};

const KEY: &str = "airudderredduria";

struct Receiver {
    program: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    address: String,
}

impl Receiver {
    fn start(folder: &std::path::Path) -> Self {
        let path = std::env::current_exe().unwrap();
        let path = path.parent().unwrap().parent().unwrap().join("examples/receiver_axum");
        let mut program = Command::new(path)
            .args(["127.0.0.1:0", "events.db"])
            .current_dir(folder)
            .env("AIRUDDER_BASE_URL", "http://127.0.0.1:1")
            .env("AIRUDDER_ENCRYPTION_KEY", KEY)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let address = lines.next().unwrap().unwrap().replace("listening on http://", "");
        Self { program, lines, address }
    }

    /// The status and body of the answer to a request.
    fn ask(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let lines = lines.concat();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {}\r\n{lines}\r\n",
            body.len()
        );
        // Who is refused early does not read all of it.
        let _ = stream.write_all(&[head.as_bytes(), body].concat());
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
    }

    fn said(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }
}

#[test]
fn the_example_receives_events_and_remembers_them() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        base_url: Some("http://127.0.0.1:1".into()),
        encryption_key: Some(KEY.into()),
        ..Settings::default()
    };
    let events = Client::new(settings).unwrap().events();
    let answer = |status: &str, body: &str| (status.to_owned(), body.to_owned());

    let mut receiver = Receiver::start(folder.path());
    let call = Events::sample(EventKind::CallFinished);
    let (sealed, headers) = events.encrypt(&call).unwrap();
    assert_eq!(
        receiver.ask("POST", "/events/call.finished", &headers, &sealed),
        answer("200", "handled")
    );
    assert!(receiver.said().starts_with("call "), "the handler of the kind ran");
    assert_eq!(
        receiver.ask("POST", "/events/any/path", &headers, &sealed),
        answer("200", "duplicate")
    );

    let session = Events::sample(EventKind::WorkflowChatbotSessionEnded);
    let path = "/events/workflow.chatbot_session_ended?a=b";
    assert_eq!(receiver.ask("POST", path, &[], &session), answer("400", "refused"));
    let forged = [("X-AIRudder-Sign".to_owned(), "0".to_owned())];
    assert_eq!(receiver.ask("POST", path, &forged, &session), answer("401", "refused"));
    let (session, mut proofs) = events.encrypt(&session).unwrap();
    assert_eq!(
        receiver.ask("POST", path, &proofs, &session),
        answer("400", "refused"),
        "its kind is signed"
    );
    proofs.extend(events.sign(&session).unwrap());
    assert_eq!(receiver.ask("POST", path, &proofs, &session), answer("200", "handled"));
    assert_eq!(receiver.said(), "workflow.chatbot_session_ended came");

    let large = vec![b' '; (1 << 20) + 1];
    assert_eq!(receiver.ask("POST", "/events/call.finished", &[], &large), answer("413", "refused"));
    assert_eq!(receiver.ask("GET", "/events/call.finished", &[], b"").0, "405");

    drop(receiver);
    let receiver = Receiver::start(folder.path());
    assert_eq!(
        receiver.ask("POST", "/events/call.finished", &headers, &sealed),
        answer("200", "duplicate")
    );
}
