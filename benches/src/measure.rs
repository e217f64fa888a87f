//! Ours and the peer's in turn, round by round: whatever else the machine does in a round, it does to both.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::contender::{Contender, Done, run_once};
use crate::languages::Language;
use crate::numbers::Spread;
use crate::rows::{Measured, Pair, Row};
use crate::server::{Protocol, Server};

/// How long the faster side works in a round, at least.
const ROUND: f64 = 0.2;
/// How long the slower side works in a round, at most.
const LONGEST_ROUND: f64 = 2.5;

/// What a row came to: the ratios of its rounds, and what was behind them.
pub struct Figure {
    pub ratio: Spread,
    /// One call, page or event in microseconds, a process in milliseconds, or a size: ours and the peer's. For orientation only.
    pub ours: f64,
    pub peer: f64,
    pub unit: &'static str,
}

type Key = (Language, &'static str, Protocol);

/// The contenders that run.
pub struct Bench<'a> {
    root: &'a Path,
    server: &'a Server,
    rounds: usize,
    running: HashMap<Key, Contender>,
}

impl<'a> Bench<'a> {
    pub fn new(root: &'a Path, server: &'a Server, rounds: usize) -> Self {
        Self {
            root,
            server,
            rounds,
            running: HashMap::new(),
        }
    }

    pub fn measure(&mut self, row: &Row) -> Result<Figure, Box<dyn Error>> {
        // Idle contenders of other languages hold memory and threads.
        self.running.retain(|(language, ..), _| *language == row.language);
        match &row.measured {
            Measured::Time(pair) => self.pair(row.language, pair, |ours, peer| ours / peer),
            Measured::Throughput(pair) => self.pair(row.language, pair, |ours, peer| peer / ours),
            Measured::Memory { pair, count } => self.memory(row.language, pair, *count),
            Measured::ColdTime { peer } => self.cold(row.language, peer, "ms", |done| done.seconds * 1e3),
            Measured::ColdMemory { peer } => self.cold(row.language, peer, "MB", |done| done.kilobytes / 1e3),
            Measured::Size => self.size(row.language),
        }
    }

    fn pair(&mut self, language: Language, pair: &Pair, ratio: fn(f64, f64) -> f64) -> Result<Figure, Box<dyn Error>> {
        let count = self.warm_up(language, pair)?;
        let mut rounds = Rounds::default();
        for round in 0..self.rounds {
            let ours_first = round % 2 == 0;
            let first = self.work(language, if ours_first { pair.ours } else { pair.peer }, pair.protocol, count)?;
            let second = self.work(language, if ours_first { pair.peer } else { pair.ours }, pair.protocol, count)?;
            let (ours, peer) = if ours_first { (first, second) } else { (second, first) };
            if pair.same && ours.check != peer.check {
                return Err(format!("ours read `{}`, the peer `{}`", ours.check, peer.check).into());
            }
            let each = |done: &Done| done.seconds * 1e6 / to_float(count);
            rounds.add(ratio(ours.seconds, peer.seconds), each(&ours), each(&peer));
        }
        rounds.figure("µs")
    }

    /// Has both sides do the job until they are warm, and finds how often they do it in a round.
    fn warm_up(&mut self, language: Language, pair: &Pair) -> Result<usize, Box<dyn Error>> {
        let mut fastest = f64::INFINITY;
        let mut slowest: f64 = 0.0;
        for side in [pair.ours, pair.peer] {
            let end = Instant::now() + warm_up_time(language);
            let mut count = 1;
            loop {
                let done = self.work(language, side, pair.protocol, count)?;
                let each = done.seconds / to_float(count);
                if Instant::now() >= end || done.seconds > LONGEST_ROUND {
                    fastest = fastest.min(each);
                    slowest = slowest.max(each);
                    break;
                }
                if done.seconds < ROUND {
                    count *= 2;
                }
            }
        }
        Ok(times_in(ROUND, fastest).min(times_in(LONGEST_ROUND, slowest)))
    }

