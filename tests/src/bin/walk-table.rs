//! Prints how many operations of each family each language's suite called against the emulator.

use std::process::ExitCode;

use airudder_tests::walk::Table;

fn main() -> ExitCode {
    match Table::read().and_then(|table| table.show()) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("walk-table: {error}");
            ExitCode::FAILURE
        }
    }
}
