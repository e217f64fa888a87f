//! What the fast mode answers, made once.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::crypto::{Encryption, IS_ENCRYPTED, SIGNED, Sealed};

/// How many calls a task's detail holds.
const CALLS: usize = 1_000;
/// How large an event is before it is encrypted, in bytes, at least.
const EVENT_BYTES: usize = 2_048;
const NAMES: [&str; 8] = ["Ani", "Budi", "Citra", "Dewi", "Eka", "Fajar", "Gita", "Hadi"];

/// A body and, when it is encrypted, its sign.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Bytes,
    pub(super) signed: Option<String>,
    /// The same as it goes over a connection of HTTP/1.1.
    pub(super) http1: Bytes,
}

/// The same answer in clear and encrypted.
#[derive(Debug)]
struct Pair {
    clear: Answer,
    sealed: Answer,
}

/// All answers.
#[derive(Debug)]
pub(super) struct Answers {
    token: Pair,
    robots: Pair,
    call: Pair,
    detail: Pair,
    event: Answer,
    without_token: Answer,
    unknown: Answer,
}

/// What the server looks at in a request.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    pub(super) path: &'a str,
    pub(super) is_encrypted: bool,
    pub(super) has_token: bool,
}

impl Answers {
    pub(super) fn new() -> Result<Self, String> {
        let encryption = Encryption::documented().map_err(|error| error.to_string())?;
        let pair = |data: Value| Pair {
            clear: Answer::new(200, envelope(&data), None),
            sealed: Answer::sealed(&encryption, &envelope(&data)),
        };
        let failure = |code: u16, message: &str| Answer::new(code, json!({ "code": code, "status": message }).to_string(), None);
        Ok(Self {
            token: pair(json!({ "token": "fast" })),
            robots: pair(json!({ "List": [{ "RobotID": 1001, "RobotName": "Reminder" }] })),
            call: pair(call(1)),
            detail: pair(json!({
                "taskid": id(0), "taskname": "November", "status": "finished", "total": CALLS, "finished": CALLS,
                "calls": (0..CALLS).map(call).collect::<Value>(),
            })),
            event: Answer::sealed(&encryption, &event().to_string()),
            without_token: failure(401, "no token"),
            unknown: failure(404, "the fast mode has no such path"),
        })
    }

    pub(super) fn to(&self, asked: &Asked<'_>) -> &Answer {
        let pair = match asked.path {
            "/service/cloud/auth" => return &self.token.clear,
            "/_fast/event" => return &self.event,
            "/service/cloud/call" => &self.call,
            "/service/cloud/detail" => &self.detail,
            "/service/cloud/robot" => &self.robots,
            _ => return &self.unknown,
        };
        match (asked.has_token, asked.is_encrypted) {
            (false, _) => &self.without_token,
            (true, false) => &pair.clear,
            (true, true) => &pair.sealed,
        }
    }
}

impl Answer {
    fn sealed(encryption: &Encryption, plain: &str) -> Self {
        let Sealed { text, signed } = encryption.seal(plain.as_bytes());
        Self::new(200, text, Some(signed))
    }

    fn new(status: u16, body: String, signed: Option<String>) -> Self {
        let sign = signed.as_ref().map(|signed| format!("{IS_ENCRYPTED}: 1\r\n{SIGNED}: {signed}\r\n"));
        let head = format!(
            "HTTP/1.1 {status} Fast\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n",
            body.len(),
            sign.unwrap_or_default()
        );
        Self {
            status,
            http1: [head.as_bytes(), body.as_bytes()].concat().into(),
            body: body.into(),
            signed,
        }
    }
}

fn envelope(data: &Value) -> String {
    json!({ "code": 200, "status": "OK", "data": data }).to_string()
}

fn id(number: usize) -> String {
    // Digits all over, as in a real id.
    format!(
        "{:032x}",
        0x4f2a_9c1e_7b3d_4e5f_8a6b_0c9d_1e2f_3a4b_u128.wrapping_mul(number as u128 * 2 + 1)
    )
}

/// A call of the Collection line.
fn call(number: usize) -> Value {
    let (minute, second) = (number / 60 % 60, number % 60);
    json!({
        "callid": id(number),
        "taskid": id(0),
        "callee": format!("+62812{number:08}"),
        "caller": "+622130001000",
        "caseid": format!("case-{number}"),
        "calltime": format!("2026-11-23 09:{minute:02}:{second:02}"),
        "answertime": format!("2026-11-23 10:{minute:02}:{second:02}"),
        "endtime": format!("2026-11-23 11:{minute:02}:{second:02}"),
        "ringduration": number % 20,
        "talkduration": number % 90,
        "status": "answered",
        "intention": "A",
        "debtor": NAMES[number % NAMES.len()],
        "arrears": format!("{}.00", 150_000 + number),
    })
}

/// A `call.finished` with as many robot variables as it takes.
fn event() -> Value {
    let mut event = call(7);
    let mut number = 0;
    while event.to_string().len() < EVENT_BYTES {
        number += 1;
        event["variables"][format!("Variable{number}")] = format!("what the robot said or heard, part {number}").into();
    }
    event
}
