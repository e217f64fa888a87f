//! Reads into the JSON text of another language, which makes its own objects of it.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::marker::PhantomData;

use super::Ref;
use super::language::{Language, Style, VARIANT};
use super::write::ref_text;
use crate::json::{Budget, JsonTokens, ReadError, Reader, Scalar, Sink, Source, Start, Tokens, write_json};
use crate::schema::{Case, Field, Shape};

type Result<T> = std::result::Result<T, ReadError>;

/// An answer as JSON text with the names of a [`Language`]. An object's fields are in the order of its shape, each once, and `extra` is the last.
pub struct JsonText<L> {
    /// The text.
    pub json: String,
    /// Whether it is ASCII.
    pub is_ascii: bool,
    language: PhantomData<fn() -> L>,
}

impl<L> From<String> for JsonText<L> {
    fn from(json: String) -> Self {
        Self {
            is_ascii: json.is_ascii(),
            json,
            language: PhantomData,
        }
    }
}

impl<L> fmt::Debug for JsonText<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonText([{} bytes])", self.json.len())
    }
}

impl<L: Language> JsonText<L> {
    pub(crate) fn of_ref(value: Ref<'_>) -> Self {
        ref_text(value, Style::of::<L>()).into()
    }

    /// Copies JSON of which no shape is known.
    pub(crate) fn copy(json: &str, budget: Budget) -> Result<Self> {
        let mut text = String::with_capacity(json.len());
        Source::whole(json, budget, |mut source| {
            source.copy(&mut text, L::CASE == Case::Camel)?;
            Ok(((), source.tokens))
        })?;
        Ok(text.into())
    }
}

/// Reads the next value.
pub(super) fn next_text<'a>(shape: &'static Shape, source: Source<JsonTokens<'a>>, style: Style) -> Result<(String, JsonTokens<'a>)> {
    let bytes = source.tokens.rest_len();
    let sink = TextSink {
        style,
        out: String::with_capacity(bytes + bytes / 8),
        extras: String::new(),
        places: Vec::new(),
    };
    let (sink, source) = Reader::new(source, sink).read(shape, ())?;
    Ok((sink.out, source.tokens))
}

struct TextSink {
    style: Style,
    out: String,
    /// The extra fields of the open objects, the innermost object's last.
    extras: String,
    /// The index of each field of the open objects, and where it begins in `out`.
    places: Vec<(usize, usize)>,
}

struct TextObject {
    is_empty: bool,
    /// Where its fields begin in [`TextSink::extras`] and [`TextSink::places`].
    extras: usize,
    places: usize,
}

struct TextMany {
    is_empty: bool,
    end: char,
}

impl TextSink {
    /// Separates a value from the one before it.
    #[inline]
    fn separate(&mut self, is_empty: &mut bool) {
        if !std::mem::take(is_empty) {
            self.out.push(',');
        }
    }

    /// Puts the last object's fields into the order of its shape. Of a field that came twice, the last one stays.
    fn sort_fields(&mut self, places: usize) {
        let places = self.places.drain(places..);
        let fields = places.as_slice();
        if fields.is_sorted_by(|(index, _), (next, _)| index < next) {
            return;
        }
        let first = fields.first().map_or(0, |(_, start)| *start);
        let ends = fields.iter().skip(1).map(|(_, next)| next - 1).chain([self.out.len()]);
        let fields: BTreeMap<_, _> = fields.iter().zip(ends).map(|((index, start), end)| (*index, *start..end)).collect();
        let sorted: Vec<_> = fields.into_values().filter_map(|field| self.out.get(field)).collect();
        let sorted = sorted.join(",");
        self.out.truncate(first);
        self.out.push_str(&sorted);
    }

    /// Writes a text of the contract: none of them has anything to escape.
    #[inline]
    fn quote(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }
}

impl Sink for TextSink {
    type Slot<'s> = ();
    type Object<'o> = TextObject;
    type Many<'m> = TextMany;

    fn reborrow((): &mut ()) {}

    #[inline]
    fn scalar(&mut self, (): (), scalar: Scalar<'_>) -> Result<()> {
        match scalar {
            Scalar::Text(text) => text.write(&mut self.out),
            Scalar::Digits(digits) => self.out.push_str(digits),
            Scalar::Boolean(truth) => self.out.push_str(if truth { "true" } else { "false" }),
            Scalar::Constant(constant) => self.quote(constant),
            // Writing to a string does not fail.
            Scalar::Integer(number) => drop(write!(self.out, "{number}")),
            Scalar::Number(number) => self.out.push_str(&serde_json::to_string(&number).unwrap_or_default()),
        }
        Ok(())
    }

    fn json<T: Tokens>(&mut self, (): (), source: &mut Source<T>) -> Result<()> {
        source.copy(&mut self.out, self.style.case == Case::Camel)
    }

    fn open_object<'o>(&mut self, (): (), shape: &'static Shape, variant: Option<usize>) -> Result<TextObject>
    where
        Self: 'o,
    {
        self.out.push('{');
        let names_variant = variant.is_some() && self.style.names_variants;
        if names_variant {
            self.quote(VARIANT);
            self.out.push(':');
            self.quote(shape.name);
        }
        Ok(TextObject {
            is_empty: !names_variant,
            extras: self.extras.len(),
            places: self.places.len(),
        })
    }

    #[inline]
    fn field(&mut self, object: &mut TextObject, index: usize, field: &'static Field) -> Result<()> {
        self.separate(&mut object.is_empty);
        self.places.push((index, self.out.len()));
        self.quote(self.style.case.name_of(field));
        self.out.push(':');
        Ok(())
    }

    fn extra<T: Tokens>(&mut self, object: &mut TextObject, name: &str, source: &mut Source<T>) -> Result<()> {
        if self.extras.len() > object.extras {
            self.extras.push(',');
        }
        write_json(name, &mut self.extras);
        self.extras.push(':');
        source.copy(&mut self.extras, self.style.case == Case::Camel)
    }

    fn close_object(&mut self, object: TextObject) -> Result<()> {
        let mut object = object;
        self.sort_fields(object.places);
        if self.extras.len() > object.extras {
            self.separate(&mut object.is_empty);
            self.out.push_str("\"extra\":{");
            self.out.push_str(self.extras.get(object.extras..).unwrap_or_default());
            self.out.push('}');
            self.extras.truncate(object.extras);
        }
        self.out.push('}');
        Ok(())
    }

    fn open_many<'m>(&mut self, (): (), container: Start) -> Result<TextMany>
    where
        Self: 'm,
    {
        let (start, end) = if container == Start::List { ('[', ']') } else { ('{', '}') };
        self.out.push(start);
        Ok(TextMany { is_empty: true, end })
    }

    fn next(&mut self, many: &mut TextMany, name: Option<String>) -> Result<()> {
        self.separate(&mut many.is_empty);
        if let Some(name) = name {
            write_json(&name, &mut self.out);
            self.out.push(':');
        }
        Ok(())
    }

    fn close_many(&mut self, many: TextMany) -> Result<()> {
        self.out.push(many.end);
        Ok(())
    }

    fn mark(&self) -> [usize; 3] {
        [self.out.len(), self.extras.len(), self.places.len()]
    }

    fn rewind(&mut self, [out, extras, places]: [usize; 3]) {
        self.out.truncate(out);
        self.extras.truncate(extras);
        self.places.truncate(places);
    }
}
