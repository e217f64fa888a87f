//! What differs between an operation of ours and the pages of an export that describe it.

use std::collections::{BTreeMap, BTreeSet};

use super::library::Site;
use super::read::{Ours, Route, Theirs};
use super::shape::{Field, Part, Place, Shape};

/// An operation of ours beside the export's pages.
pub struct Comparison {
    pub route: Agreement,
    /// What differs, a line each.
    pub differences: Vec<Difference>,
    /// Where fields are described that the export has in the same way.
    pub confirmed: BTreeSet<Site>,
    /// The other ones.
    pub unconfirmed: BTreeSet<Site>,
}

/// What an export says about a route.
#[derive(PartialEq, Eq)]
pub enum Agreement {
    /// The same as ours. Of an event, which has none: that it has fields.
    Same,
    Other(Route),
    /// Its pages contradict each other.
    Divided(Vec<Route>),
    /// Nothing.
    None,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Deprecated,
    Route,
    Missing,
    Differs,
    Surplus,
}

pub struct Difference {
    pub sign: Sign,
    pub text: String,
}

/// Compares an operation with all pages of an export that describe it: one for each line of business and language.
pub fn compare(ours: &Ours, pages: &[&Theirs]) -> Comparison {
    let mut comparison = Comparison {
        route: agreement(ours, pages),
        differences: Vec::new(),
        confirmed: BTreeSet::new(),
        unconfirmed: BTreeSet::new(),
    };
    let deprecated = pages.iter().filter(|page| page.deprecated).count();
    if deprecated > 0 {
        comparison.note(Sign::Deprecated, format!("deprecated{}", share(deprecated, pages.len())));
    }
    match &comparison.route {
        Agreement::Other(route) => {
            let text = format!("{route}, in the contract {}", described(ours));
            comparison.note(Sign::Route, text);
        }
        Agreement::Divided(routes) => {
            let routes: Vec<_> = routes.iter().map(ToString::to_string).collect();
            let text = format!("its pages differ: {}; in the contract {}", routes.join(", "), described(ours));
            comparison.note(Sign::Route, text);
        }
        Agreement::Same | Agreement::None => {}
    }
    media(ours, pages, &mut comparison);
    let theirs = merged(pages);
    for (place, field) in &theirs {
        comparison.of_theirs(&ours.shape, place, field);
    }
    for (place, field) in &ours.shape.fields {
        comparison.of_ours(ours, &theirs, place, field, pages);
    }
    comparison
}

/// Lists every field as unconfirmed: those of an operation that the export does not have.
pub fn sites(shape: &Shape) -> impl Iterator<Item = &Site> {
    shape.fields.values().flat_map(|field| &field.sites)
}

/// A field as all pages together describe it.
struct Merged {
    types: BTreeSet<String>,
    required: bool,
    /// How many pages have it, of how many that describe its part at all.
    pages: usize,
    of: usize,
}

fn merged(pages: &[&Theirs]) -> BTreeMap<Place, Merged> {
    let mut all = BTreeMap::<Place, Merged>::new();
    for page in pages {
        for (place, field) in &page.shape.fields {
            let of = pages.iter().filter(|page| page.shape.describes(place.part)).count();
            let merged = all.entry(place.clone()).or_insert_with(|| Merged {
                types: BTreeSet::new(),
                required: true,
                pages: 0,
                of,
            });
            merged.types.extend(field.types.iter().cloned());
            merged.required &= field.required;
            merged.pages += 1;
        }
    }
    for merged in all.values_mut() {
        merged.required &= merged.pages >= merged.of;
    }
    all
}

impl Comparison {
    fn note(&mut self, sign: Sign, text: String) {
        self.differences.push(Difference { sign, text });
    }

