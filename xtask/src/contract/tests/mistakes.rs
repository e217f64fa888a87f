//! The same contract with one mistake at a time.

use super::*;

/// What is said of the contract when `before` reads `after` in it.
fn said_of(before: &str, after: &str) -> String {
    assert!(THINGS.contains(before), "the contract has no {before:?}");
    match read(&THINGS.replacen(before, after, 1), &[], PAGES) {
        Ok(_) => format!("nothing of {after:?}"),
        Err(problems) => problems.to_string(),
    }
}

/// Each row: what the contract reads, what it reads instead, what has to be said of that.
fn are_named(mistakes: &[(&str, &str, &str)]) {
    for (before, after, expected) in mistakes {
        let said = said_of(before, after);
        assert!(
            said.contains(expected),
            "{before:?} → {after:?}\nexpected: {expected}\nsaid: {said}"
        );
    }
}

#[test]
fn every_mistake_in_an_operation_is_named() {
    are_named(&[
        (
            "      x-airudder-source: assumed\n      x-airudder-retry",
            "      x-airudder-retry",
            "things.yaml: things.list: `x-airudder-source` is missing",
        ),
        (
            "      x-airudder-retry: read\n",
            "",
            "things.yaml: things.list: `x-airudder-retry` is missing",
        ),
        (
            "      description: Lists them.\n",
            "",
            "things.yaml: things.list: `description` is missing",
        ),
        (
            "      summary: List the things\n",
            "",
            "things.yaml: things.list: `summary` is missing",
        ),
        (
            "x-airudder-retry: read",
            "x-airudder-retry: often",
            "`x-airudder-retry: often` is none of",
        ),
        (
            "x-airudder-retry: read",
            "x-airudder-retry: read\n      x-airudder-auth: none",
            "`x-airudder-auth: none` is none of",
        ),
        (
            "x-airudder-retry: read",
            "x-airudder-retry: read\n      x-airudder-download: zip",
            "`x-airudder-download: zip` is none of",
        ),
        (
            "x-airudder-source: documented\n      x-airudder-retry",
            "x-airudder-source: guessed\n      x-airudder-retry",
            "`x-airudder-source: guessed`",
        ),
        (
            "operationId: things.list",
            "operationId: thing.list",
            "`operationId` is not `things.",
        ),
        (
            "operationId: things.list",
            "operationId: things.list\n      x-airudder-retries: 3",
            "`x-airudder-retries` is no extension",
        ),
        ("    get:", "    put:", "the SDK sends no PUT"),
    ]);
}

#[test]
fn every_mistake_in_parameters_or_an_answer_is_named() {
    are_named(&[
        (
            "        - {name: Number",
            "        - {name: Page, in: query, description: A., x-airudder-source: assumed, x-airudder-name: other, schema: {type: string}}\n        - {name: Number",
            "things.list: the wire name Page stands there twice",
        ),
        (
            "        - {name: Number",
            "        - {name: Page, in: query, description: A., x-airudder-source: assumed, schema: {const: one}}\n        - {name: Number",
            "things.list: the constant Page is a parameter, too",
        ),
        ("schema: {type: integer}}", "example: 1}", "(Number): `schema` is missing"),
        (
            "in: query, description: Which",
            "in: path, description: Which",
            "(Page): a parameter of the SDK stands `in: query`",
        ),
        (
            "Which page., x-airudder-source: reported",
            "Which page.",
            "(Page): `x-airudder-source` is missing",
        ),
        ("description: Which page., ", "", "(Page): `description` is missing"),
        ("page: Page", "page: Pages", "`page: Pages` is no parameter"),
        ("page: Page, ", "", "pages are asked for by `page` or by `cursor`"),
        ("page: Page", "cursor: Page", "`cursor` and `from` go together"),
        ("page: Page", "cursor: Page, from: ID", "`from: ID` is no field of Thing"),
        ("items: List", "items: Lists", "`items: Lists` is no field of the answer"),
        ("items: List", "items: Total", "`items` is no list of named objects"),
        (
            "schema: {properties: {data:",
            "schema: {properties: {dates:",
            "things.make_one: its answer 200 has no `data`",
        ),
        (
            "responses: {'200'",
            "responses: {'201'",
            "things.list: its answer 200 has no `application/json` schema",
        ),
        (
            "data: {$ref: '#/components/schemas/Thing'}",
            "data: {type: string}",
            "an answer's `data` is an object with a name",
        ),
        (
            "schema: {$ref: '#/components/schemas/MakeThing'}",
            "schema: {type: string}",
            "a body is an object with a name",
        ),
        (
            "requestBody: {content: {application/json",
            "requestBody: {content: {text/plain",
            "its body is not `application/json` with a schema, nor `multipart/form-data` with one",
        ),
        (
            "      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/MakeThing",
            "      parameters: [{name: A, in: query, description: A., x-airudder-source: assumed, schema: {type: string}}]\n      \
             requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/MakeThing",
            "has parameters in the query and in the body",
        ),
        ("name: things, description", "name: thing, description", "`tags` has no things"),
    ]);
}

