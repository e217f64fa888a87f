//! How a workflow begins, how its contacts go from node to node as time passes, and how it ends.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;
use serde_json::json;

use super::state::{Contact, DoneCall, Message, NodeRun, Order, Person, Ringing, Stage, Status, Workflow, id};
use super::tell::Tell;
use super::templates::{Line, Work};
use super::{chat, views, whatsapp};
use crate::clock::Moment;
use crate::tasks::script::{self, Outcome};

impl Workflow {
    /// A new workflow that begins at once; ids and calls come from `chance`.
    pub fn new(order: Order, people: Vec<Person>, chance: &mut Rng, tell: &mut Tell<'_>) -> Self {
        let nodes = order.template.nodes.iter().map(|_| NodeRun {
            task_id: id(chance),
            began: None,
            reached: 0,
            through: 0,
        });
        let mut workflow = Self {
            nodes: nodes.collect(),
            id: id(chance),
            caller: format!("+62215000{:04}", chance.u32(0..10_000)),
            order,
            created: tell.now,
            contacts: Vec::new(),
            status: Status::Running,
            queue: BTreeSet::new(),
            under_way: 0,
            chance: chance.fork(),
        };
        tell.event("workflow.status", &workflow, views::status_change(&workflow), tell.now);
        workflow.add(people, tell.now);
        workflow
    }

    /// Takes contacts out now: what has begun goes on and is the last.
    pub fn cancel(&mut self, indices: &[usize], tell: &mut Tell<'_>) {
        for index in indices {
            if let Some(contact) = self.contacts.get_mut(*index) {
                contact.cancelled = true;
            }
            let queued = self.queue.iter().find(|(_, other)| other == index).copied();
            if let Some(place) = queued {
                self.leave_if_waiting(place, tell.now, tell);
            }
        }
        self.finish_if_through(tell.now, tell);
    }

    /// Stops it now: what has begun goes on and is the last. One that has ended stays as it is.
    pub fn stop(&mut self, tell: &mut Tell<'_>) {
        if self.status == Status::Running {
            self.close(Status::Stopped, tell.now, tell);
        }
    }

