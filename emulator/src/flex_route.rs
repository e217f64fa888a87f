//! Leads that others push: each is phoned at once, by a task of its own.

pub mod routes;

use fastrand::Rng;
use serde_json::{Value, json};

/// Keeps the ids of leads apart from what else comes from the seed.
const SALT: u64 = 0x6c65_6164;

/// A lead.
#[derive(Debug)]
struct Lead {
    id: String,
    /// The operation that pushed it.
    pushed_by: String,
    mobile: String,
    task_id: String,
}

/// All leads, oldest first.
#[derive(Debug)]
pub struct Leads {
    chance: Rng,
    all: Vec<Lead>,
}

impl Leads {
    /// No leads.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Rng::with_seed(seed ^ SALT),
            all: Vec::new(),
        }
    }

    /// As the control endpoint shows them.
    #[must_use]
    pub fn view(&self) -> Value {
        self.all
            .iter()
            .map(|lead| {
                json!({
                    "lead_id": lead.id,
                    "pushed_by": lead.pushed_by,
                    "phone_number": lead.mobile,
                    "task_id": lead.task_id,
                })
            })
            .collect()
    }
}
