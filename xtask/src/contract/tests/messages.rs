//! Unions, messages that hold messages, uploads, and documents without paths.

use super::*;
use crate::ir::Auth;

const CHAT: &str = "\
openapi: 3.1.0
tags: [{name: chat, description: Chat.}]
paths:
  /chat/list:
    post:
      operationId: chat.messages
      summary: List messages
      description: Lists them.
      x-airudder-source: documented
      x-airudder-retry: read
      x-airudder-auth: sign
      x-airudder-paging: {cursor: last_id, from: msg_id, size: size, items: messages}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/ListMessages'}}}}
      responses: {'200': {content: {application/json: {schema: {properties: {data: {$ref: '#/components/schemas/MessageList'}}}}}}}
  /chat/list#newest:
    post:
      operationId: chat.newest
      summary: List the newest messages
      description: Lists them.
      x-airudder-source: assumed
      x-airudder-retry: read
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/ListNewest'}}}}
      responses: {'200': {content: {application/json: {schema: {properties: {data: {$ref: '#/components/schemas/MessageList'}}}}}}}
  /chat/file:
    post:
      operationId: chat.upload
      summary: Upload a file
      description: Uploads it.
      x-airudder-source: assumed
      x-airudder-retry: once
      requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/UploadFile'}}}}
      responses: {'200': {content: {application/json: {schema: {properties: {data: {$ref: 'common.yaml#/components/schemas/Done'}}}}}}}
components:
  schemas:
    ListMessages:
      type: object
      description: Which messages.
      x-airudder-source: documented
      properties:
        last_id: {type: string, description: The last one.}
        size: {type: integer, description: How many.}
        until: {$ref: 'common.yaml#/components/schemas/ZonedTime', description: Up to when.}
    ListNewest: {type: object, description: Which., x-airudder-source: assumed, properties: {action: {const: newest, description: What.}}}
    UploadFile:
      type: object
      description: A file.
      x-airudder-source: assumed
      required: [file]
      properties:
        file: {type: string, format: binary, description: The file.}
        purpose: {type: string, description: What for.}
    MessageList:
      type: object
      description: Messages.
      x-airudder-source: documented
      properties: {messages: {type: array, description: The messages., items: {$ref: '#/components/schemas/Message'}}}
    Message:
      type: object
      description: A message.
      x-airudder-source: documented
      properties:
        msg_id: {type: string, description: Its id.}
        reply: {$ref: '#/components/schemas/Message', description: What it answers.}
        content: {$ref: '#/components/schemas/MessageContent', description: What it says.}
        notes: {type: array, description: Notes., items: {$ref: '#/components/schemas/Note'}}
    MessageContent:
      description: What a message says.
      x-airudder-source: documented
      discriminator: {propertyName: type}
      anyOf: [{$ref: '#/components/schemas/TextContent'}, {$ref: '#/components/schemas/QuoteContent'}, {$ref: '#/components/schemas/OtherContent'}]
    TextContent:
      type: object
      description: A text.
      x-airudder-source: documented
      required: [type, text]
      properties:
        type: {const: text, description: Its kind., x-airudder-name: content_type}
        text: {type: string, description: The text., x-airudder-sensitive: true}
        footer: {type: string, description: Below it.}
    QuoteContent:
      type: object
      description: A quote.
      x-airudder-source: assumed
      required: [type, quoted]
      properties:
        type: {const: quote, description: Its kind., x-airudder-name: content_type}
        quoted: {$ref: '#/components/schemas/Message', description: What is quoted.}
        footer: {type: string, description: Below it.}
    OtherContent:
      type: object
      description: Something else.
      x-airudder-source: documented
      required: [type]
      properties:
        type: {type: string, description: Its kind., x-airudder-name: content_type}
        footer: {type: string, description: Below it., x-airudder-sensitive: true}
    Note:
      description: A note.
      x-airudder-source: assumed
      anyOf: [{$ref: '#/components/schemas/VoiceNote'}, {$ref: '#/components/schemas/PlainNote'}]
    VoiceNote:
      type: object
      description: A spoken note.
      x-airudder-source: assumed
      x-airudder-detect: {present: [seconds], absent: [text]}
      properties: {author: {type: string, description: Whose.}, seconds: {type: integer, description: How long.}}
    PlainNote: {type: object, description: Any note., x-airudder-source: assumed, properties: {author: {type: string, description: Whose.}}}
