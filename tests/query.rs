//! Filters hold for exactly the records they name, search finds what an engineer would want first, and any text may be
//! searched for. On the shipped corpus.

use crate::world::{Answer, ingested};
use retrospect::query::{self, Expression, Options};
use retrospect::record::{FIELDS, Record, Value};
use retrospect::store::Store;
use std::collections::BTreeSet;

fn store() -> Store {
    Store::open(&ingested().path().join(".retro")).unwrap()
}

fn ids(store: &Store, filter: &str) -> BTreeSet<String> {
    let expression = query::parse(filter).unwrap_or_else(|e| panic!("{e}"));
    query::ids(store, &query::matching(store, &expression).unwrap()).unwrap().into_iter().collect()
}

fn paths(question: &str) -> Vec<String> {
    let options = Options { limit: 5, snippets: true, explain: true, ..Options::default() };
    let hits = query::search(&store(), question, &options).unwrap().hits;
    hits.into_iter().map(|h| h.card.path).collect()
}

#[test]
fn every_field_divides_the_store_in_two() {
    let store = store();
    let all = ids(&store, "");
    assert_eq!(all.len(), store.ids().unwrap().len());
    for field in FIELDS {
        let filter = format!("{}:{}", field.name, field.example);
        let (with, without) = (ids(&store, &filter), ids(&store, &format!("-{filter}")));
        assert!(with.is_disjoint(&without), "{filter}");
        assert_eq!(&with | &without, all, "{filter}");
    }
}

#[test]
fn a_filter_holds_for_the_records_that_say_so() {
    type Holds = fn(&Record) -> bool;
    let cases: &[(&str, Holds)] = &[
        ("has:timeline", |r| !r.timeline.is_empty()),
        ("missing:detected", |r| r.milestones.detected.is_none()),
        ("ttr:>2h", |r| r.durations.ttr.as_ref().is_some_and(|d| d.minutes > 120)),
        ("ttr:30m..90m", |r| r.durations.ttr.as_ref().is_some_and(|d| (30..=90).contains(&d.minutes))),
        ("severity:<=2", |r| r.severity.as_ref().and_then(|s| s.level).is_some_and(|l| l <= 2)),
        ("during:2025", |r| r.date.as_ref().is_some_and(|d| d.value.starts_with("2025-"))),
        ("after:2025-07-01 before:2026", |r| {
            r.date.as_ref().is_some_and(|d| ("2025-07-01".."2026").contains(&d.value.as_str()))
        }),
        ("trigger:config,deploy", |r| {
            r.causes.trigger.as_ref().is_some_and(|t| matches!(t.value.as_str(), "config" | "deploy"))
        }),
        ("is:undated", |r| r.date.is_none()),
        ("kind:none", |r| r.kind == "none"),
        ("path:tidewater", |r| r.source.path.contains("/tidewater/")),
        ("has:timeline OR is:undated", |r| !r.timeline.is_empty() || r.date.is_none()),
    ];
    let store = store();
    let records: Vec<Record> = store.ids().unwrap().iter().map(|id| store.record(id).unwrap().unwrap()).collect();
    for (filter, holds) in cases {
        let expected: BTreeSet<String> = records.iter().filter(|r| holds(r)).map(|r| r.id.clone()).collect();
        assert!(!expected.is_empty() && expected.len() < records.len(), "{filter} tells nothing here");
        assert_eq!(ids(&store, filter), expected, "{filter}");
    }
}

#[test]
fn keywords_are_words_of_the_value_in_any_case() {
    let store = store();
    for field in FIELDS.iter().filter(|f| ["org", "provider", "service", "region", "path", "id"].contains(&f.name)) {
        for id in store.ids().unwrap() {
            let record = store.record(&id).unwrap().unwrap();
            for value in (field.values)(&record) {
                let Value::Text(text) = value else { continue };
                let filter = format!("{}:\"{}\"", field.name, text.to_uppercase().replace('"', ""));
                assert!(ids(&store, &filter).contains(&id), "{filter}");
            }
        }
    }
}

