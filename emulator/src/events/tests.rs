use super::*;

fn call(body: &str) -> News {
    News::new("call.finished", vec!["t".to_owned(), "plan".to_owned()], json!(body), Moment::START)
}

fn end(body: &str) -> News {
    News::new("task.finished", vec!["t".to_owned(), "plan".to_owned()], json!(body), Moment::START).ending("t")
}

const MINUTE: Duration = Duration::from_mins(1);

fn outbox() -> Outbox {
    Outbox::new(Url::parse("http://127.0.0.1:1/events").ok())
}

fn after(span: Duration) -> Moment {
    Moment::START.plus(span)
}

/// Posts everything that is due and answers each with `answer`; gives what was posted.
fn post(outbox: &mut Outbox, now: Moment, answer: impl Fn(&Value) -> Result<u16, &'static str>) -> Vec<String> {
    let mut posted = Vec::new();
    while let Some(delivery) = outbox.take_due(now) {
        assert!(!outbox.is_idle(now));
        let answer = answer(&delivery.body);
        outbox.settle(&delivery, answer);
        posted.push(delivery.body.as_str().unwrap_or_default().to_owned());
    }
    assert!(outbox.is_idle(now));
    posted
}

fn states(outbox: &Outbox) -> Vec<&'static str> {
    outbox.events().iter().map(Event::state_name).collect()
}

#[test]
fn an_event_comes_again_after_a_minute_and_five_times_at_most() {
    let mut outbox = outbox();
    outbox.push(call("call"));
    for minute in 0..5 {
        let due = after(minute * MINUTE);
        assert_eq!(outbox.next_due(), Some(due));
        assert_eq!(post(&mut outbox, due, |_| Ok(500)), ["call"]);
        let early = after(minute * MINUTE + Duration::from_secs(59));
        assert_eq!(post(&mut outbox, early, |_| Ok(200)), [""; 0]);
    }
    assert_eq!(outbox.next_due(), None);
    assert_eq!(states(&outbox), ["given_up"]);
    assert_eq!(outbox.events()[0].attempts.len(), 5);
}

#[test]
fn only_a_2xx_is_a_confirmation() {
    for (answer, state) in [
        (Ok(200), "delivered"),
        (Ok(204), "delivered"),
        (Ok(302), "waiting"),
        (Ok(404), "waiting"),
        (Ok(503), "waiting"),
        (Err("the receiver could not be reached"), "waiting"),
    ] {
        let mut outbox = outbox();
        outbox.push(call("call"));
        post(&mut outbox, Moment::START, |_| answer);
        assert_eq!(states(&outbox), [state], "{answer:?}");
    }
}

#[test]
fn the_end_of_a_task_waits_for_its_calls() {
    let mut outbox = outbox();
    outbox.push(call("good"));
    outbox.push(call("bad"));
    outbox.push(end("end"));
    outbox.push(News::new("task.finished", vec!["other".to_owned()], json!("other"), Moment::START).ending("other"));
    let answer = |body: &Value| Ok(if body == "bad" { 500 } else { 200 });
    assert_eq!(post(&mut outbox, Moment::START, answer), ["good", "bad", "other"]);
    assert_eq!(states(&outbox), ["delivered", "waiting", "waiting", "delivered"]);
    let posted = post(&mut outbox, after(10 * MINUTE), answer);
    assert_eq!(posted, ["bad", "bad", "bad", "bad", "end"]);
    assert_eq!(states(&outbox)[1..3], ["given_up", "delivered"]);
}

#[test]
fn without_a_receiver_nothing_is_posted_later_either() {
    let mut outbox = Outbox::new(None);
    outbox.push(call("early"));
    outbox.set_url(Url::parse("http://127.0.0.1:1/").ok());
    outbox.push(end("end"));
    assert_eq!(post(&mut outbox, Moment::START, |_| Ok(200)), ["end"]);
    assert_eq!(states(&outbox), ["unaddressed", "delivered"]);
}

#[test]
fn a_receiver_that_is_taken_away_gets_nothing_more() {
    let mut outbox = outbox();
    outbox.push(call("call"));
    outbox.push(end("end"));
    assert_eq!(post(&mut outbox, Moment::START, |_| Ok(500)), ["call"]);
    outbox.set_url(None);
    assert_eq!(post(&mut outbox, after(10 * MINUTE), |_| Ok(200)), [""; 0]);
    assert_eq!(states(&outbox), ["given_up", "given_up"]);
}

#[test]
fn what_has_parts_ends_after_them() {
    let mut outbox = outbox();
    outbox.push(call("call"));
    outbox.push(end("task"));
    outbox.push(News::new("plan.finished", vec!["plan".to_owned()], json!("plan"), Moment::START).ending("plan"));
    let answer = |body: &Value| Ok(if body == "call" { 500 } else { 200 });
    assert_eq!(post(&mut outbox, Moment::START, answer), ["call"]);
    let posted = post(&mut outbox, after(10 * MINUTE), |_| Ok(200));
    assert_eq!(posted, ["call", "task", "plan"]);
}

#[test]
fn one_event_can_go_elsewhere() {
    let mut outbox = Outbox::new(None);
    let mut news = call("call");
    news.to = Url::parse("http://127.0.0.1:2/").ok();
    outbox.push(news);
    assert_eq!(post(&mut outbox, Moment::START, |_| Ok(200)), ["call"]);
}
