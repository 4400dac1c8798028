//! What was set aside before anything was counted, said out loud under every number.

use super::method::counted;
use std::collections::BTreeMap;

/// Documents that are in no number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetAside {
    /// How many documents of the store report no incident, by what they are: `drill`, `template`, …
    pub genres: BTreeMap<String, usize>,
    /// Ids of incidents in scope that another document tells more fully.
    pub retold: Vec<String>,
}

/// Ids named in a note.
const IDS_MAX: usize = 5;

/// Genres, as one and as several are called, in the order in which they are told.
const GENRES: &[(&str, &str, &str)] = &[
    ("drill", "drill", "drills"),
    ("maintenance", "notice of planned work", "notices of planned work"),
    ("template", "template", "templates"),
    ("index", "list of reports", "lists of reports"),
    ("process", "guide or runbook", "guides or runbooks"),
    ("data", "file of other data", "files of other data"),
    ("other", "of another kind", "of other kinds"),
];

impl SetAside {
    /// A sentence for each reason that anything was set aside for.
    pub fn notes(&self) -> Vec<String> {
        self.retold().into_iter().chain(self.no_incidents()).collect()
    }

    /// What tells of an incident again.
    pub fn retold(&self) -> Option<String> {
        let n = self.retold.len();
        let (tell, each) = if n == 1 { ("tells of an incident", "it") } else { ("tell of incidents", "each") };
        (n > 0).then(|| {
            format!(
                "{} {tell} that another tells more fully ({}); {each} counts once. --every-telling counts every \
                 document, 'retro clusters' shows which belong together",
                counted(n, "document"),
                listed(&self.retold)
            )
        })
    }

    /// What reports no incident, of the whole store.
    pub fn no_incidents(&self) -> Option<String> {
        let none: usize = self.genres.values().sum();
        let of = |(name, one, many): &(&str, &str, &str)| {
            let n = *self.genres.get(*name)?;
            Some(format!("{n} {}", if n == 1 { one } else { many }))
        };
        let genres: Vec<_> = GENRES.iter().filter_map(of).collect();
        (none > 0).then(|| {
            format!(
                "In no number: {} of the store that report no incident: {} ('retro list kind:none'; is:drill)",
                counted(none, "document"),
                genres.join(", ")
            )
        })
    }
}

/// The first ids, and how many more there are.
pub(super) fn listed(ids: &[String]) -> String {
    let shown: Vec<_> = ids.iter().take(IDS_MAX).map(String::as_str).collect();
    let more = ids.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_aside_is_said() {
        assert!(SetAside::default().notes().is_empty());
        let genres = [("drill", 2), ("index", 1)].map(|(name, n)| (name.to_owned(), n)).into();
        let notes = SetAside { genres, retold: vec!["a".to_owned(), "b".to_owned()] }.notes();
        assert!(
            notes[0].starts_with("2 documents tell of incidents that another tells more fully (a, b); each counts")
        );
        let expected = "In no number: 3 documents of the store that report no incident: 2 drills, 1 list of reports";
        assert!(notes[1].starts_with(expected), "{}", notes[1]);
        let one = SetAside { retold: vec!["a".to_owned()], ..SetAside::default() }.retold().unwrap();
        assert!(one.starts_with("1 document tells of an incident that another tells more fully (a); it counts once"));
    }
}
