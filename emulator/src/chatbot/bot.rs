//! The robot: what it answers to what the user wrote. It has no mind, only these rules, so that a test knows the answer beforehand.

use serde_json::Value;

use super::{content, waybills};

/// What the robot says, and what it does then.
#[derive(Debug, PartialEq)]
pub struct Reaction {
    /// The contents of its messages.
    pub says: Vec<Value>,
    /// What follows.
    pub then: Then,
    /// What it picked out of the user's words.
    pub slot: Option<(&'static str, String)>,
}

/// What follows the robot's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It waits for the user.
    Waits,
    /// It asks for an agent.
    AsksForAgent,
    /// It ends the session.
    Ends,
}

const CHOICES: [(&str, &str); 3] = [("track", "Track my parcel"), ("agent", "Talk to an agent"), ("bye", "Nothing")];

/// What the robot does about a message.
#[must_use]
pub fn react(message: &Value) -> Reaction {
    let waits = |says: Value| Reaction {
        says: vec![says],
        then: Then::Waits,
        slot: None,
    };
    let chosen = [
        "/interactive/list_reply/id",
        "/interactive/button_reply/id",
        "/button/text",
        "/text",
    ]
    .iter()
    .find_map(|path| message.pointer(path)?.as_str());
    let Some(words) = chosen.map(str::to_lowercase) else {
        return waits(content::text("Thank you, I keep that for an agent. Say menu, agent or bye."));
    };
    if let Some(number) = words.split_whitespace().find_map(waybills::number) {
        let mut reaction = waits(content::text(format!("I look after the parcel {number}.")));
        reaction.slot = Some(("waybill_number", number));
        return reaction;
    }
    if words.contains("agent") {
        return Reaction {
            says: vec![content::text("I ask for an agent.")],
            then: Then::AsksForAgent,
            slot: None,
        };
    }
    match words.as_str() {
        "bye" => Reaction {
            says: vec![content::text("Goodbye.")],
            then: Then::Ends,
            slot: None,
        },
        "menu" => waits(content::list("What can we do for you?", "Choose", "Orders", &CHOICES)),
        "buttons" => waits(content::buttons("What can we do for you?", &CHOICES)),
        "track" => waits(content::text("Which parcel? Its number is AR and ten digits.")),
        _ => waits(content::text("I am only a robot. Say menu, buttons, agent or bye.")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_decide() {
        let then = |content: Value| react(&content).then;
        assert_eq!(then(content::text("An AGENT, please")), Then::AsksForAgent);
        assert_eq!(then(content::text("bye")), Then::Ends);
        assert_eq!(then(content::text("hello")), Then::Waits);
        let reply = |id: &str| json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": id}}});
        assert_eq!(then(reply("agent")), Then::AsksForAgent);
        assert_eq!(then(json!({"type": "button", "button": {"text": "Bye"}})), Then::Ends);
        assert_eq!(then(json!({"type": "image", "media": {"origin_url": "agent"}})), Then::Waits);
        assert_eq!(react(&content::text("menu")).says[0]["interactive"]["type"], "list");
        assert_eq!(react(&content::text("Buttons")).says[0]["interactive"]["type"], "button");
        let slot = react(&content::text("Where is AR0000000001 now")).slot;
        assert_eq!(slot, Some(("waybill_number", "AR0000000001".to_owned())));
    }
}
