//! Calling plans: tasks in rounds, as a strategy says.

pub mod routes;
pub mod state;
pub mod strategies;
pub mod views;

use std::collections::HashMap;

use fastrand::Rng;

use crate::clock::{Clock, Moment};
use crate::events::News;
use crate::tasks::Tasks;
use crate::tasks::state::Order;
use state::Plan;
use strategies::Strategy;

/// Keeps the ids of plans apart from what else comes from the seed.
const SALT: u64 = 0x706c_616e;

/// All plans, oldest first.
#[derive(Debug)]
pub struct Plans {
    chance: Rng,
    all: Vec<Plan>,
    by_id: HashMap<String, usize>,
    active: Vec<usize>,
}

impl Plans {
    /// No plans.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Rng::with_seed(seed ^ SALT),
            all: Vec::new(),
            by_id: HashMap::new(),
            active: Vec::new(),
        }
    }

    /// All plans, oldest first.
    #[must_use]
    pub fn all(&self) -> &[Plan] {
        &self.all
    }

    /// Adds a plan, begins its first round and gives its id.
    pub fn add(&mut self, order: Order, strategy: &'static Strategy, now: Moment, tasks: &mut Tasks) -> String {
        let id = format!("{:032x}", self.chance.u128(..));
        let mut plan = Plan::new(id.clone(), order, strategy, now);
        plan.advance_to(now, tasks);
        let index = self.all.len();
        self.by_id.insert(id.clone(), index);
        self.active.push(index);
        self.all.push(plan);
        id
    }

    /// A plan by its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Plan> {
        self.by_id.get(id).and_then(|index| self.all.get(*index))
    }

    /// A plan by its id, to change it.
    pub fn find_mut(&mut self, id: &str) -> Option<&mut Plan> {
        let index = *self.by_id.get(id)?;
        self.all.get_mut(index)
    }

    /// Lets every plan go on up to `now` and gives what the customer is told of.
    pub fn advance_to(&mut self, now: Moment, tasks: &mut Tasks, clock: &Clock) -> Vec<News> {
        let mut news = Vec::new();
        self.active.retain(|index| {
            let Some(plan) = self.all.get_mut(*index) else {
                return false;
            };
            plan.advance_to(now, tasks);
            let Some(at) = plan.ended() else { return true };
            let body = views::finished(plan, tasks, at, clock);
            news.push(News::new("plan.finished", vec![plan.id.clone()], body, at).ending(&plan.id));
            false
        });
        news
    }

    /// When something happens next.
    #[must_use]
    pub fn next_due(&self, tasks: &Tasks) -> Option<Moment> {
        let active = self.active.iter().filter_map(|index| self.all.get(*index));
        active.filter_map(|plan| plan.next_due(tasks)).min()
    }
}
