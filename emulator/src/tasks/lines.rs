//! The business lines, and what each adds to the result of a call.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::script::Try;
use super::state::Contact;
use crate::clock::{Clock, Moment};

/// Until when somebody who agrees to pay promises to.
const PROMISE: Duration = Duration::from_hours(3 * 24);
/// What a robot of the Info Check line asks for.
const PARTICULARS: [&str; 4] = ["IDNumber", "Birthday", "Address", "Company"];

/// What a robot phones people about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Payments.
    Collection,
    /// Offers and orders.
    Telemarketing,
    /// People's particulars.
    InfoCheck,
}

impl Line {
    /// Its name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Telemarketing => "telemarketing",
            Self::InfoCheck => "info_check",
        }
    }

    /// What it adds to the result of a call.
    #[must_use]
    pub fn results(self, contact: &Contact, clock: &Clock) -> Map<String, Value> {
        let talk = contact.answered_try();
        let mut results = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            results.extend(value.map(|value| (name.to_owned(), value)));
        };
        let known = |name: &str| contact.person.variables.get(name).cloned();
        match self {
            Self::Collection => {
                put("debtor", known("Debtor"));
                put("duedate", known("DueDate"));
                put("arrears", known("Arrears"));
                put("promisedate", talk.and_then(|talk| promise(talk, clock)));
            }
            Self::Telemarketing => {
                put("label", Some(json!(talk.map_or("", |(talk, _)| label(talk)))));
                put("name", known("Name"));
                put("orderid", known("OrderID"));
            }
            Self::InfoCheck => {
                let confirms = talk.map(|(talk, _)| matches!(talk.intention, "A" | "B"));
                let (result, answer) = match confirms {
                    Some(true) => ("passed", "confirmed"),
                    Some(false) => ("failed", "denied"),
                    None => ("unreached", ""),
                };
                put("checkresult", Some(json!(result)));
                let asked = PARTICULARS.iter().filter(|name| confirms.is_some() && known(name).is_some());
                let answers: Map<_, _> = asked.map(|name| ((*name).to_owned(), json!(answer))).collect();
                put("answers", Some(Value::Object(answers)));
            }
        }
        results
    }
}

/// The day by which somebody who agrees promises to pay.
fn promise((talk, began): (&Try, Moment), clock: &Clock) -> Option<Value> {
    let time = clock.text(began.plus(PROMISE));
    let day = time.split(' ').next().filter(|_| talk.intention == "A")?;
    Some(json!(day))
}

fn label(talk: &Try) -> &'static str {
    match talk.intention {
        "A" => "interested",
        "B" => "call later",
        "C" => "not interested",
        _ => "wrong person",
    }
}
