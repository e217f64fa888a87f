//! The page for people.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use common::{ANSWERS, Api, BUSY, send, settings, task};
use http::Method;
use serde_json::json;

async fn page(api: &Api) -> String {
    let response = send(api.request(Method::GET, "/")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    response.text().await.expect("a page")
}

#[tokio::test]
async fn the_page_shows_tasks_calls_and_events() {
    let api = Api::start(settings()).await;
    assert!(page(&api).await.contains("No task has been created."));
    let id = api.create(&[ANSWERS, BUSY]).await;
    api.advance(2).await;
    let html = page(&api).await;
    for shown in ["2026-03-02 09:00:02", &id, ANSWERS, "calling", "busy", "running", "call.finished"] {
        assert!(html.contains(shown), "{shown}");
    }
    api.advance(600).await;
    let html = page(&api).await;
    assert!(html.contains("listen</a>") && html.contains("task.finished"));
}

#[tokio::test]
async fn what_callers_send_is_text_on_the_page() {
    let api = Api::start(settings()).await;
    let mut order = task(&[ANSWERS]);
    order["TaskName"] = json!("<script>alert('x')</script>\"&");
    assert_eq!(api.post("/service/cloud/task", &order).await.0, 200);
    let html = page(&api).await;
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
}
