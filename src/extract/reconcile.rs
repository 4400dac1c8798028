//! Candidates → one incident. Each policy is a function with its reason; nothing is repaired silently.

use super::rule::{Candidate, Finding};
use super::rules::kind;
use crate::domain::{Found, Genre, Incident, Kind, Provider, Role};

/// Below this a candidate is not believed: an empty field costs less than a wrong one.
pub const CONFIDENCE_MIN: f32 = 0.3;

/// Lists are cut here, so that one hostile document cannot fill a store; the cut is a notice.
pub const LIST_MAX: usize = 400;

/// Chooses among the candidates of everything but times, timeline and durations; `is_wanted` says which may count.
pub fn reconcile(candidates: &[Candidate], is_wanted: impl Fn(&Candidate) -> bool) -> Incident {
    let believed = candidates.iter().filter(|c| c.confidence >= CONFIDENCE_MIN && is_wanted(c));
    let believed: Vec<&Candidate> = believed.collect();
    macro_rules! best {
        ($variant:ident) => {
            best(&believed, |f| if let Finding::$variant(value) = f { Some(value.clone()) } else { None })
        };
    }
    let kind = best!(Kind);
    Incident {
        own_id: best!(OwnId),
        kind: Some(kind.as_ref().map_or(Kind::Incident, |f| f.value)),
        genre: kind.filter(|f| f.value == Kind::None).and_then(genre),
        title: best!(Title),
        org: best!(Org),
        published: best!(Published),
        date: best!(Date),
        severity: best!(Severity),
        trigger: best!(Trigger),
        component: best!(Component),
        root_cause: best!(RootCause),
        detection: best!(Detection),
        impact: best!(Impact),
        providers: providers(&believed),
        services: distinct(&believed, |f| if let Finding::Service(name) = f { Some(name) } else { None }),
        regions: distinct(&believed, |f| if let Finding::Region(name) = f { Some(name) } else { None }),
        actions: believed
            .iter()
            .filter_map(|c| if let Finding::Action(action) = &c.finding { Some(action.clone()) } else { None })
            .take(LIST_MAX)
            .collect(),
        ..Incident::default()
    }
}

fn genre(kind: Found<Kind>) -> Option<Found<Genre>> {
    let Found { confidence, rule, evidence, .. } = kind;
    kind::genre(rule).map(|value| Found { value, confidence, rule, evidence })
}

/// The most confident candidate; on a tie the one whose words stand first, because reports lead with what matters.
pub fn best<T>(candidates: &[&Candidate], value: impl Fn(&Finding) -> Option<T>) -> Option<Found<T>> {
    let mut winner: Option<(&Candidate, T)> = None;
    for candidate in candidates {
        let Some(found) = value(&candidate.finding) else { continue };
        let better = winner.as_ref().is_none_or(|(w, _)| {
            let place = |c: &Candidate| c.evidence.first().map_or(usize::MAX, |s| s.start);
            candidate.confidence > w.confidence
                || (candidate.confidence - w.confidence).abs() < f32::EPSILON && place(candidate) < place(w)
        });
        if better {
            winner = Some((candidate, found));
        }
    }
    winner.map(|(c, value)| c.found(value))
}

/// One entry a provider: the at-fault reading wins over the involved one when it is believed at all, since blame is
/// the rarer and more telling statement; evidence of the winning role only.
fn providers(candidates: &[&Candidate]) -> Vec<Provider> {
    let mut providers: Vec<Provider> = Vec::new();
    for candidate in candidates {
        let Finding::Provider(name, role) = &candidate.finding else { continue };
        let proposal = Provider {
            name: name.clone(),
            role: *role,
            confidence: candidate.confidence,
            rule: candidate.rule,
            evidence: candidate.evidence.clone(),
        };
        match providers.iter_mut().find(|p| p.name == *name) {
            None => providers.push(proposal),
            Some(known) => {
                let rank = |p: &Provider| (p.role == Role::AtFault, p.confidence);
                if rank(&proposal) > rank(known) {
                    *known = proposal;
                }
            }
        }
    }
    providers.sort_by_key(|p| (p.role, p.evidence.first().map_or(usize::MAX, |s| s.start)));
    providers.truncate(LIST_MAX);
    providers
}

/// From here on a field or a title names what was affected; below it a sentence tells of it in passing.
const NAMED_MIN: f32 = 0.65;

/// Distinct names in document order, each with its most confident candidate. Fields and titles name all that was
/// affected; sentences count where neither does.
fn distinct<'c>(candidates: &[&'c Candidate], name: impl Fn(&'c Finding) -> Option<&'c String>) -> Vec<Found<String>> {
    let mut found: Vec<Found<String>> = Vec::new();
    let is_named = candidates.iter().any(|c| c.confidence >= NAMED_MIN && name(&c.finding).is_some());
    for candidate in candidates.iter().filter(|c| !is_named || c.confidence >= NAMED_MIN) {
        let Some(value) = name(&candidate.finding) else { continue };
        let full = found.len() >= LIST_MAX;
        match found.iter_mut().find(|known| is_same(&known.value, value)) {
            // "Frankfurt (fra1)" says more than "fra1".
            Some(known) if (candidate.confidence, value.len()) > (known.confidence, known.value.len()) => {
                *known = candidate.found(value.clone());
            }
            None if !full => found.push(candidate.found(value.clone())),
            Some(_) | None => {}
        }
    }
    found
}

/// Do two names name the same, were it one with its code behind it in brackets?
fn is_same(one: &str, other: &str) -> bool {
    let code = |name: &str, code: &str| {
        let inner = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
        inner.is_some_and(|(_, inner)| inner.eq_ignore_ascii_case(code))
    };
    one.eq_ignore_ascii_case(other) || code(one, other) || code(other, one)
}
