//! The third parties that reports name, by any of their names.

use super::provider_names::{self, Entry, File};
use crate::domain::Span;
use crate::text::{Apart, Finder, Told, listed_list, shipped};
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What a provider sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderKind {
    Cloud,
    Hosting,
    Network,
    Dns,
    Cdn,
    Ca,
    Saas,
    Security,
    Payment,
    Chain,
    Power,
    /// Watches the system; it matters only when it fails itself.
    Monitoring,
    /// Carries the talk about an incident; it matters only when it fails itself.
    Office,
    /// Software one runs oneself: a provider only when it is at fault.
    Software,
}

impl ProviderKind {
    /// Something a system runs on: what "our infrastructure provider" can mean.
    pub fn is_infrastructure(self) -> bool {
        matches!(self, Self::Cloud | Self::Hosting | Self::Network | Self::Dns | Self::Cdn)
    }
}

/// A third party.
#[derive(Debug, Clone)]
pub struct Provider {
    pub name: Cow<'static, str>,
    pub kind: ProviderKind,
}

/// A place where a provider is named.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Index into the vocabulary's providers.
    pub provider: usize,
    pub range: Span,
    /// The name is also an ordinary word or a wider brand: to be believed only beside words that speak of a provider.
    pub ambiguous: bool,
    /// A product's or a region's name, not the provider's own.
    pub product: bool,
}

/// All providers and a finder for their names.
pub struct ProviderVocabulary {
    pub providers: Cow<'static, [Provider]>,
    names: Cow<'static, [Name]>,
    finder: Finder,
}

#[derive(Clone)]
struct Name {
    text: Cow<'static, str>,
    provider: usize,
    ambiguous: bool,
    product: bool,
    exact_case: bool,
}

/// A provider that the configuration adds, or more names of a known one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraProvider {
    pub name: String,
    /// Without one, a known provider keeps its own and a new one is software as a service.
    #[serde(default)]
    pub kind: Option<ProviderKind>,
    /// Other spellings of the name.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Names of its products and regions, each of which stands for the provider.
    #[serde(default)]
    pub products: Vec<String>,
}

/// For who adds to them.
static FILE: LazyLock<File<ProviderKind>> =
    LazyLock::new(|| shipped!("extract/vocabulary/providers.toml").expect("the shipped vocabulary is valid"));

static PROVIDERS: ProviderVocabulary = ProviderVocabulary {
    providers: Cow::Borrowed(SHIPPED),
    names: Cow::Borrowed(SHIPPED_NAMES),
    finder: Finder::listed(&listed_list!(providers::names).table),
};

// The shipped ones, as the build has filed them: their names are many, and every report asks about them.
include!(concat!(env!("OUT_DIR"), "/providers.rs"));

/// The shipped vocabulary.
pub fn providers() -> &'static ProviderVocabulary {
    &PROVIDERS
}

impl ProviderVocabulary {
    /// The shipped vocabulary with more. A name that is given here stands for its new owner alone.
    pub fn extended(extra: &[ExtraProvider]) -> Self {
        let mut file = FILE.clone();
        for added in extra {
            let given: Vec<String> = [&added.name]
                .into_iter()
                .chain(&added.aliases)
                .chain(&added.products)
                .map(|n| n.to_lowercase())
                .collect();
            for entry in file.provider.values_mut() {
                for names in [&mut entry.aliases, &mut entry.products, &mut entry.ambiguous] {
                    names.retain(|n| !given.contains(&n.to_lowercase()));
                }
            }
            let known = file.provider.keys().find(|k| k.eq_ignore_ascii_case(&added.name)).cloned();
            let entry = file.provider.entry(known.unwrap_or_else(|| added.name.clone())).or_insert_with(|| Entry {
                kind: ProviderKind::Saas,
                aliases: Vec::new(),
                products: Vec::new(),
                ambiguous: Vec::new(),
            });
            entry.kind = added.kind.unwrap_or(entry.kind);
            entry.aliases.extend(added.aliases.iter().cloned());
            entry.products.extend(added.products.iter().cloned());
        }
        ProviderVocabulary::new(&file)
    }

