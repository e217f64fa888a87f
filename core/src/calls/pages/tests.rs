//! Lists of every shape, from a real server that counts what it is asked for.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::Mutex;

use axum::Router;
use axum::body::Bytes;
use axum::http::Uri;
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use super::*;
use crate::error::{Error, ErrorKind};
use crate::generated::models::tasks::{Task, TaskPage, TasksListParams};
use crate::generated::operations::TASKS_LIST;
use crate::generated::shapes;
use crate::model::{AnyModel, Case, Input, to_value};
use crate::schema::{AuthScheme, Location, Method, Operation, PageStep, Paging, Retry, Source};
use crate::{CallOptions, Client, Settings};

/// A list that goes on from its last item, asked for by a body.
static MESSAGES: Operation = Operation {
    id: "tests.messages",
    family: "tests",
    name: "messages",
    method: Method::Post,
    path: "/messages",
    source: Source::Documented,
    retry: Retry::Read,
    auth: AuthScheme::Sign,
    location: Location::Body,
    params: Some(&shapes::STOP_TASK),
    constants: &[],
    answer: Some(&shapes::TASK_PAGE),
    download: None,
    upload: None,
    paging: Some(Paging {
        step: PageStep::Cursor {
            param: "last",
            from: "TaskID",
        },
        size: None,
        items: "List",
        total: None,
    }),
    page: "Messages",
    pages: &["Messages"],
    summary: "List messages",
};

type Asked = Arc<Mutex<Vec<String>>>;

