//! Calls that people make to a robot: simulated on demand, told of by events.

mod lines;

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::{Clock, Moment};
use crate::envelope::Refusal;
use crate::events::News;
use crate::recordings::{Links, Recording};
use lines::{Line, NUMBERS};

/// Keeps the ids of these calls apart from what else comes from the seed.
const SALT: u64 = 0x696e_626f;
const ROBOT: &str = "1003";
/// How long one says something before the other does, in seconds.
const SECONDS_PER_ROUND: u32 = 6;
/// Longer than anybody talks.
const LONGEST: u32 = 3600;

/// A call that somebody makes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    caller: String,
    /// The number that is called.
    #[serde(default = "hotline")]
    callee: String,
    /// How long the call takes, in seconds.
    #[serde(default = "a_minute")]
    seconds: u32,
    /// After how many seconds an agent takes over; nobody does when absent.
    transfer_after: Option<u32>,
    /// What the robot learns.
    #[serde(default)]
    variables: BTreeMap<String, String>,
}

fn hotline() -> String {
    NUMBERS[0].0.to_owned()
}

fn a_minute() -> u32 {
    60
}

/// A call.
#[derive(Debug)]
struct Call {
    id: String,
    order: Order,
    line: Line,
    began: Moment,
    transferred: bool,
    ended: bool,
}

/// All calls, oldest first.
#[derive(Debug)]
pub struct Inbound {
    chance: Rng,
    calls: Vec<Call>,
}

impl Inbound {
    /// No calls.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Rng::with_seed(seed ^ SALT),
            calls: Vec::new(),
        }
    }

    /// Somebody calls; gives the call's id.
    pub fn call(&mut self, order: Order, now: Moment) -> Result<String, Refusal> {
        let digits = order.caller.strip_prefix('+').unwrap_or_default();
        if !(6..=15).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(Refusal::bad_request(
                "caller: must be a phone number in E.164, with the leading `+`",
            ));
        }
        let Some(line) = Line::of(&order.callee) else {
            return Err(Refusal::bad_request("callee: is no number of the account that people can call"));
        };
        if !(1..=LONGEST).contains(&order.seconds) {
            return Err(Refusal::bad_request(format!("seconds: must be from 1 to {LONGEST}")));
        }
        if order.transfer_after.is_some_and(|after| after >= order.seconds) {
            return Err(Refusal::bad_request("transfer_after: must be less than seconds"));
        }
        let id = format!("{:032x}", self.chance.u128(..));
        self.calls.push(Call {
            id: id.clone(),
            order,
            line,
            began: now,
            transferred: false,
            ended: false,
        });
        Ok(id)
    }

    /// When something happens next.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        let open = self.calls.iter().filter(|call| !call.ended);
        open.map(|call| call.transfer().unwrap_or_else(|| call.end())).min()
    }

    /// Lets every call go on up to `now` and gives what the customer is told of.
    pub fn advance_to(&mut self, now: Moment, clock: &Clock, links: &Links) -> Vec<News> {
        let mut news = Vec::new();
        for call in self.calls.iter_mut().filter(|call| !call.ended) {
            let about = || vec![call.id.clone()];
            if let Some(at) = call.transfer().filter(|at| *at <= now) {
                if call.line == Line::Doucet {
                    let ping = lines::doucet_ping(&call.id, &call.order.caller, &call.order.variables);
                    news.push(News::new("api_store.doucet_ping", about(), ping, at));
                }
                news.push(News::new("inbound.transferred", about(), call.transferred(at, clock), at));
                call.transferred = true;
            }
            let at = call.end();
            if at <= now {
                let body = call.ended(clock, links);
                news.push(News::new("inbound.call_ended", vec![call.id.clone()], body, at).ending(&call.id));
                call.ended = true;
                if call.line == Line::EnablementData {
                    let began = clock.text(call.began);
                    let push = lines::boberdoo_push(&call.id, &call.order.caller, &began, &call.order.variables);
                    // About nothing: the end of the call does not wait for what comes after it.
                    news.push(News::new("api_store.boberdoo_push", Vec::new(), push, at));
                }
            }
        }
        news
    }

    /// The recording of a call that has ended.
    #[must_use]
    pub fn recording(&self, call_id: &str) -> Option<Recording> {
        let call = self.calls.iter().find(|call| call.ended && call.id == call_id)?;
        Some(Recording {
            call_id: call.id.clone(),
            callee: call.order.callee.clone(),
            seconds: call.order.seconds,
        })
    }
}

impl Call {
    /// When an agent takes over, if that is still to come.
    fn transfer(&self) -> Option<Moment> {
        let after = self.order.transfer_after.filter(|_| !self.transferred)?;
        Some(self.began.plus(Duration::from_secs(after.into())))
    }

    fn end(&self) -> Moment {
        self.began.plus(Duration::from_secs(self.order.seconds.into()))
    }

    fn transferred(&self, at: Moment, clock: &Clock) -> Value {
        json!({
            "callid": self.id,
            "caller": self.order.caller,
            "callee": self.order.callee,
            "robotid": ROBOT,
            "agentid": "2041",
            "agentname": "Budi",
            "transfertime": clock.text(at),
            "intention": "A",
            "variables": self.order.variables,
        })
    }

    fn ended(&self, clock: &Clock, links: &Links) -> Value {
        let with_robot = self.order.transfer_after.unwrap_or(self.order.seconds);
        json!({
            "callid": self.id,
            "caller": self.order.caller,
            "callee": self.order.callee,
            "robotid": ROBOT,
            "starttime": clock.text(self.began),
            "endtime": clock.text(self.end()),
            "talkduration": self.order.seconds,
            "talkround": with_robot / SECONDS_PER_ROUND,
            "transferred": self.transferred,
            "hangup": if self.transferred { "agent" } else { "caller" },
            "intention": "A",
            "recording": links.to(&self.id, clock.now()),
            "variables": self.order.variables,
        })
    }
}
