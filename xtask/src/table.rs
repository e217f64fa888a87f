//! The operations as an aligned table for the terminal.

use std::fmt::Write;

use crate::ir::{Contract, Retry, Source};

const HEADINGS: [&str; 6] = ["OPERATION", "METHOD", "PATH", "SOURCE", "RETRY", "PAGE"];

/// One line for each operation and event.
pub fn operations(contract: &Contract) -> String {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    for operation in &contract.operations {
        let columns = [
            operation.id.as_str(),
            &operation.method,
            &operation.path,
            source(operation.source),
            retry(operation.retry),
            &operation.page,
        ];
        rows.push(columns.map(str::to_owned));
    }
    for event in &contract.events {
        rows.push([event.kind.as_str(), "event", "", source(event.source), "", &event.page].map(str::to_owned));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 6] = std::array::from_fn(width);
    rows.iter().fold(String::new(), |mut text, row| {
        let cells = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect::<Vec<_>>()
            .join("  ");
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}", cells.trim_end());
        text
    })
}

/// The word for it, as in the contract.
pub fn source(source: Source) -> &'static str {
    match source {
        Source::Documented => "documented",
        Source::Reported => "reported",
        Source::Assumed => "assumed",
    }
}

fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::Read => "read",
        Retry::Repeatable => "repeatable",
        Retry::Once => "once",
    }
}