    fn memory(&mut self, language: Language, pair: &Pair, count: usize) -> Result<Figure, Box<dyn Error>> {
        let mut rounds = Rounds::default();
        for _ in 0..self.rounds {
            let fresh = |side: (&str, &str)| {
                let mut contender = Contender::start(self.root, &language.contender(side.0), self.server, pair.protocol)?;
                contender.work(side.1, count)
            };
            let (ours, peer) = (fresh(pair.ours)?, fresh(pair.peer)?);
            if ours.check != peer.check {
                return Err(format!("ours read `{}`, the peer `{}`", ours.check, peer.check).into());
            }
            rounds.add(ours.kilobytes / peer.kilobytes, ours.kilobytes / 1e3, peer.kilobytes / 1e3);
        }
        rounds.figure("MB")
    }

    fn cold(&self, language: Language, peer: &str, unit: &'static str, of: fn(&Done) -> f64) -> Result<Figure, Box<dyn Error>> {
        let start = |name: &str| -> Result<f64, Box<dyn Error>> {
            let command = language.cold(name).ok_or("this language has no cold start")?;
            Ok(of(&run_once(self.root, &command)?))
        };
        // The first start reads the files from the disk.
        for name in ["bare", "airudder", peer] {
            start(name)?;
        }
        let mut rounds = Rounds::default();
        for _ in 0..self.rounds {
            let (bare, ours, peer) = (start("bare")?, start("airudder")?, start(peer)?);
            rounds.add((ours - bare) / (peer - bare), ours - bare, peer - bare);
        }
        rounds.figure(unit)
    }

    fn size(&self, language: Language) -> Result<Figure, Box<dyn Error>> {
        let bytes = u32::try_from(fs::metadata(language.package(self.root)?)?.len())?;
        let megabytes = f64::from(bytes) / 1e6;
        let mut rounds = Rounds::default();
        rounds.add(megabytes, megabytes, 0.0);
        rounds.figure("MB")
    }

    fn work(&mut self, language: Language, side: (&'static str, &str), protocol: Protocol, count: usize) -> Result<Done, Box<dyn Error>> {
        let (name, job) = side;
        let key = (language, name, protocol);
        if !self.running.contains_key(&key) {
            let contender = Contender::start(self.root, &language.contender(name), self.server, protocol)?;
            self.running.insert(key, contender);
        }
        let contender = self.running.get_mut(&key).ok_or("no contender")?;
        contender.work(job, count).map_err(|error| format!("{name}: {error}").into())
    }
}

#[derive(Default)]
struct Rounds {
    ratios: Vec<f64>,
    ours: Vec<f64>,
    peer: Vec<f64>,
}

impl Rounds {
    fn add(&mut self, ratio: f64, ours: f64, peer: f64) {
        self.ratios.push(ratio);
        self.ours.push(ours);
        self.peer.push(peer);
    }

    fn figure(&self, unit: &'static str) -> Result<Figure, Box<dyn Error>> {
        let spread = |values: &[f64]| Spread::of(values).ok_or("no round was measured");
        Ok(Figure {
            ratio: spread(&self.ratios)?,
            ours: spread(&self.ours)?.median,
            peer: spread(&self.peer)?.median,
            unit,
        })
    }
}

/// A virtual machine compiles what it runs often, which takes its time.
const fn warm_up_time(language: Language) -> Duration {
    match language {
        Language::Kotlin => Duration::from_secs(5),
        Language::Node => Duration::from_secs(1),
        Language::Rust | Language::Python | Language::Core => Duration::from_millis(500),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a time over a time, both sane
fn times_in(seconds: f64, each: f64) -> usize {
    (seconds / each).ceil().clamp(1.0, 1e7) as usize
}

#[allow(clippy::cast_precision_loss)] // a number of calls
fn to_float(count: usize) -> f64 {
    count as f64
}