    /// When something happens next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        let step = self.queue.first().map(|(due, _)| *due);
        let end = (self.status == Status::Running).then_some(self.order.end);
        [step, end].into_iter().flatten().min()
    }

    /// Lets everything happen that is due, in its order.
    pub fn advance(&mut self, tell: &mut Tell<'_>) {
        while let Some(due) = self.next_due().filter(|due| *due <= tell.now) {
            if self.status == Status::Running && due >= self.order.end {
                self.close(Status::Finished, due, tell);
            }
            while let Some((at, index)) = self.queue.first().copied().filter(|(at, _)| *at <= due) {
                self.queue.remove(&(at, index));
                self.step(index, at, tell);
            }
            self.finish_if_through(due, tell);
        }
    }

    pub(super) fn finish_if_through(&mut self, at: Moment, tell: &mut Tell<'_>) {
        if self.status == Status::Running && self.ends_by_itself() && self.under_way == 0 && !self.contacts.is_empty() {
            self.close(Status::Finished, at, tell);
        }
    }

    /// Ends it: who waits for a node is through, what has begun goes on and is the last.
    pub(super) fn close(&mut self, status: Status, at: Moment, tell: &mut Tell<'_>) {
        self.status = status;
        let queued: Vec<_> = self.queue.iter().copied().collect();
        for place in queued {
            self.leave_if_waiting(place, at, tell);
        }
        let dialers: Vec<_> = self.tasks(|work| work == Work::Predictive).map(|(index, _)| index).collect();
        for node in dialers {
            tell.event(
                "predictive.task_status",
                self,
                views::predictive_task(self, node, tell.clock.unix(at)),
                at,
            );
        }
        tell.event("workflow.status", self, views::status_change(self), at);
    }

    /// Lets a contact go that stands in the queue and has nothing under way.
    pub(super) fn leave_if_waiting(&mut self, place: (Moment, usize), at: Moment, tell: &mut Tell<'_>) {
        let (_, index) = place;
        let Some(contact) = self.contacts.get(index) else { return };
        match contact.stage.clone() {
            Stage::Enter(_) => {
                self.queue.remove(&place);
                self.leave(index, at, tell);
            }
            Stage::Redial(node, call) => {
                self.queue.remove(&place);
                self.settle(index, node, call, at, tell);
            }
            _ => {}
        }
    }

    fn step(&mut self, index: usize, at: Moment, tell: &mut Tell<'_>) {
        let Some(contact) = self.contacts.get(index) else { return };
        match contact.stage.clone() {
            Stage::Enter(node) => self.enter(index, node, at, tell),
            Stage::Redial(node, call) => self.dial(index, node, call.id, call.tries, at, tell),
            Stage::Ring(node, call) => self.answer(index, node, call, at, tell),
            Stage::Talk(node, call) => self.settle(index, node, call, at, tell),
            Stage::Message(node) => self.message(index, node, at, tell),
            Stage::Chat(node, began) => {
                if let Some(contact) = self.contacts.get_mut(index) {
                    let session = chat::session(contact, began, at);
                    let body = chat::ended(self, index, node, &session, tell.clock);
                    tell.event("workflow.chatbot_session_ended", self, body, at);
                }
                self.go_on(index, node, true, at, tell);
            }
            Stage::Done => {}
        }
    }

    fn enter(&mut self, index: usize, node: usize, at: Moment, tell: &mut Tell<'_>) {
        let (Some(contact), Some(run), Some(plan)) = (
            self.contacts.get_mut(index),
            self.nodes.get_mut(node),
            self.order.template.nodes.get(node),
        ) else {
            return;
        };
        contact.reached.push(node);
        run.reached += 1;
        let begins = run.began.is_none();
        run.began.get_or_insert(at);
        let new_id = id(&mut contact.chance);
        match plan.work {
            Work::Call { .. } => self.dial(index, node, new_id, 0, at, tell),
            Work::Predictive => {
                if begins {
                    tell.event(
                        "predictive.task_status",
                        self,
                        views::predictive_task(self, node, tell.clock.unix(at)),
                        at,
                    );
                }
                self.dial(index, node, new_id, 0, at, tell);
            }
            Work::ApiPush => self.push(index, node, at, tell),
            Work::Waba(_) => {
                contact.messages.push(Message {
                    id: new_id,
                    node,
                    sent: None,
                    delivered: None,
                    read: None,
                    failed: false,
                });
                self.wait(index, Stage::Message(node), at.plus(whatsapp::SENDING));
            }
            Work::Chatbot => {
                let length = chat::length(&mut contact.chance);
                self.wait(index, Stage::Chat(node, at), at.plus(length));
            }
        }
    }

    fn dial(&mut self, index: usize, node: usize, call_id: String, tries: usize, at: Moment, tell: &mut Tell<'_>) {
        let Some(contact) = self.contacts.get_mut(index) else { return };
        let call = script::play(&contact.person.callee, contact.tries, &mut contact.chance);
        contact.tries += 1;
        let rings = Duration::from_secs(call.ring_seconds.into());
        let ringing = Ringing {
            id: call_id,
            tries: tries + 1,
            call,
            began: at,
        };
        self.wait(index, Stage::Ring(node, ringing), at.plus(rings));
        self.tell_dialer(index, node, "dialing", None, at, tell);
    }

    /// It has rung long enough: somebody answers, or nobody does.
    fn answer(&mut self, index: usize, node: usize, call: Ringing, at: Moment, tell: &mut Tell<'_>) {
        if call.call.outcome == Outcome::Answered {
            let talks = Duration::from_secs(call.call.talk_seconds.into());
            self.wait(index, Stage::Talk(node, call), at.plus(talks));
            self.tell_dialer(index, node, "connected", None, at, tell);
            self.tell_dialer(index, node, "transferred", Some("talking"), at, tell);
            return;
        }
        let (redials, interval) = match self.node(node).map(|node| node.work) {
            Some(Work::Call { redials, interval }) => (redials, interval),
            _ => (0, Duration::ZERO),
        };
        let stays = self.contacts.get(index).is_some_and(|contact| !contact.cancelled) && self.status == Status::Running;
        if call.tries <= redials && stays {
            self.wait(index, Stage::Redial(node, call), at.plus(interval));
        } else {
            self.settle(index, node, call, at, tell);
        }
    }

    /// A call has its result.
    fn settle(&mut self, index: usize, node: usize, call: Ringing, at: Moment, tell: &mut Tell<'_>) {
        let reached = call.call.outcome == Outcome::Answered;
        let done = DoneCall {
            id: call.id,
            node,
            call: call.call,
            began: call.began,
        };
        let word = if reached { "finished" } else { views::outcome(done.call.outcome) };
        if let Some(contact) = self.contacts.get_mut(index) {
            contact.calls.push(done.clone());
        }
        if let Some(contact) = self.contacts.get(index) {
            let body = views::call(self, contact, &done, tell.clock, tell.links);
            let kind = match self.order.template.line {
                Line::InfoCheck => "workflow.info_check_call_finished",
                Line::Leads => "leads.call_finished",
                Line::Collection | Line::Telemarketing => "workflow.call_finished",
            };
            tell.event(kind, self, body, at);
        }
        self.tell_dialer(index, node, word, reached.then_some("online"), at, tell);
        self.go_on(index, node, reached, at, tell);
    }

    /// Tells of a contact of the predictive dialler, and of the agent who has it; of other nodes nothing.
    fn tell_dialer(&self, index: usize, node: usize, contact: &str, agent: Option<&str>, at: Moment, tell: &mut Tell<'_>) {
        if self.node(node).is_none_or(|node| node.work != Work::Predictive) {
            return;
        }
        let time = tell.clock.unix(at);
        let body = views::predictive_contact(self, index, node, contact, agent.is_some(), time);
        tell.event("predictive.contact_status", self, body, at);
        if let Some(agent) = agent {
            let body = views::predictive_agent(self, index, node, agent, time);
            tell.event("predictive.agent_status", self, body, at);
        }
    }

    fn push(&mut self, index: usize, node: usize, at: Moment, tell: &mut Tell<'_>) {
        let leads = self.order.template.line == Line::Leads;
        let Some(body) = self.contacts.get(index).map(|contact| views::api_push(self, contact, node)) else {
            return;
        };
        tell.event(if leads { "leads.api_push" } else { "workflow.api_push" }, self, body.clone(), at);
        if let Some(contact) = self.contacts.get_mut(index) {
            contact.pushes.push((node, body));
        }
        self.go_on(index, node, true, at, tell);
    }

    /// The next that happens to a message.
    fn message(&mut self, index: usize, node: usize, at: Moment, tell: &mut Tell<'_>) {
        let Some(contact) = self.contacts.get_mut(index) else { return };
        let step = whatsapp::advance(contact, at);
        if let Some(message) = contact.messages.last().filter(|_| step.changed).cloned() {
            let body = whatsapp::status_change(self, index, &message, tell.clock.unix(at));
            tell.event("workflow.waba_message_status", self, body, at);
        }
        match step.then {
            whatsapp::Then::Wait(span) => self.wait(index, Stage::Message(node), at.plus(span)),
            whatsapp::Then::GoOn { reached } => self.go_on(index, node, reached, at, tell),
        }
    }

    fn wait(&mut self, index: usize, stage: Stage, until: Moment) {
        if let Some(contact) = self.contacts.get_mut(index) {
            contact.stage = stage;
            self.queue.insert((until, index));
        }
    }

    fn go_on(&mut self, index: usize, node: usize, reached: bool, at: Moment, tell: &mut Tell<'_>) {
        if let Some(run) = self.nodes.get_mut(node) {
            run.through += 1;
        }
        let stays = self.status == Status::Running && self.contacts.get(index).is_some_and(|contact| !contact.cancelled);
        let next = self.node(node).and_then(|node| if reached { node.reached } else { node.missed });
        match next.filter(|_| stays).and_then(|next| Some((next, self.node(next)?))) {
            Some((next, plan)) => self.wait(index, Stage::Enter(next), at.plus(plan.delay)),
            None => self.leave(index, at, tell),
        }
    }

    fn leave(&mut self, index: usize, at: Moment, tell: &mut Tell<'_>) {
        let Some(contact) = self.contacts.get_mut(index) else { return };
        contact.stage = Stage::Done;
        self.under_way -= 1;
        let rows: Vec<_> = contact.reached.clone().into_iter().map(|node| views::row(self, node)).collect();
        if let Some(Contact { person, .. }) = self.contacts.get(index) {
            let mut body = json!({"workflow_id": self.id, "workflow_name": self.order.name, "callee_number": person.callee, "rows": rows});
            views::put_case(&mut body, person);
            tell.event("workflow.contact_finished", self, body, at);
        }
    }
}
