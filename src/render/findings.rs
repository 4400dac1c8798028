//! What a review found: as lines for people, as JSON, as annotations of GitHub's workflows, and as SARIF 2.1.0 (OASIS)
//! for everything else that shows findings beside code.

use super::{Style, json_document, sanitise, wrap};
use crate::check::{Check, Finding, Level, all, named};
use serde_json::{Value, json};

/// One finding a line, with its words and what to do about it.
pub fn findings(found: &[Finding], style: &Style) -> String {
    let mut out = String::new();
    for finding in found {
        let Some(check) = named(finding.check) else { continue };
        let place = format!("{}:{}:{}:", sanitise::line(&finding.path), finding.line, finding.column);
        let level = format!("{} [{} {}]", finding.level.name(), check.code, check.slug);
        out.push_str(&format!("{} {level}: {}\n", style.bold(&place), sanitise::line(&finding.message)));
        if !finding.quote.is_empty() {
            out.push_str(&style.dim(&format!("  | {}", sanitise::line(&finding.quote))));
            out.push('\n');
        }
        let columns = style.width.saturating_sub("  fix: ".len()).max(20);
        for (i, line) in wrap(check.remedy, columns).iter().enumerate() {
            out.push_str(&format!("  {} {line}\n", if i == 0 { "fix:" } else { "    " }));
        }
    }
    out
}

/// Findings and counts as one object.
pub fn findings_json(found: &[Finding], documents: usize, incidents: usize) -> String {
    let one = |f: &Finding| {
        let check = named(f.check);
        json!({
            "path": f.path,
            "line": f.line,
            "column": f.column,
            "level": f.level.name(),
            "code": f.check,
            "name": check.map(|c| c.slug),
            "message": f.message,
            "quote": f.quote,
            "reason": check.map(|c| c.reason),
            "fix": check.map(|c| c.remedy),
        })
    };
    let count = |level| found.iter().filter(|f| f.level == level).count();
    json_document(&json!({
        "documents": documents,
        "incidents": incidents,
        "errors": count(Level::Error),
        "warnings": count(Level::Warning),
        "notes": count(Level::Note),
        "findings": found.iter().map(one).collect::<Vec<_>>(),
    }))
}

/// Workflow commands of GitHub Actions, one a finding.
pub fn findings_github(found: &[Finding]) -> String {
    let data = |text: &str| sanitise::lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut out = String::new();
    for finding in found {
        let Some(check) = named(finding.check) else { continue };
        let kind = if finding.level == Level::Note { "notice" } else { finding.level.name() };
        out.push_str(&format!(
            "::{kind} file={},line={},col={},title={}::{}\n",
            property(&finding.path),
            finding.line,
            finding.column,
            property(&format!("{} {}", check.code, check.slug)),
            data(&format!("{}. {}", finding.message, check.remedy))
        ));
    }
    out
}

/// A SARIF log of one run.
pub fn findings_sarif(found: &[Finding], version: &str) -> String {
    let checks: Vec<&Check> = all().collect();
    let level = |level: Level| if level == Level::Off { "none" } else { level.name() };
    let rules: Vec<Value> = checks
        .iter()
        .map(|c| {
            json!({
                "id": c.code,
                "name": c.slug,
                "shortDescription": {"text": c.finds},
                "fullDescription": {"text": c.reason},
                "help": {"text": c.remedy},
                "defaultConfiguration": {"level": level(c.level)},
            })
        })
        .collect();
    let results: Vec<Value> = found
        .iter()
        .map(|f| {
            json!({
                "ruleId": f.check,
                "ruleIndex": checks.iter().position(|c| c.code == f.check),
                "level": level(f.level),
                "message": {"text": f.message},
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": {"uri": uri(&f.path)},
                        "region": {"startLine": f.line, "startColumn": f.column},
                    },
                }],
            })
        })
        .collect();
    json_document(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "retro", "version": version, "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

/// A path as a relative reference (RFC 3986); a colon in its first part would make it a scheme.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._~-".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Vec<Finding> {
        vec![Finding {
            path: "a:b, c%.md".to_owned(),
            check: "R401",
            level: Level::Error,
            line: 3,
            column: 7,
            message: "'TBD'\u{1b}[31m was\nnever replaced".to_owned(),
            quote: "TBD".to_owned(),
        }]
    }

    #[test]
    fn nothing_of_a_document_becomes_a_command() {
        let github = findings_github(&found());
        assert!(github.starts_with("::error file=a%3Ab%2C c%25.md,line=3,col=7,title=R401 placeholder::"), "{github}");
        assert_eq!(github.lines().count(), 1);
        assert!(!findings(&found(), &Style::PLAIN).contains('\u{1b}'));
    }

    #[test]
    fn sarif_has_the_shape_of_its_standard() {
        let log: Value = serde_json::from_str(&findings_sarif(&found(), "0.0.0")).unwrap();
        assert_eq!(log["version"], "2.1.0");
        let (run, result) = (&log["runs"][0], &log["runs"][0]["results"][0]);
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%3Ab%2C%20c%25.md");
        assert_eq!(place["region"], json!({"startLine": 3, "startColumn": 7}));
        for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
            let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
            assert!(["none", "note", "warning", "error"].contains(&level));
        }
    }
}
