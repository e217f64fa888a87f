use super::*;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

fn order(mobiles: &[&str]) -> Order {
    Order {
        owner: None,
        name: "March".to_owned(),
        start_text: String::new(),
        end_text: String::new(),
        start: Moment::START,
        end: Moment::START.plus(9 * HOUR),
        robot_id: "1001".to_owned(),
        kind: "normal".to_owned(),
        repeats: 0,
        repeat_interval: 5 * MINUTE,
        people: mobiles
            .iter()
            .map(|mobile| Person {
                mobile: (*mobile).to_owned(),
                case_id: None,
                comments: None,
                robot_id: None,
                earlier_tries: 0,
                variables: Map::new(),
            })
            .collect(),
    }
}

fn task(order: Order) -> Task {
    Task::new(order, Moment::START, &mut Rng::with_seed(1))
}

fn after(span: Duration) -> Moment {
    Moment::START.plus(span)
}

fn result(task: &Task, index: usize) -> (Outcome, Moment) {
    match &task.contacts[index].result {
        Some(CallResult::Called(call, began)) => (call.outcome, *began),
        other => unreachable!("the number was called: {other:?}"),
    }
}

fn is_cancelled(task: &Task, index: usize) -> bool {
    matches!(task.contacts[index].result, Some(CallResult::Cancelled(_)))
}

#[test]
fn a_task_waits_for_its_schedule_then_calls_then_ends() {
    let start = after(HOUR);
    let mut task = task(Order {
        start,
        ..order(&["+628000000001", "+628000000003"])
    });
    assert_eq!(task.status(), Status::Waiting);
    assert_eq!(task.next_due(), Some(start));
    assert_eq!(task.advance_to(after(59 * MINUTE)), []);
    assert_eq!(task.status(), Status::Waiting);

    assert_eq!(task.advance_to(start), []);
    assert_eq!(task.status(), Status::Running);
    let busy_ends = start.plus(Duration::from_secs(2));
    assert_eq!(task.advance_to(busy_ends), [Happening::CallFinished(1, busy_ends)]);
    assert_eq!((task.finished(), task.answered()), (1, 0));

    let happened = task.advance_to(after(2 * HOUR));
    let end = task.ended().expect("ended");
    assert_eq!(happened, [Happening::CallFinished(0, end), Happening::TaskFinished(end)]);
    assert_eq!(task.status(), Status::Finished);
    assert_eq!((task.finished(), task.answered()), (2, 1));
    assert_eq!(task.next_due(), None);
    let (call, began) = task.contacts[0].answered_try().expect("answered");
    assert_eq!(began, start);
    let length = Duration::from_secs((call.ring_seconds + call.talk_seconds).into());
    assert_eq!(began.plus(length), end);
}

#[test]
fn a_start_in_the_past_is_now() {
    let now = after(3 * HOUR);
    let mut task = Task::new(order(&["+628000000001"]), now, &mut Rng::with_seed(1));
    task.advance_to(now);
    assert_eq!(task.status(), Status::Running);
    task.advance_to(after(4 * HOUR));
    assert_eq!(result(&task, 0), (Outcome::Answered, now));
}

#[test]
fn a_number_that_is_not_reached_is_tried_again() {
    let mut task = task(Order {
        repeats: 2,
        ..order(&["+628000000002", "+628000000005"])
    });
    let ring = Duration::from_secs(30);
    let happened = task.advance_to(after(Duration::from_millis(5 * 60_000 + 29_999)));
    assert_eq!(happened, []);
    assert_eq!(task.contacts[0].tries(), 1);
    task.advance_to(after(HOUR));
    // Each try begins the interval after the end of the one before.
    assert_eq!(task.contacts[0].tries(), 3);
    let third = after(2 * (5 * MINUTE + ring));
    assert_eq!(result(&task, 0), (Outcome::NoAnswer, third));
    assert_eq!(task.contacts[1].tries(), 2);
    let second = after(5 * MINUTE + ring);
    assert_eq!(result(&task, 1), (Outcome::Answered, second));
}

#[test]
fn no_more_calls_are_under_way_than_there_are_lines() {
    let mut task = task(order(&["+628000000002"; 25]));
    task.advance_to(Moment::START);
    assert_eq!(task.ringing.len(), LINES);
    let ring = Duration::from_secs(30);
    for (finished, now) in [(10, ring), (20, 2 * ring), (25, 3 * ring)] {
        task.advance_to(after(now));
        assert_eq!(task.finished(), finished);
    }
    assert_eq!(task.ended(), Some(after(3 * ring)));
}

#[test]
fn after_the_schedule_nothing_is_called() {
    let end = after(MINUTE);
    let mut task = task(Order {
        end,
        repeats: 3,
        ..order(&["+628000000002"; 25])
    });
    task.advance_to(after(HOUR));
    assert_eq!(task.status(), Status::Finished);
    assert_eq!(task.ended(), Some(end));
    // Ten waited for their next try, ten were being called, the rest had no try.
    assert_eq!(result(&task, 0), (Outcome::NoAnswer, Moment::START));
    assert_eq!(result(&task, 10), (Outcome::NoAnswer, after(MINUTE / 2)));
    assert!((20..25).all(|index| is_cancelled(&task, index)));
}

#[test]
fn a_call_that_has_begun_outlives_the_schedule() {
    let end = after(Duration::from_secs(5));
    let mut task = task(Order {
        end,
        ..order(&["+628000000002"])
    });
    task.advance_to(after(HOUR));
    assert_eq!(result(&task, 0).0, Outcome::NoAnswer);
    assert_eq!(task.ended(), Some(after(Duration::from_secs(30))));
}

