//! The program as a test suite starts it.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use common::client;

/// Killed when a test fails half way.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(arguments: &[&str]) -> (Program, ChildStdin, BufReader<ChildStdout>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_airudder-emulator"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let stdin = child.stdin.take().expect("stdin");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
    stdout.read_line(&mut line).expect("a line");
    let url = line.trim_end().strip_prefix("listening on ").expect("a URL").to_owned();
    (Program(child), stdin, stdout, url)
}

#[tokio::test]
async fn it_serves_on_a_free_port_and_ends_with_stdin() {
    for arguments in [
        ["--port", "0", "--until-stdin-closes"].as_slice(),
        &["serve", "--port", "0", "--until-stdin-closes"],
    ] {
        let (mut program, stdin, _stdout, url) = start(arguments);
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        let response = client().get(format!("{url}/_emulator")).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        drop(stdin);
        assert!(program.0.wait().expect("an end").success());
        assert!(client().get(format!("{url}/_emulator")).send().await.is_err());
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let (mut program, _stdin, _stdout, _) = start(&["--port", "0"]);
        let sent = Command::new("kill").args([signal, &program.0.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        assert!(program.0.wait().expect("an end").success(), "{signal}");
    }
}

#[test]
fn a_taken_port_and_a_wrong_key_are_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    for (arguments, expected) in [
        (["--port", port.as_str()], format!("port {port} of 127.0.0.1")),
        (["--encryption-key", "geheim"], "6 bytes; aes-ecb takes 16".to_owned()),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_airudder-emulator"))
            .args(arguments)
            .output()
            .expect("the program");
        let errors = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(1));
        assert!(errors.contains(&expected) && !errors.contains("geheim"), "{errors}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn secrets_can_come_from_the_environment_and_are_not_shown() {
    let output = Command::new(env!("CARGO_BIN_EXE_airudder-emulator"))
        .arg("--help")
        .env("AIRUDDER_EMULATOR_APP_SECRET", "geheim")
        .env("AIRUDDER_EMULATOR_ENCRYPTION_KEY", "geheim")
        .output()
        .expect("the program");
    let help = String::from_utf8(output.stdout).expect("text");
    assert!(help.contains("AIRUDDER_EMULATOR_APP_SECRET") && help.contains("Examples:"));
    assert!(!help.contains("geheim"));
}

#[test]
fn nothing_but_the_address_goes_to_stdout() {
    let (_program, stdin, mut stdout, _) = start(&["--port", "0", "--until-stdin-closes", "--log", "debug"]);
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "");
}
