//! The robots of the emulated account.

use serde_json::{Value, json};

use super::lines::Line;
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
    /// The business line that it works for.
    pub line: Line,
    /// The fields of a contact that it speaks.
    pub variables: &'static [&'static str],
    /// Whether it can be used.
    pub enabled: bool,
}

/// One has an id that does not survive a trip through a 64-bit float.
static ROBOTS: [Robot; 6] = [
    Robot {
        id: 1001,
        name: "Payment reminder",
        language: "id-ID",
        line: Line::Collection,
        variables: &["Debtor", "Arrears", "DueDate", "Platform"],
        enabled: true,
    },
    Robot {
        id: 1002,
        name: "Polite reminder",
        language: "en-US",
        line: Line::Collection,
        variables: &["Debtor", "Arrears", "DueDate", "Platform"],
        enabled: true,
    },
    Robot {
        id: 1003,
        name: "Order confirmation",
        language: "en-US",
        line: Line::Telemarketing,
        variables: &["Name", "Product", "OrderID", "Platform"],
        enabled: true,
    },
    Robot {
        id: 9_007_199_254_740_993,
        name: "Survey",
        language: "es-MX",
        line: Line::Telemarketing,
        variables: &["Name", "Product", "OrderID", "Platform"],
        enabled: true,
    },
    Robot {
        id: 1005,
        name: "Particulars check",
        language: "id-ID",
        line: Line::InfoCheck,
        variables: &["Name", "IDNumber", "Birthday", "Address", "Company"],
        enabled: true,
    },
    Robot {
        id: 1004,
        name: "Retired reminder",
        language: "en-US",
        line: Line::Collection,
        variables: &[],
        enabled: false,
    },
];

/// The answer of `tasks.robots`.
#[must_use]
pub fn list() -> Value {
    let robots: Vec<_> = ROBOTS.iter().map(view).collect();
    json!({"List": robots})
}

/// The answer of `didi.robot_detail`.
#[must_use]
pub fn detail(id: &str) -> Option<Value> {
    let robot = find(id)?;
    let mut view = view(robot);
    view["Variables"] = json!(robot.variables);
    Some(view)
}

fn view(robot: &Robot) -> Value {
    json!({
        "RobotID": robot.id,
        "RobotName": robot.name,
        "Language": robot.language,
        "Status": if robot.enabled { "enabled" } else { "disabled" },
        "BusinessLine": robot.line.name(),
    })
}

fn find(id: &str) -> Option<&'static Robot> {
    ROBOTS.iter().find(|robot| robot.id.to_string() == id)
}

/// The business line that a robot works for.
#[must_use]
pub fn line(id: &str) -> Option<Line> {
    find(id).map(|robot| robot.line)
}

/// Refuses a robot that the account may not use; `field` is where the request names it.
pub fn check(id: &str, field: &str) -> Result<(), Refusal> {
    match find(id) {
        Some(Robot { enabled: true, .. }) => Ok(()),
        Some(_) => Err(Refusal::bad_request(format!("{field}: this robot is disabled"))),
        None => Err(Refusal::bad_request(format!(
            "{field}: the account has no such robot; tasks.robots lists those that it has"
        ))),
    }
}