#[test]
fn numbers_are_about_incidents_only() {
    let store = store();
    let listed = query::matching_ids(&store, Expression::All(Vec::new())).unwrap();
    assert_eq!(listed.len(), store.manifest().incidents);
    assert_eq!(store.frame("incidents").unwrap().height(), listed.len());
}

#[test]
fn what_one_sees_finds_what_helps() {
    for (question, expected) in [
        ("checkout 502 bad gateway", "lumenpay/2024-02-13-checkout-502.md"),
        ("disk full on the ledger database", "lumenpay/2024-09-24-ledger-disk-full.md"),
        ("mTLS client certificate to the acquirer expired", "lumenpay/2025-03-14-acquirer-mtls-expired.md"),
        ("too many connections", "kumo-commerce/INC-2025-078_too-many-connections.md"),
        ("credential stuffing logins", "monsoon-labs/2026-05-28-credential-stuffing.md"),
        ("have we ever leaked a publish token?", "openorchard/2025-02-24-leaked-publish-token.md"),
        ("dnsec rolover", "openorchard/2026-07-14-dnssec-rollover.md"),
        ("geocoder ran out of memory", "quietriver/2026-09-15-geocoder-oom.md"),
        ("KubeNodeNotReady node=ip-10-0-3-17 status=NotReady for 10m", "silvermine/INC-0402-nodes-notready.md"),
        ("climatisation en panne dans la salle", "atelier-nuage/2024-12-08-climatisation-salle-b.md"),
    ] {
        let found = paths(question);
        assert!(found.iter().take(3).any(|p| p.ends_with(expected)), "{question}: {found:?}");
    }
}

#[test]
fn who_asks_for_a_template_gets_the_template_first() {
    let first = |question: &str| paths(question).into_iter().next().unwrap_or_default();
    assert!(first("severity impact timeline template").ends_with("incident-template.md"));
    assert!(!first("severity impact timeline").ends_with("incident-template.md"));
}

/// What no report says may stand for what they say, mistyped too, in its ending as well as before it.
#[test]
fn a_slip_in_a_word_with_synonyms_is_taken_back() {
    let hints = |question: &str| query::search(&store(), question, &Options::default()).unwrap().hints.join("\n");
    for slip in ["unkillabel", "unkillbale", "unkilalble"] {
        let said = hints(&format!("{slip} jobs"));
        assert!(said.contains(&format!("'{slip}' occurs nowhere; taken for unkillable")), "{said}");
    }
    for other in ["inkillable", "unquellable"] {
        let said = hints(&format!("{other} jobs"));
        assert!(!said.contains("taken for"), "{said}");
    }
}

#[test]
fn any_text_is_searched_for_and_answered() {
    let log =
        "2026-01-02T03:04:05Z level=error msg=\"upstream 502\" id=7f3a9c2e path:/var/log severity:high {\"a\": [1]}\n";
    let huge = log.repeat(200);
    for text in ["\"", ":", "a:", "(((", "-", "--", "OR", "\\", "severity:", "é\u{1b}[31m", "*", "ttr:soon", log, &huge]
    {
        let answer = ingested().retro(&["search", "--format", "json", "--", text]);
        assert!(matches!(answer.code, Some(0 | 1)), "{text}: {}", answer.stderr);
        let json: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
        assert_eq!(json["query"], text);
    }
}