#[test]
fn every_mistake_in_a_schema_is_named() {
    are_named(&[
        (
            "description: A thing to make.\n      x-airudder-source: documented",
            "description: A thing.",
            "things.yaml: MakeThing: `x-airudder-source` is",
        ),
        (
            "      description: A thing to make.\n",
            "",
            "things.yaml: MakeThing: `description` is missing",
        ),
        (
            "{type: string, description: Its colour., ",
            "{type: string, ",
            "MakeThing › Colour: `description` is missing",
        ),
        (
            "Its colour., ",
            "Its colour., x-airudder-source: perhaps, ",
            "`x-airudder-source: perhaps` is none of",
        ),
        (
            "{type: string, description: Its colour., ",
            "{description: Its colour., ",
            "Colour: has no `type`",
        ),
        (
            "{type: string, description: Its colour., ",
            "{type: text, description: Its colour., ",
            "is none of JSON's types",
        ),
        (
            "{type: string, description: Its colour., ",
            "{type: string, format: hex, description: Its colour., ",
            "`format: hex` is none of",
        ),
        (
            "Its colour., ",
            "Its colour., x-airudder-name: theColour, ",
            "`x-airudder-name: theColour` is not snake_case",
        ),
        (
            "Its colour., ",
            "Its colour., x-airudder-name: type, ",
            "MakeThing › Colour: `type` is a keyword",
        ),
        (
            "Its colour., ",
            "Its colour., x-airudder-name: timeout, ",
            "things.make_one › Colour: `timeout` is what every call",
        ),
        (
            "Its colour., ",
            "Its colour., x-airudder-name: extra, ",
            "MakeThing › Colour: `extra` is what every call or model",
        ),
        (
            "Its colour., ",
            "Its colour., x-airudder-name: phone, ",
            "the field phone stands there twice",
        ),
        ("        Colour:", "        2ndColour:", "`2nd_colour` is no name in every language"),
        ("x-extensible-enum", "enum", "`enum` closes the list"),
        ("const: make", "const: 1", "`const` is no text"),
        (
            "required: [Action, Phone]",
            "required: [Action, Telephone]",
            "`required` names Telephone, which is no property",
        ),
        (
            "items: {$ref: '#/components/schemas/Part'}",
            "items: {type: object, properties: {}}",
            "an object with properties needs a name",
        ),
        (", items: {$ref: '#/components/schemas/Part'}", "", "`items` is missing"),
        (
            "x-airudder-sensitive: true",
            "x-airudder-sensitive: yes please",
            "is neither true nor false",
        ),
        ("    Part:\n", "    Pert:\n", "`$ref: #/components/schemas/Part` leads nowhere"),
    ]);
}

#[test]
fn every_mistake_in_an_event_is_named() {
    are_named(&[
        (
            "operationId: thing.made",
            "operationId: thing.done",
            "`operationId` differs from the webhook's name thing.made",
        ),
        ("present: [ThingID]", "absent: [ThingID]", "`present` names no field"),
        (
            "description: Sent once.\n      x-airudder-source: assumed",
            "description: Sent once.",
            "things.yaml: thing.made: `x-airudder-source` is missing",
        ),
        (
            "{schema: {$ref: '#/components/schemas/ThingMade'}}",
            "{schema: {type: string}}",
            "an event is an object with a name",
        ),
        (
            "x-airudder-identity: [ThingID]",
            "x-airudder-identity: [ThingId]",
            "the event has no field `ThingId`",
        ),
        ("x-airudder-signed: required", "x-airudder-signed: often", "is not `required`"),
        (
            "x-airudder-timestamp: MadeBy",
            "x-airudder-timestamp: made",
            "the event has no field `made`",
        ),
    ]);
}

#[test]
fn names_stand_only_once() {
    let again = THINGS.replace("  /things:", "  /again:").replace(
        "    post:\n      operationId: things.make_one",
        "    delete:\n      operationId: unused",
    );
    let paths = again
        .split("paths:\n")
        .nth(1)
        .and_then(|text| text.split("    delete:").next())
        .expect("a path");
    let twice = THINGS.replacen("paths:\n", &format!("paths:\n{paths}"), 1);
    let said = read(&twice, &[], PAGES).expect_err("twice").to_string();
    assert!(said.contains("the operation things.list stands there twice"), "{said}");

    let other = THINGS
        .replace("things", "others")
        .replace("thing.made", "other.made")
        .replace("ThingPage", "OtherPage");
    let pages = PAGES.to_owned() + &PAGES.replace("things", "others").replace("thing.made", "other.made");
    let said = read(THINGS, &[("others.yaml", &other)], &pages)
        .expect_err("two schemas")
        .to_string();
    assert!(
        said.contains("a schema MakeThing stands in things.yaml and in others.yaml"),
        "{said}"
    );
}

#[test]
fn a_model_hides_no_other_type() {
    for name in ["Client", "ApiError", "Things", "snakeCase"] {
        let said = read(&THINGS.replace("ThingPage", name), &[], PAGES).expect_err(name).to_string();
        assert!(
            said.contains(&format!("things.yaml: {name}: is the name of another type")),
            "{said}"
        );
    }
}
