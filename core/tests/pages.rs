//! Lists that come in pages, by number and by cursor.
#![allow(clippy::unwrap_used)]

mod support;

use airudder::model::{AnyModel, Case, Input, to_value};
use airudder::{CallOptions, Client, Error, ErrorKind, Pager, Pages, Settings, Task, TaskPage, TasksListParams};
use futures_util::{FutureExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use support::{SentLog, in_memory, operation};

fn items(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({"TaskID": id})).collect()
}

/// A client of a server that has these pages, and empty ones after them.
fn with_pages(pages: &'static [&'static [&'static str]], total: Option<u64>) -> (Client, SentLog) {
    numbered(move |index| json!({"List": items(pages.get(index).copied().unwrap_or_default()), "Total": total}))
}

/// A client of a server that answers its requests, counted from 0, the one for the token left out.
fn numbered(page: impl Fn(usize) -> Value + Send + Sync + 'static) -> (Client, SentLog) {
    in_memory(move |number| page(number - 1))
}

/// What was asked for: the query of each request, or its body.
fn asked(log: &SentLog) -> Vec<String> {
    let log = log.lock().unwrap();
    let requests = log.iter().filter(|sent| !sent.is_for_token());
    let asked = requests.map(|sent| sent.line.split_once('?').map_or(sent.body.clone(), |(_, query)| query.to_owned()));
    asked.collect()
}

fn ids(page: &AnyModel) -> Vec<String> {
    let page = to_value(page.as_ref(), Case::Snake);
    let items = page["tasks"].as_array().or(page["messages"].as_array()).unwrap();
    let ids = items.iter().filter_map(|item| item["task_id"].as_str().or(item["msg_id"].as_str()));
    ids.map(str::to_owned).collect()
}

/// All ids, and the error at the end.
async fn walk(mut pager: Pager) -> (Vec<String>, Option<Error>) {
    let mut all = Vec::new();
    loop {
        match pager.next_page().await {
            Ok(Some(page)) => all.extend(ids(&page)),
            Ok(None) => return (all, None),
            Err(error) => {
                assert!(pager.next_page().await.unwrap().is_none(), "an error ends the list");
                return (all, Some(error));
            }
        }
    }
}

fn pager(client: &Client, id: &str, params: &Value) -> Pager {
    let operation = operation(id);
    client.pager(
        operation,
        client.input_json(operation, Case::Snake, &params.to_string()),
        CallOptions::default(),
    )
}

fn list(client: &Client, params: &Value) -> Pager {
    pager(client, "tasks.list", params)
}

fn messages(client: &Client, params: &Value) -> Pager {
    pager(client, "chatbot.messages", params)
}

#[tokio::test]
async fn it_ends_with_the_total_and_asks_for_nothing_beyond() {
    let (client, log) = with_pages(&[&["1", "2"], &["3", "4"]], Some(4));
    let mut pager = list(&client, &json!({"page_size": 2, "task_type": "normal"}));
    assert!(asked(&log).is_empty(), "nothing is fetched before it is asked for");
    assert_eq!(ids(&pager.next_page().await.unwrap().unwrap()), ["1", "2"]);
    assert_eq!(asked(&log).len(), 1);
    assert_eq!(ids(&pager.next_page().await.unwrap().unwrap()), ["3", "4"]);
    assert!(pager.next_page().await.unwrap().is_none());
    assert_eq!(
        asked(&log),
        ["Number=2&Type=normal&Page=1", "Number=2&Type=normal&Page=2"],
        "the other parameters stay"
    );
}

/// Pages, the size and total that go with them, and how many items and requests are expected.
type Ending = (&'static [&'static [&'static str]], Option<u64>, Option<u64>, usize, usize);

#[tokio::test]
async fn the_end_is_found_without_a_useful_total() {
    const ENDINGS: [Ending; 4] = [
        // A page with fewer items than were asked for is no end; an empty page is one.
        (&[&["1", "2"], &["3", "4"]], Some(100), None, 4, 3),
        // Nor is a page that is shorter than the first.
        (&[&["1", "2"], &["3"], &["4", "5"]], None, None, 5, 4),
        (&[], None, None, 0, 1),
        // This total counts something else.
        (&[&["1", "2"], &["3", "4"]], None, Some(0), 4, 3),
    ];
    for (pages, size, total, expected, requests) in ENDINGS {
        let (client, log) = with_pages(pages, total);
        let (all, error) = walk(list(&client, &json!({"page_size": size}))).await;
        assert!(error.is_none());
        assert_eq!((all.len(), asked(&log).len()), (expected, requests), "{pages:?}");
    }
}

#[tokio::test]
async fn it_begins_where_the_parameters_say() {
    let (client, log) = with_pages(&[&["5", "6"], &["7"]], Some(7));
    assert_eq!(walk(list(&client, &json!({"page": 3}))).await.0, ["5", "6", "7"]);
    assert_eq!(asked(&log), ["Page=3", "Page=4"]);
}

#[tokio::test]
async fn pages_that_come_again_are_an_error() {
    for (period, items_before, requests) in [(1, 2, 2), (2, 4, 3)] {
        let pages = [["1", "2"], ["3", "4"]];
        let (client, log) = numbered(move |index| json!({"List": items(&pages[index % period]), "Total": 10}));
        let (all, error) = walk(list(&client, &json!({}))).await;
        let error = error.unwrap();
        assert_eq!((error.kind(), error.retryable()), (ErrorKind::EndlessList, false));
        assert_eq!(error.operation(), Some("tasks.list"));
        assert_eq!((all.len(), asked(&log).len()), (items_before, requests));
    }
}

#[tokio::test]
async fn a_cursor_leads_from_the_last_item_to_the_next_page() {
    let page = |ids: &[&str]| json!({"messages": ids.iter().map(|id| json!({"msg_id": id})).collect::<Value>()});
    let pages: [&[&str]; 4] = [&["9", "8"], &["7"], &["6", "5"], &[]];
    let (client, log) = in_memory(move |number| page(pages[number]));
    let (all, error) = walk(messages(&client, &json!({"call_id": "c1", "extra": {"kind": "all"}}))).await;
    assert!(error.is_none());
    assert_eq!(all, ["9", "8", "7", "6", "5"]);
    let bodies = asked(&log);
    assert_eq!(bodies[0], r#"{"call_id":"c1","kind":"all"}"#);
    assert_eq!(bodies[1], r#"{"call_id":"c1","kind":"all","last_msg_id":"8"}"#);
    assert_eq!(bodies.len(), 4, "the empty page is the end");
}

#[tokio::test]
async fn a_cursor_that_comes_again_is_an_error_after_its_page_and_a_missing_one_the_end() {
    let params = json!({"call_id": "c1"});
    let (client, log) =
        in_memory(|number| json!({"messages": [{"msg_id": number.to_string()}, {"msg_id": if number % 2 == 0 { "a" } else { "b" }}]}));
    let (all, error) = walk(messages(&client, &params)).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::EndlessList);
    assert_eq!(
        (all.len(), asked(&log).len()),
        (6, 3),
        "the page that leads back is read, and nothing is asked for after it"
    );

    let (client, log) = in_memory(|_| json!({"messages": [{"msg_id": "1"}, {"seat_id": "last"}]}));
    assert!(walk(messages(&client, &params)).await.1.is_none());
    assert_eq!(asked(&log).len(), 1);
}

#[tokio::test]
async fn a_page_without_a_list_is_an_error_and_not_an_empty_page() {
    let (client, log) = numbered(|index| match index {
        0 => json!({"List": items(&["1"]), "Total": 2}),
        _ => json!({"List": "none"}),
    });
    let (all, error) = walk(list(&client, &json!({}))).await;
    let error = error.unwrap();
    assert_eq!((all.len(), error.kind()), (1, ErrorKind::InvalidResponse));
    assert!(error.to_string().contains("`List` is no list"), "{error}");
    assert_eq!(asked(&log).len(), 2);
}

#[tokio::test]
async fn a_page_can_be_asked_for_again_after_a_passing_failure() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::new(Settings {
        max_retries: Some(0),
        ..support::settings(closed)
    });
    let mut pager = list(&client.unwrap(), &json!({}));
    for _ in 0..2 {
        assert_eq!(pager.next_page().await.err().unwrap().kind(), ErrorKind::ConnectionFailed);
    }
}

#[tokio::test]
async fn wrong_parameters_and_operations_without_pages_are_refused() {
    let (client, log) = with_pages(&[], None);
    let (_, error) = walk(list(&client, &json!({"pages": 1}))).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::InvalidRequest);
    let robots = client.pager(operation("tasks.robots"), Input::none(), CallOptions::default());
    let error = walk(robots).await.1.unwrap();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::InvalidRequest, Some("tasks.robots")));
    assert!(asked(&log).is_empty());
}

