//! What all parts of a run share: its randomness, its faults and what went wrong.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The kinds of faults.
pub const FAULTS: [&str; 27] = [
    "connection refused",
    "cut before arrival",
    "black hole",
    "late arrival",
    "doubled by the network",
    "refused by status",
    "refused by envelope",
    "failed before it was applied",
    "failed after it was applied",
    "odd answer",
    "token revoked",
    "server crash before",
    "server crash after",
    "late answer",
    "cut before the answer",
    "damaged answer",
    "cut inside the answer",
    "stall inside the answer",
    "clock jump",
    "death of a client",
    "death of a receiver",
    "event delivered twice",
    "event delivered late",
    "answer to an event lost",
    "handler fails",
    "store fails",
    "store is slow",
];

pub struct World {
    state: Mutex<State>,
    start: Instant,
}

struct State {
    rng: fastrand::Rng,
    /// How many times more faults there are than in a usual run.
    intensity: f64,
    /// The faults of this run, and how often each was injected.
    faults: BTreeMap<&'static str, u64>,
    violations: Vec<String>,
    jumped: Duration,
    /// How often each step was taken.
    steps: BTreeMap<&'static str, u64>,
    trace: DefaultHasher,
}

/// What came of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// How often each fault was injected.
    pub faults: BTreeMap<&'static str, u64>,
    /// How often each outcome of calls and events came.
    pub steps: BTreeMap<&'static str, u64>,
    /// What must hold and did not.
    pub violations: Vec<String>,
    /// The same for two runs that took the same steps.
    pub trace: u64,
}

impl World {
    pub fn new(seed: u64) -> Arc<Self> {
        let mut rng = fastrand::Rng::with_seed(seed);
        // From none to all.
        let share = rng.f64();
        let intensity = [0.3, 1.0, 3.0, 8.0][rng.usize(..4)];
        let faults = FAULTS.into_iter().filter(|_| rng.f64() < share).map(|fault| (fault, 0)).collect();
        Arc::new(Self {
            state: Mutex::new(State {
                rng,
                intensity,
                faults,
                violations: Vec::new(),
                jumped: Duration::ZERO,
                steps: BTreeMap::new(),
                trace: DefaultHasher::new(),
            }),
            start: Instant::now(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether runs of this seed have a kind of fault.
    pub fn has(&self, fault: &'static str) -> bool {
        self.state().faults.contains_key(fault)
    }

    /// Whether a fault happens now, if it is one of this run. `share` is that of a usual run.
    pub fn chance(&self, fault: &'static str, share: f64) -> bool {
        debug_assert!(FAULTS.contains(&fault), "{fault}");
        let mut state = self.state();
        let share = (share * state.intensity).min(0.5);
        if !state.faults.contains_key(fault) || state.rng.f64() >= share {
            return false;
        }
        if let Some(count) = state.faults.get_mut(fault) {
            *count += 1;
        }
        self.trace(&mut state, fault);
        true
    }

    pub fn below(&self, limit: usize) -> usize {
        self.state().rng.usize(..limit.max(1))
    }

    pub fn choose<T: Copy>(&self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A time up to the given one; short ones are as likely as long ones.
    pub fn up_to(&self, longest: Duration) -> Duration {
        let share = self.state().rng.f64();
        longest.mul_f64(share * share * share)
    }

    /// Adds to the trace that two runs of a seed share.
    fn trace(&self, state: &mut State, what: &str) {
        self.start.elapsed().hash(&mut state.trace);
        what.hash(&mut state.trace);
    }

    /// A step of the run was taken.
    pub fn note(&self, step: &'static str) {
        let mut state = self.state();
        self.trace(&mut state, step);
        *state.steps.entry(step).or_default() += 1;
    }

    pub fn violated(&self, what: String) {
        let mut state = self.state();
        self.trace(&mut state, &what);
        state.violations.push(what);
    }

    pub fn jump(&self, by: Duration) {
        self.state().jumped += by;
    }

    /// How much time the clock has jumped over.
    pub fn jumped(&self) -> Duration {
        self.state().jumped
    }

    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// What came of the run.
    pub fn report(&self) -> Report {
        let state = self.state();
        Report {
            faults: state.faults.clone(),
            steps: state.steps.clone(),
            violations: state.violations.clone(),
            trace: state.trace.finish(),
        }
    }
}
