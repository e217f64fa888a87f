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

fn json_body(body: &Value) -> Payload {
    Payload::Bytes(body.to_string().into())
}

fn refused_body(id: &str, body: &Value) -> String {
    let contract = contract();
    let refusal = contract
        .check_payload(operation(&contract, id), &json_body(body))
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
        Route::Operations(found) => found[0].id.clone(),
        Route::OtherMethod(methods) => format!("{methods:?}"),
        Route::Unknown => "unknown".to_owned(),
    };
    assert_eq!(found(Method::POST, "/service/cloud/auth"), "auth.token");
    assert_eq!(found(Method::GET, "/service/cloud/detail"), "tasks.detail");
    assert_eq!(found(Method::POST, "/service/cloud/detail"), "[GET]");
    assert_eq!(found(Method::GET, "/service/cloud/nothing"), "unknown");
    assert_eq!(operation(&contract, "auth.token").access, Access::Credentials);
    assert_eq!(operation(&contract, "tasks.create").access, Access::Token);
}

#[test]
fn a_good_body_passes_and_keeps_what_goes_beyond_the_contract() {
    let contract = contract();
    let mut body = task();
    body["Details"][0]["favourite_colour"] = json!("green");
    let passed = contract.check_payload(operation(&contract, "tasks.create"), &json_body(&body));
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
        let refusal = contract
            .check_payload(create, &Payload::Bytes(body.to_owned().into()))
            .expect_err("refused");
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

/// Two families of one path, a path with a fragment, a form and a union.
fn made_up() -> Contract {
    let item = |name: &str| json!({"$ref": format!("common.yaml#/{name}")});
    let body = |schema: Value| json!({"content": {"application/json": {"schema": schema}}});
    let optional = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
    let documents = json!({
        "common.yaml": {
            "text": {"type": "object", "required": ["text"], "properties": {"type": {"const": "text"}, "text": {"type": "string"}}},
            "other": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}},
        },
        "plans.yaml": {"paths": {"/list": {"get": {
            "operationId": "plans.tasks",
            "parameters": [optional("Page"), {"name": "PlanID", "in": "query", "required": true, "schema": {"type": "string"}}],
        }}}},
        "tasks.yaml": {"paths": {
            "/list": {"get": {"operationId": "tasks.list", "parameters": [optional("Page")]}},
            "/one": {"post": {"operationId": "tasks.one", "requestBody": body(json!({"required": ["a"]}))}},
            "/one#two": {"post": {"operationId": "tasks.two", "requestBody": body(json!({"properties": {"b": {}}}))}},
            "/union": {"post": {"operationId": "tasks.union", "requestBody": body(json!({"type": "array", "items": {
                "anyOf": [item("text"), item("other")], "discriminator": {"propertyName": "type"},
            }}))}},
            "/form": {"post": {"operationId": "tasks.form", "requestBody": {"content": {"multipart/form-data": {"schema": {
                "type": "object", "required": ["file", "size"], "properties": {
                    "file": {"type": "string", "format": "binary"}, "size": {"type": "integer"}},
            }}}}}},
        }},
    });
    serde_json::from_value(documents)
        .map_err(broken)
        .and_then(Contract::from_documents)
        .expect("a contract")
}

fn chosen(contract: &Contract, method: &Method, path: &str, query: &str, payload: &Payload) -> Vec<String> {
    let Route::Operations(candidates) = contract.route(method, path) else {
        return Vec::new();
    };
    let choice = contract.choose(&candidates, query, payload);
    choice.operations.iter().map(|operation| operation.id.clone()).collect()
}

#[test]
fn of_operations_that_share_a_path_the_request_chooses() {
    let contract = made_up();
    let none = Payload::Bytes(Bytes::new());
    let list = |query| chosen(&contract, &Method::GET, "/list", query, &none);
    assert_eq!(list(""), ["tasks.list"]);
    assert_eq!(list("Page=1"), ["tasks.list"]);
    assert_eq!(list("Page=1&PlanID=x"), ["plans.tasks"]);
    let post = |body: Value| chosen(&contract, &Method::POST, "/one", "", &json_body(&body));
    assert_eq!(post(json!({"a": 1})), ["tasks.one", "tasks.two"]);
    assert_eq!(post(json!({"b": 1})), ["tasks.two"]);
    assert_eq!(post(json!({"a": 1, "b": 1})), ["tasks.two"]);
}

