//! The robots of the emulated account.

use serde_json::{Value, json};

use crate::envelope::Refusal;

/// A voice robot.
#[derive(Debug)]
pub struct Robot {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: &'static str,
    /// The language that it speaks.
    pub language: &'static str,
    /// Whether it can be used.
    pub enabled: bool,
}

/// The last enabled one has an id that does not survive a trip through a 64-bit float.
const ROBOTS: [Robot; 4] = [
    Robot {
        id: 1001,
        name: "Payment reminder",
        language: "id-ID",
        enabled: true,
    },
    Robot {
        id: 1002,
        name: "Polite reminder",
        language: "en-US",
        enabled: true,
    },
    Robot {
        id: 9_007_199_254_740_993,
        name: "Survey",
        language: "es-MX",
        enabled: true,
    },
    Robot {
        id: 1004,
        name: "Retired reminder",
        language: "en-US",
        enabled: false,
    },
];

/// The answer of `tasks.robots`.
#[must_use]
pub fn list() -> Value {
    let robots: Vec<_> = ROBOTS
        .iter()
        .map(|robot| {
            json!({
                "RobotID": robot.id,
                "RobotName": robot.name,
                "Language": robot.language,
                "Status": if robot.enabled { "enabled" } else { "disabled" },
            })
        })
        .collect();
    json!({"List": robots})
}

/// Refuses a robot that the account may not use; `field` is where the request names it.
pub fn check(id: &str, field: &str) -> Result<(), Refusal> {
    let robot = ROBOTS.iter().find(|robot| robot.id.to_string() == id);
    match robot {
        Some(Robot { enabled: true, .. }) => Ok(()),
        Some(_) => Err(Refusal::bad_request(format!("{field}: this robot is disabled"))),
        None => Err(Refusal::bad_request(format!(
            "{field}: the account has no such robot; tasks.robots lists those that it has"
        ))),
    }
}
