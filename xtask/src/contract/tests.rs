//! A small contract, and what is read from it.

mod messages;
mod mistakes;

use std::collections::BTreeMap;

use super::*;
use crate::ir::{Constant, Kind, Location, Model, Retry, Role, Source, Type};

const THINGS: &str = "\
openapi: 3.1.0
tags: [{name: things, description: Things.}]
paths:
  /things:
    get:
      operationId: things.list
      summary: List the things
      description: Lists them.
      x-airudder-source: assumed
      x-airudder-retry: read
      x-airudder-paging: {page: Page, size: Number, items: List, total: Total}
      parameters:
        - {name: Page, in: query, description: Which page., x-airudder-source: reported, schema: {type: integer, minimum: 1, default: 1}}
        - {name: Number, in: query, description: How many., x-airudder-source: reported, x-airudder-name: page_size, schema: {type: integer}}
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/PageEnvelope'}}}}}
    post:
      operationId: things.make_one
      summary: Make a thing
      description: Makes one.
      x-airudder-source: documented
      x-airudder-retry: once
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/MakeThing'}}}}
      responses: {'200': {content: {application/json: {schema: {properties: {data: {$ref: '#/components/schemas/Thing'}}}}}}}
webhooks:
  thing.made:
    post:
      operationId: thing.made
      summary: A thing was made
      description: Sent once.
      x-airudder-source: assumed
      x-airudder-detect: {present: [ThingID]}
      x-airudder-identity: [ThingID]
      x-airudder-signed: required
      x-airudder-timestamp: MadeBy
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/ThingMade'}}}}
components:
  schemas:
    PageEnvelope:
      allOf:
        - properties: {data: {description: Anything.}}
        - properties: {data: {$ref: '#/components/schemas/ThingPage'}}
    MakeThing:
      type: object
      description: A thing to make.
      x-airudder-source: documented
      required: [Action, Phone]
      properties:
        Colour: {type: string, description: Its colour., x-extensible-enum: [red, blue]}
        Action: {const: make, description: What to do.}
        Phone: {$ref: 'common.yaml#/components/schemas/Phone', description: Whom to tell., x-airudder-sensitive: true}
        Parts: {type: array, description: What it is made of., x-airudder-source: reported, items: {$ref: '#/components/schemas/Part'}}
    Part:
      type: object
      description: A part.
      x-airudder-source: assumed
      properties:
        Weights: {type: object, description: Weights., additionalProperties: {type: number}}
        Anything: {type: object, description: Anything.}
        Whole: {type: [boolean, 'null'], description: Whether it is whole.}
    ThingPage:
      type: object
      description: A page.
      x-airudder-source: assumed
      properties:
        List: {type: array, description: Things., x-airudder-name: things, items: {$ref: '#/components/schemas/Thing'}}
        Total: {type: integer, description: How many.}
    Thing:
      type: object
      description: A thing.
      x-airudder-source: reported
      required: [ThingID]
      properties:
        ThingID: {type: [string, integer], description: Its id.}
        Main: {$ref: '#/components/schemas/Part', description: Its main part.}
    ThingMade:
      description: A thing that was made.
      x-airudder-source: assumed
      allOf:
        - $ref: '#/components/schemas/Thing'
        - {type: object, properties: {MadeBy: {type: string, description: Who made it.}}}
";
const COMMON: &str = "components: {schemas: {Phone: {type: string, format: e164, description: A number.}}}";
const PAGES: &str = "operation\tpage\nthings.list\tThings > List\nthings.make_one\tThings > Make\nevent:thing.made\tThings > Made\n";
const ERRORS: &str =
    "root: RootError\ngroups: []\nkinds: [{kind: api, class: ApiError, parent: RootError, retryable: false, text: T., advice: A.}]";

fn read(things: &str, others: &[(&str, &str)], pages: &str) -> Result<Contract, Problems> {
    let mut documents = Documents::default();
    for (file, text) in others.iter().chain([&("common.yaml", COMMON), &("things.yaml", things)]) {
        documents.add(file, text).expect("is YAML");
    }
    let pages = Pages::parse("pages.tsv", pages).expect("are pages");
    assemble(&documents, &pages, errors::parse("errors.yaml", ERRORS).expect("is a table"))
}

