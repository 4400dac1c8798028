//! Checks of times: what a reader elsewhere, or a statistic, could not use or would misread.

use super::{Check, Hit, Level, Look, line_at};
use crate::domain::{Event, MilestoneKind, Notice, Span};
use crate::extract::rule::Finding;
use crate::extract::rules;
use crate::time::Moment;
use std::collections::BTreeMap;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "R101",
        slug: "no-zone",
        level: Level::Error,
        finds: "clocks without a time zone, in the whole report",
        reason: "Whoever reads it in another country, or next to logs in UTC, cannot tell when it was.",
        remedy: "Write the zone once, such as 'All times are UTC', or beside the times; retro.toml can give one for a folder.",
        examples: &["# Shop down\n\nOn 2025-03-02 at 10:00 the shop failed. It was restored at 11:00.\n"],
        counterexamples: &[
            "# Shop down\n\nAll times are UTC.\n\nOn 2025-03-02 at 10:00 the shop failed. It was restored at 11:00.\n",
        ],
        apply: no_zone,
    },
    Check {
        code: "R102",
        slug: "no-date",
        level: Level::Error,
        finds: "no date on which it began, nowhere in the report or its name",
        reason: "It belongs to no month and no quarter, and is left out of every figure.",
        remedy: "Write the date of the incident into the summary, such as 'Date: 2025-03-02'.",
        examples: &[
            "# Shop down\n\nSeverity: High\n\nThe shop failed because the disk was full. We were paged at 10:00 UTC.\n\n## Root cause\n\nThe disk was full.\n",
        ],
        counterexamples: &["# Shop down\n\nDate: 2025-03-02\n\nThe shop failed because the disk was full.\n"],
        apply: no_date,
    },
    Check {
        code: "R103",
        slug: "no-end",
        level: Level::Warning,
        finds: "neither an end of the impact nor a length of it",
        reason: "How long people were hit is the first thing that is asked, and without it the incident counts as open.",
        remedy: "Write when service was restored, with date, clock and zone.",
        examples: &["# Shop down\n\nOn 2025-03-02 at 10:00 UTC the shop failed because the disk was full.\n"],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC the shop failed. It was restored at 11:00 UTC.\n",
            "# Shop down\n\nOn 2025-03-02 the shop was down for 40 minutes because the disk was full.\n",
        ],
        apply: no_end,
    },
    Check {
        code: "R105",
        slug: "milestone-order",
        level: Level::Error,
        finds: "a labelled milestone before the labelled start of impact, or a resolution before the end of impact",
        reason: "One of the times is wrong, and every duration made of it is.",
        remedy: "Correct the time, or say which clock or zone it is in.",
        examples: &[
            "# Shop down\n\n- Impact started: 2025-03-02 12:00 UTC\n- Detected: 2025-03-02 11:00 UTC\n- Resolved: 2025-03-02 13:00 UTC\n",
        ],
        counterexamples: &["# Shop down\n\n- Impact started: 2025-03-02 10:00 UTC\n- Resolved: 2025-03-02 11:00 UTC\n"],
        apply: milestone_order,
    },
    Check {
        code: "R106",
        slug: "timeline-order",
        level: Level::Warning,
        finds: "an entry of the timeline that is earlier than the one before it and fits nowhere there",
        reason: "Either its time is a slip or the order is, and a reader cannot tell which.",
        remedy: "Correct the time or move the entry.",
        examples: &[
            "# Shop down\n\n## Timeline 2025-03-02 UTC\n\n- 10:00 The shop failed\n- 10:05 First alert\n- 09:15 Restart of the database\n- 10:20 Service restored\n- 10:40 Closed\n",
        ],
        counterexamples: &[
            "# Shop down\n\n## Timeline 2025-03-02 UTC\n\n- 10:00 The shop failed\n- 10:05 First alert\n- 10:20 Service restored\n",
            "# Shop down\n\n## Updates 2025-03-02 UTC\n\n- 10:20 Service restored\n- 10:05 First alert\n- 10:00 The shop failed\n",
        ],
        apply: timeline_order,
    },
    Check {
        code: "R107",
        slug: "duration-conflict",
        level: Level::Error,
        finds: "a stated duration that differs from what its own times give by more than 10 minutes and a tenth",
        reason: "Two figures for one thing: whoever quotes one will be shown the other.",
        remedy: "Correct the duration or the times, or say what the duration counts.",
        examples: &[
            "# Shop down\n\nTime to resolve: 3 hours\n\n- Impact started: 2025-03-02 10:00 UTC\n- Resolved: 2025-03-02 11:00 UTC\n",
        ],
        counterexamples: &[
            "# Shop down\n\nTime to resolve: 1 hour\n\n- Impact started: 2025-03-02 10:00 UTC\n- Resolved: 2025-03-02 11:05 UTC\n",
        ],
        apply: duration_conflict,
    },
    Check {
        code: "R108",
        slug: "zone-season",
        level: Level::Warning,
        finds: "a label of winter time in summer, or of summer time in winter",
        reason: "Read literally it is an hour off; most who write CET in June mean the clock on the wall.",
        remedy: "Write the label in force on that day (CEST in summer), the place (Europe/Paris), or UTC.",
        examples: &["# Shop down\n\nOn 2025-07-02 at 10:00 CET the shop failed. It was restored at 11:00 CET.\n"],
        counterexamples: &[
            "# Shop down\n\nOn 2025-07-02 at 10:00 CEST the shop failed. It was restored at 11:00 CEST.\n",
        ],
        apply: |look, hits| notices(look, "zone-season", hits),
    },
    Check {
        code: "R109",
        slug: "date-typo",
        level: Level::Warning,
        finds: "an entry of the timeline weeks away from the entries around it",
        reason: "A slip in day, month or year moves the whole incident.",
        remedy: "Correct the date.",
        examples: &[
            "# Shop down\n\n## Timeline (UTC)\n\n- 2025-03-02 10:00 The shop failed\n- 2025-08-02 10:05 First alert\n- 2025-03-02 10:20 Service restored\n",
        ],
        counterexamples: &[
            "# Shop down\n\n## Timeline (UTC)\n\n- 2025-03-02 10:00 The shop failed\n- 2025-03-02 10:05 First alert\n- 2025-03-02 10:20 Service restored\n",
        ],
        apply: |look, hits| notices(look, "date-typo", hits),
    },
    Check {
        code: "R110",
        slug: "clock-change",
        level: Level::Warning,
        finds: "a local time in the hour that is skipped, or told twice, when clocks are changed",
        reason: "An hour that never was cannot be when something happened, and one that was twice leaves open which.",
        remedy: "Write the offset (02:30+01:00), the label in force (CET or CEST), or UTC.",
        examples: &[
            "# Shop down\n\nOn 2025-03-30 at 02:30 Europe/Berlin the shop failed. It was restored at 04:00 Europe/Berlin.\n",
            "# Shop down\n\nOn 2025-10-26 at 02:30 Europe/Berlin the shop failed. It was restored at 04:00 Europe/Berlin.\n",
        ],
        counterexamples: &[
            "# Shop down\n\nOn 2025-10-26 at 02:30 CET the shop failed. It was restored at 04:00 CET.\n",
            "# Shop down\n\nOn 2025-10-25 at 02:30 Europe/Berlin the shop failed. It was restored at 04:00 Europe/Berlin.\n",
        ],
        apply: |look, hits| notices(look, "clock-change", hits),
    },
];

