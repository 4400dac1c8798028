//! What a configuration adds to the shipped vocabularies: providers and their names, and the levels of its grades.

use super::vocabulary::{ProviderVocabulary, providers};
use std::collections::BTreeMap;
use std::fmt;

pub use super::vocabulary::{ExtraProvider, ProviderKind};

/// Additions to the vocabularies, checked and ready for use. Empty by default.
#[derive(Default)]
pub struct Taxonomy {
    extra: Vec<ExtraProvider>,
    /// Levels by folded grade.
    severities: BTreeMap<String, u8>,
    /// `None` for the shipped one.
    vocabulary: Option<ProviderVocabulary>,
}

/// What cannot be an addition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxonomyError {
    #[error("a provider has an empty name")]
    EmptyName,
    #[error(
        "provider {provider:?}: the name {name:?} is shorter than {NAME_BYTES_MIN} letters and would be found everywhere"
    )]
    ShortName { provider: String, name: String },
    #[error("the name {name:?} stands for two providers, {first:?} and {second:?}")]
    TwoOwners { name: String, first: String, second: String },
    #[error("a severity has an empty name")]
    EmptyGrade,
    #[error("severity {grade:?} = {level}: levels go from 1, the worst, to 5")]
    Level { grade: String, level: u8 },
}

/// Shorter names stand in too many other words.
const NAME_BYTES_MIN: usize = 2;

impl Taxonomy {
    /// Checks the additions. Levels go from 1, the worst, to 5, by the grade as a team writes it.
    pub fn new(extra: Vec<ExtraProvider>, severities: &BTreeMap<String, u8>) -> Result<Self, TaxonomyError> {
        check(&extra)?;
        let mut levels = BTreeMap::new();
        for (grade, level) in severities {
            if !(1..=5).contains(level) {
                return Err(TaxonomyError::Level { grade: grade.clone(), level: *level });
            }
            let folded = folded(grade);
            if folded.is_empty() {
                return Err(TaxonomyError::EmptyGrade);
            }
            levels.insert(folded, *level);
        }
        let vocabulary = (!extra.is_empty()).then(|| ProviderVocabulary::extended(&extra));
        Ok(Taxonomy { extra, severities: levels, vocabulary })
    }

    /// The shipped providers and the added ones.
    pub fn providers(&self) -> &ProviderVocabulary {
        self.vocabulary.as_ref().unwrap_or_else(|| providers())
    }

    /// The level that the configuration gives a grade.
    pub fn level(&self, grade: &str) -> Option<u8> {
        self.severities.get(&folded(grade)).copied()
    }
}

fn check(extra: &[ExtraProvider]) -> Result<(), TaxonomyError> {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for provider in extra {
        if provider.name.trim().is_empty() {
            return Err(TaxonomyError::EmptyName);
        }
        for name in [&provider.name].into_iter().chain(&provider.aliases).chain(&provider.products) {
            if name.trim().len() < NAME_BYTES_MIN {
                return Err(TaxonomyError::ShortName { provider: provider.name.clone(), name: name.clone() });
            }
            if let Some(first) = owners.insert(name.to_lowercase(), &provider.name)
                && first != provider.name
            {
                let (first, second) = (first.to_owned(), provider.name.clone());
                return Err(TaxonomyError::TwoOwners { name: name.clone(), first, second });
            }
        }
    }
    Ok(())
}

/// "SEV 1", "sev-1" and "Sev1" are one grade.
fn folded(grade: &str) -> String {
    grade.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// By what was added; the vocabulary follows from it.
impl PartialEq for Taxonomy {
    fn eq(&self, other: &Self) -> bool {
        (&self.extra, &self.severities) == (&other.extra, &other.severities)
    }
}

/// The additions alone: a store tells by them whether a document is worth reading again.
impl fmt::Debug for Taxonomy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taxonomy").field("providers", &self.extra).field("severities", &self.severities).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(name: &str, alias: &str) -> ExtraProvider {
        let (aliases, products) = (vec![alias.to_owned()], Vec::new());
        ExtraProvider { name: name.to_owned(), kind: None, aliases, products }
    }

    #[test]
    fn grades_have_the_levels_they_were_given() {
        let severities = BTreeMap::from([("P1".to_owned(), 2), ("Bronze".to_owned(), 4)]);
        let taxonomy = Taxonomy::new(Vec::new(), &severities).unwrap();
        assert_eq!((taxonomy.level("p-1"), taxonomy.level("bronze"), taxonomy.level("P2")), (Some(2), Some(4), None));
        assert_ne!(format!("{taxonomy:?}"), format!("{:?}", Taxonomy::default()));
    }

    #[test]
    fn mistakes_are_told() {
        let none = BTreeMap::new();
        for (extra, expected) in [
            (vec![provider(" ", "Acme")], TaxonomyError::EmptyName),
            (vec![provider("Acme", "A")], TaxonomyError::ShortName { provider: "Acme".into(), name: "A".into() }),
            (
                vec![provider("Acme", "AC"), provider("Bolt", "ac")],
                TaxonomyError::TwoOwners { name: "ac".into(), first: "Acme".into(), second: "Bolt".into() },
            ),
        ] {
            assert_eq!(Taxonomy::new(extra, &none).err(), Some(expected));
        }
        let wrong = BTreeMap::from([("P1".to_owned(), 7)]);
        let expected = TaxonomyError::Level { grade: "P1".into(), level: 7 };
        assert_eq!(Taxonomy::new(Vec::new(), &wrong).err(), Some(expected));
    }
}
