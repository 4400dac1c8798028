//! The sections of the report that list: incidents, repeats, actions, what reports lack, notices, method.

use super::headline::Ground;
use super::method::{self, counted};
use super::quarterly::REPEATS_MONTHS;
use super::sections::{listed, which};
use super::stats::{count, round};
use super::value::{MEMBERS, Section};
use crate::analytics::{AnalyticsError, coverage, incident_list, intake, notice_counts};
use crate::query::Repeats;
use crate::record::{ColumnKind, Grid, GridColumn, Value};
use crate::time::period::Period;
use chrono::NaiveDate;

/// Rows of the list of incidents; the rest is counted.
const INCIDENTS_MAX: usize = 1_000;

/// Rows of a list of actions; the rest is counted.
const ACTIONS_MAX: usize = 50;

/// Rows of the list of incidents without a date.
const UNDATED_MAX: usize = 30;

/// What happened?
pub fn incidents(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let mut table = Grid::new(
        format!("Incidents of {}", ground.question.period),
        vec![
            GridColumn::new("date", "Date", ColumnKind::Date),
            GridColumn::text("id", "Id"),
            GridColumn::text("org", "Organisation").spare(4),
            GridColumn::text("title", "Title").spare(1),
            GridColumn::text("severity", "Severity").spare(2),
            GridColumn::text("trigger", "Trigger").spare(3),
            GridColumn::text("provider", "Provider").spare(5),
            GridColumn::integer("ttd_minutes", "TTD").unit("minutes").spare(6),
            GridColumn::integer("ttr_minutes", "TTR").unit("minutes"),
            GridColumn::text("path", "File").spare(7),
        ],
    );
    let names: Vec<_> = table.columns.iter().map(|c| c.name.clone()).collect();
    let (rows, count) = incident_list(&ground.now, &names, INCIDENTS_MAX)?;
    let rest = count - rows.len();
    table.rows = rows;
    if rest > 0 {
        table.note(format!("{rest} more are not listed; 'retro list during:{}' lists all", ground.question.period));
    }
    table.note(format!(
        "'retro show ID --evidence' gives the words and lines behind every value; 'retro list during:{} has:ttr' those \
         behind a number",
        ground.question.period
    ));
    let title = "Incidents".to_owned();
    Ok(Section { id: "incidents", title, tables: vec![table], ..Section::default() })
}

/// What came back in this period, of everything that came back?
pub fn repeats(period: Period, repeats: &Repeats) -> Section {
    let mut table = Grid::new(
        "Incidents that had happened before",
        vec![
            GridColumn::text("shares", "What they share"),
            GridColumn::integer("incidents", "Times"),
            GridColumn::integer("gap_days", "Last gap").unit("days"),
            GridColumn::text("ids", "Incidents"),
        ],
    );
    for repeat in &repeats.groups {
        // Only what was known by the end of the period.
        let known = |(id, date): &(String, Option<NaiveDate>)| Some((id.clone(), date.filter(|d| *d < period.end())?));
        let members: Vec<(String, NaiveDate)> = repeat.members.iter().filter_map(known).collect();
        let [.., (_, before), (_, last)] = members.as_slice() else { continue };
        if !period.contains(*last) {
            continue;
        }
        let ids: Vec<String> = members.iter().map(|(id, _)| id.clone()).collect();
        table.rows.push(vec![
            Value::Text(repeat.shares.clone()),
            count(members.len()),
            Value::Integer((*last - *before).num_days()),
            listed(&ids),
        ]);
    }
    if repeats.more > 0 {
        table.note(format!("{} smaller groups are not listed; 'retro clusters' lists all", repeats.more));
    }
    table.note(format!(
        "A repeat: incidents alike in the words of title, symptoms and cause and in their labels, as 'retro clusters' \
         groups them; the latest of them in the period, the others in it or in the {REPEATS_MONTHS} months before. An \
         incident that several documents tell counts once",
    ));
    Section { id: "repeats", title: "Repeats".to_owned(), tables: vec![table], ..Section::default() }
}

/// What is still to be done?
pub fn actions(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let balance = &ground.actions;
    let mut section = Section { id: "actions", title: "Follow-up actions".to_owned(), ..Section::default() };
    section.lead.push(format!(
        "{} marked done, {} marked open, {} of which the report does not say; {} with neither owner nor date.",
        balance.done, balance.open, balance.unknown, balance.unowned
    ));
    section.tables.push(ages(ground));
    let mut table = Grid::new(
        format!("Actions of the period's incidents not marked done, as of {}", ground.question.day()),
        vec![
            GridColumn::text("id", "Incident"),
            GridColumn::text("text", "Action"),
            GridColumn::text("status", "Status"),
            GridColumn::text("owner", "Owner"),
            GridColumn::new("due", "Due", ColumnKind::Date),
            GridColumn::new("is_overdue", "Overdue", ColumnKind::Flag),
            GridColumn::integer("age_days", "Age").unit("days"),
        ],
    );
    for action in balance.pending.iter().take(ACTIONS_MAX) {
        table.rows.push(vec![
            Value::Text(action.id.clone()),
            Value::Text(action.text.clone()),
            Value::Text(action.status.clone()),
            action.owner.clone().map_or(Value::Null, Value::Text),
            action.due.map_or(Value::Null, Value::Date),
            Value::Flag(action.is_overdue),
            action.age_days.map_or(Value::Null, Value::Integer),
        ]);
    }
    if balance.pending.len() > ACTIONS_MAX {
        table.note(format!("{} more are not listed", balance.pending.len() - ACTIONS_MAX));
    }
    table.note(
        "Age and overdue are counted to the end of the period, or to today where it is not over; age is from the \
         incident's date",
    );
    section.tables.push(table);
    Ok(section)
}

