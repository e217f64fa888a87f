//! Reads into the JSON text of another language, which makes its own objects of it.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;

use super::Ref;
use super::language::{Language, Style, VARIANT};
use super::typed::end;
use super::write::ref_text;
use crate::json::{Budget, ReadError, Reader, Scalar, Sink, Source, Start, Tokens, write_json};
use crate::schema::{Case, Field, Shape};

type Result<T> = std::result::Result<T, ReadError>;

/// An answer as JSON text with the names of a [`Language`]. A field that AI Rudder sent twice may stand in it twice: the last one counts.
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

    /// Reads the text that the whole of `json` is.
    pub(crate) fn read(shape: &'static Shape, json: &str, budget: Budget) -> Result<Self> {
        read_text(shape, json, Style::of::<L>(), budget).map(Self::from)
    }

    /// Copies JSON of which no shape is known.
    pub(crate) fn copy(json: &str, budget: Budget) -> Result<Self> {
        let mut text = String::with_capacity(json.len());
        let mut source = Source::json(json, budget);
        source.copy(&mut text, L::CASE == Case::Camel)?;
        end(source)?;
        Ok(text.into())
    }
}

pub(super) fn read_text(shape: &'static Shape, json: &str, style: Style, budget: Budget) -> Result<String> {
    let sink = TextSink {
        style,
        out: String::with_capacity(json.len() + json.len() / 8),
        extras: String::new(),
    };
    let (sink, source) = Reader::new(Source::json(json, budget), sink).read(shape, ())?;
    end(source)?;
    Ok(sink.out)
}

struct TextSink {
    style: Style,
    out: String,
    /// The extra fields of the open objects, the innermost object's last.
    extras: String,
}

struct TextObject {
    is_empty: bool,
    /// Where its fields begin in [`TextSink::extras`].
    extras: usize,
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
        })
    }

    #[inline]
    fn field(&mut self, object: &mut TextObject, _: usize, field: &'static Field) -> Result<()> {
        self.separate(&mut object.is_empty);
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
        [self.out.len(), self.extras.len(), 0]
    }

    fn rewind(&mut self, [out, extras, _]: [usize; 3]) {
        self.out.truncate(out);
        self.extras.truncate(extras);
    }
}
