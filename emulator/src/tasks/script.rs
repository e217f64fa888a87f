//! How calls go: decided by the last digits of the number, or by chance from the seed.

use fastrand::Rng;

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The person answered and talked with the robot.
    Answered,
    /// It rang until nobody answered.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// The network did not put the call through.
    Failed,
}

/// One try to reach a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// How it ends.
    pub outcome: Outcome,
    /// How long it rings, in seconds.
    pub ring_seconds: u32,
    /// How long they talk, in seconds; 0 unless answered.
    pub talk_seconds: u32,
    /// How many times the person speaks.
    pub talk_rounds: u32,
    /// The label that the robot gives the talk; of an answered call only.
    pub intention: &'static str,
    /// Who hangs up; of an answered call only.
    pub hangup: &'static str,
}

/// Numbers that end in these digits go the same way under every seed. The README lists them.
const SCRIPTED: [(&str, &[Outcome]); 5] = [
    ("0001", &[Outcome::Answered]),
    ("0002", &[Outcome::NoAnswer]),
    ("0003", &[Outcome::Busy]),
    ("0004", &[Outcome::Failed]),
    ("0005", &[Outcome::NoAnswer, Outcome::Answered]),
];

const SECONDS_PER_ROUND: u32 = 6;

/// Plays a try; `number` counts the tries to reach this number, from 0. A script that is over goes on with its last outcome.
pub fn play(mobile: &str, number: usize, chance: &mut Rng) -> Try {
    let scripted = SCRIPTED
        .iter()
        .find(|(digits, _)| mobile.ends_with(digits))
        .and_then(|(_, outcomes)| outcomes.get(number).or(outcomes.last()));
    // Chance is asked in any case, so that the digits of one number change nothing for the rest of its call.
    let by_chance = match chance.u32(0..100) {
        0..60 => Outcome::Answered,
        60..85 => Outcome::NoAnswer,
        85..95 => Outcome::Busy,
        _ => Outcome::Failed,
    };
    let outcome = *scripted.unwrap_or(&by_chance);
    let silent = |ring_seconds| Try {
        outcome,
        ring_seconds,
        talk_seconds: 0,
        talk_rounds: 0,
        intention: "",
        hangup: "",
    };
    match outcome {
        Outcome::Answered => {
            let talk_seconds = chance.u32(8..=45);
            Try {
                outcome,
                ring_seconds: chance.u32(3..=20),
                talk_seconds,
                talk_rounds: talk_seconds / SECONDS_PER_ROUND,
                intention: chance.choice(["A", "B", "C", "D"]).unwrap_or("A"),
                hangup: chance.choice(["robot", "callee"]).unwrap_or("robot"),
            }
        }
        Outcome::NoAnswer => silent(30),
        Outcome::Busy => silent(2),
        // Not 0: a task that redials at once would never get past the moment.
        Outcome::Failed => silent(1),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn last_digits_decide_under_every_seed() {
        for seed in 0..50 {
            let outcome = |mobile: &str, number| play(mobile, number, &mut Rng::with_seed(seed)).outcome;
            assert_eq!(outcome("+628000000001", 0), Outcome::Answered);
            assert_eq!(outcome("+628000000002", 3), Outcome::NoAnswer);
            assert_eq!(outcome("+628000000003", 0), Outcome::Busy);
            assert_eq!(outcome("+628000000004", 0), Outcome::Failed);
            assert_eq!(outcome("+628000000005", 0), Outcome::NoAnswer);
            assert_eq!(outcome("+628000000005", 1), Outcome::Answered);
            assert_eq!(outcome("+628000000005", 7), Outcome::Answered);
        }
    }

    #[test]
    fn chance_brings_every_outcome_and_repeats() {
        let round = |seed| {
            let mut chance = Rng::with_seed(seed);
            (0..200)
                .map(|number| play("+6281234567890", number, &mut chance))
                .collect::<Vec<_>>()
        };
        let first = round(7);
        assert_eq!(first, round(7));
        assert_ne!(first, round(8));
        for outcome in [Outcome::Answered, Outcome::NoAnswer, Outcome::Busy, Outcome::Failed] {
            assert!(first.iter().any(|call| call.outcome == outcome));
        }
        for call in first {
            assert_eq!(call.talk_seconds > 0, call.outcome == Outcome::Answered);
            assert_eq!(call.hangup.is_empty(), call.outcome != Outcome::Answered);
        }
    }
}
