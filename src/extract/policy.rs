//! What reconciliation itself puts into a record when no rule proposes it, with the same kind of manual as a rule has:
//! every code that a record can carry is explained somewhere.

/// A value that follows from others.
pub struct Policy {
    pub code: &'static str,
    /// In two or three words.
    pub slug: &'static str,
    pub what_it_reads: &'static str,
    pub why_it_is_believed: &'static str,
    pub when_it_declines: &'static str,
}

/// Every policy that signs values.
pub static POLICIES: &[Policy] = &[
    BY_HAND,
    Policy {
        code: "M005",
        slug: "start-from-detection",
        what_it_reads: "A timeline whose first timed entry is the detection: the start of impact is dated from it.",
        why_it_is_believed: "Teams that tell no earlier start mean by their first entry the beginning of what they know.",
        when_it_declines: "Where any rule proposes a start, and where anything stands before the detection.",
    },
    Policy {
        code: "M006",
        slug: "start-on-date",
        what_it_reads: "The date of the incident, where no clock tells the start: the day alone is the start.",
        why_it_is_believed: "A report that tells only the day on which it began still tells that.",
        when_it_declines: "Where the only date is that of publication or of the file's name.",
    },
    Policy {
        code: "M008",
        slug: "measured-milestone",
        what_it_reads: "An entry of the timeline exactly as far after the start as the author says that it took; without \
                        a timeline or any end, the start and the length of impact that its sentence tells.",
        why_it_is_believed: "Authors compute such lengths from the entries of their own timeline.",
        when_it_declines: "Where a rule proposes a moment that agrees with the length, and in rows of status updates.",
    },
    Policy {
        code: "T001",
        slug: "published-date",
        what_it_reads: "A date beside words of publication: a by-line, `Published on`, front matter.",
        why_it_is_believed: "Such words say nothing else.",
        when_it_declines: "Where a field of the document names the date of publication itself.",
    },
    Policy {
        code: "T002",
        slug: "incident-date",
        what_it_reads: "The date of the incident as title, summary, labels or file name tell it.",
        why_it_is_believed: "Reports are titled and filed under the day on which it happened.",
        when_it_declines: "Where the start of impact has a date of its own, which is the better one.",
    },
    Policy {
        code: "T003",
        slug: "title-of-part",
        what_it_reads: "The heading over one of several incidents of a document.",
        why_it_is_believed: "A document of several incidents names each by its heading.",
        when_it_declines: "Where the document holds one incident.",
    },
];

/// What a person corrected is no policy, and is signed like one.
const BY_HAND: Policy = Policy {
    code: super::correction::RULE,
    slug: "correction",
    what_it_reads: "The team's corrections file: a value that a person gave with `retro correct`, and why.",
    why_it_is_believed: "Whoever corrected it has read the report, or knows what it does not say.",
    when_it_declines: "Never; where the document has changed since and is read otherwise, a notice says so.",
};

/// The policy of this code.
pub fn policy(code: &str) -> Option<&'static Policy> {
    POLICIES.iter().find(|p| p.code == code)
}
