//! The reference of `retro.toml`: every key once, with its meaning and an example. The help topic and
//! `docs/configuration.md` are made of it, and a test holds it to what the reader accepts.

/// A key of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The table it stands in, as a header; empty at the top.
    pub table: &'static str,
    /// Its name; `NAME` where the user chooses one.
    pub name: &'static str,
    pub meaning: &'static str,
    /// A value.
    pub example: &'static str,
}

const fn key(table: &'static str, name: &'static str, meaning: &'static str, example: &'static str) -> Key {
    Key { table, name, meaning, example }
}

/// Every key, in the order of the reference; keys of one table stand together.
pub const KEYS: &[Key] = &[
    key("", "slo", "availability objective in per cent, for the error budget of reports", "99.9"),
    key("", "own-names", "names of your organisation and services that are never third parties", "[\"Acme Cloud\"]"),
    key("[[defaults]]", "path", "which documents this is for, as a pattern; all when left out", "\"reports/paris/**\""),
    key("[[defaults]]", "org", "who was hit, where the text does not say", "\"Acme\""),
    key(
        "[[defaults]]",
        "zone",
        "the zone of clocks without one, and the choice among the readings of an ambiguous one",
        "\"Europe/Paris\"",
    ),
    key(
        "[[defaults]]",
        "support-hours",
        "hours of these documents' team, with the keys of [support-hours]",
        "{ zone = \"Europe/Paris\", hours = [\"daily 08:00-20:00\"] }",
    ),
    key("[[provider]]", "name", "a provider to know, or a known one to give more names", "\"Regional Host\""),
    key(
        "[[provider]]",
        "kind",
        "cloud, hosting, network, dns, cdn, ca, saas, security, payment, chain, power, monitoring, office or software",
        "\"hosting\"",
    ),
    key("[[provider]]", "aliases", "other spellings of the name", "[\"RegHost\"]"),
    key("[[provider]]", "products", "names of its products and regions, each of which stands for it", "[\"RegStore\"]"),
    key("[severity]", "NAME", "the level of a grade as your reports write it, from 1 (worst) to 5", "1"),
    key("[support-hours]", "zone", "the zone of the hours", "\"Europe/London\""),
    key("[support-hours]", "hours", "days and clocks on which somebody is there", "[\"Mon-Fri 09:00-17:30\"]"),
    key("[support-hours]", "holidays", "days on which nobody is", "[\"2025-12-25\"]"),
    key("[metrics.NAME]", "start", "the milestone at which the metric starts", "\"acknowledged\""),
    key("[metrics.NAME]", "end", "the milestone at which it ends", "\"identified\""),
    key("[metrics.NAME]", "title", "its title in tables; the name when left out", "\"Triage\""),
    key("[metrics.NAME]", "meaning", "what it means, in one line", "\"from the pager to the cause\""),
    key(
        "[check]",
        "NAME",
        "the level of a check of 'retro check', by code or name: off, note, warning or error",
        "\"off\"",
    ),
    key("[redact]", "names", "names that --redact masks, beside addresses, tokens and keys", "[\"Jane Doe\"]"),
];
