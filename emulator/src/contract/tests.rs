use super::*;

fn contract() -> Contract {
    Contract::load().expect("the contract")
}

fn operation<'a>(contract: &'a Contract, id: &str) -> &'a Operation {
    contract
        .operations()
        .iter()
        .find(|operation| operation.id == id)
        .expect("the operation")
}

fn refused_body(id: &str, body: &Value) -> String {
    let contract = contract();
    let refusal = contract
        .check_body(operation(&contract, id), body.to_string().as_bytes())
        .expect_err("refused");
    assert_eq!(refusal.status, 400);
    refusal.message
}

fn refused_query(id: &str, query: &str) -> String {
    let contract = contract();
    contract.check_query(operation(&contract, id), query).expect_err("refused").message
}

fn task() -> Value {
    json!({
        "TaskName": "March", "ScheduleStartTime": "2026-03-02 09:00:00",
        "ScheduleEndTime": "2026-03-02 18:00:00", "RobotID": "1001",
        "Details": [{"Mobile": "+6281234567890"}],
    })
}

#[test]
fn routes_are_found_by_method_and_path() {
    let contract = contract();
    let found = |method, path| match contract.route(&method, path) {
        Route::Operation(operation) => operation.id.clone(),
        Route::OtherMethod(methods) => format!("{methods:?}"),
        Route::Unknown => "unknown".to_owned(),
    };
    assert_eq!(found(Method::POST, "/service/cloud/auth"), "auth.token");
    assert_eq!(found(Method::GET, "/service/cloud/detail"), "tasks.detail");
    assert_eq!(found(Method::POST, "/service/cloud/detail"), "[GET]");
    assert_eq!(found(Method::GET, "/service/cloud/nothing"), "unknown");
    assert!(operation(&contract, "auth.token").signs_in);
    assert!(!operation(&contract, "tasks.create").signs_in);
}

#[test]
fn a_good_body_passes_and_keeps_what_goes_beyond_the_contract() {
    let contract = contract();
    let mut body = task();
    body["Details"][0]["favourite_colour"] = json!("green");
    let passed = contract.check_body(operation(&contract, "tasks.create"), body.to_string().as_bytes());
    assert_eq!(passed, Ok(body));
}

#[test]
fn the_field_that_is_wrong_is_named_and_its_value_is_not() {
    let mut body = task();
    body["Details"] = json!([{"Mobile": "+6281234567890"}, {}, {"Mobile": "081234567890"}]);
    let message = refused_body("tasks.create", &body);
    assert!(message.contains("Details[1].Mobile: is missing"), "{message}");
    assert!(
        message.contains("Details[2].Mobile: must be a phone number in E.164, with the leading `+`"),
        "{message}"
    );
    assert!(!message.contains("081234567890"), "{message}");

    let mut body = task();
    body["ScheduleStartTime"] = json!("tomorrow");
    let message = refused_body("tasks.create", &body);
    assert!(
        message.starts_with("ScheduleStartTime: must be a time as `YYYY-MM-DD HH:MM:SS`"),
        "{message}"
    );
    assert_eq!(
        refused_body("tasks.stop", &json!({"Action": "Start", "TaskID": ""})),
        "Action: must be \"Stop\"; TaskID: must not be empty"
    );
    assert_eq!(refused_body("tasks.create", &json!([])), "the body: must be of type object");
}

#[test]
fn a_flood_of_errors_is_cut_short() {
    let mut body = task();
    body["Details"] = vec![json!({}); 1000].into();
    let message = refused_body("tasks.create", &body);
    assert!(message.ends_with("; and 995 more"), "{message}");
}

#[test]
fn what_is_no_json_is_refused() {
    let contract = contract();
    let create = operation(&contract, "tasks.create");
    let deep = "[".repeat(100_000);
    for body in ["", "{", "<html>", "\u{0}", deep.as_str()] {
        let refusal = contract.check_body(create, body.as_bytes()).expect_err("refused");
        assert!(refusal.message.starts_with("the body is no JSON"));
    }
}

#[test]
fn a_query_is_checked_and_its_numbers_are_numbers() {
    let contract = contract();
    let list = operation(&contract, "tasks.list");
    let parameters = contract.check_query(list, "Page=2&Number=5&Type=normal&more=1");
    assert_eq!(
        parameters.map(Value::Object),
        Ok(json!({"Page": 2, "Number": 5, "Type": "normal", "more": "1"}))
    );
    assert_eq!(
        refused_query("tasks.list", "Page=0&Number=x"),
        "Page: must be 1 or more; Number: must be of type integer"
    );
    assert_eq!(refused_query("tasks.detail", ""), "TaskID: is missing");
    // An unescaped plus is a space to whoever reads a form.
    assert_eq!(
        refused_query("tasks.recording", "TaskID=1&Callee=+6281234567890"),
        "Callee: must be a phone number in E.164, with the leading `+`"
    );
    let recording = operation(&contract, "tasks.recording");
    assert!(contract.check_query(recording, "TaskID=1&Callee=%2B6281234567890").is_ok());
}

#[test]
fn a_broken_contract_is_named() {
    let documents = json!({"a.yaml": {"paths": {"/x": {"get": {
        "operationId": "a.x", "parameters": [{"$ref": "#/components/parameters/Missing"}],
    }}}}});
    let error = serde_json::from_value(documents)
        .map_err(broken)
        .and_then(Contract::from_documents)
        .expect_err("broken");
    assert!(error.to_string().contains("/components/parameters/Missing"), "{error}");
}
