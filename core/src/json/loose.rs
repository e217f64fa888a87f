//! JSON of which no schema is known: as a value, or copied as text.

use serde_json::{Map, Value};

use super::budget::Budget;
use super::error::ReadError;
use super::number::Number;
use super::source::Source;
use super::text::write_json;
use super::tokens::{Start, Tokens};

/// The memory of one value, and of its entry in a map.
const VALUE: usize = size_of::<Value>();
const ENTRY: usize = 2 * VALUE + size_of::<String>();

/// The largest whole number that JavaScript holds exactly.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Reads the value that the whole of `json` is.
pub(crate) fn read_value(json: &str, budget: Budget) -> Result<Value, ReadError> {
    let mut source = Source::json(json, budget);
    let value = source.value()?;
    source.tokens.end()?;
    Ok(value)
}

impl<T: Tokens> Source<T> {
    /// Reads any value.
    pub(crate) fn value(&mut self) -> Result<Value, ReadError> {
        Ok(match self.tokens.start()? {
            Start::Null => {
                self.tokens.null()?;
                Value::Null
            }
            Start::Boolean => self.tokens.boolean()?.into(),
            Start::Number => self.tokens.number()?.to_value(),
            Start::Text => self.tokens.text()?.decode().into(),
            Start::List => {
                self.descend(VALUE)?;
                let mut items = Vec::new();
                let mut more = self.tokens.enter(Start::List)?;
                while more {
                    self.spend(VALUE)?;
                    items.push(self.value()?);
                    more = self.tokens.next(Start::List)?;
                }
                self.ascend();
                items.into()
            }
            Start::Object => {
                self.descend(VALUE)?;
                let mut fields = Map::new();
                let mut more = self.tokens.enter(Start::Object)?;
                while more {
                    self.spend(ENTRY)?;
                    let name = self.tokens.name()?.into_owned();
                    fields.insert(name, self.value()?);
                    more = self.tokens.next(Start::Object)?;
                }
                self.ascend();
                fields.into()
            }
        })
    }

    /// Appends any value as JSON. Numbers that JavaScript would round become text if `quotes_large` is set.
    pub(crate) fn copy(&mut self, out: &mut String, quotes_large: bool) -> Result<(), ReadError> {
        match self.tokens.start()? {
            Start::Null => {
                self.tokens.null()?;
                out.push_str("null");
            }
            Start::Boolean => out.push_str(if self.tokens.boolean()? { "true" } else { "false" }),
            Start::Number => copy_number(self.tokens.number()?, out, quotes_large),
            Start::Text => self.tokens.text()?.write(out),
            Start::List => {
                self.descend(VALUE)?;
                out.push('[');
                let mut more = self.tokens.enter(Start::List)?;
                while more {
                    self.spend(VALUE)?;
                    self.copy(out, quotes_large)?;
                    more = self.tokens.next(Start::List)?;
                    if more {
                        out.push(',');
                    }
                }
                out.push(']');
                self.ascend();
            }
            Start::Object => {
                self.descend(VALUE)?;
                out.push('{');
                let mut more = self.tokens.enter(Start::Object)?;
                while more {
                    self.spend(ENTRY)?;
                    write_json(&self.tokens.name()?, out);
                    out.push(':');
                    self.copy(out, quotes_large)?;
                    more = self.tokens.next(Start::Object)?;
                    if more {
                        out.push(',');
                    }
                }
                out.push('}');
                self.ascend();
            }
        }
        Ok(())
    }
}

/// Reads any value that this program has in memory. On an error, `tokens` is handed back at the place where it happened.
pub fn value_of<T: Tokens>(tokens: T) -> Result<Value, (ReadError, T)> {
    let mut source = Source::new(tokens, Budget::unlimited());
    source.value().map_err(|error| (error, source.tokens))
}

fn copy_number(number: Number<'_>, out: &mut String, quotes_large: bool) {
    if number.is_canonical() {
        out.push_str(number.digits());
        return;
    }
    match number.to_value() {
        Value::String(digits) => write_json(&digits, out),
        Value::Number(number) if quotes_large && is_rounded(&number) => write_json(&number.to_string(), out),
        value => out.push_str(&value.to_string()),
    }
}

/// Whether JavaScript would round the number.
pub(crate) fn is_rounded(number: &serde_json::Number) -> bool {
    let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    magnitude.is_some_and(|magnitude| magnitude > MAX_SAFE_INTEGER)
}
