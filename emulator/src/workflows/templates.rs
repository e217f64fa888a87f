//! The workflow templates of the emulated account.

use std::time::Duration;

use fastrand::Rng;

/// What a template is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Collection.
    Collection,
    /// Telemarketing and E-commerce.
    Telemarketing,
    /// Info Check.
    InfoCheck,
    /// Leads Generation.
    Leads,
}

/// What a node does with a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A robot phones it.
    Call {
        /// How often it is tried again when it is not reached.
        redials: usize,
        /// How long after a try the next one comes.
        interval: Duration,
    },
    /// It is pushed to the customer's server.
    ApiPush,
    /// It gets a WABA message of this template.
    Waba(&'static str),
    /// A chatbot talks with it.
    Chatbot,
    /// The predictive dialler phones it and puts it through to an agent.
    Predictive,
}

/// A node of a template.
#[derive(Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub work: Work,
    /// How long a contact waits before it.
    pub delay: Duration,
    /// Where a contact goes on that was reached.
    pub reached: Option<usize>,
    /// Where a contact goes on that was not.
    pub missed: Option<usize>,
}

/// A template.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: &'static str,
    /// What it is made for.
    pub line: Line,
    /// When it was made.
    pub made: &'static str,
    /// Its nodes; a contact begins at the first.
    pub nodes: &'static [Node],
}

const AT_ONCE: Duration = Duration::ZERO;
const ONE_CALL: Work = Work::Call {
    redials: 0,
    interval: AT_ONCE,
};

const fn node(name: &'static str, work: Work, reached: Option<usize>, missed: Option<usize>) -> Node {
    Node {
        name,
        work,
        delay: AT_ONCE,
        reached,
        missed,
    }
}

const REMINDER: [Node; 3] = [
    node("First call", ONE_CALL, Some(2), Some(1)),
    Node {
        delay: Duration::from_hours(1),
        ..node(
            "Second call",
            Work::Call {
                redials: 1,
                interval: Duration::from_mins(10),
            },
            Some(2),
            Some(2),
        )
    },
    node("Push to CRM", Work::ApiPush, None, None),
];

const CHECK: [Node; 2] = [
    node(
        "Check call",
        Work::Call {
            redials: 1,
            interval: Duration::from_mins(5),
        },
        Some(1),
        Some(1),
    ),
    node("Push findings", Work::ApiPush, None, None),
];

const WHATSAPP: [Node; 3] = [
    node("Message", Work::Waba("payment_reminder"), Some(1), Some(2)),
    node("Chat", Work::Chatbot, None, None),
    node("Call instead", ONE_CALL, None, None),
];

const QUALIFICATION: [Node; 2] = [
    node("Qualifying call", ONE_CALL, Some(1), None),
    node("Push to sales", Work::ApiPush, None, None),
];

const AGENTS: [Node; 1] = [node("Agents", Work::Predictive, None, None)];

/// Newest first.
pub const TEMPLATES: [Template; 5] = [
    Template {
        id: 2005,
        name: "Campaign with agents",
        line: Line::Telemarketing,
        made: "2026-02-20 10:00:00",
        nodes: &AGENTS,
    },
    Template {
        id: 2004,
        name: "Lead qualification",
        line: Line::Leads,
        made: "2026-02-16 10:00:00",
        nodes: &QUALIFICATION,
    },
    Template {
        id: 2003,
        name: "WhatsApp reminder",
        line: Line::Collection,
        made: "2026-02-10 10:00:00",
        nodes: &WHATSAPP,
    },
    Template {
        id: 2002,
        name: "Application check",
        line: Line::InfoCheck,
        made: "2026-01-20 10:00:00",
        nodes: &CHECK,
    },
    Template {
        id: 2001,
        name: "Payment reminder",
        line: Line::Collection,
        made: "2026-01-12 10:00:00",
        nodes: &REMINDER,
    },
];

impl Template {
    /// A template by its id.
    #[must_use]
    pub fn find(id: u64) -> Option<&'static Self> {
        TEMPLATES.iter().find(|template| template.id == id)
    }

    /// The id of the node at a place: the same in every workflow.
    #[must_use]
    pub fn node_id(&self, index: usize) -> String {
        let mut chance = Rng::with_seed(self.id);
        let ids = (0..=index).map(|_| chance.u128(..));
        format!("{:032x}", ids.last().unwrap_or_default())
    }

    /// The name of the node at a place.
    #[must_use]
    pub fn node_name(&self, index: usize) -> &'static str {
        self.nodes.get(index).map_or("", |node| node.name)
    }
}

impl Line {
    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Telemarketing => "telemarketing",
            Self::InfoCheck => "info_check",
            Self::Leads => "leads",
        }
    }
}

impl Work {
    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Call { .. } => "call",
            Self::ApiPush => "api_push",
            Self::Waba(_) => "waba",
            Self::Chatbot => "chatbot",
            Self::Predictive => "predictive",
        }
    }

    /// Whether it phones.
    #[must_use]
    pub fn phones(self) -> bool {
        matches!(self, Self::Call { .. } | Self::Predictive)
    }
}
