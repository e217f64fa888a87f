//! What is known of the operations at run time, as the bindings get it.
#![allow(clippy::unwrap_used)]

use airudder::{OPERATIONS, operations_json};
use serde_json::{Value, json};

fn described(id: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(&operations_json()).unwrap();
    assert_eq!(all.len(), OPERATIONS.len());
    all.into_iter().find(|operation| operation["id"] == id).unwrap()
}

#[test]
fn an_operation_tells_where_it_comes_from() {
    let create = described("tasks.create");
    let parts = ["family", "name", "method", "path", "source", "retry", "auth"].map(|name| create[name].as_str().unwrap());
    assert_eq!(
        parts,
        ["tasks", "create", "POST", "/service/cloud/task", "documented", "once", "token"]
    );
    assert_eq!(create["page"], "Collection > APIs Related to Calling Tasks > Create a Calling Task");
    let pages = create["pages"].as_array().unwrap();
    assert!(pages.len() > 1 && pages.contains(&create["page"]), "{pages:?}");
    for name in ["download", "upload", "paging"] {
        assert_eq!(create[name], Value::Null);
    }
}

#[test]
fn an_operation_tells_what_is_special_about_it() {
    assert_eq!(described("tasks.recordings")["download"], "folder");
    let upload = described("chatbot.upload_file");
    assert_eq!((&upload["upload"], &upload["auth"]), (&json!("file"), &json!("sign")));
    assert_eq!(
        described("tasks.list")["paging"],
        json!({"kind": "page", "param": "Page", "from": null, "size": "Number", "items": "List", "total": "Total"})
    );
    assert_eq!(
        described("chatbot.messages")["paging"],
        json!({"kind": "cursor", "param": "last_msg_id", "from": "msg_id", "size": "size", "items": "messages", "total": null})
    );
}

#[test]
fn every_operation_has_a_page() {
    for operation in OPERATIONS {
        assert!(operation.pages.contains(&operation.page), "{}", operation.id);
        assert!(!operation.summary.is_empty());
    }
}
