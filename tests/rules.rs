//! Why a value stands in a record: the manual of rules, and explanations.

use crate::world::{World, root};
use insta::assert_snapshot;
use std::collections::BTreeSet;

const REPORT: &str = "# SEV-2: Shop down\n\nSeverity: High\n\nSeverity: Low\n\nOn 2025-03-02 at 10:00 UTC it failed.\n";

#[test]
fn every_rule_that_signs_a_value_has_a_manual() {
    let answer = World::new().retro(&["rules", "--format", "ndjson"]).found();
    let codes: BTreeSet<String> = answer.ndjson().iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect();
    let records = World::new().retro(&["extract", &root().join("corpus").to_string_lossy()]);
    let mut signed = BTreeSet::new();
    for record in records.ndjson() {
        collect(&record, &mut signed);
    }
    assert!(signed.len() > 20, "{signed:?}");
    assert!(signed.is_subset(&codes), "no manual for {:?}", signed.difference(&codes));
}

fn collect(value: &serde_json::Value, signed: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(members) => {
            if let Some(rule) = members.get("rule").and_then(|r| r.as_str()) {
                signed.insert(rule.to_owned());
            }
            members.values().for_each(|v| collect(v, signed));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|v| collect(v, signed)),
        _ => {}
    }
}

#[test]
fn a_manual_is_found_by_code_name_or_field() {
    let world = World::new();
    let by_code = world.retro(&["rules", "v001"]).found().stdout;
    assert!(by_code.starts_with("V001 severity-labelled\n") && by_code.contains("When it declines"), "{by_code}");
    assert_eq!(world.retro(&["rules", "severity-labelled"]).found().stdout, by_code);
    let by_field = world.retro(&["rules", "severity", "--format", "csv"]).found().stdout;
    assert!(by_field.lines().count() >= 3 && by_field.contains("V001"), "{by_field}");
    let json: serde_json::Value =
        serde_json::from_str(&world.retro(&["rules", "M005", "--format", "json"]).found().stdout).unwrap();
    assert_eq!(json["name"], "start-from-detection");
    assert_snapshot!(world.retro(&["rules", "V01"]).all(), @r"
    exit 2
    --- stderr
    error: there is no rule 'V01'
    hint: did you mean V001?
    ");
}

#[test]
fn an_explanation_names_who_won_and_why() {
    let world = World::new().file("a.md", REPORT);
    assert_snapshot!(world.retro(&["extract", "a.md", "--explain", "severity"]).all(), @r"
    exit 0
    --- stdout
    severity of 2025-03-02-sev-2-shop-down
      a.md

    In the record
      - High [2] (rule V001, confidence 0.95)

    Candidates
      0.95 High [2] V001 severity-labelled
      - chosen: stands in the record
      - line 3: “High”
      0.95 Low [4] V001 severity-labelled
      - as-sure: as sure as the chosen one; of equals the one told first counts, of ends the last
      - line 5: “Low”
      0.85 SEV-2 [2] V002 severity-named
      - outweighed: the chosen one is surer
      - line 1: “SEV-2”
    ");
}

#[test]
fn explanations_are_data_and_exit_codes_say_whether_anything_was_found() {
    let world = World::new().file("a.md", REPORT);
    let answer = world.retro(&["extract", "a.md", "--explain", "severity,org", "--format", "ndjson"]).found();
    let explained = answer.ndjson();
    assert_eq!(explained.len(), 2);
    assert_eq!(explained[0]["candidates"][0]["verdict"], "chosen");
    let quote = &explained[0]["candidates"][0]["evidence"][0];
    assert_eq!((quote["line"].as_u64(), quote["quote"].as_str()), (Some(3), Some("High")));
    assert_eq!(explained[1]["values"].as_array().unwrap().len(), 0);
    assert_eq!(world.retro(&["extract", "a.md", "--explain", "region"]).code, Some(1));
    let mistaken = world.retro(&["extract", "a.md", "--explain", "sevrity"]);
    assert!(mistaken.code == Some(2) && mistaken.stderr.contains("root-cause"), "{}", mistaken.all());
}

#[test]
fn what_a_record_says_is_what_an_explanation_says() {
    let corpus = root().join("corpus");
    let corpus = corpus.to_string_lossy();
    let records = World::new().retro(&["extract", &corpus]).ndjson();
    let explained = World::new().retro(&["extract", &corpus, "--explain", "trigger,started", "--format", "ndjson"]);
    let explained = explained.ndjson();
    assert_eq!(explained.len(), records.len() * 2);
    for (record, pair) in records.iter().zip(explained.chunks(2)) {
        assert_eq!(record["causes"]["trigger"]["value"], pair[0]["values"][0]["value"], "{}", record["id"]);
        assert_eq!(record["milestones"]["started"]["rule"], pair[1]["values"][0]["rule"], "{}", record["id"]);
        let chosen = pair[0]["candidates"].as_array().unwrap().iter().filter(|c| c["verdict"] == "chosen").count();
        assert_eq!(chosen, pair[0]["values"].as_array().unwrap().len(), "{}", record["id"]);
    }
}
