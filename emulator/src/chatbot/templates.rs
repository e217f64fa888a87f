//! The message templates of the emulated company.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::company;
use crate::envelope::Refusal;
use crate::fields::as_text;

/// A message template.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: &'static str,
    name: &'static str,
    language: &'static str,
    category: &'static str,
    status: &'static str,
    header: &'static str,
    body: &'static str,
    footer: &'static str,
    /// Its buttons: what each does and what stands on it.
    pub buttons: &'static [(&'static str, &'static str)],
}

/// Newest first.
static TEMPLATES: [Template; 4] = [
    Template {
        id: "3004",
        name: "spring_sale",
        language: "en",
        category: "MARKETING",
        status: "rejected",
        header: "Sale",
        body: "Everything must go, {{name}}!",
        footer: "Example Shop",
        buttons: &[],
    },
    Template {
        id: "3003",
        name: "survey",
        language: "en",
        category: "MARKETING",
        status: "pending",
        header: "A question",
        body: "Hello {{name}}, how did you like it?",
        footer: "Example Shop",
        buttons: &[("QUICK_REPLY", "Well"), ("OPT_OUT", "Stop asking")],
    },
    Template {
        id: "3002",
        name: "pengingat",
        language: "id",
        category: "UTILITY",
        status: "approved",
        header: "Pengingat",
        body: "Halo {{name}}, jangan lupa.",
        footer: "Example Shop",
        buttons: &[],
    },
    Template {
        id: "3001",
        name: "order_update",
        language: "en",
        category: "UTILITY",
        status: "approved",
        header: "Your order",
        body: "Hello {{name}}, your order {{order}} is on its way.",
        footer: "Example Shop",
        buttons: &[("QUICK_REPLY", "Thank you"), ("OPT_OUT", "No more messages")],
    },
];

/// All templates, newest first.
#[must_use]
pub fn all() -> &'static [Template] {
    &TEMPLATES
}

/// A template by its id.
pub fn find(id: &str) -> Result<&'static Template, Refusal> {
    all()
        .iter()
        .find(|template| template.id == id)
        .ok_or_else(|| Refusal::not_found("template_id: there is no such template"))
}

/// A template that may be sent, by its id and language.
pub fn sendable(id: &str, language: &str) -> Result<&'static Template, Refusal> {
    let template = find(id)?;
    if template.status != "approved" {
        let message = format!("template_id: this template is {}, only approved ones can be sent", template.status);
        return Err(Refusal::bad_request(message));
    }
    if template.language != language {
        return Err(Refusal::bad_request("language: the template is in another language"));
    }
    Ok(template)
}

impl Template {
    /// As the API shows it.
    #[must_use]
    pub fn view(&self) -> Value {
        json!({
            "template_id": self.id,
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "status": self.status,
            "waba_id": company::WABA_ID,
            "header": self.header,
            "body": self.body,
            "footer": self.footer,
            "buttons": self.buttons_view(),
            "variables": self.variables(),
        })
    }

    /// The names of its variables.
    #[must_use]
    pub fn variables(&self) -> Vec<&'static str> {
        self.body
            .split("{{")
            .skip(1)
            .filter_map(|part| part.split_once("}}").map(|(name, _)| name))
            .collect()
    }

    /// The values of its variables for one receiver: those of `own` count more than those of `common`. `field` is where the request has them.
    pub fn values(&self, common: &Value, own: &Value, field: &str) -> Result<BTreeMap<String, String>, Refusal> {
        let given: BTreeMap<String, String> = [common, own]
            .into_iter()
            .filter_map(Value::as_object)
            .flatten()
            .map(|(name, value)| (name.clone(), as_text(value)))
            .collect();
        let names = self.variables();
        if let Some(missing) = names.iter().find(|name| !given.contains_key(**name)) {
            return Err(Refusal::bad_request(format!(
                "{field}: the template's variable {missing} has no value"
            )));
        }
        if given.keys().any(|name| !names.contains(&name.as_str())) {
            let message = format!("{field}: the template has no variables but {}", names.join(", "));
            return Err(Refusal::bad_request(message));
        }
        Ok(given)
    }

    /// The content of the message that it becomes.
    #[must_use]
    pub fn content(&self, values: &BTreeMap<String, String>) -> Value {
        let body = values.iter().fold(self.body.to_owned(), |body, (name, value)| {
            body.replace(&format!("{{{{{name}}}}}"), value)
        });
        let mut content = Map::new();
        for (name, text) in [("header", self.header), ("body", body.as_str()), ("footer", self.footer)] {
            content.insert(name.to_owned(), text.into());
        }
        if !self.buttons.is_empty() {
            content.insert("button".to_owned(), self.buttons_view());
        }
        let info = json!({"id": self.id, "name": self.name, "language": self.language});
        json!({"type": "template", "template": {"type": "WhatsApp", "content": content, "info": info}})
    }

    fn buttons_view(&self) -> Value {
        self.buttons
            .iter()
            .map(|(what, text)| json!({"type": what, "text": text}))
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in_and_have_to_be_complete() {
        let template = sendable("3001", "en").expect("approved");
        assert_eq!(template.variables(), ["name", "order"]);
        let common = json!({"order": "A-7", "name": "you"});
        let values = template.values(&common, &json!({"name": "Ani"}), "variables").expect("complete");
        let content = template.content(&values);
        assert_eq!(content["template"]["content"]["body"], "Hello Ani, your order A-7 is on its way.");
        assert_eq!(
            content["template"]["info"],
            json!({"id": "3001", "name": "order_update", "language": "en"})
        );
        let missing = template
            .values(&json!({"order": "A-7"}), &Value::Null, "variables")
            .expect_err("refused");
        assert_eq!(missing.message, "variables: the template's variable name has no value");
        let unknown = template.values(&common, &json!({"Nmae": "Ani"}), "variables").expect_err("refused");
        assert_eq!(unknown.message, "variables: the template has no variables but name, order");
    }

    #[test]
    fn only_approved_templates_are_sent_in_their_language() {
        assert_eq!(sendable("3001", "id").expect_err("refused").status, 400);
        assert!(sendable("3003", "en").expect_err("refused").message.contains("pending"));
        assert!(sendable("3004", "en").expect_err("refused").message.contains("rejected"));
        assert_eq!(sendable("1", "en").expect_err("refused").status, 404);
    }
}
