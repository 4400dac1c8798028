//! Checks of what a good report tells. Each speaks only when nothing was read and no words could have been meant.

use super::{Check, Hit, Level, Look};
use crate::domain::{MilestoneKind, Trigger};
use crate::extract::section::Section;
use crate::extract::vocabulary::{NoticingVerb, lists, noticing};
use crate::source::Format;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "R104",
        slug: "no-detection-time",
        level: Level::Warning,
        finds: "no time at which anyone or anything noticed, and no sentence that could tell it",
        reason: "How long it went unnoticed is what monitoring is judged by.",
        remedy: "Add when the first alert fired or the first report came in, and from whom.",
        examples: &["# Shop down\n\nOn 2025-03-02 at 10:00 UTC the shop failed. It was restored at 11:00 UTC.\n"],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC the shop failed. At 10:04 UTC we were paged. It was restored at 11:00 UTC.\n",
        ],
        apply: no_detection_time,
    },
    Check {
        code: "R201",
        slug: "no-severity",
        level: Level::Note,
        finds: "no severity or priority, in any words",
        reason: "Reports cannot be weighed against each other.",
        remedy: "Add a line such as 'Severity: SEV-2'; retro.toml says what your own grades mean.",
        examples: &["# Shop down\n\nOn 2025-03-02 at 10:00 UTC the shop failed. It was restored at 11:00 UTC.\n"],
        counterexamples: &[
            "# Shop down\n\nSeverity: SEV-2\n\nOn 2025-03-02 at 10:00 UTC the shop failed. It was restored at 11:00 UTC.\n",
        ],
        apply: no_severity,
    },
    Check {
        code: "R202",
        slug: "no-impact",
        level: Level::Warning,
        finds: "no sentence about who or what was affected",
        reason: "A reader cannot tell whether it mattered to anyone.",
        remedy: "Say who could not do what, how many, and for how long.",
        examples: &[
            "# Database primary replaced\n\nSeverity: SEV-3\n\n## Root cause\n\nOn 2025-03-02 at 10:00 UTC a full disk stopped the primary.\n",
            "# Primary down\n\nSeverity: SEV-3\n\n## Root cause\n\nOn 2025-03-02 at 10:00 UTC a late job found its file missing, twice, and the client stopped.\n",
        ],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC customers could not pay. It was restored at 11:00 UTC.\n",
            "# Label printers offline\n\nOn 2025-03-02 at 10:00 UTC a full disk stopped the primary. It was back at 11:00 UTC.\n",
            "# Etikettendruck\n\nAm 02.03.2025 um 10:00 Uhr stand der Druckserver. Etwa 300 Pakete wurden verspätet verschickt.\n",
        ],
        apply: no_impact,
    },
    Check {
        code: "R203",
        slug: "no-root-cause",
        level: Level::Warning,
        finds: "no cause, in any words",
        reason: "What is not explained will happen again.",
        remedy: "Add a section 'Root cause'; where it is not known yet, say so and what is done to find out.",
        examples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC customers could not pay. It was restored at 11:00 UTC.\n",
        ],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC customers could not pay, because a disk was full.\n",
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n## Root cause\n\nStill under investigation.\n",
        ],
        apply: no_root_cause,
    },
    Check {
        code: "R204",
        slug: "no-actions",
        level: Level::Note,
        finds: "no follow-up, neither a list nor a sentence of intent",
        reason: "A report without consequences is a story.",
        remedy: "List what will be done, by whom and by when; or say that nothing will, and why.",
        examples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC customers could not pay because a disk was full. It was restored at 11:00 UTC.\n",
        ],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n## Action items\n\n- Add an alert for full disks\n",
        ],
        apply: no_actions,
    },
];

/// Does any block of the report stand in this section, beside its heading?
fn has_section(look: &Look<'_>, section: Section) -> bool {
    let reading = look.reading;
    reading.blocks().any(|(i, b)| reading.section(i) == section && !b.text.trim().is_empty())
}

/// Updates of a status page are written while it happens: they are no report yet, and lack what a report tells.
fn is_update(look: &Look<'_>) -> bool {
    look.reading.timeline.posted || look.reading.document.format == Format::Json
}

/// The words of the report, block by block, without readers' comments.
fn any_words(look: &Look<'_>, is_telling: impl Fn(&str) -> bool) -> bool {
    let reading = look.reading;
    let mut own = reading.blocks().filter(|(i, _)| reading.section(*i) != Section::Comments);
    own.any(|(_, b)| is_telling(&b.text)) || reading.labels.iter().any(|l| is_telling(&l.value))
}

fn whole(hits: &mut Vec<Hit>, message: &str) {
    hits.push(Hit { span: None, message: message.to_owned() });
}

fn no_detection_time(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let incident = look.incident;
    let is_read = incident.milestones.contains_key(&MilestoneKind::Detected)
        || incident.durations.contains_key(&crate::domain::Metric::Ttd);
    let words = noticing();
    let by_people = |text: &str| words.verb.find(text).iter().any(|c| c.label != NoticingVerb::Machine);
    let notices = |text: &str| words.phrase.any(text) || by_people(text);
    if !is_update(look) && !is_read && !has_section(look, Section::Detection) && !any_words(look, notices) {
        whole(hits, "the report does not tell when it was noticed");
    }
}

fn no_severity(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let is_said = |text: &str| lists().severity_keys.any(text);
    let labelled = || look.reading.labels.iter().any(|l| is_said(&l.key));
    if !is_update(look) && look.incident.severity.is_none() && !labelled() && !any_words(look, is_said) {
        whole(hits, "the report does not tell how severe it was");
    }
}

fn no_impact(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let is_said = |text: &str| lists().impact_words.any(text) || lists().harm_words.any(text);
    if !is_update(look)
        && look.incident.impact.is_none()
        && !has_section(look, Section::Impact)
        && !any_words(look, is_said)
    {
        whole(hits, "the report does not tell who or what was affected");
    }
}

fn no_root_cause(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let is_said = |text: &str| lists().cause_before.any(text) || lists().cause_after.any(text);
    let is_read = look.incident.root_cause.is_some()
        || look.incident.trigger.as_ref().is_some_and(|t| t.value != Trigger::Unknown);
    if !is_update(look) && !is_read && !has_section(look, Section::RootCause) && !any_words(look, is_said) {
        whole(hits, "the report does not tell what caused it");
    }
}

fn no_actions(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let is_said = |text: &str| lists().action_future.any(text);
    let sections = [Section::Actions, Section::Lessons];
    let has_any = || sections.iter().any(|s| has_section(look, *s));
    if !is_update(look) && look.incident.actions.is_empty() && !has_any() && !any_words(look, is_said) {
        whole(hits, "the report tells of no follow-up");
    }
}
