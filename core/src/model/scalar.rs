//! Reading a text, a number, or a truth value from whatever JSON comes.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize as _;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{Fit, Ref, Slot};

/// A value that has no other values in it.
trait Scalar: Sized {
    /// Makes of any JSON but null what it can.
    fn fit(value: Value) -> Fit<Self>;
}

impl Scalar for String {
    #[inline]
    fn fit(value: Value) -> Fit<Self> {
        match value {
            Value::String(text) => Fit::Fits(text),
            Value::Number(number) => Fit::Fits(number.to_string()),
            other => Fit::Misfit(other),
        }
    }
}

impl Scalar for i64 {
    #[inline]
    fn fit(value: Value) -> Fit<Self> {
        let fitting = match &value {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        };
        fitting.map_or(Fit::Misfit(value), Fit::Fits)
    }
}

impl Scalar for f64 {
    #[inline]
    fn fit(value: Value) -> Fit<Self> {
        let fitting = match &value {
            Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
            other => other.as_f64(),
        };
        fitting.map_or(Fit::Misfit(value), Fit::Fits)
    }
}

impl Scalar for bool {
    #[inline]
    fn fit(value: Value) -> Fit<Self> {
        match value {
            Value::Bool(truth) => Fit::Fits(truth),
            other => Fit::Misfit(other),
        }
    }
}

/// Gives each kind of JSON to [`Scalar::fit`] by itself. What kind it is stands fixed at each call, and so the compiler leaves the [`Value`] out:
/// reading one first and looking at it afterwards takes a fifth longer.
struct ScalarVisitor<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = Fit<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Fit<T>, E> {
        Ok(Fit::Null)
    }

    fn visit_none<E>(self) -> Result<Fit<T>, E> {
        Ok(Fit::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fit<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Fit<T>, E> {
        Ok(T::fit(Value::Bool(truth)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Fit<T>, E> {
        Ok(T::fit(Value::Number(number.into())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Fit<T>, E> {
        Ok(T::fit(Value::Number(number.into())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Fit<T>, E> {
        Ok(fit_or_null(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Fit<T>, E> {
        Ok(T::fit(Value::String(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Fit<T>, E> {
        Ok(T::fit(Value::String(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Fit<T>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(fit_or_null)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Fit<T>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(fit_or_null)
    }
}

fn fit_or_null<T: Scalar>(value: Value) -> Fit<T> {
    if value.is_null() { Fit::Null } else { T::fit(value) }
}

macro_rules! read_scalar {
    () => {
        fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error> {
            deserializer.deserialize_any(ScalarVisitor(PhantomData))
        }
    };
}

impl Slot for String {
    fn view(&self) -> Ref<'_> {
        Ref::Text(self)
    }

    read_scalar!();

    fn salvage(value: Value) -> Option<Self> {
        Some(value.to_string())
    }
}

impl Slot for i64 {
    fn view(&self) -> Ref<'_> {
        Ref::Integer(*self)
    }

    read_scalar!();
}

impl Slot for f64 {
    fn view(&self) -> Ref<'_> {
        Ref::Number(*self)
    }

    read_scalar!();
}

impl Slot for bool {
    fn view(&self) -> Ref<'_> {
        Ref::Boolean(*self)
    }

    read_scalar!();
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;

    use super::*;

    /// As it is read when a [`Value`] is made of it first.
    fn by_value<T: Scalar>(json: &str) -> Fit<T> {
        fit_or_null(serde_json::from_str(json).unwrap())
    }

    fn straight<T: Slot>(json: &str) -> Fit<T> {
        T::read(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    fn told<T: Debug>(fit: Fit<T>) -> String {
        match fit {
            Fit::Fits(value) => format!("fits {value:?}"),
            Fit::Null => "null".to_owned(),
            Fit::Misfit(value) => format!("misfit {value:?}"),
        }
    }

    fn assert_same(json: &str) {
        assert_eq!(told(straight::<String>(json)), told(by_value::<String>(json)), "{json}");
        assert_eq!(told(straight::<i64>(json)), told(by_value::<i64>(json)), "{json}");
        assert_eq!(told(straight::<f64>(json)), told(by_value::<f64>(json)), "{json}");
        assert_eq!(told(straight::<bool>(json)), told(by_value::<bool>(json)), "{json}");
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(told(String::read(value.clone()).unwrap()), told(by_value::<String>(json)), "{json}");
        assert_eq!(told(f64::read(value).unwrap()), told(by_value::<f64>(json)), "{json}");
    }

    #[test]
    fn a_value_in_between_would_change_nothing() {
        assert_eq!(told(straight::<String>("-0.10")), r#"fits "-0.1""#);
        assert_eq!(told(straight::<i64>(r#""12""#)), "fits 12");
        assert_eq!(told(straight::<i64>("9223372036854775808")), "misfit Number(9223372036854775808)");
        assert_eq!(told(straight::<f64>(r#""inf""#)), r#"misfit String("inf")"#);
        for json in [
            "null",
            "true",
            "0",
            "-0",
            "1.0",
            "-0.0",
            "1e3",
            "1E-400",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            r#""""#,
            r#""12""#,
            r#"" 12""#,
            r#""+5""#,
            r#""1e5""#,
            r#""NaN""#,
            r#""-inf""#,
            r#""true""#,
            r#""\u00e9\n\"""#,
            "[]",
            "[null, 1]",
            "{}",
            r#"{"a": 1, "a": null}"#,
            r#"{"$serde_json::private::RawValue": "\"x\""}"#,
            r#"{"$serde_json::private::RawValue": "null"}"#,
        ] {
            assert_same(json);
        }
    }

    proptest! {
        #[test]
        fn numbers_and_texts_are_read_as_ever(text in "\\PC{0,12}", digits in "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?") {
            assert_same(&digits);
            assert_same(&serde_json::to_string(&digits).unwrap());
            assert_same(&serde_json::to_string(&text).unwrap());
        }
    }
}
