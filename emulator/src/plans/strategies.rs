//! The strategies of the emulated account.

use std::time::Duration;

use serde_json::{Value, json};

use crate::envelope::Refusal;

/// In how many rounds a plan phones, and how long it waits between them.
#[derive(Debug)]
pub struct Strategy {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: &'static str,
    /// How many rounds there are at most.
    pub rounds: usize,
    /// How long after the end of a round the next one begins, in minutes.
    pub interval: u64,
    /// Whether it can be used.
    pub enabled: bool,
}

const STRATEGIES: [Strategy; 3] = [
    Strategy {
        id: 301,
        name: "Morning, noon and evening",
        rounds: 3,
        interval: 120,
        enabled: true,
    },
    Strategy {
        id: 302,
        name: "Once more",
        rounds: 2,
        interval: 30,
        enabled: true,
    },
    Strategy {
        id: 303,
        name: "Retired",
        rounds: 5,
        interval: 60,
        enabled: false,
    },
];

impl Strategy {
    /// How long after the end of a round the next one begins.
    #[must_use]
    pub fn pause(&self) -> Duration {
        Duration::from_mins(self.interval)
    }
}

/// The answer of `plans.strategies`.
#[must_use]
pub fn list() -> Value {
    let strategies: Vec<_> = STRATEGIES
        .iter()
        .map(|strategy| {
            json!({
                "StrategyID": strategy.id,
                "StrategyName": strategy.name,
                "Rounds": strategy.rounds,
                "Interval": strategy.interval,
                "Status": if strategy.enabled { "enabled" } else { "disabled" },
            })
        })
        .collect();
    json!({"List": strategies})
}

/// The strategy with this id, if the account may use it.
pub fn find(id: &str) -> Result<&'static Strategy, Refusal> {
    match STRATEGIES.iter().find(|strategy| strategy.id.to_string() == id) {
        Some(strategy) if strategy.enabled => Ok(strategy),
        Some(_) => Err(Refusal::bad_request("StrategyID: this strategy is disabled")),
        None => Err(Refusal::bad_request(
            "StrategyID: the account has no such strategy; plans.strategies lists those that it has",
        )),
    }
}
