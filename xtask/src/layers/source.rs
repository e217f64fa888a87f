//! The names that a file declares, and the names that it uses.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, Item, ItemMod, Meta, Token, UseTree, Visibility};

/// A path in the code, and its line.
pub type Mention = (Vec<String>, usize);

/// A name that `use` brings in.
#[derive(Debug)]
pub struct Use {
    /// Empty for a glob and for `as _`.
    pub alias: String,
    pub path: Vec<String>,
    pub is_public: bool,
    pub line: usize,
}

/// A module without its tests.
#[derive(Debug, Default)]
pub struct Source {
    /// The names of its own items.
    pub items: BTreeSet<String>,
    /// The modules below it that only tests use.
    pub test_modules: BTreeSet<String>,
    /// The modules that stand in the same file.
    pub inline_modules: BTreeMap<String, Self>,
    pub uses: Vec<Use>,
    pub globs: Vec<Use>,
    /// Every path in its code.
    pub mentions: Vec<Mention>,
}

impl Source {
    pub fn parse(text: &str) -> syn::Result<Self> {
        let mut source = Self::default();
        source.visit_file(&syn::parse_file(text)?);
        Ok(source)
    }

    /// Joins the roots of a package that is a library and a program.
    pub fn extend(&mut self, other: Self) {
        self.items.extend(other.items);
        self.test_modules.extend(other.test_modules);
        self.inline_modules.extend(other.inline_modules);
        self.uses.extend(other.uses);
        self.globs.extend(other.globs);
        self.mentions.extend(other.mentions);
    }

    fn add_use(&mut self, tree: &UseTree, path: &[String], is_public: bool) {
        let mut add = |alias: String, path: Vec<String>, line: usize| {
            self.uses.push(Use {
                alias,
                path,
                is_public,
                line,
            });
        };
        match tree {
            UseTree::Path(part) => self.add_use(&part.tree, &[path, &[part.ident.to_string()]].concat(), is_public),
            UseTree::Name(name) if name.ident == "self" => {
                add(
                    path.last().cloned().unwrap_or_default(),
                    path.to_vec(),
                    name.ident.span().start().line,
                );
            }
            UseTree::Name(name) => {
                let ident = name.ident.to_string();
                add(ident.clone(), [path, &[ident]].concat(), name.ident.span().start().line);
            }
            UseTree::Rename(rename) => {
                let own = (rename.ident != "self").then(|| rename.ident.to_string());
                let alias = rename.rename.to_string();
                let path = path.iter().cloned().chain(own).collect();
                add(
                    if alias == "_" { String::new() } else { alias },
                    path,
                    rename.ident.span().start().line,
                );
            }
            UseTree::Glob(glob) => self.globs.push(Use {
                alias: String::new(),
                path: path.to_vec(),
                is_public,
                line: glob.star_token.spans[0].start().line,
            }),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_use(tree, path, is_public)),
        }
    }

    /// The paths in the tokens of a macro, with `$crate` as `crate`.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Mention = (Vec::new(), 0);
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if !path.0.is_empty() && colons == 2 => path.0.push(ident.to_string()),
                TokenTree::Ident(ident) => {
                    self.mentions.push(std::mem::take(&mut path));
                    path = (vec![ident.to_string()], ident.span().start().line);
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => {
                    self.mentions.push(std::mem::take(&mut path));
                    self.add_tokens(group.stream());
                }
                _ => self.mentions.push(std::mem::take(&mut path)),
            }
            colons = 0;
        }
        self.mentions.push(path);
    }
}

/// Whether an item exists in tests only.
fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let is_test = path.segments.last().is_some_and(|last| last.ident == "test");
        is_test || (path.is_ident("cfg") && attribute.parse_args().is_ok_and(|condition| requires_test(&condition)))
    })
}

fn requires_test(condition: &Meta) -> bool {
    let Meta::List(list) = condition else {
        return condition.path().is_ident("test");
    };
    let parts = list
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .unwrap_or_default();
    if list.path.is_ident("all") {
        parts.iter().any(requires_test)
    } else {
        list.path.is_ident("any") && !parts.is_empty() && parts.iter().all(requires_test)
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

impl<'ast> Visit<'ast> for Source {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_of_tests(attributes(item)) {
            if let Item::Mod(module) = item {
                self.test_modules.insert(module.ident.to_string());
            }
            return;
        }
        self.items.extend(name(item));
        match item {
            Item::Use(item) => {
                let is_public = !matches!(item.vis, Visibility::Inherited);
                self.add_use(&item.tree, &[], is_public);
            }
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let name = module.ident.to_string();
        if name == "tests" {
            self.test_modules.insert(name);
        } else if module.content.is_some() {
            let inner = self.inline_modules.entry(name).or_default();
            visit::visit_item_mod(inner, module);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !is_of_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        // `::name` is another crate's.
        if path.leading_colon.is_none() {
            let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
            self.mentions.push((segments, line));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.add_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}
