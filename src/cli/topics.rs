//! The topics of `retro help`: what several verbs share and no single one explains. References are made of what the
//! code declares, so that they cannot go stale.

use super::config::KEYS;
use crate::domain::{METRICS, MilestoneKind};
use crate::record::{FIELDS, Grid, GridColumn, Value};
use crate::render::Page;

/// A topic.
pub struct Topic {
    pub name: &'static str,
    pub about: &'static str,
    pub page: fn() -> Page,
}

/// Every topic, in the order of the list.
pub const TOPICS: &[Topic] = &[
    Topic {
        name: "filters",
        about: "how incidents are chosen, in search, list, stats and every other verb that takes a FILTER",
        page: filters,
    },
    Topic { name: "time", about: "how written times become moments, and what is never guessed", page: time },
    Topic {
        name: "metrics",
        about: "what TTD, TTA, TTI, TTM, TTR and impact mean, and what is kept out",
        page: metrics,
    },
    Topic { name: "configuration", about: "every key of retro.toml", page: configuration },
    Topic { name: "exit-codes", about: "what the exit status of each verb says", page: exit_codes },
];

fn grid(columns: &[(&str, &str)], rows: impl Iterator<Item = Vec<String>>) -> Grid {
    let mut grid = Grid::new("", columns.iter().map(|(name, title)| GridColumn::text(*name, *title)).collect());
    grid.rows = rows.map(|row| row.into_iter().map(Value::Text).collect()).collect();
    grid
}

fn filters() -> Page {
    let rows = FIELDS.iter().map(|f| {
        let names = std::iter::once(f.name).chain(f.aliases.iter().copied()).collect::<Vec<_>>().join(", ");
        vec![names, f.meaning.to_owned(), format!("{}:{}", f.name, f.example)]
    });
    Page::new("Filters")
        .text(
            "A filter is words and fields. All must hold; OR between two means either, - or ! before one means not, \
             brackets group. Words are looked for in the text; \"several words\" in quotation marks stand together.",
        )
        .verbatim(
            "\nretro list provider:aws severity:<=2 during:2025-Q2\nretro stats ttr trigger:config -org:acme\n\
             retro list 'ttr:>2h OR impact:>=1d' has:root-cause\nretro search 'packet loss' region:eu-west-2",
        )
        .heading("Values")
        .points(vec![
            "several values: trigger:config,deploy (either)".to_owned(),
            "numbers and lengths of time: <=2, >2h, 30m..90m, 1d".to_owned(),
            "dates and periods: 2025-03-02, 2025-03, 2025-Q2, 2024..2025, >=2025-03".to_owned(),
            "words: any case; a * at the end stands for any ending".to_owned(),
        ])
        .text("In search and similar any text is a question: a word with a colon is a field only when the field is known. \
               Where nothing passes its filters nothing is found; of a pasted text (several lines, over 200 bytes, or \
               with keys of its own) all is searched as words then.")
        .heading("Fields")
        .table(grid(&[("field", "field"), ("meaning", "meaning"), ("example", "example")], rows))
}

fn time() -> Page {
    Page::new("Time")
        .text(
            "A written time is kept as it stands, beside what it was resolved to. What its own words leave out comes \
             from its surroundings, in this order, and the record says which part was inferred: its line, its \
             neighbours (the heading above, the entry before), what the document declares (\"All times in CET\", a \
             column \"Time (UTC)\"), front matter, the file's name, and last retro.toml.",
        )
        .heading("Zones")
        .text(
            "Abbreviations are taken literally: CET is +01:00 also in June, and a notice (zone-season) says that the \
             author may have meant the clock on the wall. Places (Europe/Paris, PT, London time) follow the daylight \
             saving of the date. An abbreviation with several meanings, such as IST or CST, is chosen by a second clock \
             beside it (15:00 IST / 09:30 UTC), the configured zone, or another zone that the document names; else it \
             is read as the commonest, and a notice (ambiguous-zone) lists the candidates.",
        )
        .heading("What is not guessed")
        .points(vec![
            "A clock without a date, or without a zone, has no instant; it still counts in durations beside its like."
                .to_owned(),
            "An impossible order stays as written, with a notice; so does a date that looks like a slip.".to_owned(),
            "A milestone that the text does not tell is empty.".to_owned(),
            "When an update was posted is not when the thing it tells of happened.".to_owned(),
        ])
        .heading("See also")
        .verbatim("retro show ID --tz Europe/Paris\nretro extract FILE --explain started,resolved")
}

fn metrics() -> Page {
    let rows = METRICS
        .iter()
        .map(|m| vec![m.title.to_owned(), m.start.name().to_owned(), m.end.name().to_owned(), m.meaning.to_owned()]);
    let milestones = MilestoneKind::ALL.iter().map(|m| vec![m.name().to_owned(), m.meaning().to_owned()]);
    Page::new("Metrics")
        .text("A metric is the time between two milestones of one incident. Means and medians are of many incidents.")
        .table(grid(&[("metric", "metric"), ("start", "from"), ("end", "to"), ("meaning", "meaning")], rows))
        .heading("Milestones")
        .table(grid(&[("milestone", "milestone"), ("meaning", "meaning")], milestones))
        .heading("Stated and computed")
        .text(
            "What the author wrote (stated) and what the milestones give (computed) are kept apart and never merged. \
             A correction by hand counts first, then the computed value, then the stated one; where stated and \
             computed differ by more than ten minutes and a tenth, a notice says so. Where the two agree on the clock \
             and are whole days apart, a date is mistyped: then the stated value counts, in every verb.",
        )
        .text("retro.toml adds metrics of your own: [metrics.NAME] with start and end.")
        .heading("See also")
        .verbatim("retro stats --define")
}

fn configuration() -> Page {
    let rows = KEYS.iter().map(|k| {
        vec![k.table.to_owned(), k.name.to_owned(), k.meaning.to_owned(), format!("{} = {}", k.name, k.example)]
    });
    let columns = [("table", "table"), ("key", "key"), ("meaning", "meaning"), ("example", "example")];
    Page::new("Configuration")
        .text(
            "retro.toml is looked for in the working directory and in those above it; --config names another. It \
             completes what documents leave open and never overrides what they say: that is what 'retro correct' is \
             for. An unknown key or a bad value is an error that shows the line.",
        )
        .table(grid(&columns, rows))
}

fn exit_codes() -> Page {
    let rows = [
        ("0", "something was found, or the work was done; a reader that goes away (| head) is no error"),
        ("1", "the question was understood and nothing was found; of check: findings at error level"),
        ("2", "it could not be done: a mistake on the command line, a file that can't be read, no store"),
    ];
    Page::new("Exit codes")
        .table(grid(
            &[("status", "status"), ("meaning", "meaning")],
            rows.iter().map(|(code, meaning)| vec![(*code).to_owned(), (*meaning).to_owned()]),
        ))
        .text("Data goes to stdout, everything else to stderr; --quiet leaves only what went wrong.")
}