#[test]
fn stopping_lets_calls_end_and_makes_no_others() {
    let mut task = task(Order {
        repeats: 5,
        ..order(&["+628000000002"; 12])
    });
    task.advance_to(Moment::START);
    let happened = task.stop();
    assert_eq!(
        happened,
        [
            Happening::CallFinished(10, Moment::START),
            Happening::CallFinished(11, Moment::START)
        ]
    );
    assert_eq!(task.status(), Status::Stopped);
    assert!(is_cancelled(&task, 10) && is_cancelled(&task, 11));
    let happened = task.advance_to(after(9 * HOUR));
    assert_eq!(happened.len(), 11);
    let end = after(Duration::from_secs(30));
    assert_eq!(happened.last(), Some(&Happening::TaskFinished(end)));
    assert_eq!(task.contacts[0].tries(), 1);
    assert_eq!(task.status(), Status::Stopped);
}

#[test]
fn stopping_changes_nothing_that_has_ended() {
    let mut task = task(order(&["+628000000001"]));
    task.advance_to(after(HOUR));
    assert_eq!(task.stop(), []);
    assert_eq!(task.status(), Status::Finished);
}

#[test]
fn a_cancelled_number_is_not_called() {
    let start = after(HOUR);
    let mut task = task(Order {
        start,
        ..order(&["+628000000001", "+628000000003"])
    });
    assert_eq!(task.cancel("+628000000009"), None);
    assert_eq!(task.cancel("+628000000001"), Some(vec![Happening::CallFinished(0, Moment::START)]));
    assert_eq!(task.cancel("+628000000001"), Some(vec![]));
    task.advance_to(after(2 * HOUR));
    assert!(is_cancelled(&task, 0));
    assert_eq!(result(&task, 1), (Outcome::Busy, start));
}

#[test]
fn cancelling_every_number_ends_the_task() {
    let mut task = task(Order {
        start: after(HOUR),
        ..order(&["+628000000001", "+628000000001"])
    });
    let happened = task.cancel("+628000000001").expect("its number");
    assert_eq!(happened.len(), 3);
    assert_eq!(happened.last(), Some(&Happening::TaskFinished(Moment::START)));
}

#[test]
fn a_number_that_is_cancelled_while_it_rings_gets_no_other_try() {
    let mut task = task(Order {
        repeats: 5,
        ..order(&["+628000000002"])
    });
    task.advance_to(Moment::START);
    assert_eq!(task.cancel("+628000000002"), Some(vec![]));
    task.advance_to(after(HOUR));
    assert_eq!(task.contacts[0].tries(), 1);
    assert_eq!(result(&task, 0).0, Outcome::NoAnswer);
}

/// However the clock moves and whatever is stopped or cancelled: one result for each number, the end of the task last, and the same again
/// from the same seed.
#[test]
fn every_number_gets_one_result_and_runs_repeat() {
    let run = |seed: u64| {
        let mut chance = Rng::with_seed(seed);
        let mobiles: Vec<_> = (0..chance.usize(1..40))
            .map(|_| format!("+62812{:07}", chance.u32(0..10_000_000)))
            .collect();
        let mobiles: Vec<_> = mobiles.iter().map(String::as_str).collect();
        let mut task = Task::new(
            Order {
                start: after(chance.u32(0..60) * MINUTE),
                end: after(chance.u32(60..90) * MINUTE),
                repeats: chance.u32(0..4),
                repeat_interval: chance.u32(0..10) * MINUTE,
                ..order(&mobiles)
            },
            Moment::START,
            &mut chance,
        );
        let mut happened = Vec::new();
        let mut now = Duration::ZERO;
        for _ in 0..40 {
            now += Duration::from_secs(chance.u64(0..600));
            happened.extend(task.advance_to(after(now)));
            match chance.u32(0..30) {
                0 => happened.extend(task.stop()),
                1 => happened.extend(task.cancel(mobiles[0]).expect("its number")),
                _ => {}
            }
        }
        happened.extend(task.advance_to(after(24 * HOUR)));
        (mobiles.len(), happened)
    };
    for seed in 0..300 {
        let (total, happened) = run(seed);
        assert_eq!(happened, run(seed).1, "seed {seed}");
        let (end, calls) = happened.split_last().expect("something happened");
        assert!(matches!(end, Happening::TaskFinished(_)), "seed {seed}");
        let mut finished: Vec<_> = calls
            .iter()
            .map(|happening| match happening {
                Happening::CallFinished(index, _) => *index,
                Happening::TaskFinished(_) => usize::MAX,
            })
            .collect();
        finished.sort_unstable();
        assert_eq!(finished, (0..total).collect::<Vec<_>>(), "seed {seed}");
    }
}

#[test]
fn one_leap_and_many_steps_come_to_the_same() {
    let mobiles: Vec<_> = (0..30).map(|number| format!("+6281234{number:05}")).collect();
    let mobiles: Vec<_> = mobiles.iter().map(String::as_str).collect();
    let new = || {
        task(Order {
            repeats: 2,
            ..order(&mobiles)
        })
    };
    let (mut leaping, mut stepping) = (new(), new());
    let at_once = leaping.advance_to(after(HOUR));
    let step_by_step: Vec<_> = (0..=3600)
        .flat_map(|second| stepping.advance_to(after(Duration::from_secs(second))))
        .collect();
    assert_eq!(at_once, step_by_step);
}
