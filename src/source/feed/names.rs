//! What the names of an object's members tell of it: whether it is a report of its own, or one message of a talk.
//!
//! Knows names only, never values.

/// Members that hold reports, whatever the objects in them look like.
const HOLDERS: &[&str] = &["incidents", "scheduledmaintenances", "postmortems", "reports", "outages"];
/// Members of exports that hold whatever was asked for: reports only if they look like it.
const HOLDERS_OF_ANYTHING: &[&str] = &[
    "data",
    "issues",
    "items",
    "result",
    "results",
    "records",
    "values",
    "entries",
    "nodes",
    "alerts",
    "tickets",
    "events",
    "rows",
    "incident",
    "postmortem",
    "report",
    "outage",
    "fehler",
    "störungen",
    "incidencias",
];

/// Objects that hold what their parent means.
const WRAPPERS: &[&str] =
    &["attributes", "data", "fields", "incident", "issue", "node", "postmortem", "properties", "record", "report"];

/// Names of a title.
const TITLES: &[&str] = &[
    "title",
    "name",
    "subject",
    "headline",
    "summary",
    "shortdescription",
    "incidenttitle",
    "incidentname",
    "externaldesc",
    "incident",
    "message",
    "titel",
    "titre",
    "título",
    "titulo",
    "betreff",
    "asunto",
    "assunto",
    "bezeichnung",
];

/// Parts of names of what else is told of an incident.
const FACTS: &[&str] = &[
    "start",
    "begin",
    "began",
    "resol",
    "created",
    "opened",
    "closed",
    "ended",
    "occurred",
    "detected",
    "date",
    "severity",
    "priority",
    "impact",
    "cause",
    "duration",
    "status",
    "state",
    "time",
    "began",
    "published",
    "updated",
    "beginn",
    "ende",
    "datum",
    "dauer",
    "ursache",
    "priorität",
    "schwere",
    "début",
    "durée",
    "gravité",
    "inicio",
    "início",
    "duración",
    "duração",
    "causa",
    "gravedad",
    "fecha",
    "data",
];

/// Names of what somebody says.
const WORDS: &[&str] =
    &["text", "message", "msg", "body", "content", "event", "comment", "description", "entry", "what"];
/// Names of when.
const STAMPS: &[&str] = &["ts", "time", "timestamp", "at", "date", "when", "datetime", "@timestamp"];

/// What holds objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// Nothing but reports.
    Reports,
    /// Reports among others.
    Mixed,
    /// The text itself, or an array that is all of it.
    Any,
}

pub(super) fn holder(key: &str) -> Option<Holder> {
    let key = folded(key);
    if HOLDERS.contains(&key.as_str()) {
        Some(Holder::Reports)
    } else if HOLDERS_OF_ANYTHING.contains(&key.as_str()) {
        Some(Holder::Mixed)
    } else {
        None
    }
}

/// Whether an object under this key holds what its parent means.
pub fn is_wrapper(key: &str) -> bool {
    WRAPPERS.contains(&folded(key).as_str())
}

/// `"Short-Description"`, `short_description` and `shortDescription` are one.
fn folded(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric() || *c == '@').flat_map(char::to_lowercase).take(MAX_KEY_CHARS).collect()
}

const MAX_KEY_CHARS: usize = 40;

/// The names of one object's members.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Names {
    is_titled: bool,
    is_named: bool,
    has_facts: bool,
    has_words: bool,
    is_stamped: bool,
}

impl Names {
    pub fn add(&mut self, key: &str) {
        let key = folded(key);
        let key = key.as_str();
        let is_word = WORDS.contains(&key);
        self.is_titled |= TITLES.contains(&key);
        self.is_named |= TITLES.contains(&key) && !is_word;
        self.has_facts |= FACTS.iter().any(|fact| key.contains(fact));
        self.has_words |= is_word;
        self.is_stamped |= STAMPS.contains(&key);
    }

    /// It has a title and says something of an incident.
    pub fn is_report(self) -> bool {
        self.is_titled && self.has_facts && !self.is_message()
    }

    /// Somebody says something at some time, and no more is told.
    pub fn is_message(self) -> bool {
        self.has_words && self.is_stamped && !self.is_named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_reports_from_messages() {
        let names = |keys: &[&str]| {
            let mut names = Names::default();
            keys.iter().for_each(|key| names.add(key));
            (names.is_report(), names.is_message())
        };
        assert_eq!(names(&["ID", "Title", "Start (UTC)", "Root Cause"]), (true, false));
        assert_eq!(names(&["number", "short_description", "opened_at"]), (true, false));
        assert_eq!(names(&["id", "message", "createdAt", "status"]), (true, false));
        assert_eq!(names(&["user", "text", "ts"]), (false, true));
        assert_eq!(names(&["Time", "Event", "Who"]), (false, true));
        assert_eq!(names(&["apiVersion", "kind", "metadata"]), (false, false));
        assert_eq!(names(&["name", "version", "scripts"]), (false, false));
    }
}
