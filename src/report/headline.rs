//! The sentences a director reads: what the data carry, and what they don't.

use super::comparison::{Compared, change_of_count, compared, probability};
use super::method::counted;
use super::quarterly::Question;
use super::reach;
use crate::analytics::{
    ARM_MIN, ActionBalance, AgeClass, AnalyticsError, Basis, Comparison, Downtime, FieldCoverage, Frames, RateRatio,
    Verdict, actions, ages, coverage, downtime, poisson_interval,
};
use crate::domain::Metric;
use crate::record::Value;
use crate::time::duration;

use super::value::Figure;

/// What every part of the report looks at, computed once.
pub struct Ground<'a> {
    pub question: &'a Question,
    /// Every incident in scope.
    pub all: &'a Frames,
    /// Those of the period.
    pub now: Frames,
    /// Those of the period compared with.
    pub before: Frames,
    pub downtime: Vec<Downtime>,
    /// Of the period's incidents.
    pub actions: ActionBalance,
    /// Actions not marked done of all incidents up to the end of the period.
    pub backlog: Vec<AgeClass>,
    pub coverage: Vec<FieldCoverage>,
    /// How the number of incidents changed; none where that cannot be known.
    pub frequency: Option<RateRatio>,
    /// Why it cannot.
    pub unknown: Option<String>,
    pub ttr: Compared,
}

impl<'a> Ground<'a> {
    pub fn new(all: &'a Frames, question: &'a Question) -> Result<Self, AnalyticsError> {
        let (now, before) = (all.during(question.period)?, all.during(question.compared_with)?);
        let ttr = compared((all, &now, &before), Metric::Ttr.into(), Basis::Chosen)?;
        let unknown = reach::unknown(all, (question.compared_with, question.period), question.today)?;
        let change = change_of_count(&now, question.period, &before, question.compared_with);
        Ok(Ground {
            downtime: downtime(all, question.period, question.today)?,
            actions: actions(&now, question.day())?,
            backlog: ages(all, question.day())?,
            coverage: coverage(&now)?,
            frequency: change.filter(|_| unknown.is_none()),
            unknown,
            ttr: ttr.unwrap_or(Compared {
                new: Default::default(),
                old: Default::default(),
                comparison: Comparison::TooFew { new: 0, old: 0, needed: None },
            }),
            question,
            all,
            now,
            before,
        })
    }
}

/// Minutes as people say them.
pub fn spoken(minutes: f64) -> String {
    duration::show(minutes.round() as i64)
}

/// The report in one sentence: what happened, and what may be said of the change.
pub fn sentence(ground: &Ground<'_>) -> String {
    let (period, before) = (ground.question.period, ground.question.compared_with);
    let n = ground.now.incident_count();
    let mut text = format!("{} in {period}", counted(n, "incident"));
    if let Some(median) = ground.ttr.new.median {
        let of = match (ground.ttr.new.n, ground.ttr.new.missing) {
            (1, 0) => "",
            (1, _) => "the one with a known end ",
            (_, 0) => "half of them ",
            _ => "half of those with a known end ",
        };
        text.push_str(&format!(", {of}resolved within {}", spoken(median)));
    }
    let often = ground.frequency.map_or("", |r| match r.interval {
        i if i.low > 1.0 => "more frequent",
        i if i.high < 1.0 => "less frequent",
        _ => "",
    });
    let long = match &ground.ttr.comparison {
        Comparison::Made(change) => match change.verdict {
            Verdict::Shorter => "resolved faster",
            Verdict::Longer => "resolved more slowly",
            Verdict::NotShown => "",
        },
        Comparison::TooFew { .. } => "",
    };
    let change = match (often, long) {
        ("", "") => {
            "no change can be claimed, neither in how often incidents happened nor in how long they took".to_owned()
        }
        ("", long) => format!("incidents were {long}; no change can be claimed in how often they happened"),
        (often, "") => format!("incidents were {often}; no change can be claimed in how long they took"),
        (often, long) => format!("incidents were {often} and {long}"),
    };
    text + &format!(". Against {before}, {change}.")
}

/// What can be claimed, and what cannot.
pub fn claims(ground: &Ground<'_>) -> Result<(Vec<String>, Vec<String>), AnalyticsError> {
    let (mut shown, mut not_shown) = (Vec::new(), Vec::new());
    let (n, m) = (ground.now.incident_count(), ground.before.incident_count());
    let (period, before) = (ground.question.period, ground.question.compared_with);
    let was = format!("{} in {period}, {m} in {before}", counted(n, "incident"));
    match ground.frequency {
        Some(r) if r.interval.low > 1.0 => {
            shown.push(format!("Incidents became more frequent: {was} (p = {})", probability(r.p)));
        }
        Some(r) if r.interval.high < 1.0 => {
            shown.push(format!("Incidents became less frequent: {was} (p = {})", probability(r.p)));
        }
        Some(r) => {
            shown.push(format!("{was}."));
            not_shown.push(format!(
                "That incidents became more or less frequent: with counts of {m} and {n} chance explains the \
                 difference (p = {})",
                probability(r.p)
            ));
        }
        None => match &ground.unknown {
            Some(why) => {
                shown.push(was);
                not_shown.push(format!("That incidents became more or less frequent: {why}"));
            }
            None => shown.push(format!("No incident in {period}, and none in {before}")),
        },
    }
    durations(ground, &mut shown, &mut not_shown);
    availability(ground, &mut shown, &mut not_shown);
    provider(ground, &mut shown)?;
    pending(ground, &mut shown);
    gaps(ground, &mut not_shown);
    let finished = |sentences: Vec<String>| sentences.into_iter().map(full_stop).collect();
    Ok((finished(shown), finished(not_shown)))
}

