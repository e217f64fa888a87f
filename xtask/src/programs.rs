//! Runs the example programs of each language against an emulator of their own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use clap::ValueEnum;

use crate::result::Result;

/// The key that the demo and the emulator share: the one of AI Rudder's documentation.
const ENCRYPTION_KEY: &str = "airudderredduria";

/// An example program that each language has.
struct Program {
    name: &'static str,
    /// Emulated seconds in a real one: at 60 a call of two minutes takes two seconds, at 600 an hour between two calls takes six.
    speed: &'static str,
}

const DEMO: [Program; 2] = [
    Program { name: "demo", speed: "60" },
    Program {
        name: "workflow",
        speed: "600",
    },
];
const QUICKSTARTS: [Program; 2] = [
    Program {
        name: "quickstart",
        speed: "60",
    },
    Program {
        name: "chatbot",
        speed: "60",
    },
];

/// The languages of the SDK.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum Language {
    Rust,
    Python,
    Node,
    Kotlin,
}

impl Language {
    const fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::Node => "Node",
            Self::Kotlin => "Kotlin",
        }
    }

    /// The command that runs one of its example programs.
    fn command(self, root: &Path, program: &str) -> Command {
        let (name, arguments): (&str, Vec<String>) = match self {
            Self::Rust => (
                "cargo",
                ["run", "--quiet", "--package", "airudder", "--example", program]
                    .map(str::to_owned)
                    .into(),
            ),
            Self::Python => (".build/venv/bin/python", vec![format!("examples/python/{program}.py")]),
            Self::Node => ("node", vec![format!("examples/node/{program}.mjs")]),
            Self::Kotlin => ("examples/kotlin/run", vec![program.to_owned()]),
        };
        let path = if name.contains('/') { root.join(name) } else { name.into() };
        let mut command = Command::new(path);
        command.args(arguments).current_dir(root);
        // What cargo sets for the programs that it runs would make a cargo of theirs build everything anew.
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_"))
            {
                command.env_remove(name);
            }
        }
        command
    }
}

/// Tells the stories of a call and of a workflow in each language, and ends with 1 when one of them is not as it should be.
pub fn demo(root: &Path, only: Option<Language>) -> Result<ExitCode> {
    println!("From credentials to a finished call, and from a template to finished contacts");
    run(root, &DEMO, only)
}

/// Runs the programs that the READMEs show.
pub fn quickstarts(root: &Path, only: Option<Language>) -> Result<ExitCode> {
    run(root, &QUICKSTARTS, only)
}

fn run(root: &Path, programs: &[Program], only: Option<Language>) -> Result<ExitCode> {
    let languages: Vec<_> = Language::value_variants()
        .iter()
        .copied()
        .filter(|language| only.is_none_or(|only| only == *language))
        .collect();
    let mut failed = Vec::new();
    for language in &languages {
        for Program { name, speed } in programs {
            let emulator = Emulator::start(root, speed)?;
            println!("\n{}, {name}, against {}", language.name(), emulator.url);
            let status = language
                .command(root, name)
                .env("AIRUDDER_BASE_URL", &emulator.url)
                .env("AIRUDDER_ENCRYPTION_KEY", ENCRYPTION_KEY)
                .status()
                .map_err(|error| format!("the {name} in {} cannot be started: {error}", language.name()))?;
            if !status.success() {
                failed.push(format!("{} ({name})", language.name()));
            }
        }
    }
    if failed.is_empty() {
        let names: Vec<_> = languages.iter().map(|language| language.name()).collect();
        println!("\n{}: all is as it should be.", names.join(", "));
        Ok(ExitCode::SUCCESS)
    } else {
        println!("\n{}: something was not as it should be.", failed.join(", "));
        Ok(ExitCode::FAILURE)
    }
}

/// An emulator on a free port, ended when it is dropped.
struct Emulator {
    process: Child,
    url: String,
}

impl Emulator {
    fn start(root: &Path, speed: &str) -> Result<Self> {
        let mut process = Command::new(root.join("target/debug/airudder-emulator"))
            .args([
                "--port",
                "0",
                "--speed",
                speed,
                "--encryption-key",
                ENCRYPTION_KEY,
                "--until-stdin-closes",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the emulator cannot be started: {error}"))?;
        let output = process.stdout.take().ok_or("the emulator has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .ok_or("the emulator did not say where it listens")?
            .to_owned();
        Ok(Self { process, url })
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about either error here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
