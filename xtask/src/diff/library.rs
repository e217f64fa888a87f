//! Documents, and places in them that know where they stand: what is found there can be written back.

use std::collections::BTreeMap;

use serde_json::Value;

/// Documents by name.
pub struct Library(pub BTreeMap<String, Value>);

/// Where something stands: a document and a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    pub file: String,
    pub pointer: String,
}

/// A place in a document, and what stands there.
#[derive(Clone)]
pub struct Spot<'a> {
    library: &'a Library,
    pub site: Site,
    pub value: &'a Value,
}

impl Library {
    /// The root of each document.
    pub fn roots(&self) -> impl Iterator<Item = Spot<'_>> {
        self.0.iter().map(|(file, value)| Spot {
            library: self,
            site: Site {
                file: file.clone(),
                pointer: String::new(),
            },
            value,
        })
    }
}

impl<'a> Spot<'a> {
    pub fn child(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.at(key, value))
    }

    /// The named values of the mapping under a key.
    pub fn entries(&self, key: &str) -> Vec<(&'a str, Self)> {
        let Some(inner) = self.child(key) else { return Vec::new() };
        let members = inner.value.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), inner.at(name, value))).collect()
    }

    /// The values of the list under a key.
    pub fn items(&self, key: &str) -> Vec<Self> {
        let Some(inner) = self.child(key) else { return Vec::new() };
        let items = inner.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| inner.at(&index.to_string(), value)).collect()
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    pub fn flag(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// What the place refers to, if it is a reference; the reference itself when it leads nowhere.
    pub fn follow(&self) -> Option<Result<Self, &'a str>> {
        let reference = self.text("$ref")?;
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if file.is_empty() {
            &self.site.file
        } else {
            file.trim_start_matches("./")
        };
        // A reference may be percent-encoded; Apifox does that to Chinese names.
        let pointer = percent_decoded(pointer);
        let value = self.library.0.get(file).and_then(|document| document.pointer(&pointer));
        Some(value.ok_or(reference).map(|value| Self {
            library: self.library,
            site: Site {
                file: file.to_owned(),
                pointer,
            },
            value,
        }))
    }

    fn at(&self, step: &str, value: &'a Value) -> Self {
        let step = step.replace('~', "~0").replace('/', "~1");
        Self {
            library: self.library,
            site: Site {
                file: self.site.file.clone(),
                pointer: format!("{}/{step}", self.site.pointer),
            },
            value,
        }
    }
}

/// What is no valid encoding stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let code = others.get(..2).filter(|_| *first == b'%');
        let code = code
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &others[2..] } else { others };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
