//! Whose domains a document points at: links, status pages, mail addresses, repositories.

use super::folders::PathNames;
use crate::extract::reading::Reading;
use crate::extract::vocabulary::{ProviderVocabulary, names};
use std::collections::BTreeMap;

/// Status pages and mail domains belong to the writer; links and repositories often do.
const STATUS: f32 = 3.0;
const MAIL: f32 = 2.0;
const LINK: f32 = 0.5;
const LINK_MAX: f32 = 1.5;

/// A change that the report links to was made by its writers, unless it mends what they use.
const CHANGE: f32 = 0.7;

/// A workspace at a service, and a repository of a kind that one keeps for oneself, are the writer's.
const TENANT: f32 = 0.7;
const OWN_REPOSITORY: f32 = 1.4;
const OWN_MAX: f32 = 2.2;

/// Domains are told by the beginning of a document.
const BLOCKS_MAX: usize = 300;

/// More domains than any report points at.
const DOMAINS_MAX: usize = 200;

/// Endings of files, which look like those of hosts.
const FILE_ENDINGS: &[&str] = &[
    "md", "html", "htm", "txt", "json", "yaml", "yml", "svc", "local", "internal", "rs", "py", "sh", "rb", "go", "png",
];

/// What a domain or repository owner (without ending) is worth as the writer's name, with the whole domain.
pub fn domains(reading: &Reading<'_>, path: &PathNames) -> BTreeMap<String, (f32, String)> {
    let mut found: BTreeMap<String, (f32, String)> = BTreeMap::new();
    let vocabulary = reading.providers();
    let blocks = || reading.blocks().take(BLOCKS_MAX);
    let targets = blocks().flat_map(|(_, b)| b.links.iter().map(|(_, t)| t.as_str()));
    // Most texts hold no address at all.
    let addressed = |text: &str| text.contains('@') || text.contains("://") || text.contains("status.");
    let words = blocks().filter(|(_, b)| addressed(&b.text)).flat_map(|(_, b)| {
        let word = |w: &&str| w.contains("://") || w.contains('@') || w.starts_with("status.");
        b.text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | '"' | '`')).filter(word)
    });
    for target in targets.chain(words) {
        let Some((stem, domain, worth)) = owner(vocabulary, path, target) else { continue };
        if found.len() >= DOMAINS_MAX && !found.contains_key(&stem) {
            continue;
        }
        let known = found.entry(stem).or_insert((0.0, domain));
        let limit = match worth {
            w if w > OWN_REPOSITORY => STATUS,
            w if w > TENANT => OWN_MAX,
            _ => LINK_MAX,
        };
        known.0 = (known.0 + worth).min(known.0.max(limit));
    }
    found
}

