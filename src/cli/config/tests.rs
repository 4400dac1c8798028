//! What configurations say, and what mistakes in them are told.

use super::*;

#[test]
fn the_first_entry_that_sets_a_value_wins() {
    let config = Config::parse(
        "slo = 99.95\n[[defaults]]\npath = 'acme/**'\norg = 'Acme'\n[[defaults]]\norg = 'Other'\nzone = 'CET'\n",
    )
    .unwrap();
    assert_eq!(config.slo, Some(99.95));
    let acme = config.defaults("acme/2025/a.md");
    assert_eq!((acme.org.as_deref(), acme.zone.as_deref()), (Some("Acme"), Some("CET")));
    assert_eq!(config.defaults("b.md").org.as_deref(), Some("Other"));
}

#[test]
fn support_hours_are_those_of_the_path() {
    let config = Config::parse(
        "[support-hours]\nzone = 'UTC'\nhours = ['daily 00:00-24:00']\n[[defaults]]\npath = 'paris/**'\n\
         support-hours = { zone = 'Europe/Paris', hours = ['Mon-Fri 9:00-18:00'], holidays = ['2025-07-14'] }\n",
    )
    .unwrap();
    assert_eq!(config.support_hours("a.md").unwrap().week[6], [0..1440]);
    let paris = config.support_hours("paris/a.md").unwrap();
    assert!(paris.week[6].is_empty() && paris.holidays.len() == 1);
    assert_eq!(Config::default().support_hours("a.md"), None);
}

#[test]
fn metrics_are_pairs_of_milestones() {
    let config = Config::parse("[metrics.triage]\nstart = 'acknowledged'\nend = 'identified'\n").unwrap();
    assert_eq!(config.metrics[0].meaning, "from acknowledged to identified");
}

#[test]
fn providers_and_grades_reach_the_documents() {
    let config = Config::parse(
        "own-names = ['Cloudflare']\n[[provider]]\nname = 'Regional Host'\naliases = ['RegHost']\n[severity]\n'Sev A' = 1\n",
    )
    .unwrap();
    let text = b"# Shop down\n\nSeverity: Sev A\n\nOn 2025-03-02 at 10:00 UTC the shop failed because of an outage at \
        RegHost and an outage at Cloudflare.\n";
    let input = crate::source::from_bytes("a.md", text);
    let records = crate::record::records(&input, &config.defaults("a.md"));
    let names: Vec<_> = records[0].providers.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["Regional Host"]);
    assert_eq!(records[0].severity.as_ref().and_then(|s| s.level), Some(1));
}

#[test]
fn every_mistake_has_a_place_and_a_hint() {
    for (text, marked, hint) in [
        ("slo = 120", "120", "slo = 99.9"),
        ("slo = nan", "nan", "slo = 99.9"),
        ("sol = 99.9", "sol", "slo"),
        ("[[defaults]]\npath = '['", "'['", "pattern"),
        ("[[defaults]]\nzoen = 'CET'", "zoen", "zone"),
        ("[[defaults]]\nzone = 'Moon'", "'Moon'", "IANA"),
        ("[[defaults]]\nzone = 'IST'", "'IST'", "IANA"),
        ("[support-hours]\nzone = 'UTC'\nhours = ['Lun 9:00-17:00']", "'Lun 9:00-17:00'", "Mon-Fri"),
        ("[support-hours]\nzone = 'UTC'\nhours = []\nholidays = ['Easter']", "'Easter'", "2025-12-25"),
        ("[metrics.ttr]\nstart = 'started'\nend = 'resolved'", "ttr", "another name"),
        ("[metrics.x]\nstart = 'began'\nend = 'resolved'", "'began'", "started, detected"),
        ("[metrics.x]\nstart = 'started'\nend = 'started'", "'started'", "started, detected"),
        ("[metrics.X]\nstart = 'started'\nend = 'resolved'", "X", "lower case"),
        ("[severity]\n'Sev A' = 7", "7", "Sev A"),
        ("[[provider]]\nname = 'A'", "[[provider]]", "each provider"),
        ("[[provider]]\nnaem = 'A'", "naem", "name"),
        ("[check]\nno-zoen = 'off'", "no-zoen", "--list"),
        ("[check]\nno-zone = 'loud'", "'loud'", "warning"),
        ("[redact]\nnames = ['']", "''", "whole name"),
    ] {
        let mistake = Config::parse(text).unwrap_err();
        assert_eq!(mistake.span.as_ref().and_then(|s| text.get(s.clone())), Some(marked), "{text}: {mistake:?}");
        assert!(mistake.hint.as_ref().is_some_and(|h| h.contains(hint)), "{text}: {mistake:?}");
    }
}

#[test]
fn the_reference_names_the_keys_that_are_accepted() {
    let mut tables: Vec<&str> = KEYS.iter().map(|k| k.table).collect();
    tables.dedup();
    for table in tables.iter().copied() {
        let own: Vec<&Key> = KEYS.iter().filter(|k| k.table == table).collect();
        // What the reader says when it meets a key it does not know is the list of those it knows.
        let header = table.replace("NAME", "name");
        let unknown = Config::parse(&format!("{header}\nno-such-key = 1\n"));
        let message = unknown.err().map(|m| m.message).unwrap_or_default();
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let named: Vec<&str> = match table {
            "" => own.iter().map(|k| k.name).chain(tables.iter().filter(|t| !t.is_empty()).map(|t| head(t))).collect(),
            _ => own.iter().map(|k| k.name).collect(),
        };
        let sorted = |mut names: Vec<&str>| {
            names.sort_unstable();
            names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()
        };
        if !own.iter().any(|k| k.name == "NAME") {
            assert_eq!(sorted(named), sorted(known), "{table}: {message}");
        }
        let name = if table == "[check]" { "no-zone" } else { "name" };
        let lines: String = own.iter().map(|k| format!("{} = {}\n", k.name.replace("NAME", name), k.example)).collect();
        Config::parse(&format!("{header}\n{lines}")).unwrap_or_else(|m| panic!("{table}: {m:?}\n{lines}"));
    }
}

/// `[metrics.NAME]` is under `metrics`.
fn head(table: &str) -> &str {
    table.trim_matches(['[', ']']).split('.').next().unwrap_or("")
}