fn typed(client: &Client) -> Pages<TaskPage, Task> {
    client.tasks().list_all(TasksListParams::new())
}

async fn next(tasks: &mut Pages<TaskPage, Task>) -> String {
    tasks.next().await.unwrap().unwrap().task_id.unwrap()
}

#[tokio::test]
async fn typed_items_come_one_by_one_and_stopping_early_asks_for_no_more() {
    let (client, log) = with_pages(&[&["1", "2"], &["3"]], Some(3));
    let mut tasks = typed(&client);
    assert_eq!((next(&mut tasks).await, next(&mut tasks).await), ("1".to_owned(), "2".to_owned()));
    drop(tasks);
    assert_eq!(asked(&log).len(), 1);

    let (client, _) = with_pages(&[&["1", "2"], &["3"]], Some(3));
    let all: Vec<Task> = typed(&client).timeout(5.0).try_collect().await.unwrap();
    let ids: Vec<_> = all.iter().map(|task| task.task_id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
}

#[tokio::test]
async fn typed_pages_can_be_had_whole() {
    let (client, log) = with_pages(&[&["1", "2"], &["3"]], Some(3));
    let mut tasks = typed(&client).extra_query("x", "y");
    assert_eq!(next(&mut tasks).await, "1");
    let page = tasks.next_page().await.unwrap().unwrap();
    assert_eq!((page.tasks.len(), page.total), (1, Some(3)));
    assert!(tasks.next_page().await.is_none() && tasks.next().await.is_none());
    assert_eq!(asked(&log), ["x=y&Page=1", "x=y&Page=2"]);
}

#[tokio::test]
async fn an_error_is_the_last_item() {
    let (client, _) = numbered(|_| json!({"List": items(&["1"]), "Total": 9}));
    let mut tasks = typed(&client);
    assert!(tasks.next().await.unwrap().is_ok());
    assert_eq!(tasks.next().await.unwrap().unwrap_err().kind(), ErrorKind::EndlessList);
    assert!(tasks.next().await.is_none());
}

#[tokio::test]
async fn a_cancelled_turn_is_taken_again() {
    let (client, log) = with_pages(&[&["1"], &["2"]], Some(2));
    let mut tasks = typed(&client);
    assert!(tasks.next().now_or_never().is_none());
    assert_eq!(next(&mut tasks).await, "1");
    assert_eq!(asked(&log).len(), 1);
}