";
const SHARED: &str = "\
components:
  schemas:
    Done: {type: object, description: Done., x-airudder-source: assumed}
    ZonedTime: {type: string, format: zoned-time, description: A time.}
";
const SHOP: &str = "\
openapi: 3.1.0
tags: [{name: shop, description: Shop.}]
webhooks:
  shop.open:
    post:
      operationId: shop.open
      summary: It is open
      description: Open.
      x-airudder-source: assumed
      requestBody: {content: {application/json: {schema: {$ref: 'common.yaml#/components/schemas/Done'}}}}
";

fn chat(text: &str) -> Result<Contract, Problems> {
    let mut documents = Documents::default();
    for (file, text) in [("common.yaml", SHARED), ("chat.yaml", text), ("shop.yaml", SHOP)] {
        documents.add(file, text).expect("is YAML");
    }
    let pages = Pages::parse("pages.tsv", PAGES).expect("are pages");
    assemble(&documents, &pages, errors::parse("errors.yaml", ERRORS).expect("is a table"))
}

fn good_chat() -> Contract {
    chat(CHAT).expect("is a contract")
}

fn said_of(before: &str, after: &str) -> String {
    assert!(CHAT.contains(before), "the contract has no {before:?}");
    match chat(&CHAT.replacen(before, after, 1)) {
        Ok(_) => format!("nothing of {after:?}"),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn a_union_knows_its_variants() {
    let contract = good_chat();
    let content = contract.union("MessageContent").expect("a union");
    let variants: Vec<_> = content
        .variants
        .iter()
        .map(|variant| (variant.model.as_str(), variant.name.as_str(), variant.tag.as_deref()))
        .collect();
    assert_eq!(
        variants,
        [
            ("TextContent", "Text", Some("text")),
            ("QuoteContent", "Quote", Some("quote")),
            ("OtherContent", "Other", None)
        ]
    );
    let discriminator = content.discriminator.as_ref().expect("a discriminator");
    assert_eq!((discriminator.name.as_str(), discriminator.wire.as_str()), ("content_type", "type"));
    let common: Vec<_> = content
        .common
        .iter()
        .map(|field| (field.name.as_str(), field.required, field.sensitive))
        .collect();
    assert_eq!(common, [("content_type", true, false), ("footer", false, true)]);
    let fields: Vec<_> = content.fields.iter().map(|field| (field.name.as_str(), field.required)).collect();
    assert_eq!(
        fields,
        [("content_type", true), ("text", false), ("footer", false), ("quoted", false)]
    );
    assert_eq!(content.fields[0].known_values, ["text", "quote"]);
    assert_eq!(content.role, Role::Answer);

    let constants: Vec<_> = model(&contract, "TextContent")
        .fields
        .iter()
        .map(|field| field.constant.as_deref())
        .collect();
    assert_eq!(constants, [Some("text"), None, None]);
    let text = model(&contract, "TextContent");
    assert!(text.nested && text.variant_of == ["MessageContent"]);

    let note = contract.union("Note").expect("a union");
    assert!(note.discriminator.is_none());
    let detect = note.variants[0].detect.as_ref().expect("is detected");
    assert_eq!(
        (&detect.present[..], &detect.absent[..]),
        (&["seconds".to_owned()][..], &["text".to_owned()][..])
    );
    let message = model(&contract, "Message");
    let kinds: Vec<_> = message.fields.iter().map(|field| field.kind.clone()).collect();
    assert_eq!(kinds[2], Type::union("MessageContent"));
    assert_eq!(kinds[3], Type::of(Kind::List, Type::union("Note")));
}

#[test]
fn a_model_that_holds_itself_is_marked() {
    let contract = good_chat();
    let recursive: Vec<_> = contract
        .models
        .iter()
        .flat_map(|model| model.fields.iter().map(move |field| (model, field)))
        .filter(|(_, field)| field.recursive)
        .map(|(model, field)| format!("{}.{}", model.name, field.name))
        .collect();
    assert_eq!(recursive, ["Message.reply", "Message.content", "QuoteContent.quoted"]);
}

#[test]
fn paths_uploads_signatures_and_cursors_are_read() {
    let contract = good_chat();
    let [messages, newest, upload] = &contract.operations[..] else {
        panic!("three operations")
    };
    assert_eq!((messages.auth, messages.location), (Auth::Sign, Location::Body));
    assert_eq!(messages.params[2].format.as_deref(), Some("zoned-time"));
    let paging = messages.paging.as_ref().expect("has pages");
    let cursor = paging.cursor.as_ref().expect("has a cursor");
    assert_eq!((cursor.param.name.as_str(), cursor.from.name.as_str()), ("last_id", "msg_id"));
    assert_eq!(
        (paging.item.clone(), paging.item_model.as_str()),
        (Type::model("Message"), "Message")
    );
    assert!(paging.page.is_none());

    assert_eq!((newest.path.as_str(), messages.path.as_str()), ("/chat/list", "/chat/list"));
    assert_eq!(
        (newest.params_model.as_deref(), newest.constants[0].value.as_str()),
        (None, "newest")
    );
    assert!(contract.model("ListNewest").is_none(), "nothing of it is left");

    assert_eq!(upload.location, Location::Multipart);
    assert_eq!(upload.upload.as_ref().expect("a file").field.wire, "file");
    assert_eq!(upload.params_model.as_deref(), Some("UploadFile"));
    let fields: Vec<_> = model(&contract, "UploadFile")
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(fields, ["purpose"]);
}

#[test]
fn a_document_of_events_is_no_resource() {
    let contract = good_chat();
    assert_eq!(
        contract.families.iter().map(|family| family.name.as_str()).collect::<Vec<_>>(),
        ["chat"]
    );
    assert_eq!(contract.event_families[0].name, "shop");
    assert_eq!(model(&contract, "Done").family, "common");
}

#[test]
fn every_mistake_in_a_union_is_named() {
    for (before, after, expected) in [
        (
            "anyOf: [{$ref: '#/components/schemas/TextContent'}",
            "oneOf: [{$ref: '#/components/schemas/TextContent'}",
            "say `anyOf`",
        ),
        (
            ", {$ref: '#/components/schemas/PlainNote'}",
            "",
            "chat.yaml: Note: a union has two variants at least",
        ),
        ("/PlainNote'}]", "/MessageContent'}]", "a variant is an object with a name"),
        ("/PlainNote'}]", "/VoiceNote'}]", "the variant VoiceNote stands there twice"),
        (
            "x-airudder-detect: {present: [seconds], absent: [text]}\n      ",
            "",
            "VoiceNote has no `x-airudder-detect`",
        ),
        ("present: [seconds]", "present: []", "`present` names no field"),
        ("{const: quote,", "{const: text,", "QuoteContent has the type of another one"),
        ("{const: quote,", "{type: string,", "QuoteContent has no `const` in type"),
        (
            "        type: {type: string,",
            "        type: {const: other,",
            "OtherContent is the fallback, so its type is no `const`",
        ),
        (
            "required: [type, quoted]",
            "required: [quoted]",
            "QuoteContent has no required type",
        ),
        (
            "footer: {type: string, description: Below it.}",
            "footer: {type: integer, description: Below it.}",
            "the field footer of QuoteContent has another",
        ),
        (
            "quote, description: Its kind., x-airudder-name: content_type",
            "quote, description: Its kind., x-airudder-name: kind",
            "the field type of QuoteContent has another name",
        ),
        (
            "description: What a message says.\n      x-airudder-source: documented",
            "description: What.",
            "MessageContent: `x-airudder-source` is missing",
        ),
        (
            "/schemas/MessageList'}",
            "/schemas/MessageContent'}",
            "an answer's `data` is an object with a name",
        ),
        (
            "/schemas/ListMessages'}",
            "/schemas/MessageContent'}",
            "a body is an object with a name",
        ),
        (
            "purpose: {type: string,",
            "purpose: {type: string, format: binary,",
            "has one field of `format: binary`",
        ),
        (
            "size: {type: integer,",
            "size: {type: string, format: binary,",
            "has one field of `format: binary`",
        ),
        (
            "msg_id: {type: string,",
            "msg_id: {type: string, format: binary,",
            "`format: binary` is for the file",
        ),
        (
            "/schemas/ListNewest'}",
            "/schemas/TextContent'}",
            "is a variant of MessageContent and the body of chat.newest",
        ),
        ("cursor: last_id", "page: size, cursor: last_id", "by `page` or by `cursor`"),
    ] {
        let said = said_of(before, after);
        assert!(
            said.contains(expected),
            "{before:?} → {after:?}\nexpected: {expected}\nsaid: {said}"
        );
    }
}