fn good() -> Contract {
    read(THINGS, &[], PAGES).expect("is a contract")
}

fn model<'a>(contract: &'a Contract, name: &str) -> &'a Model {
    contract.model(name).expect(name)
}

#[test]
fn operations_have_their_parameters_and_answers() {
    let contract = good();
    let [list, make]: [Operation; 2] = contract.operations.try_into().expect("two operations");
    assert_eq!(
        (list.id.as_str(), list.method.as_str(), list.path.as_str()),
        ("things.list", "GET", "/things")
    );
    assert_eq!(
        (list.source, list.retry, list.location),
        (Source::Assumed, Retry::Read, Location::Query)
    );
    assert_eq!(
        (list.params_model.as_deref(), list.answer.as_deref()),
        (Some("ThingsListParams"), Some("ThingPage"))
    );
    assert_eq!(list.page, "Things > List");
    let paging = list.paging.as_ref().expect("has pages");
    let name = |field: &Option<crate::ir::Field>| field.as_ref().map(|field| field.name.clone());
    assert_eq!(name(&paging.page).as_deref(), Some("page"));
    assert_eq!(name(&paging.size).as_deref(), Some("page_size"));
    assert!(paging.cursor.is_none());
    assert_eq!((paging.items.name.as_str(), paging.item_model.as_str()), ("things", "Thing"));

    assert_eq!((make.camel.as_str(), make.location), ("makeOne", Location::Body));
    assert_eq!(make.params_model.as_deref(), Some("MakeThing"));
    assert_eq!(
        make.constants,
        [Constant {
            wire: "Action".to_owned(),
            value: "make".to_owned()
        }]
    );
    let names: Vec<&str> = make.params.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["phone", "colour", "parts"], "required ones first, then as in the contract");
}

#[test]
fn fields_have_types_sources_and_formats() {
    let contract = good();
    let types: BTreeMap<&str, &Type> = contract
        .models
        .iter()
        .flat_map(|model| &model.fields)
        .map(|field| (field.wire.as_str(), &field.kind))
        .collect();
    assert_eq!(types["ThingID"], &Type::plain(Kind::Text));
    assert_eq!(types["Total"], &Type::plain(Kind::Integer));
    assert_eq!(types["Whole"], &Type::plain(Kind::Boolean));
    assert_eq!(types["Anything"], &Type::plain(Kind::Json));
    assert_eq!(types["Weights"], &Type::of(Kind::Map, Type::plain(Kind::Number)));
    assert_eq!(types["Parts"], &Type::of(Kind::List, Type::model("Part")));
    assert_eq!(types["Main"], &Type::model("Part"));

    let make = &model(&contract, "MakeThing").fields;
    assert_eq!(
        (make[0].format.as_deref(), make[0].sensitive, make[0].required),
        (Some("e164"), true, true)
    );
    assert_eq!(make[0].description, "Whom to tell.", "not that of the schema it refers to");
    assert_eq!(make[1].known_values, ["red", "blue"]);
    assert_eq!((make[1].source, make[2].source), (Source::Documented, Source::Reported));
    let main = model(&contract, "Thing")
        .fields
        .iter()
        .find(|field| field.wire == "Main")
        .expect("Main");
    assert_eq!(
        main.source,
        Source::Reported,
        "that of the schema around it, not of the model it holds"
    );
    assert_eq!(model(&contract, "Part").description, "A part.", "not that of a field that holds it");
}

#[test]
fn models_know_which_way_they_travel() {
    let contract = good();
    assert_eq!(model(&contract, "MakeThing").role, Role::Input);
    assert_eq!(model(&contract, "MakeThing").params_of, ["things.make_one"]);
    assert_eq!(model(&contract, "Thing").role, Role::Answer);
    assert_eq!(model(&contract, "Part").role, Role::Both);
    assert!(model(&contract, "Part").nested && !model(&contract, "MakeThing").nested);
    let made = &model(&contract, "ThingMade").fields;
    assert_eq!(
        made.iter().map(|field| field.wire.as_str()).collect::<Vec<_>>(),
        ["ThingID", "Main", "MadeBy"]
    );
    assert_eq!(contract.events[0].detect.present, ["ThingID"]);
}
