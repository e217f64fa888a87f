use super::*;

/// A folder with these files, gone when it is dropped.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("is written");
    }
    folder
}

fn bundled(files: &[(&str, &str)]) -> Value {
    bundle(folder(files).path()).expect("can be bundled")
}

const COMMON: &str = "\
components:
  securitySchemes:
    token: {type: apiKey, in: header, name: Authorization}
  schemas:
    Id: {type: string}
    Never: {type: string}
";
const TASKS: &str = "\
openapi: 3.1.0
info: {title: Tasks, version: 1.0.0}
servers: [{url: 'https://api.airudder.com'}]
security: [{token: []}]
tags: [{name: tasks}]
paths:
  /list:
    get:
      operationId: tasks.list
      parameters: [{$ref: '#/components/parameters/Page'}]
components:
  securitySchemes:
    token: {$ref: 'common.yaml#/components/securitySchemes/token'}
  parameters:
    Page: {name: Page, in: query, schema: {$ref: 'common.yaml#/components/schemas/Id'}}
";
const DIDI: &str = "\
openapi: 3.1.0
info: {title: DiDi, version: 1.0.0}
security: []
tags: [{name: didi}]
paths:
  /list:
    get: {operationId: didi.list}
    post:
      operationId: didi.find
      parameters: [{$ref: '#/components/parameters/Page'}]
  /list#again:
    post: {operationId: didi.find_again}
components:
  parameters:
    Page: {name: page, in: query, schema: {$ref: 'common.yaml#/components/schemas/Id'}}
webhooks:
  task.finished:
    post: {operationId: task.finished, security: []}
";

#[test]
fn a_route_of_several_families_is_described_by_its_owner() {
    let bundle = bundled(&[("common.yaml", COMMON), ("didi.yaml", DIDI), ("tasks.yaml", TASKS)]);
    assert_eq!(bundle["paths"]["/list"]["get"]["operationId"], "tasks.list");
    assert_eq!(bundle["paths"]["/list"]["post"]["operationId"], "didi.find");
    assert_eq!(
        bundle["paths"].as_object().map(Map::len),
        Some(1),
        "what follows a `#` is no path of its own"
    );
    assert_eq!(bundle["webhooks"]["task.finished"]["post"]["operationId"], "task.finished");
    assert_eq!(bundle["tags"], json!([{"name": "tasks"}, {"name": "didi"}]));
}

#[test]
fn every_operation_says_which_security_its_document_asks_for() {
    let bundle = bundled(&[("common.yaml", COMMON), ("didi.yaml", DIDI), ("tasks.yaml", TASKS)]);
    assert_eq!(bundle["paths"]["/list"]["get"]["security"], json!([{"token": []}]));
    assert_eq!(bundle["paths"]["/list"]["post"]["security"], json!([]));
}

#[test]
fn references_lead_to_one_definition_each() {
    let bundle = bundled(&[("common.yaml", COMMON), ("didi.yaml", DIDI), ("tasks.yaml", TASKS)]);
    let components = &bundle["components"];
    assert_eq!(
        components["securitySchemes"],
        json!({"token": {"type": "apiKey", "in": "header", "name": "Authorization"}})
    );
    assert_eq!(
        components["schemas"],
        json!({"Id": {"type": "string"}}),
        "what nothing refers to is left out"
    );
    assert_eq!(
        bundle["paths"]["/list"]["get"]["parameters"],
        json!([{"$ref": "#/components/parameters/Page"}])
    );
    assert_eq!(
        bundle["paths"]["/list"]["post"]["parameters"],
        json!([{"$ref": "#/components/parameters/DidiPage"}])
    );
    assert_eq!(components["parameters"]["DidiPage"]["name"], "page");
    assert_eq!(
        components["parameters"]["Page"]["schema"],
        json!({"$ref": "#/components/schemas/Id"})
    );
}

#[test]
fn no_reference_of_the_contract_leads_out_of_the_bundle_or_nowhere() {
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract");
    let bundle = bundle(&contract).expect("can be bundled");
    let mut open = vec![&bundle];
    let mut references = 0;
    while let Some(value) = open.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            references += 1;
            let pointer = reference.strip_prefix('#').expect("stays inside");
            assert!(bundle.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
        match value {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(references > 0);
}