#[test]
fn the_answer_has_its_shape_and_filters_restrict_it() {
    let answer = ingested().retro(&["search", "--format", "json", "-n", "3", "path:lumenpay", "disk", "full"]).found();
    let json: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    let hits = json["hits"].as_array().unwrap();
    assert!(!hits.is_empty() && hits.len() <= 3);
    for (i, hit) in hits.iter().enumerate() {
        assert_eq!(hit["rank"], i + 1);
        assert!(hit["path"].as_str().unwrap().contains("lumenpay"));
        for name in ["id", "title", "snippet"] {
            assert!(hit[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {hit}");
        }
        assert!(hit["score"].as_f64().unwrap() > 0.0 && hit["matched"].is_object() && hit.get("date").is_some());
        let (text, mark) = (hit["snippet"].as_str().unwrap(), &hit["highlights"][0]);
        if let (Some(start), Some(end)) = (mark[0].as_u64(), mark[1].as_u64()) {
            assert!(text.get(start as usize..end as usize).is_some());
        }
    }
    let alone = ingested().retro(&["search", "path:lumenpay", "--format", "ndjson", "-n", "100"]).found();
    assert_eq!(alone.ndjson().len(), ids(&store(), "path:lumenpay").len());
}

#[test]
fn mistakes_in_a_filter_are_pointed_at_by_every_verb() {
    let told = |answer: Answer| (answer.code, answer.stderr);
    for verb in ["list", "stats"] {
        let (code, stderr) = told(ingested().retro(&[verb, "org:lumenpay", "triger:config"]));
        assert_eq!(code, Some(2));
        assert!(stderr.contains("  org:lumenpay triger:config\n               ^^^^^^\n"), "{stderr}");
        assert!(stderr.contains("hint: did you mean 'trigger:'?"), "{stderr}");
    }
    let empty = ingested().retro(&["list", "org:lumenpya"]);
    assert_eq!(empty.code, Some(1));
    assert!(empty.stderr.contains("did you mean org:lumenpay?"), "{}", empty.stderr);
    assert_eq!(ingested().retro(&["list", "--sort", "colour"]).code, Some(2));
    let negated = ingested().retro(&["list", "-has:timeline", "--format", "ndjson"]);
    let listed: BTreeSet<String> = negated.ndjson().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(listed, ids(&store(), "kind:incident -has:timeline"));
}

#[test]
fn a_filter_that_nothing_passes_finds_nothing_unless_it_was_pasted() {
    let found = |query: &str| query::search(&store(), query, &Options::default()).unwrap();
    for query in ["org:nobody gateway timeout", "-org:nobody org:nobody gateway timeout", "org:lumenpay zebrafish"] {
        let found = found(query);
        assert!(found.total == 0 && found.hints.join("; ").contains("double quotes"), "{query}: {:?}", found.hints);
    }
    assert!(found("org:nobody gateway timeout").hints.join("; ").contains("no record has org:nobody"));
    assert!(found("\"org:nobody\" gateway timeout").total > 0);
    // Keys of its own, several lines, or more than anyone types.
    for pasted in [
        "service:nobody alertname:GatewayTimeout gateway timeout",
        "service:nobody\ngateway timeout",
        &("org:nobody ".to_owned() + &"gateway timeout ".repeat(20)),
    ] {
        let found = found(pasted);
        let hints = found.hints.join("; ");
        assert!(found.total > 0 && hints.contains("searched as words") && !hints.contains("'org'"), "{hints}");
    }
    let similar = query::similar(&store(), query::Like::Text("service:nobody gateway timeout"), &Options::default());
    assert!(!similar.unwrap().unwrap().hits.is_empty());
}

/// A length written apart is one value; what follows it is searched.
#[test]
fn a_length_of_time_may_have_spaces() {
    for (apart, together) in [
        ("ttr:>2 hours", "ttr:>2h"),
        ("ttr:> 2 h 30 min", "ttr:>2h30m"),
        ("ttr:> 120", "ttr:>120"),
        ("(ttr:>2 hours) OR ttr:<10 min", "ttr:>2h OR ttr:<10m"),
        ("ttr:>2h disk", "ttr:>2h disk"),
        ("ttr:>2 502", "ttr:>2m 502"),
        ("-ttr:30m..2 h", "-ttr:30m..2h"),
    ] {
        assert_eq!(query::parse(apart).unwrap(), query::parse(together).unwrap(), "{apart}");
    }
    assert_eq!(query::syntax::read("ttr:>2 hours disk full").filters, query::syntax::read("ttr:>2h disk full").filters);
}