    /// Looks for one of their fields in ours.
    fn of_theirs(&mut self, ours: &Shape, place: &Place, theirs: &Merged) {
        let Some(field) = ours.fields.get(place) else {
            if !place.steps.is_empty() && !is_in_a_map(ours, place) && place.steps.last().is_none_or(|step| step != "[]" && step != "*") {
                let required = if theirs.required { ", required" } else { "" };
                let share = share(theirs.pages, theirs.of);
                self.note(Sign::Missing, format!("{place}: {}{required}{share}", listed(&theirs.types)));
            }
            return;
        };
        let other_type = !theirs.types.is_empty() && !field.types.is_empty() && !includes(&field.types, &theirs.types);
        if other_type {
            let (there, here) = (listed(&theirs.types), listed(&field.types));
            self.note(Sign::Differs, format!("{place} is {there}, in the contract {here}"));
        }
        // An answer may always have more than we insist on.
        let matters = place.part != Part::Answer || field.required;
        let other_need = matters && field.required != theirs.required && !field.sites.is_empty();
        if other_need {
            let word = |required| if required { "required" } else { "optional" };
            let (there, here) = (word(theirs.required), word(field.required));
            self.note(Sign::Differs, format!("{place} is {there}, in the contract {here}"));
        }
        let sites = if other_type || other_need {
            &mut self.unconfirmed
        } else {
            &mut self.confirmed
        };
        sites.extend(field.sites.iter().cloned());
    }

    /// Looks for one of our fields in theirs.
    fn of_ours(&mut self, ours: &Ours, theirs: &BTreeMap<Place, Merged>, place: &Place, field: &Field, pages: &[&Theirs]) {
        if theirs.contains_key(place) {
            return;
        }
        self.unconfirmed.extend(field.sites.iter().cloned());
        let described = place.part == Part::Query || pages.iter().any(|page| page.shape.describes(place.part));
        let is_of_envelope = place.part == Part::Answer && place.steps.len() == 1 && place.steps[0] != "data";
        let is_of_file = place.part == Part::Answer && ours.downloads;
        // What is inside a field that the export lacks, or leaves open, need not be said as well.
        let is_inside_known = place.parent().is_some_and(|parent| {
            let opened = pages.iter().any(|page| page.shape.has_children(&parent));
            parent.steps.is_empty() || (theirs.contains_key(&parent) && opened)
        });
        if described && !is_of_envelope && !is_of_file && is_inside_known && !field.sites.is_empty() {
            self.note(Sign::Surplus, format!("{place}"));
        }
    }
}

fn agreement(ours: &Ours, pages: &[&Theirs]) -> Agreement {
    let Some(route) = &ours.route else {
        let is_described = pages.iter().any(|page| page.shape.describes(Part::Body));
        return if is_described { Agreement::Same } else { Agreement::None };
    };
    let routes: BTreeSet<&Route> = pages.iter().filter_map(|page| page.route.as_ref()).collect();
    match routes.into_iter().collect::<Vec<_>>().as_slice() {
        [] => Agreement::None,
        [one] if *one == route => Agreement::Same,
        [one] => Agreement::Other((*one).clone()),
        several => Agreement::Divided(several.iter().map(|route| (*route).clone()).collect()),
    }
}

fn media(ours: &Ours, pages: &[&Theirs], comparison: &mut Comparison) {
    let theirs: BTreeSet<&str> = pages.iter().filter_map(|page| page.shape.media.as_deref()).collect();
    if let Some(media) = ours.shape.media.as_deref()
        && !theirs.is_empty()
        && !theirs.contains(media)
    {
        let theirs: Vec<_> = theirs.into_iter().collect();
        comparison.note(Sign::Differs, format!("body is {}, in the contract {media}", theirs.join(" or ")));
    }
}

fn described(ours: &Ours) -> String {
    let route = ours.route.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{route} ({})", ours.source)
}

fn is_in_a_map(shape: &Shape, place: &Place) -> bool {
    place
        .parent()
        .is_some_and(|parent| shape.fields.contains_key(&parent.inner("*")) || is_in_a_map(shape, &parent))
}

/// Whether all of their types are among ours.
fn includes(ours: &BTreeSet<String>, theirs: &BTreeSet<String>) -> bool {
    theirs
        .iter()
        .all(|name| ours.contains(name) || (name == "integer" && ours.contains("number")))
}

fn listed(types: &BTreeSet<String>) -> String {
    if types.is_empty() {
        return "of any type".to_owned();
    }
    types.iter().map(String::as_str).collect::<Vec<_>>().join(" or ")
}

fn share(pages: usize, of: usize) -> String {
    if pages < of {
        format!(" (on {pages} of {of} pages)")
    } else {
        String::new()
    }
}