    fn new(file: &File<ProviderKind>) -> Self {
        let names = provider_names::names(file);
        let apart: Vec<_> = names.iter().map(|name| Apart::of(name.text).text).collect();
        let finder = Finder::new(apart.iter().map(|text| (&**text, true)));
        let name =
            |provider_names::Name { text, provider, ambiguous, product, exact_case }: &provider_names::Name<'_>| {
                let text = Cow::Owned((*text).to_owned());
                Name { text, provider: *provider, ambiguous: *ambiguous, product: *product, exact_case: *exact_case }
            };
        let provider =
            |(name, entry): (&String, &Entry<_>)| Provider { name: Cow::Owned(name.clone()), kind: entry.kind };
        ProviderVocabulary {
            providers: file.provider.iter().map(provider).collect(),
            names: names.iter().map(name).collect(),
            finder,
        }
    }

    /// The provider with this index.
    pub fn get(&self, provider: usize) -> Option<&Provider> {
        self.providers.get(provider)
    }

    /// May one be named in a text of which this is told?
    pub fn may_stand(&self, told: Told) -> bool {
        self.finder.may_stand(told)
    }

    /// Every place in `text` where a provider is named, in order; a name inside a longer one is left out.
    pub fn mentions(&self, text: &str) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        // Scripts that put no spaces between words join none to a name.
        self.finder.each_apart(text, |apart, nth, range| {
            if let Some(name) = self.names.get(nth).filter(|n| n.stands_at(&apart.text, &range)) {
                let Name { provider, ambiguous, product, .. } = *name;
                found.push(Mention { provider, range: apart.original(&range), ambiguous, product });
            }
            true
        });
        found.sort_by_key(|m| (m.range.start, std::cmp::Reverse(m.range.end)));
        let mut reach = 0;
        found.retain(|m| {
            let inside = m.range.end <= reach;
            reach = reach.max(m.range.end);
            !inside
        });
        found
    }
}

impl Name {
    fn stands_at(&self, text: &str, range: &Span) -> bool {
        let Some(written) = text.get(range.clone()) else { return false };
        let before = text.get(..range.start).and_then(|t| t.chars().next_back());
        let mut after = text.get(range.end..).unwrap_or("").chars();
        let next = after.next();
        let joined = |c: char| c.is_alphanumeric() || c == '_' || c == '-' && self.product;
        // "eu-west-2a" is a zone of eu-west-2.
        let zone = written.ends_with(|c: char| c.is_ascii_digit())
            && written.contains('-')
            && next.is_some_and(|c| c.is_ascii_lowercase())
            && !after.next().is_some_and(char::is_alphanumeric);
        if before.is_some_and(joined) || next.is_some_and(joined) && !zone {
            return false;
        }
        // An address such as `user@aws` or `x.aws` is something else's name.
        let address = matches!(before, Some('@' | '/' | '.' | '#'));
        !address && (!self.exact_case || written == self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn names_are_unique_and_match_themselves() {
        let vocabulary = providers();
        let mut seen = BTreeMap::new();
        for name in vocabulary.names.iter() {
            let of = &vocabulary.providers[name.provider].name;
            if let Some(other) = seen.insert(name.text.to_lowercase(), of) {
                panic!("{:?} stands for {other} and for {of}", name.text);
            }
            let sentence = format!("It was {} again.", name.text);
            let found = vocabulary.mentions(&sentence);
            assert!(
                found.iter().any(|m| m.provider == name.provider && sentence[m.range.clone()] == name.text),
                "{:?} does not match itself: {found:?}",
                name.text
            );
        }
        let services = vocabulary.providers.iter().filter(|p| p.kind != ProviderKind::Software).count();
        assert!(services >= 250, "only {services} providers");
    }

    #[test]
    fn the_configuration_adds_names_and_takes_them_over() {
        let extra = |name: &str, aliases: &[&str]| ExtraProvider {
            name: name.to_owned(),
            kind: None,
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            products: Vec::new(),
        };
        let vocabulary =
            ProviderVocabulary::extended(&[extra("Brambleworks", &["BWX", "Droplet"]), extra("hetzner", &["HZ9"])]);
        let named = |text: &str| -> Vec<String> {
            vocabulary
                .mentions(text)
                .iter()
                .filter_map(|m| Some(vocabulary.get(m.provider)?.name.to_string()))
                .collect()
        };
        assert_eq!(named("BWX lost a Droplet at Brambleworks"), ["Brambleworks"; 3]);
        assert_eq!(named("HZ9 and Hetzner"), ["Hetzner"; 2]);
        let kind = |name: &str| vocabulary.providers.iter().find(|p| p.name == name).map(|p| p.kind);
        assert_eq!(kind("Hetzner"), Some(ProviderKind::Cloud));
        assert_eq!(kind("Brambleworks"), Some(ProviderKind::Saas));
    }

    #[test]
    fn names_inside_other_words_are_none() {
        for text in ["laws", "user@aws", "sub.github", "fastlyx", "flyover", "eu-west-2bis"] {
            assert_eq!(providers().mentions(text), [], "{text}");
        }
        assert_eq!(providers().mentions("a zone of eu-west-1a broke").len(), 1);
        assert_eq!(providers().mentions("昨日AWSの東京リージョンで").len(), 1);
    }
}
