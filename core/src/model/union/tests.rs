use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::{CallResult, Contact};

/// An object's fields as they stand there, duplicates among them.
struct Entries(Kept);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Kept::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    entries.push((name.into(), value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor)
    }
}

/// As it is read when all fields are kept until the variant is known.
fn by_the_rule<T: ReadUnion>(json: &str) -> T {
    let Entries(entries) = serde_json::from_str(json).unwrap();
    let variant = T::SHAPE.with_fields(|wanted| entries.iter().any(|(name, _)| name == wanted));
    let mut union = T::empty(variant);
    read_kept::<T, serde_json::Error>(&mut union, entries).unwrap();
    union
}

/// With its variant, and its extra fields in their order.
fn told<T: ReadUnion>(union: &T) -> String {
    let json = serde_json::to_string(&crate::model::Written::wire(union.view())).unwrap();
    let fields: Vec<_> = (0..union.as_model().shape().fields.len())
        .map(|index| match union.as_model().get(index) {
            crate::model::Ref::Absent => "absent".to_owned(),
            value => serde_json::to_string(&crate::model::Written::wire(value)).unwrap(),
        })
        .collect();
    format!("{} {fields:?} {json}", union.as_model().shape().name)
}

fn assert_same<T: ReadUnion>(objects: &[String]) {
    let list = format!("[{}]", objects.join(","));
    let Fit::Fits(read) = Vec::<T>::read(&mut serde_json::Deserializer::from_str(&list)).unwrap() else {
        panic!("a list")
    };
    assert_eq!(read.len(), objects.len());
    for (object, read) in objects.iter().zip(&read) {
        assert_eq!(told(read), told(&by_the_rule::<T>(object)), "{object} in {list}");
        for likely in 0..T::SHAPE.variants.len() {
            let visitor = UnionVisitor::new(Some(&T::empty(likely)));
            let Fit::Fits(alone) = serde_json::Deserializer::from_str(object).deserialize_any(visitor).unwrap() else {
                panic!("an object")
            };
            assert_eq!(told(&alone), told(read), "{object} taken for {likely}");
        }
    }
}

#[test]
fn the_variant_before_changes_nothing() {
    let objects = [
        r#"{"callid":"c1","talkduration":3,"debtor":"Budi","arrears":"1.50"}"#,
        r#"{"arrears":7,"callid":"c1","arrears":"x","debtor":"Budi","arrears":null,"arrears":"y","arrears":[1]}"#,
        r#"{"debtor":null,"talkduration":"soon","news":1,"arrears":[],"callid":5,"talkduration":4}"#,
        r#"{"callid":null,"label":"A","news":{"a":1,"a":null},"variables":{"a":"1","a":null},"talkduration":"12"}"#,
        r#"{"label":"A","debtor":"Budi","checkresult":"x","status":{"a":1}}"#,
        r#"{"checkresult":"x","answers":{"q":1,"q":[2]},"arrears":5,"label":2}"#,
        r#"{"arrears":5,"duedate":"2026-11-23","callid":true}"#,
        "{}",
    ];
    for turn in 0..objects.len() {
        let mut turned = objects.map(str::to_owned);
        turned.rotate_left(turn);
        assert_same::<CallResult>(&turned);
        turned.reverse();
        assert_same::<CallResult>(&turned);
    }
    let contacts = [
        r#"{"Mobile":5,"Debtor":"Budi","RobotID":7}"#,
        r#"{"RobotID":7,"Mobile":null,"IDNumber":"1","Debtor":null}"#,
        r#"{"Platform":1,"RobotID":[],"Mobile":"+62"}"#,
    ];
    assert_same::<Contact>(&contacts.map(str::to_owned));
}

/// JSON with what a [`Value`] cannot hold: the same name twice.
fn any_json(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|truth| truth.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,4})?([eE][+-]?[0-9])?",
        "-?[0-9]{1,3}".prop_map(|digits| format!("{digits:?}")),
        "\\PC{0,5}".prop_map(|text| Value::from(text).to_string()),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(","))),
            object(proptest::sample::select(&["a", "b"][..]), inner.clone(), 0..4),
            object(proptest::sample::select(names), inner, 0..4),
        ]
    })
}

fn object(
    name: impl Strategy<Value = &'static str>,
    value: impl Strategy<Value = String>,
    count: std::ops::Range<usize>,
) -> impl Strategy<Value = String> {
    let field = (name, value).prop_map(|(name, value)| format!("\"{name}\":{value}"));
    proptest::collection::vec(field, count).prop_map(|fields| format!("{{{}}}", fields.join(",")))
}

const CALL: &[&str] = &[
    "callid",
    "taskname",
    "calltime",
    "ringduration",
    "talkduration",
    "variables",
    "debtor",
    "arrears",
    "promisedate",
    "checkresult",
    "answers",
    "label",
    "name",
    "news",
    "more",
];
const CONTACT: &[&str] = &[
    "Mobile", "Debtor", "Platform", "RobotID", "Name", "CaseID", "IDNumber", "Company", "OrderID", "news", "more",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn calls_are_read_as_the_rule_says(
        objects in proptest::collection::vec(object(proptest::sample::select(CALL), any_json(CALL), 0..9), 1..5),
    ) {
        assert_same::<CallResult>(&objects);
    }

    #[test]
    fn contacts_are_read_as_the_rule_says(
        objects in proptest::collection::vec(object(proptest::sample::select(CONTACT), any_json(CONTACT), 0..9), 1..5),
    ) {
        assert_same::<Contact>(&objects);
    }
}