fn no_zone(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let mut clocks = look.reading.timing.stamps.iter().filter(|s| s.at.clock.is_some());
    let Some(first) = clocks.next().filter(|_| look.incident.zones.is_empty()) else { return };
    let span = look.reading.evidence(first.block, first.span.clone()).into_iter().next();
    let message = match clocks.count() {
        0 => "this clock has no time zone".to_owned(),
        1 => "this and another clock have no time zone".to_owned(),
        more => format!("this and {more} other clocks have no time zone"),
    };
    hits.push(Hit { span, message });
}

fn no_date(look: &Look<'_>, hits: &mut Vec<Hit>) {
    if look.incident.date.is_none() {
        hits.push(Hit { span: None, message: "the report does not tell the date on which it began".to_owned() });
    }
}

fn no_end(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let ended = [MilestoneKind::Mitigated, MilestoneKind::Resolved];
    let is_told = ended.iter().any(|m| look.incident.milestones.contains_key(m)) || !look.incident.durations.is_empty();
    if !is_told {
        hits.push(Hit {
            span: None,
            message: "the report tells neither when it ended nor how long it took".to_owned(),
        });
    }
}

/// Only of times that the author labels; a record leaves out what cannot be, and the labels still say it.
fn milestone_order(look: &Look<'_>, hits: &mut Vec<Hit>) {
    use MilestoneKind::{Mitigated, Resolved, Started};
    let mut labelled: BTreeMap<MilestoneKind, (&Moment, Option<Span>)> = BTreeMap::new();
    for candidate in look.candidates.iter().filter(|c| c.rule == rules::milestone::labelled::RULE.code) {
        if let Finding::Milestone(kind, at) = &candidate.finding {
            labelled.entry(*kind).or_insert((at, candidate.evidence.first().cloned()));
        }
    }
    for (kind, (at, span)) in &labelled {
        let before = |other| labelled.get(&other).filter(|(o, _)| at.minutes_since(o).is_some_and(|m| m < 0));
        let (what, other) = match (before(Started), before(Mitigated)) {
            (Some((started, _)), _) => ("the start of impact", started),
            (None, Some((mitigated, _))) if *kind == Resolved => ("the end of impact", mitigated),
            _ => continue,
        };
        // Two clocks without a date may lie on two days.
        if at.date.is_some() && other.date.is_some() {
            let message = format!("{} ({}) lies before {what} ({})", kind.name(), at.local_text(), other.local_text());
            hits.push(Hit { span: span.clone(), message });
        }
    }
}