/// `https://status.acme.example/x` → acme, acme.example; `https://github.com/acme/x` → acme.
fn owner(vocabulary: &ProviderVocabulary, path: &PathNames, target: &str) -> Option<(String, String, f32)> {
    let mail = target.contains('@') && !target.contains("://") || target.starts_with("mailto:");
    let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
    // "me@dana.example" is the address of one person.
    let local = rest.rsplit_once('@').map(|(local, _)| local.trim_start_matches("mailto:"));
    if mail && local.is_some_and(|local| names().personal_mail.contains(&local.to_lowercase())) {
        return None;
    }
    let rest = if mail { rest.rsplit('@').next()? } else { rest };
    let mut parts = rest.split(['/', '?', '#', ':', '`', ']']);
    let host = parts.next()?.trim_end_matches('.').to_lowercase();
    if matches!(host.as_str(), "github.com" | "gitlab.com" | "www.github.com") {
        let owner = parts.next()?;
        let repository = parts.next().unwrap_or("").to_lowercase();
        let valid = owner.len() > 2 && owner.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let kept = names().own_repositories.iter().any(|w| repository.contains(w.as_str()));
        let changes = matches!(parts.next(), Some("pull" | "commit" | "-" | "compare"));
        let worth = match (kept, changes) {
            (true, _) => OWN_REPOSITORY,
            (false, true) => CHANGE,
            (false, false) => LINK,
        };
        let free = vocabulary.mentions(owner).is_empty() && !names().common_hosts.contains(&owner.to_lowercase());
        return (valid && free).then(|| (owner.to_lowercase(), owner.to_owned(), worth));
    }
    let below = |hosts: &[String]| {
        hosts.iter().find_map(|t| host.strip_suffix(t.as_str())?.strip_suffix('.')).map(str::to_owned)
    };
    let kept = below(&names().status_hosts).map(|tenant| {
        // Whoever hosts with a provider points at the provider's page too.
        let worth = if vocabulary.mentions(&tenant).is_empty() { STATUS } else { TENANT };
        (tenant.trim_end_matches("status").trim_end_matches('-').to_owned(), worth)
    });
    if let Some((tenant, worth)) = kept.or_else(|| Some((below(&names().tenant_hosts)?, TENANT))) {
        let valid = tenant.len() > 3 && !tenant.contains('.') && !names().common_hosts.contains(&tenant);
        return (valid && !matches!(&*tenant, "docs" | "status" | "support" | "help" | "blog" | "login" | "subdomain"))
            .then(|| (tenant.clone(), tenant, worth));
    }
    let labels: Vec<&str> = host.split('.').collect();
    let end = labels.last()?;
    let valid = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        && labels.len() >= 2
        && end.len() >= 2
        && end.chars().all(|c| c.is_ascii_alphabetic())
        && !FILE_ENDINGS.contains(end);
    if !valid {
        return None;
    }
    // A part of an institution that the folder is named after: `status.acme.university.example`.
    if let Some(part) = labels.iter().take(labels.len() - 2).find(|l| path.is_exactly(l)) {
        return Some(((*part).to_owned(), (*part).to_owned(), LINK));
    }
    let second = labels.get(labels.len() - 2)?;
    let depth = if matches!(*second, "co" | "gov" | "ac" | "com" | "org") && labels.len() > 2 { 3 } else { 2 };
    let stem = labels.get(labels.len().checked_sub(depth)?)?;
    let common = names().common_hosts.contains(*stem) || stem.len() < 3 || !vocabulary.mentions(stem).is_empty();
    if common || stem.ends_with("status") {
        return None;
    }
    let status = labels.len() > 2 && labels.first().is_some_and(|l| l.starts_with("status"));
    let worth = if status {
        STATUS
    } else if mail {
        MAIL
    } else {
        LINK
    };
    Some(((*stem).to_owned(), labels[labels.len() - depth..].join("."), worth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::vocabulary::providers;

    #[test]
    fn a_folder_names_a_part_of_a_host() {
        let path = PathNames::of(providers(), "probe/2026-01-02-certificate.md");
        let got = owner(providers(), &path, "https://results.probe.university.example/x");
        assert_eq!(got.map(|(stem, _, _)| stem).as_deref(), Some("probe"));
    }

    #[test]
    fn owners_of_addresses() {
        for (target, expected) in [
            ("https://status.acme.example/incidents/1", Some(("acme", 3.0))),
            ("ops@acme.co.uk", Some(("acme", 2.0))),
            ("https://github.com/acme/widgets/issues/4", Some(("acme", 0.5))),
            ("https://www.acme.example/", Some(("acme", 0.5))),
            ("https://acme.slack.com/archives/C1", Some(("acme", 0.7))),
            ("https://github.com/acme/infra-live/pull/4", Some(("acme", 1.4))),
            ("https://github.com/acme/widgets/pull/4", Some(("acme", 0.7))),
            ("https://acme.statuspage.io/incidents/1", Some(("acme", 3.0))),
            ("https://cloudflare.statuspage.io/incidents/1", Some(("cloudflare", 0.7))),
            ("https://docs.google.com/x", None),
            ("./2024-01-18-outage.md", None),
            ("10.0.0.1", None),
        ] {
            let got = owner(providers(), &PathNames::default(), target);
            assert_eq!(got.as_ref().map(|(stem, _, worth)| (stem.as_str(), *worth)), expected, "{target}");
        }
    }
}