/// All that is still to be done, by age.
fn ages(ground: &Ground<'_>) -> Grid {
    let mut table = Grid::new(
        format!("Actions of all incidents not marked done, by age, as of {}", ground.question.day()),
        vec![
            GridColumn::text("age", "Age"),
            GridColumn::integer("open", "Open"),
            GridColumn::integer("unknown", "Not told"),
            GridColumn::integer("overdue", "Overdue"),
            which(),
        ],
    );
    for class in &ground.backlog {
        let age = Value::Text(class.age.to_owned());
        table.rows.push(vec![age, count(class.open), count(class.unknown), count(class.overdue), listed(&class.ids)]);
    }
    table.note(
        "Of every incident in scope up to the end of the period; not told: the report does not say how far it is",
    );
    table
}

/// What do the reports tell?
pub fn documentation(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let before = coverage(&ground.before)?;
    let mut table = Grid::new(
        "What the reports tell",
        vec![
            GridColumn::text("field", "Field"),
            GridColumn::integer("known", "Known"),
            GridColumn::integer("total", "Of"),
            GridColumn::real("share_percent", "Share").unit("%"),
            GridColumn::real("share_before_percent", ground.question.compared_with.to_string()).unit("%"),
            GridColumn::text(MEMBERS, "Lacking in"),
        ],
    );
    let share = |known: usize, total: usize| {
        if total == 0 { Value::Null } else { Value::Real(round(100.0 * known as f64 / total as f64, 0)) }
    };
    for (field, old) in ground.coverage.iter().zip(before) {
        table.rows.push(vec![
            Value::Text(field.title.to_owned()),
            count(field.known),
            count(field.total),
            share(field.known, field.total),
            share(old.known, old.total),
            listed(&field.lacking),
        ]);
    }
    table.note("A field that a report lacks is left empty, never guessed; it is in no number of this report");
    let title = "Documentation quality".to_owned();
    Ok(Section { id: "documentation", title, tables: vec![table], ..Section::default() })
}

/// What is odd about the reports?
pub fn notices(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let mut table = Grid::new(
        "Notices about the period's reports",
        vec![
            GridColumn::text("code", "Notice"),
            GridColumn::integer("notices", "Notices"),
            GridColumn::integer("incidents", "Incidents"),
            GridColumn::text("example", "For example"),
            GridColumn::text("id", "In"),
        ],
    );
    for notice in notice_counts(&ground.now)? {
        let (example, id) = (Value::Text(notice.example), Value::Text(notice.example_id));
        table.rows.push(vec![Value::Text(notice.code), count(notice.count), count(notice.incidents), example, id]);
    }
    Ok(Section { id: "notices", title: "Notices".to_owned(), tables: vec![table], ..Section::default() })
}

/// How was it computed, and what was left out?
pub fn method(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let everything = intake(ground.all)?;
    let mut section =
        Section { id: "method", title: "Method, definitions and what was left out".to_owned(), ..Section::default() };
    section.lead.push(format!(
        "{} are in scope, of which {} without a date belong to no period.",
        counted(everything.incidents, "incident"),
        everything.undated
    ));
    section.lead.extend(method::left_out(&intake(&ground.now)?).map(|text| format!("{text}, in the period.")));
    section.tables.push(method::definitions(&[]));
    section.tables.extend(undated(ground)?);
    Ok(section)
}

/// The incidents that no period counts, so that nobody has to guess which.
fn undated(ground: &Ground<'_>) -> Result<Option<Grid>, AnalyticsError> {
    let columns = vec![
        GridColumn::text("id", "Id"),
        GridColumn::text("org", "Organisation"),
        GridColumn::text("title", "Title"),
        GridColumn::text("path", "File"),
    ];
    let mut table = Grid::new("Incidents without a date", columns);
    let names: Vec<_> = table.columns.iter().map(|c| c.name.clone()).collect();
    let read: Vec<_> = names.iter().cloned().chain(["date".to_owned()]).collect();
    let (rows, count) = incident_list(&ground.all.undated(&read)?, &names, UNDATED_MAX)?;
    table.rows = rows;
    if count > UNDATED_MAX {
        table.note(format!("{} more are not listed; 'retro list missing:date' lists all", count - UNDATED_MAX));
    }
    Ok((count > 0).then_some(table))
}