/// A dip: earlier than the entry before it, while the entry after it goes on from there. Where many entries step back,
/// the order is another one (newest first, a table a day), and nothing is said.
fn timeline_order(look: &Look<'_>, hits: &mut Vec<Hit>) {
    if !look.reading.timeline.explicit || look.reading.timeline.posted {
        return;
    }
    let since =
        |a: &Event, b: &Event| b.at.minutes_since(&a.at).filter(|_| a.at.clock.is_some() && b.at.clock.is_some());
    let steps: Vec<Option<i64>> = look.incident.timeline.windows(2).map(|w| since(w.first()?, w.last()?)).collect();
    let back: Vec<usize> =
        (0..steps.len()).filter(|i| steps.get(*i).is_some_and(|s| s.is_some_and(|m| m < 0))).collect();
    if back.len() > DIPS_MAX || back.len() * 4 > steps.len() {
        return;
    }
    for i in back {
        let (Some(before), Some(dip), Some(after)) =
            (look.incident.timeline.get(i), look.incident.timeline.get(i + 1), look.incident.timeline.get(i + 2))
        else {
            continue;
        };
        let goes_on = since(before, after).is_some_and(|m| m >= 0);
        if goes_on && !dip.at.approximate && !before.at.approximate && before.end.is_none() {
            let message = format!("{} stands after {}", dip.at.local_text(), before.at.local_text());
            hits.push(Hit { span: dip.evidence.first().cloned(), message });
        }
    }
}

const DIPS_MAX: usize = 3;

/// Only of durations that the author names: what prose says of a while may be another while.
fn duration_conflict(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let labelled = look.incident.durations.values().filter_map(|d| d.stated.as_ref());
    let labelled: Vec<_> = labelled.filter(|s| s.rule == rules::duration::labelled::RULE.code).collect();
    let text = &look.reading.document.text;
    let told = look.incident.notices.iter().filter(|n| n.code == "duration-conflict");
    for notice in told.filter(|n| labelled.iter().any(|s| s.evidence == n.evidence)) {
        let span = notice.evidence.first().cloned();
        let line = span.as_ref().map_or("", |s| line_at(text, s.start)).to_lowercase();
        // Hours on duty are another measure, and are said to be.
        if !ON_DUTY.iter().any(|words| line.contains(words)) {
            hits.push(Hit { span, message: notice.message.clone() });
        }
    }
}

/// Words of hours in which somebody is there.
const ON_DUTY: &[&str] = &[
    "support hours",
    "business hours",
    "working hours",
    "office hours",
    "geschäftszeiten",
    "arbeitszeit",
    "heures ouvrées",
    "horas laborables",
    "horário comercial",
];

fn notices(look: &Look<'_>, code: &str, hits: &mut Vec<Hit>) {
    let told = look.incident.notices.iter().filter(|n: &&Notice| n.code == code);
    hits.extend(told.map(|n| Hit { span: n.evidence.first().cloned(), message: n.message.clone() }));
}