fn full_stop(mut sentence: String) -> String {
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

fn durations(ground: &Ground<'_>, shown: &mut Vec<String>, not_shown: &mut Vec<String>) {
    let (new, before) = (&ground.ttr.new, ground.question.compared_with);
    let Some(median) = new.median else {
        if ground.now.incident_count() > 0 {
            not_shown.push("How long incidents take: no report of the period tells start and end".to_owned());
        }
        return;
    };
    let range = match new.interval {
        Some(i) => format!("95 % interval {} to {}", spoken(i.low), spoken(i.high)),
        None => "too few for an interval".to_owned(),
    };
    let median = format!(
        "The median time to resolve was {} (known for {} of {}; {range})",
        spoken(median),
        new.n,
        counted(new.n + new.missing, "incident")
    );
    match &ground.ttr.comparison {
        Comparison::TooFew { new, old, needed } => {
            shown.push(median);
            let seen = needed.map_or(String::new(), |n| format!(", and about {n} to see a change by a fifth"));
            not_shown.push(format!(
                "That resolving became faster or slower: {} in {before} and {new} now; at least {ARM_MIN} on each \
                 side are needed{seen}",
                counted(*old, "known duration")
            ));
        }
        Comparison::Made(change) => {
            let ratio = format!(
                "ratio to {before} {:.2}, 95 % interval {:.2} to {:.2}",
                change.ratio, change.interval.low, change.interval.high
            );
            match change.verdict {
                Verdict::Shorter => shown.push(format!("{median}. Resolving became faster ({ratio})")),
                Verdict::Longer => shown.push(format!("{median}. Resolving became slower ({ratio})")),
                Verdict::NotShown => {
                    shown.push(median);
                    not_shown.push(format!(
                        "That resolving became faster or slower ({ratio}); to see a change by a fifth takes about {} \
                         incidents on each side",
                        change.needed
                    ));
                }
            }
        }
    }
}

/// Of a single organisation; several have no common availability.
fn availability(ground: &Ground<'_>, shown: &mut Vec<String>, not_shown: &mut Vec<String>) {
    let [one] = ground.downtime.as_slice() else { return };
    if !one.is_told() {
        not_shown.push("How long users were affected: no report of the period tells when".to_owned());
        return;
    }
    let objective = ground.question.objective;
    let left = one.budget_minutes(objective) - one.minutes;
    let budget = if left < 0.0 {
        format!("the error budget of {objective} % is overspent by {}", spoken(-left))
    } else {
        format!("{} of the error budget of {objective} % are left", spoken(left))
    };
    // Any impact counts as full, so what is known of bounds availability from below; what is not known bounds nothing.
    let (bound, unknown) = match one.without_window {
        0 => ("at least", String::new()),
        n => ("about", format!(", not counting {} whose times are not told", counted(n, "incident"))),
    };
    shown.push(format!(
        "Users were affected for {} in total{unknown}: availability of {bound} {:.3} %{}, and {budget}",
        spoken(one.minutes),
        one.availability(),
        reach::lived(ground.question.period, ground.question.today).map_or(String::new(), |days| format!(" of {days}"))
    ));
}

fn provider(ground: &Ground<'_>, shown: &mut Vec<String>) -> Result<(), AnalyticsError> {
    let counts = super::sections::breakdown(&ground.now, "provider")?;
    let named: Vec<(&str, usize)> = counts.iter().filter_map(|(label, n)| Some((label.as_deref()?, *n))).collect();
    let blamed: usize = named.iter().map(|(_, n)| n).sum();
    if blamed > 0 {
        let n = counted(ground.now.incident_count(), "incident");
        shown.push(format!("Reports put {blamed} of {n} down to a provider, {}", whom(&named)));
    }
    Ok(())
}

/// Names that a sentence holds.
const NAMES_MAX: usize = 3;

/// Which providers lead, the largest count standing first: nobody is singled out whom others equal.
fn whom(counts: &[(&str, usize)]) -> String {
    let most = counts.first().map_or(0, |(_, n)| *n);
    let leading: Vec<&str> = counts.iter().take_while(|(_, n)| *n == most).map(|(name, _)| *name).collect();
    let often = if leading.len() < counts.len() { "most often " } else { "" };
    match leading.as_slice() {
        [one] if often.is_empty() => (*one).to_owned(),
        [one] => format!("{often}{one} in {most}"),
        [some @ .., last] if leading.len() <= NAMES_MAX => {
            format!("{often}{} and {last} in {most} each", some.join(", "))
        }
        _ => format!("{} of them in {most} each, and none in more", leading.len()),
    }
}

fn pending(ground: &Ground<'_>, shown: &mut Vec<String>) {
    let balance = &ground.actions;
    let total = balance.done + balance.open + balance.unknown;
    if total == 0 {
        return;
    }
    let overdue = balance.pending.iter().filter(|a| a.is_overdue).count();
    let when = match ground.question {
        asked if asked.day() < asked.period.end() => format!("on {}", asked.day()),
        _ => "at the end of the period".to_owned(),
    };
    let overdue = if overdue > 0 { format!(", {overdue} overdue {when}") } else { String::new() };
    shown.push(format!(
        "Of {}, {} {} not marked done in the reports{overdue}",
        counted(total, "follow-up action"),
        balance.pending.len(),
        if balance.pending.len() == 1 { "is" } else { "are" }
    ));
}

/// Fields that most reports lack are fields nothing can be said about.
fn gaps(ground: &Ground<'_>, not_shown: &mut Vec<String>) {
    const ESSENTIAL: [(&str, &str); 4] = [
        ("detected", "How quickly incidents are noticed"),
        ("trigger", "What sets incidents off"),
        ("severity", "How severe incidents are"),
        ("detection", "Who notices first"),
    ];
    for (name, what) in ESSENTIAL {
        let Some(field) = ground.coverage.iter().find(|f| f.name == name) else { continue };
        if field.total > 0 && field.known * 2 < field.total {
            not_shown.push(format!("{what}: told by {} of {} reports only", field.known, field.total));
        }
    }
}

/// The numbers to remember.
pub fn figures(ground: &Ground<'_>) -> Result<Vec<Figure>, AnalyticsError> {
    let before = ground.question.compared_with;
    let (n, m) = (ground.now.incident_count(), ground.before.incident_count());
    let interval = poisson_interval(n as u64);
    let mut figures = vec![Figure {
        label: "Incidents".to_owned(),
        value: n.to_string(),
        note: format!("{m} in {before}; rate behind it {:.1} to {:.1}", interval.low, interval.high),
        section: "incidents",
    }];
    let severe = super::sections::breakdown(&ground.now, "severity_level")?;
    let of_level = |level: &str| severe.iter().find(|(l, _)| l.as_deref() == Some(level)).map_or(0, |(_, n)| *n);
    let unknown = severe.iter().find(|(l, _)| l.is_none()).map_or(0, |(_, n)| *n);
    figures.push(Figure {
        label: "Of severity 1 or 2".to_owned(),
        value: (of_level("1") + of_level("2")).to_string(),
        note: match unknown {
            0 => "severity told in all".to_owned(),
            _ => format!("severity not told or not comparable in {unknown}"),
        },
        section: "frequency",
    });
    let (new, old) = (&ground.ttr.new, &ground.ttr.old);
    let then = old.median.map_or("unknown".to_owned(), spoken);
    figures.push(Figure {
        label: "Median time to resolve".to_owned(),
        value: new.median.map_or("unknown".to_owned(), spoken),
        note: format!("n = {}, {} unknown; {then} in {before} (n = {})", new.n, new.missing, old.n),
        section: "durations",
    });
    if let [one] = ground.downtime.as_slice() {
        figures.push(Figure {
            label: "Availability".to_owned(),
            value: match (one.is_told(), one.without_window) {
                (false, _) => "unknown".to_owned(),
                (true, 0) => format!("≥ {:.3} %", one.availability()),
                (true, _) => format!("~ {:.3} %", one.availability()),
            },
            note: format!(
                "objective {} %; {} of impact, {} of unknown length",
                ground.question.objective,
                spoken(one.minutes),
                counted(one.without_window, "incident")
            ),
            section: "availability",
        });
    }
    let overdue = ground.actions.pending.iter().filter(|a| a.is_overdue).count();
    figures.push(Figure {
        label: "Actions not marked done".to_owned(),
        value: ground.actions.pending.len().to_string(),
        note: format!("{overdue} overdue, {} marked done", ground.actions.done),
        section: "actions",
    });
    Ok(figures)
}

/// A group's label as text; `None` for the unknown.
pub fn label(value: &Value) -> Option<String> {
    match value {
        Value::Text(t) if t == "unknown" => None,
        Value::Text(t) => Some(t.clone()),
        Value::Integer(n) => Some(n.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::whom;

    #[test]
    fn nobody_is_singled_out_whom_others_equal() {
        for (counts, words) in [
            (vec![("A", 3)], "A"),
            (vec![("A", 3), ("B", 2)], "most often A in 3"),
            (vec![("A", 1), ("B", 1), ("C", 1)], "A, B and C in 1 each"),
            (vec![("A", 2), ("B", 2), ("C", 1)], "most often A and B in 2 each"),
            (vec![("A", 1), ("B", 1), ("C", 1), ("D", 1)], "4 of them in 1 each, and none in more"),
        ] {
            assert_eq!(whom(&counts), words);
        }
    }
}
