//! Simulates many runs on all cores: `cargo run --release --package airudder-simulation -- --runs 1000000`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use airudder_simulation::{FAULTS, run};
use clap::Parser;

/// A failed run prints how to play it again; the program ends then.
#[derive(Parser)]
struct Arguments {
    /// How many runs.
    #[arg(long, default_value_t = 10_000)]
    runs: u64,
    /// The seed of the first run; the others follow it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Goes on after a violation.
    #[arg(long)]
    keep_going: bool,
}

#[derive(Default)]
struct Sum {
    runs: u64,
    violated: u64,
    faults: BTreeMap<&'static str, u64>,
    steps: BTreeMap<&'static str, u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let start = Instant::now();
    let next = AtomicU64::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let sums: Vec<Sum> = thread::scope(|scope| {
        let work = || {
            let mut sum = Sum::default();
            loop {
                let index = next.fetch_add(1, Ordering::SeqCst);
                if index >= arguments.runs {
                    return sum;
                }
                let seed = arguments.seed.wrapping_add(index);
                sum.runs += 1;
                let violations = match run(seed) {
                    Ok(report) => {
                        for (fault, count) in report.faults {
                            *sum.faults.entry(fault).or_default() += count;
                        }
                        for (step, count) in report.steps {
                            *sum.steps.entry(step).or_default() += count;
                        }
                        report.violations
                    }
                    Err(error) => vec![error.to_string()],
                };
                if violations.is_empty() {
                    continue;
                }
                sum.violated += 1;
                println!("run {} of seed {seed}: {}", index + 1, violations.join("; "));
                println!("  again: make simulate RUNS=1 SEED={seed}");
                if !arguments.keep_going {
                    next.store(arguments.runs, Ordering::SeqCst);
                }
            }
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_default()).collect()
    });
    let runs: u64 = sums.iter().map(|sum| sum.runs).sum();
    let violated: u64 = sums.iter().map(|sum| sum.violated).sum();
    println!("Outcomes");
    let steps: BTreeSet<_> = sums.iter().flat_map(|sum| sum.steps.keys()).collect();
    for step in steps {
        let count: u64 = sums.iter().filter_map(|sum| sum.steps.get(step)).sum();
        println!("{count:>12}  {step}");
    }
    println!("Faults");
    for fault in FAULTS {
        let count: u64 = sums.iter().filter_map(|sum| sum.faults.get(fault)).sum();
        println!("{count:>12}  {fault}");
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{runs} runs from seed {}, {violated} with violations, {seconds:.0} s",
        arguments.seed
    );
    if violated == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
