//! What the README shows is taken by the emulator.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use common::{Api, settings};
use serde_json::Value;

const README: &str = include_str!("../README.md");

#[tokio::test]
async fn every_fault_of_the_readme_can_be_ordered() {
    let api = Api::start(settings()).await;
    let (_, faults) = README.split_once("\n## Faults\n").expect("the faults");
    let (_, block) = faults.split_once("```json\n").expect("a block");
    let (block, _) = block.split_once("```").expect("its end");
    let orders: Vec<Value> = block.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(orders.len() > 10);
    for order in &orders {
        api.fault(order.clone()).await;
    }
    let listed = api.data("/_emulator/faults").await;
    assert_eq!(listed["List"].as_array().map(Vec::len), Some(orders.len()));
    let table: Vec<_> = README.lines().filter(|line| line.starts_with("| `")).collect();
    for order in orders {
        let kind = order["fault"]["kind"].as_str().expect("a kind");
        assert!(
            table.iter().any(|row| row.starts_with(&format!("| `{kind}` "))),
            "{kind} is not in the table"
        );
    }
}

#[tokio::test]
async fn every_control_request_of_the_readme_exists() {
    let api = Api::start(settings()).await;
    let mut tried = 0;
    for row in README.lines().filter(|line| line.starts_with("| `") && line.contains("/_emulator")) {
        let (requests, _) = row.trim_start_matches("| ").split_once(" | ").expect("a cell");
        let mut code = requests.split('`').filter(|text| !matches!(text.trim(), "" | ","));
        while let Some(request) = code.next() {
            let (method, path) = request.split_once(' ').expect("a method and a path");
            if path == "/_emulator/faults" && method == "POST" {
                continue;
            }
            let body = if matches!(method, "POST" | "PUT") { code.next() } else { None };
            let request = api
                .request(method.parse().expect("a method"), path)
                .body(body.unwrap_or_default().to_owned());
            let (status, answer) = common::read(common::send(request).await).await;
            assert_eq!(status, 200, "{row}: {answer}");
            tried += 1;
        }
    }
    assert_eq!(tried, 14);
}
