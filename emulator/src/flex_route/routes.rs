//! The `flex_route.*` operations: each pushes a lead.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Lead;
use crate::clock::Clock;
use crate::envelope::Refusal;
use crate::fields::{optional, text};
use crate::request::{Answer, Call, Handler};
use crate::tasks::order::variables;
use crate::tasks::state::{Order, Owner, Person};

/// The robot that phones leads.
const ROBOT: &str = "1003";
/// How long a lead is worth phoning.
const FRESH: Duration = Duration::from_hours(1);
/// How often, and how long after a try, a lead that does not answer is phoned again.
const REPEATS: u32 = 2;
const REPEAT_AFTER: Duration = Duration::from_mins(5);
/// Fields that are no robot variables.
const NO_VARIABLES: [&str; 2] = ["phone_number", "case_id"];

/// The handler of a `flex_route.*` operation.
#[must_use]
pub fn handler(name: &str) -> Option<Handler> {
    matches!(name, "lendswift_push" | "sdr_push" | "talmarket_push" | "outbound_call").then_some(push)
}

fn push(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let now = call.now();
    let mobile = call.field("phone_number");
    let world = &mut *call.world;
    let tasks = &world.tasks;
    let busy = |lead: &&Lead| lead.mobile == mobile && tasks.find(&lead.task_id).is_some_and(|task| !task.has_ended());
    if world.leads.all.iter().any(|lead| busy(&lead)) {
        return Err(Refusal::conflict("phone_number: is being phoned already"));
    }
    let id = format!("{:032x}", world.leads.chance.u128(..));
    let order = order(call.operation, &id, &call.body, &world.clock);
    let task_id = world.tasks.add(order, now);
    let call_id = world
        .tasks
        .find(&task_id)
        .and_then(|task| task.contacts.first())
        .map(|contact| contact.call_id.clone());
    let answer = json!({"lead_id": id, "task_id": task_id, "call_id": call_id});
    world.leads.all.push(Lead {
        id,
        pushed_by: call.operation.to_owned(),
        mobile,
        task_id,
    });
    Ok(Answer::Json(answer))
}

fn order(operation: &str, id: &str, body: &Value, clock: &Clock) -> Order {
    let now = clock.now();
    let end = now.plus(FRESH);
    let mut known: Map<_, _> = variables(body, &NO_VARIABLES);
    if let Some(name) = known.remove("name") {
        known.insert("Name".to_owned(), name);
    }
    Order {
        owner: Some(Owner {
            family: "flex_route",
            id: id.to_owned(),
        }),
        name: operation.to_owned(),
        start_text: clock.text(now),
        end_text: clock.text(end),
        start: now,
        end,
        robot_id: ROBOT.to_owned(),
        kind: "normal".to_owned(),
        repeats: REPEATS,
        repeat_interval: REPEAT_AFTER,
        people: vec![Person {
            mobile: text(body, "phone_number"),
            case_id: optional(body, "case_id"),
            comments: None,
            robot_id: None,
            variables: known,
            earlier_tries: 0,
        }],
    }
}