#[test]
fn a_value_follows_the_variant_that_it_names() {
    let contract = made_up();
    let union = operation(&contract, "tasks.union");
    let check = |body: Value| contract.check_payload(union, &json_body(&body)).map_err(|refusal| refusal.message);
    assert!(check(json!([{"type": "text", "text": "hi"}, {"type": "picture"}])).is_ok());
    assert_eq!(check(json!([{"type": "text"}])), Err("[0].text: is missing".to_owned()));
    assert_eq!(check(json!([{}])), Err("[0].type: is missing".to_owned()));
}

#[test]
fn a_form_carries_one_file_and_its_fields() {
    let contract = made_up();
    let operation = operation(&contract, "tasks.form");
    let file = |field: &str| crate::form::Upload {
        field: field.to_owned(),
        name: "a.png".to_owned(),
        content_type: String::new(),
        bytes: Bytes::new(),
    };
    let form = |texts: &[(&str, &str)], files: &[&str]| {
        Payload::Form(Form {
            texts: texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
            files: files.iter().map(|field| file(field)).collect(),
        })
    };
    let check = |payload: &Payload| contract.check_payload(operation, payload).map_err(|refusal| refusal.message);
    assert_eq!(check(&form(&[("size", "7")], &["file"])), Ok(json!({"size": 7, "file": "a.png"})));
    for (payload, message) in [
        (form(&[], &["file"]), "size: is missing"),
        (form(&[("size", "x")], &["file"]), "size: must be of type integer"),
        (form(&[("size", "7")], &[]), "file: must be a file, with a file name"),
        (form(&[("size", "7"), ("file", "x")], &[]), "file: must be a file, with a file name"),
        (form(&[("size", "7")], &["picture"]), "the form takes one file, as its field file"),
        (
            form(&[("size", "7")], &["file", "file"]),
            "the form takes one file, as its field file",
        ),
        (json_body(&json!({})), "the body must be of the type multipart/form-data"),
    ] {
        assert_eq!(check(&payload), Err(message.to_owned()));
    }
}

#[test]
fn every_event_can_be_made_up() {
    let contract = contract();
    let kinds: Vec<_> = contract.events().collect();
    assert!(kinds.contains(&"call.finished"), "{kinds:?}");
    for kind in kinds {
        let body = contract.sample_event(kind).expect("a body");
        let schema = contract.schema_of(kind).expect("a schema");
        let problems: Vec<_> = schema.iter_errors(&body).map(|error| error.to_string()).collect();
        assert!(problems.is_empty() && body.is_object(), "{kind}: {problems:?} in {body}");
    }
    assert_eq!(contract.sample_event("nothing.happened"), None);
}

#[test]
fn an_event_with_marks_is_told_apart_by_them() {
    let contract = contract();
    let has = |body: &Value, marks: &Value, all: bool| {
        let mut names = marks.as_array().into_iter().flatten().filter_map(Value::as_str);
        if all {
            names.all(|name| body.get(name).is_some())
        } else {
            names.any(|name| body.get(name).is_some())
        }
    };
    let marked: Vec<_> = contract
        .webhooks()
        .filter(|(_, event)| event.get("x-airudder-detect").is_some())
        .collect();
    assert!(marked.len() > 10);
    for (_, event) in &marked {
        let kind = event["operationId"].as_str().expect("a kind");
        let body = contract.sample_event(kind).expect("a body");
        // The first one counts, in the order of the documents.
        let found = marked.iter().map(|(_, other)| other).find(|other| {
            let detect = &other["x-airudder-detect"];
            has(&body, &detect["present"], true) && !has(&body, &detect["absent"], false)
        });
        assert_eq!(found.map(|other| &other["operationId"]), Some(&json!(kind)));
    }
}
