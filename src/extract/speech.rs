//! What a sentence speaks of: impact that came, or something planned.

use regex::Regex;
use std::sync::LazyLock;

static IMPACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)\b(?: unavailab\w* | outage\w* | impact\w* | affect\w* | disrupt\w* | degrad\w* | error\w* | fail\w* | down | downtime
          | experienc\w* | unable | unreachab\w* | inaccessib\w* | latenc\w* | late | bounc\w+ | lost | stopped | stuck | broken? | crash\w* | spike\w* | missed | slow\w* | loss | interrupt\w* | incident | issue\w* | problem\w*
          | could\snot | couldn.t | timeouts? | timed\sout | offline | delay\w* | elevated | increased | 5\d\d | dropped | rejected | deferred | missing
          | ausfall | ausgefallen | gestört | störung | fehler\w* | nicht\serreichbar | panne | indisponib\w* | perturb\w* | interru\w* | caída | fallo\w* | falha\w* )\b",
    )
    .expect("a valid regex")
});

/// Whether a sentence speaks of impact that came, not of work that was planned.
pub fn speaks_of_impact(words: &str) -> bool {
    IMPACT.is_match(words) && !is_planned(words)
}

/// Whether words speak of something to come: planned work, the next update.
pub fn is_planned(words: &str) -> bool {
    PLANNED.is_match(words)
}

static PLANNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:planned|scheduled|will be|will provide|will share|will update|next update|expected to|expect to|is expected|estimated|maintenance window|support hours|office hours|business hours|working hours|opening hours|on[- ]call hours)\b")
        .expect("a valid regex")
});
