//! Reads what a task or a plan is ordered to do. What the contract cannot say is checked here.

use std::time::Duration;

use serde_json::{Map, Value};

use super::robots;
use super::state::{Order, Person};
use crate::clock::{Clock, Moment};
use crate::envelope::Refusal;
use crate::fields::{as_text, optional, text};

/// More redials than anybody orders; without a bound one request could keep the emulator busy for hours.
const MAX_REPEATS: u64 = 100;
/// Fields of a contact that are no robot variables.
const NO_VARIABLES: [&str; 5] = ["Mobile", "CaseID", "caseid", "Comments", "RobotID"];

/// Reads an order; `name` is the field with its name.
pub fn read(body: &Value, name: &str, clock: &Clock, now: Moment) -> Result<Order, Refusal> {
    let time = |name: &str| {
        clock
            .moment(&text(body, name))
            .ok_or_else(|| Refusal::bad_request(format!("{name}: no calendar has this time")))
    };
    let (start, end) = (time("ScheduleStartTime")?, time("ScheduleEndTime")?);
    if end <= now {
        return Err(Refusal::bad_request(format!(
            "ScheduleEndTime: has passed; the account's clock shows {}",
            clock.text(now)
        )));
    }
    if end <= start {
        return Err(Refusal::bad_request("ScheduleEndTime: must be later than ScheduleStartTime"));
    }
    let repeats = body["RepeatNumber"].as_u64().unwrap_or_default();
    if repeats > MAX_REPEATS {
        return Err(Refusal::bad_request(format!("RepeatNumber: must be {MAX_REPEATS} at most")));
    }
    let robot_id = text(body, "RobotID");
    robots::check(&robot_id, "RobotID")?;
    Ok(Order {
        owner: None,
        name: text(body, name),
        start_text: text(body, "ScheduleStartTime"),
        end_text: text(body, "ScheduleEndTime"),
        start,
        end,
        robot_id,
        kind: optional(body, "Type").unwrap_or_else(|| "normal".to_owned()),
        repeats: u32::try_from(repeats).unwrap_or(u32::MAX),
        repeat_interval: Duration::from_secs(body["RepeatInterval"].as_u64().unwrap_or_default().saturating_mul(60)),
        people: people(&body["Details"])?,
    })
}

fn people(details: &Value) -> Result<Vec<Person>, Refusal> {
    let details = details.as_array().into_iter().flatten();
    details
        .enumerate()
        .map(|(index, contact)| {
            let robot_id = optional(contact, "RobotID");
            if let Some(robot) = &robot_id {
                robots::check(robot, &format!("Details[{index}].RobotID"))?;
            }
            Ok(Person {
                robot_id,
                mobile: text(contact, "Mobile"),
                case_id: optional(contact, "CaseID").or_else(|| optional(contact, "caseid")),
                comments: optional(contact, "Comments"),
                variables: variables(contact, &NO_VARIABLES),
                earlier_tries: 0,
            })
        })
        .collect()
}

/// What a robot may speak of a person: all fields but these, as texts.
#[must_use]
pub fn variables(person: &Value, others: &[&str]) -> Map<String, Value> {
    let fields = person.as_object().into_iter().flatten();
    fields
        .filter(|(name, value)| !others.contains(&name.as_str()) && !value.is_null())
        .map(|(name, value)| (name.clone(), Value::from(as_text(value))))
        .collect()
}
