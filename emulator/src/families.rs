//! The families of the API: who carries out which operation.

use crate::request::Handler;
use crate::{auth, chatbot, didi, flex_route, plans, tasks, workflows};

/// Finds the handler of an operation by its name after the dot.
type Find = fn(&str) -> Option<Handler>;

/// Every family.
const FAMILIES: &[(&str, Find)] = &[
    ("auth", auth::routes::handler),
    ("chatbot", chatbot::routes::handler),
    ("didi", didi::handler),
    ("flex_route", flex_route::routes::handler),
    ("plans", plans::routes::handler),
    ("tasks", tasks::routes::handler),
    ("workflows", workflows::routes::handler),
    ("leads", workflows::routes::handler),
];

/// The handler of an operation, as `tasks.create`.
#[must_use]
pub fn handler(operation: &str) -> Option<Handler> {
    let (family, name) = operation.split_once('.')?;
    let (_, find) = FAMILIES.iter().find(|(known, _)| *known == family)?;
    find(name)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::contract::Contract;

    /// Families whose operations still answer 501.
    const NOT_PLAYED: [&str; 0] = [];

    #[test]
    fn every_operation_of_the_contract_is_played() {
        let contract = Contract::load().expect("the contract");
        let silent: Vec<_> = contract
            .operations()
            .iter()
            .map(|operation| operation.id.as_str())
            .filter(|id| handler(id).is_none())
            .filter(|id| !NOT_PLAYED.iter().any(|family| id.split('.').next() == Some(family)))
            .collect();
        assert_eq!(silent, [""; 0]);
        assert!(handler("tasks.nothing").is_none() && handler("nothing.list").is_none() && handler("tasks").is_none());
    }
}
