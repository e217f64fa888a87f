//! What a file declares and what it names.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

/// A name of another module, and the line where it stands.
pub type Mention = (Vec<String>, usize);

/// What a `use` brings in.
#[derive(Debug)]
pub struct Use {
    pub path: Vec<String>,
    pub is_public: bool,
    pub line: usize,
}

/// A file, without its tests.
#[derive(Debug, Default)]
pub struct Source {
    /// The names of its own items.
    pub items: BTreeSet<String>,
    /// The files below it that only tests use.
    pub test_modules: BTreeSet<String>,
    /// What it imports, by the name that it has here.
    pub uses: BTreeMap<String, Use>,
    pub globs: Vec<Use>,
    /// Every path in its code.
    pub mentions: Vec<Mention>,
    /// How many modules inside the file are open.
    depth: usize,
}

impl Source {
    pub fn parse(text: &str) -> syn::Result<Self> {
        let mut source = Self::default();
        source.visit_file(&syn::parse_file(text)?);
        Ok(source)
    }

    /// A path as the file would write it outside of its inner modules.
    fn outside(&self, path: Vec<String>) -> Vec<String> {
        let supers = path.iter().take_while(|part| *part == "super").count().min(self.depth);
        if supers == 0 {
            return path;
        }
        let rest = path.into_iter().skip(supers);
        std::iter::once("self".to_owned()).chain(rest).collect()
    }

    fn add_use(&mut self, tree: &UseTree, path: &[String], is_public: bool) {
        match tree {
            UseTree::Path(part) => self.add_use(&part.tree, &[path, &[part.ident.to_string()]].concat(), is_public),
            UseTree::Name(name) => self.add_name(path, &name.ident, &name.ident.to_string(), is_public),
            UseTree::Rename(rename) => self.add_name(path, &rename.ident, &rename.rename.to_string(), is_public),
            UseTree::Glob(glob) => self.globs.push(Use {
                path: self.outside(path.to_vec()),
                is_public,
                line: glob.star_token.spans[0].start().line,
            }),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_use(tree, path, is_public)),
        }
    }

    fn add_name(&mut self, path: &[String], ident: &proc_macro2::Ident, alias: &str, is_public: bool) {
        let mut path = path.to_vec();
        let mut alias = alias.to_owned();
        if ident == "self" {
            alias = path.last().cloned().unwrap_or_default();
        } else {
            path.push(ident.to_string());
        }
        if alias == "_" {
            alias = format!("_{}", path.join("::"));
        }
        let line = ident.span().start().line;
        let path = self.outside(path);
        self.uses.insert(alias, Use { path, is_public, line });
    }

    /// The paths in the tokens of a macro: `crate::a::b`, also behind a `$`.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut path: Mention = (Vec::new(), 0);
        let mut colons = 0;
        for token in &tokens {
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
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                _ => self.mentions.push(std::mem::take(&mut path)),
            }
            colons = 0;
        }
        self.mentions.push(path);
    }
}

fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        is_cfg
            && attribute.meta.require_list().is_ok_and(|list| {
                list.tokens
                    .to_string()
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == "test")
            })
    })
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
            Item::Mod(module) if module.content.is_some() => {
                self.depth += 1;
                visit::visit_item(self, item);
                self.depth -= 1;
            }
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        let segments = self.outside(segments);
        self.mentions.push((segments, line));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.add_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}
