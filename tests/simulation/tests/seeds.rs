//! The first seeds. `make simulate` runs as many as you like.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use airudder_simulation::{FAULTS, run};

const RUNS: u64 = 4000;

#[test]
fn what_must_hold_holds() {
    let next = AtomicU64::new(1);
    let faults = Mutex::new(BTreeMap::<&str, u64>::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed > RUNS {
                return;
            }
            let report = run(seed).unwrap();
            assert!(
                report.violations.is_empty(),
                "{}; again: make simulate RUNS=1 SEED={seed}",
                report.violations.join("; ")
            );
            let mut sum = faults.lock().unwrap();
            for (fault, count) in report.faults {
                *sum.entry(fault).or_default() += count;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let faults = faults.into_inner().unwrap();
    for fault in FAULTS {
        assert!(faults.get(fault).is_some_and(|count| *count > 0), "no {fault} was injected");
    }
}

#[test]
fn a_seed_gives_the_same_run() {
    for seed in 1..=200 {
        assert_eq!(run(seed).unwrap(), run(seed).unwrap(), "{seed}");
    }
}
