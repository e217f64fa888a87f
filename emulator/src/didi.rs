//! The marketing calls of `DiDi`: tasks, with a closer look at robots.

use crate::envelope::Refusal;
use crate::request::{Answer, Call, Handler};
use crate::tasks::{robots, routes};

/// The handler of a `didi.*` operation.
#[must_use]
pub fn handler(name: &str) -> Option<Handler> {
    match name {
        "robots" => routes::handler("robots"),
        "create_task" => routes::handler("create"),
        "robot_detail" => Some(robot_detail),
        _ => None,
    }
}

fn robot_detail(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    robots::detail(&call.parameter("RobotID"))
        .map(Answer::Json)
        .ok_or_else(|| Refusal::not_found("RobotID: the account has no such robot"))
}
