//! Parcels: every waybill number of the right form is one, handed over when the emulator started.

use std::time::Duration;

use serde_json::{Value, json};

use crate::clock::{Clock, Moment};
use crate::envelope::Refusal;

/// Where a parcel is and after how many hours.
const STEPS: [(u64, &str, &str, &str); 5] = [
    (0, "picked_up", "Jakarta", "Handed over by the sender"),
    (1, "in_transit", "Jakarta", "Left the sorting centre"),
    (3, "in_transit", "Surabaya", "Arrived at the sorting centre"),
    (5, "out_for_delivery", "Surabaya", "With the courier"),
    (6, "delivered", "Surabaya", "Handed to the receiver"),
];

/// The waybill number that a word is: `AR` and ten digits, whatever the case.
#[must_use]
pub fn number(word: &str) -> Option<String> {
    let number = word.to_uppercase();
    let digits = number.strip_prefix("AR")?;
    (digits.len() == 10 && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(number)
}

/// The answer of `chatbot.track_waybill`.
pub fn track(waybill_number: &str, now: Moment, clock: &Clock) -> Result<Value, Refusal> {
    let number = number(waybill_number)
        .ok_or_else(|| Refusal::not_found("waybill_number: there is no such waybill; those of the emulator are AR and ten digits"))?;
    let mut steps: Vec<_> = STEPS
        .iter()
        .map(|(hours, status, location, description)| (Moment::START.plus(Duration::from_hours(*hours)), status, location, description))
        .filter(|(at, ..)| *at <= now)
        .map(|(at, status, location, description)| {
            json!({"timestamp": clock.unix(at), "status": status, "location": location, "description": description})
        })
        .collect();
    steps.reverse();
    let status = steps.first().map(|step| step["status"].clone());
    Ok(json!({"waybill_number": number, "carrier": "Example Express", "status": status, "steps": steps}))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use jiff::civil::date;
    use jiff::tz::Offset;

    use super::*;

    #[test]
    fn a_parcel_gets_on_by_the_clock() {
        let clock = Clock::new(date(2026, 3, 2).at(9, 0, 0, 0), Offset::UTC, 0.0);
        let at = |hours| track("ar0000000001", Moment::START.plus(Duration::from_hours(hours)), &clock).expect("a parcel");
        let first = at(0);
        assert_eq!(
            (&first["status"], &first["waybill_number"]),
            (&json!("picked_up"), &json!("AR0000000001"))
        );
        assert_eq!(first["steps"].as_array().map(Vec::len), Some(1));
        let last = at(48);
        assert_eq!(last["status"], "delivered");
        assert_eq!(last["steps"].as_array().map(Vec::len), Some(5));
        assert_eq!(last["steps"][0]["timestamp"], 1_772_442_000 + 6 * 3600);
        assert_eq!(track("AR1", Moment::START, &clock).expect_err("refused").status, 404);
    }
}
