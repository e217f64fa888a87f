//! Faults on demand: the next requests of an operation go wrong in a chosen way.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// An error: an HTTP status and an envelope. With status 200 and another `code`, the error that looks like a success.
    Status {
        /// The HTTP status.
        status: u16,
        /// The envelope's code; the status when absent.
        code: Option<i64>,
        /// The envelope's message.
        message: Option<String>,
        /// The header `Retry-After`: seconds as a number, or a date as text.
        retry_after: Option<Value>,
    },
    /// Something that AI Rudder does not send: a proxy's page, say.
    Garbage {
        /// The HTTP status; 200 when absent.
        status: Option<u16>,
        /// The header `Content-Type`; `text/html` when absent.
        content_type: Option<String>,
        /// The body; a page of HTML when absent.
        body: Option<String>,
    },
    /// The right answer, so many real seconds later.
    Slow {
        /// How much later.
        seconds: f64,
    },
    /// The connection is cut with no answer.
    Cut {},
    /// The connection is cut in the middle of the answer.
    Truncate {},
    /// The connection stays open and no answer comes.
    Hang {},
    /// The answer of an encrypted request carries the sign of something else.
    WrongSign {},
    /// The token is refused, now and from now on.
    TokenRefused {},
}

impl Fault {
    /// Whether the fault befalls the right answer, so that the request has to be carried out.
    fn needs_answer(&self) -> bool {
        matches!(self, Self::Slow { .. } | Self::Truncate {} | Self::WrongSign {})
    }

    /// Whether the request takes effect when nobody says: a connection that hangs looks like an answer that is lost.
    fn carries_out(&self) -> bool {
        matches!(self, Self::Hang {})
    }

    /// What is wrong with the fault itself.
    fn mistake(&self) -> Option<&'static str> {
        match self {
            Self::Status { status, .. } | Self::Garbage { status: Some(status), .. } => {
                // Below are interim answers, after which a client goes on waiting.
                (!(200..=599).contains(status)).then_some("fault.status: must be from 200 to 599")
            }
            Self::Slow { seconds } => (!(0.0..=86_400.0).contains(seconds)).then_some("fault.seconds: must be from 0 to 86400"),
            _ => None,
        }
    }
}

/// Which requests a fault is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The operation; any when absent.
    pub operation: Option<String>,
    /// How many requests.
    #[serde(default = "once")]
    pub times: u32,
    /// Whether the request takes effect although it seems to fail; when absent, only with [`Fault::Hang`]. Faults that befall the right
    /// answer carry the request out in any case.
    pub carry_out: Option<bool>,
    /// What goes wrong.
    pub fault: Fault,
}

impl Order {
    /// What is wrong with the order, if something is.
    #[must_use]
    pub fn mistake(&self) -> Option<&'static str> {
        if self.times == 0 {
            return Some("times: must be 1 or more");
        }
        self.fault.mistake()
    }
}

fn once() -> u32 {
    1
}

/// A fault for one request.
#[derive(Debug, PartialEq)]
pub struct Struck {
    /// What goes wrong.
    pub fault: Fault,
    /// Whether the request takes effect all the same.
    pub carry_out: bool,
}

/// The faults that were ordered and are not used up.
#[derive(Debug, Default)]
pub struct Faults {
    orders: Vec<Order>,
}

impl Faults {
    /// Orders a fault; those ordered earlier come first.
    pub fn add(&mut self, order: Order) {
        self.orders.push(order);
    }

    /// What is still to come.
    #[must_use]
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Takes all orders back.
    pub fn clear(&mut self) {
        self.orders.clear();
    }

    /// The fault for a request of one of these operations, if one was ordered.
    pub fn strike(&mut self, operations: &[&str], encrypted: bool) -> Option<Struck> {
        let order = self.orders.iter_mut().find(|order| {
            order.operation.as_deref().is_none_or(|wanted| operations.contains(&wanted))
                && (encrypted || order.fault != Fault::WrongSign {})
        })?;
        order.times -= 1;
        let struck = Struck {
            fault: order.fault.clone(),
            carry_out: order.fault.needs_answer() || order.carry_out.unwrap_or(order.fault.carries_out()),
        };
        self.orders.retain(|order| order.times > 0);
        Some(struck)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    fn order(value: Value) -> Result<Order, serde_json::Error> {
        serde_json::from_value(value)
    }

    #[test]
    fn a_fault_strikes_as_often_as_it_was_ordered() {
        let mut faults = Faults::default();
        faults.add(order(json!({"operation": "tasks.list", "times": 2, "fault": {"kind": "cut"}})).expect("an order"));
        faults.add(order(json!({"fault": {"kind": "hang"}})).expect("an order"));
        let cut = Some(Struck {
            fault: Fault::Cut {},
            carry_out: false,
        });
        assert_eq!(faults.strike(&["tasks.list"], false), cut);
        let hang = faults.strike(&["tasks.create"], false).expect("a fault");
        assert!(hang.carry_out && hang.fault == Fault::Hang {});
        assert_eq!(faults.strike(&["tasks.create"], false), None);
        assert_eq!(faults.strike(&["tasks.list"], false), cut);
        assert_eq!(faults.strike(&["tasks.list"], false), None);
        assert_eq!(faults.orders(), []);
    }

    #[test]
    fn a_wrong_sign_waits_for_an_encrypted_request() {
        let mut faults = Faults::default();
        faults.add(order(json!({"fault": {"kind": "wrong_sign"}})).expect("an order"));
        assert_eq!(faults.strike(&["tasks.list"], false), None);
        assert!(faults.strike(&["tasks.list"], true).is_some());
    }

    #[test]
    fn orders_that_cannot_be_met_are_named() {
        for (wrong, mistake) in [
            (json!({"times": 0, "fault": {"kind": "cut"}}), "times: must be 1 or more"),
            (
                json!({"fault": {"kind": "status", "status": 100}}),
                "fault.status: must be from 200 to 599",
            ),
            (
                json!({"fault": {"kind": "garbage", "status": 600}}),
                "fault.status: must be from 200 to 599",
            ),
            (
                json!({"fault": {"kind": "slow", "seconds": -1}}),
                "fault.seconds: must be from 0 to 86400",
            ),
        ] {
            assert_eq!(order(wrong).expect("an order").mistake(), Some(mistake));
        }
        let good = order(json!({"fault": {"kind": "garbage"}})).expect("an order");
        assert_eq!(good.mistake(), None);
    }

    #[test]
    fn an_order_that_says_something_else_is_refused() {
        for wrong in [
            json!({}),
            json!({"fault": {"kind": "explode"}}),
            json!({"fault": {"kind": "cut", "seconds": 1}}),
            json!({"fault": {"kind": "slow"}}),
            json!({"fault": {"kind": "cut"}, "time": 2}),
            json!({"fault": {"kind": "status", "status": 70_000}}),
        ] {
            assert!(order(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
