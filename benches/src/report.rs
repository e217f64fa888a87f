//! The figures, for people and for programs.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::measure::Figure;
use crate::rows::{Goal, Measured, Row};

const BEGIN: &str = "<!-- figures -->\n";
const END: &str = "<!-- end of figures -->";

pub struct Report {
    root: PathBuf,
    figures: Vec<(Row, Figure)>,
}

impl Report {
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            figures: Vec::new(),
        }
    }

    pub fn head() -> String {
        format!(
            "{:28} {:>8} {:>16} {:>9}      {:>12} {:>12}",
            "row", "median", "spread", "goal", "ours", "peer"
        )
    }

    /// Takes a figure in, and gives its line.
    pub fn add(&mut self, row: Row, figure: Figure) -> String {
        let spread = format!("{}-{}", number(figure.ratio.lowest), number(figure.ratio.highest));
        let unit = figure.unit;
        let line = format!(
            "{:28} {:>8} {spread:>16} {:>9} {:4} {:>9} {unit} {:>9} {unit}",
            row.id,
            number(figure.ratio.median),
            goal(&row),
            verdict(&row, &figure),
            number(figure.ours),
            number(figure.peer),
        );
        self.figures.push((row, figure));
        line
    }

    pub fn write_json(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        let rows: Vec<Value> = self.figures.iter().map(|(row, figure)| to_json(row, figure)).collect();
        let text = serde_json::to_string_pretty(&json!({ "machine": machine(), "versions": self.versions(), "rows": rows }))?;
        Ok(fs::write(path, text + "\n")?)
    }

    /// Puts the table into a page.
    pub fn write_into(&self, page: &Path) -> Result<(), Box<dyn Error>> {
        let text = fs::read_to_string(page)?;
        let (before, rest) = text.split_once(BEGIN).ok_or("the page has no place for figures")?;
        let (_, after) = rest.split_once(END).ok_or("the page has no end of figures")?;
        Ok(fs::write(page, format!("{before}{BEGIN}\n{}\n{END}{after}", self.markdown()))?)
    }

    fn markdown(&self) -> String {
        let mut text = format!("Measured on: {}.\n\nCompared: {}.\n", machine(), self.versions().join(", "));
        let mut language = None;
        for (row, figure) in &self.figures {
            if language != Some(row.language) {
                language = Some(row.language);
                let _ = write!(
                    text,
                    "\n### {}\n\n| what | against | measured | median | spread | goal | |\n| --- | --- | --- | ---: | ---: | ---: | --- |\n",
                    row.language.name()
                );
            }
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} – {} | {} | {} |",
                row.what,
                row.peer,
                measured(&row.measured),
                number(figure.ratio.median),
                number(figure.ratio.lowest),
                number(figure.ratio.highest),
                goal(row),
                verdict(row, figure),
            );
        }
        text
    }

    /// What took part, as each package manager's files say.
    fn versions(&self) -> Vec<String> {
        let path = self.root.join(".build/bench/versions.txt");
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

fn measured(measured: &Measured) -> &'static str {
    match measured {
        Measured::Time(_) | Measured::ColdTime { .. } => "time, ours / theirs",
        Measured::Throughput(_) => "throughput, ours / theirs",
        Measured::Memory { .. } | Measured::ColdMemory { .. } => "memory, ours / theirs",
        Measured::Size => "size",
    }
}

fn goal(row: &Row) -> String {
    match row.goal {
        Some(Goal::AtMost(limit)) => format!("≤ {limit}"),
        Some(Goal::AtLeast(limit)) => format!("≥ {limit}"),
        None => String::new(),
    }
}

fn verdict(row: &Row, figure: &Figure) -> &'static str {
    match row.goal {
        Some(goal) if goal.is_met(figure.ratio.median) => "met",
        Some(_) => "open",
        None => "",
    }
}

/// Three digits that say something.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn to_json(row: &Row, figure: &Figure) -> Value {
    json!({
        "id": row.id,
        "language": row.language,
        "what": row.what,
        "against": row.peer,
        "measured": measured(&row.measured),
        "ratio": figure.ratio,
        "goal": goal(row),
        "met": row.goal.map(|goal| goal.is_met(figure.ratio.median)),
        "ours": figure.ours,
        "theirs": figure.peer,
        "unit": figure.unit,
    })
}

/// The kind of machine: what processor, and how much of it.
fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name").and_then(|rest| rest.split(": ").nth(1)));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = Command::new("uname")
        .arg("-sr")
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    format!(
        "{}, {cores} cores, {}",
        model.unwrap_or("unknown processor"),
        kernel.unwrap_or_default()
    )
}