/// Answers each request with what `answer` makes of its number; what was asked for is kept.
async fn serve(answer: impl Fn(usize) -> Value + Send + Sync + 'static) -> (Client, Asked) {
    let asked = Asked::default();
    let log = asked.clone();
    let answer = Arc::new(answer);
    let router = Router::new().fallback(move |uri: Uri, body: Bytes| {
        let (log, answer) = (log.clone(), answer.clone());
        async move {
            if uri.path().ends_with("/auth") {
                return json!({"code": 200, "status": "OK", "data": {"token": "t"}}).to_string();
            }
            let mut log = log.lock().unwrap();
            log.push(format!("{}{}", uri.query().unwrap_or_default(), String::from_utf8_lossy(&body)));
            json!({"code": 200, "status": "OK", "data": answer(log.len() - 1)}).to_string()
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = Some(format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = Client::new(Settings {
        base_url,
        max_retries: Some(0),
        ..Settings::default()
    });
    (client.unwrap(), asked)
}

fn items(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({"TaskID": id})).collect()
}

/// A server of these pages, and of empty ones after them.
async fn serve_pages(pages: &'static [&'static [&'static str]], total: Option<u64>) -> (Client, Asked) {
    serve(move |index| json!({"List": items(pages.get(index).copied().unwrap_or_default()), "Total": total})).await
}

fn ids(page: &AnyModel) -> Vec<String> {
    let list = to_value(page.as_ref(), Case::Snake)["tasks"].take();
    let ids = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|task| task["task_id"].as_str().map(str::to_owned));
    ids.collect()
}

/// All ids, and how it ended.
async fn walk(pager: &mut Pager) -> (Vec<String>, Option<Error>) {
    let mut all = Vec::new();
    loop {
        match pager.next_page().await {
            Ok(Some(page)) => all.extend(ids(&page)),
            Ok(None) => return (all, None),
            Err(error) => return (all, Some(error)),
        }
    }
}

fn list(client: &Client, params: &Value) -> Pager {
    client.pager(
        &TASKS_LIST,
        client.input_json(&TASKS_LIST, Case::Snake, &params.to_string()),
        CallOptions::default(),
    )
}

fn count(asked: &Asked) -> usize {
    asked.lock().unwrap().len()
}

#[tokio::test]
async fn it_ends_with_the_total_and_asks_for_nothing_beyond() {
    let (client, asked) = serve_pages(&[&["1", "2"], &["3", "4"]], Some(4)).await;
    let mut pager = list(&client, &json!({"page_size": 2, "task_type": "normal"}));
    assert_eq!(count(&asked), 0, "nothing is fetched before it is asked for");
    assert_eq!(ids(&pager.next_page().await.unwrap().unwrap()), ["1", "2"]);
    assert_eq!(count(&asked), 1);
    assert_eq!(walk(&mut pager).await.0, ["3", "4"]);
    assert!(pager.next_page().await.unwrap().is_none());
    assert_eq!(
        *asked.lock().unwrap(),
        ["Number=2&Type=normal&Page=1", "Number=2&Type=normal&Page=2"],
        "the other parameters stay"
    );
}

#[tokio::test]
async fn without_a_total_it_ends_with_an_empty_page_or_a_shorter_one() {
    let (client, asked) = serve_pages(&[&["1", "2"], &["3", "4"]], None).await;
    // The server gives fewer than were asked for: that alone is no end.
    let (all, error) = walk(&mut list(&client, &json!({"page_size": 100}))).await;
    assert!(error.is_none());
    assert_eq!((all.len(), count(&asked)), (4, 3));

    let (client, asked) = serve_pages(&[&["1", "2"], &["3"], &["never"]], None).await;
    assert_eq!(walk(&mut list(&client, &json!({}))).await.0, ["1", "2", "3"]);
    assert_eq!(count(&asked), 2);

    let (client, asked) = serve_pages(&[], None).await;
    assert!(list(&client, &json!({})).next_page().await.unwrap().is_none());
    assert_eq!(count(&asked), 1);
}

#[tokio::test]
async fn a_total_that_counts_something_else_ends_nothing() {
    let (client, _) = serve_pages(&[&["1", "2"], &["3", "4"]], Some(0)).await;
    assert_eq!(walk(&mut list(&client, &json!({}))).await.0, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn it_begins_where_the_parameters_say() {
    let (client, asked) = serve_pages(&[&["5", "6"], &["7"]], Some(7)).await;
    assert_eq!(walk(&mut list(&client, &json!({"page": 3}))).await.0, ["5", "6", "7"]);
    assert_eq!(*asked.lock().unwrap(), ["Page=3", "Page=4"]);
}

#[tokio::test]
async fn a_page_that_comes_again_is_caught() {
    let (client, asked) = serve(|_| json!({"List": items(&["1", "2"]), "Total": 10})).await;
    let mut pager = list(&client, &json!({}));
    let (all, error) = walk(&mut pager).await;
    let error = error.unwrap();
    assert_eq!((all.len(), error.kind(), error.retryable()), (2, ErrorKind::EndlessList, false));
    assert_eq!(error.operation(), Some("tasks.list"));
    assert!(pager.next_page().await.unwrap().is_none(), "it is over");
    assert_eq!(count(&asked), 2);
}

#[tokio::test]
async fn pages_that_go_in_a_circle_are_caught() {
    let pages = [["1", "2"], ["3", "4"]];
    let (client, asked) = serve(move |index| json!({"List": items(&pages[index % 2])})).await;
    let (all, error) = walk(&mut list(&client, &json!({}))).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::EndlessList);
    assert_eq!((all.len(), count(&asked)), (4, 3));
}

#[tokio::test]
async fn a_list_that_never_ends_is_caught() {
    let (client, asked) = serve(|index| json!({"List": items(&[&index.to_string()])})).await;
    let mut pager = list(&client, &json!({}));
    pager.max_pages = 5;
    let (all, error) = walk(&mut pager).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::EndlessList);
    assert_eq!((all.len(), count(&asked)), (5, 5));
}

#[tokio::test]
async fn a_cursor_leads_from_the_last_item_to_the_next_page() {
    let (client, asked) = serve_pages(&[&["9", "8"], &["7"], &["6", "5"]], None).await;
    let input = client.input_json(&MESSAGES, Case::Snake, r#"{"task_id": "t1", "extra": {"kind": "all"}}"#);
    let (all, error) = walk(&mut client.pager(&MESSAGES, input, CallOptions::default())).await;
    assert!(error.is_none());
    assert_eq!(all, ["9", "8", "7", "6", "5"]);
    let bodies = asked.lock().unwrap().clone();
    assert_eq!(bodies.first().unwrap(), r#"{"TaskID":"t1","kind":"all"}"#);
    assert_eq!(bodies.get(1).unwrap(), r#"{"TaskID":"t1","kind":"all","last":"8"}"#);
    assert_eq!(bodies.len(), 4, "the empty page is the end");
}

#[tokio::test]
async fn a_cursor_that_comes_again_is_caught_and_a_missing_one_is_the_end() {
    let (client, asked) = serve(|index| json!({"List": items(&[&index.to_string(), if index % 2 == 0 { "a" } else { "b" }])})).await;
    let input = || client.input_json(&MESSAGES, Case::Snake, r#"{"task_id": "t1"}"#);
    let (all, error) = walk(&mut client.pager(&MESSAGES, input(), CallOptions::default())).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::EndlessList);
    assert_eq!((all.len(), count(&asked)), (4, 3));

    let (client, asked) = serve(|_| json!({"List": [{"TaskID": "1"}, {"TaskName": "last"}]})).await;
    let (_, error) = walk(&mut client.pager(
        &MESSAGES,
        client.input_json(&MESSAGES, Case::Snake, r#"{"task_id": "t1"}"#),
        CallOptions::default(),
    ))
    .await;
    assert!(error.is_none());
    assert_eq!(count(&asked), 1);
}

#[tokio::test]
async fn a_page_that_failed_can_be_asked_for_again() {
    let (client, asked) = serve(|index| match index {
        0 => json!({"List": items(&["1"]), "Total": 2}),
        1 => json!({"List": "none"}),
        _ => json!({"List": items(&["2"]), "Total": 2}),
    })
    .await;
    let mut pager = list(&client, &json!({}));
    pager.next_page().await.unwrap();
    let error = pager.next_page().await.err().unwrap();
    assert_eq!(
        error.kind(),
        ErrorKind::InvalidResponse,
        "what is no list is not taken for an empty one"
    );
    assert!(error.to_string().contains("`List` is no list"), "{error}");
    assert_eq!(count(&asked), 2);

    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = Some(format!("http://{}", closed.local_addr().unwrap()));
    drop(closed);
    let client = Client::new(Settings {
        base_url,
        max_retries: Some(0),
        ..Settings::default()
    });
    let mut pager = list(&client.unwrap(), &json!({}));
    for _ in 0..2 {
        assert_eq!(pager.next_page().await.err().unwrap().kind(), ErrorKind::ConnectionFailed);
    }
}

#[tokio::test]
async fn wrong_parameters_and_operations_without_pages_are_refused() {
    let (client, asked) = serve_pages(&[], None).await;
    let error = list(&client, &json!({"pages": 1})).next_page().await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let robots = &crate::generated::operations::TASKS_ROBOTS;
    let error = client
        .pager(robots, Input::none(), CallOptions::default())
        .next_page()
        .await
        .err()
        .unwrap();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::InvalidRequest, Some("tasks.robots")));
    assert_eq!(count(&asked), 0);
}

fn typed(client: &Client) -> Pages<TaskPage, Task> {
    Pages::new(client.session(), &TASKS_LIST, TasksListParams::new(), |page: TaskPage| page.tasks)
}

#[tokio::test]
async fn typed_items_come_one_by_one_and_stopping_early_asks_for_no_more() {
    let (client, asked) = serve_pages(&[&["1", "2"], &["3"]], Some(3)).await;
    let mut tasks = typed(&client);
    assert_eq!(tasks.next().await.unwrap().unwrap().task_id.as_deref(), Some("1"));
    assert_eq!(tasks.next().await.unwrap().unwrap().task_id.as_deref(), Some("2"));
    assert_eq!(count(&asked), 1);
    drop(tasks);
    assert_eq!(count(&asked), 1);

    let (client, _) = serve_pages(&[&["1", "2"], &["3"]], Some(3)).await;
    let all: Vec<Task> = typed(&client).timeout(5.0).extra_query("x", "y").try_collect().await.unwrap();
    assert_eq!(
        all.iter().map(|task| task.task_id.as_deref().unwrap()).collect::<Vec<_>>(),
        ["1", "2", "3"]
    );
}

#[tokio::test]
async fn typed_pages_can_be_had_whole() {
    let (client, asked) = serve_pages(&[&["1", "2"], &["3"]], Some(3)).await;
    let mut tasks = typed(&client).extra_query("x", "y");
    assert_eq!(tasks.next().await.unwrap().unwrap().task_id.as_deref(), Some("1"));
    let page = tasks.next_page().await.unwrap().unwrap();
    assert_eq!((page.tasks.len(), page.total), (1, Some(3)));
    assert!(tasks.next_page().await.is_none() && tasks.next().await.is_none());
    assert_eq!(*asked.lock().unwrap(), ["x=y&Page=1", "x=y&Page=2"]);
}

#[tokio::test]
async fn an_error_is_the_last_item() {
    let (client, _) = serve(|_| json!({"List": items(&["1"]), "Total": 9})).await;
    let mut tasks = typed(&client);
    assert!(tasks.next().await.unwrap().is_ok());
    assert_eq!(tasks.next().await.unwrap().unwrap_err().kind(), ErrorKind::EndlessList);
    assert!(tasks.next().await.is_none());
}

#[tokio::test]
async fn a_turn_that_is_given_up_is_taken_again() {
    let (client, asked) = serve_pages(&[&["1"], &["2"]], Some(2)).await;
    let mut tasks = typed(&client);
    let given_up = tokio::time::timeout(std::time::Duration::ZERO, tasks.next()).await;
    assert!(given_up.is_err());
    assert_eq!(tasks.next().await.unwrap().unwrap().task_id.as_deref(), Some("1"));
    assert_eq!(count(&asked), 1);
}
