//! The store's tables as frames, the part of them that a question is about, and their columns as plain values.

use super::AnalyticsError;
use super::columns::{Columns, date};
use crate::record::{Grid, GridColumn, Redactor, SAME_AS, TABLES, Table, Value, table};
use crate::time::period::{Period, Unit};
use chrono::NaiveDate;
use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType, IntoLazy, LazyFrame, NamedFrom, PlHashMap, PlHashSet, Series,
    StringChunked,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Some or all of the five tables. Cloning is cheap: columns are shared.
#[derive(Debug, Clone)]
pub struct Frames {
    tables: BTreeMap<&'static str, DataFrame>,
    owners: Arc<Owners>,
}

/// For each table, as soon as somebody asks, the place of the incident that each of its rows belongs to; [`NOBODY`]
/// where there is none.
type Owners = BTreeMap<&'static str, OnceLock<Vec<u32>>>;

/// No incident's place.
const NOBODY: u32 = u32::MAX;

impl Frames {
    /// Reads tables through `read`, which is given the name and the columns: for each table those that `needed` asks
    /// for, and none of a table for which it asks for nothing.
    pub fn load<E>(
        needed: impl Fn(&Table) -> Vec<String>,
        mut read: impl FnMut(&'static str, Vec<String>) -> Result<DataFrame, E>,
    ) -> Result<Self, E> {
        let mut tables = BTreeMap::new();
        for table in TABLES {
            let columns = needed(table);
            if !columns.is_empty() {
                tables.insert(table.name, read(table.name, columns)?);
            }
        }
        Ok(Frames::of(tables))
    }

    fn of(tables: BTreeMap<&'static str, DataFrame>) -> Self {
        let owners = tables.keys().map(|name| (*name, OnceLock::new())).collect();
        Frames { tables, owners: Arc::new(owners) }
    }

    /// One table as it is, if it was read.
    pub(super) fn frame(&self, name: &str) -> Option<&DataFrame> {
        self.tables.get(name)
    }

    /// The names of the tables that were read.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.tables.keys().copied()
    }

    /// How many rows a table has; none where it was not read.
    pub(super) fn height(&self, name: &str) -> usize {
        self.tables.get(name).map_or(0, DataFrame::height)
    }

    /// One table; an empty frame if there is none of this name.
    pub fn table(&self, name: &str) -> LazyFrame {
        self.tables.get(name).cloned().unwrap_or_default().lazy()
    }

    pub fn incidents(&self) -> LazyFrame {
        self.table("incidents")
    }

    /// A whole table, as other programs get it.
    ///
    /// # Errors
    /// It cannot be computed.
    pub fn whole(&self, name: &str) -> Result<DataFrame, AnalyticsError> {
        Ok(self.table(name).collect()?)
    }

    /// A whole table as plain values.
    ///
    /// # Errors
    /// It cannot be computed.
    pub fn grid(&self, name: &str) -> Result<Grid, AnalyticsError> {
        let columns = table(name).map(|t| t.columns).unwrap_or_default();
        let names: Vec<&str> = columns.iter().map(|c| c.name).collect();
        let values = Columns::of(self.table(name), &names)?;
        let mut grid = Grid::new("", columns.iter().map(GridColumn::of).collect());
        let mut cells =
            names.iter().map(|n| Ok(values.values(n)?.into_iter())).collect::<Result<Vec<_>, AnalyticsError>>()?;
        for _ in 0..values.height() {
            grid.rows.push(cells.iter_mut().map(|cell| cell.next().unwrap_or(Value::Null)).collect());
        }
        Ok(grid)
    }

    /// The incidents of each quarter, in order of quarters, with what belongs to them; those without a date first,
    /// under none.
    ///
    /// # Errors
    /// The tables cannot be split.
    pub fn by_quarter(&self) -> Result<Vec<(Option<String>, Self)>, AnalyticsError> {
        let columns = self.columns(&["id", "quarter"])?;
        let mut ids: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for (id, quarter) in columns.texts("id")?.into_iter().zip(columns.texts("quarter")?) {
            ids.entry(quarter).or_default().extend(id);
        }
        ids.into_iter().map(|(quarter, ids)| Ok((quarter, self.restricted(&ids)?))).collect()
    }

    /// How many incidents there are.
    pub fn incident_count(&self) -> usize {
        self.height("incidents")
    }

    /// The same with every text masked: what is made of these frames tells nothing that the redactor masks. Ids stay
    /// told apart, as [`Frames::masked_ids`] has them.
    pub fn redacted(&self, redactor: &Redactor) -> Result<Self, AnalyticsError> {
        let ids = self.masked_ids(redactor)?;
        let mut tables = BTreeMap::new();
        for (name, frame) in &self.tables {
            let mut masked = frame.clone();
            for column in frame.columns().iter().filter(|c| c.dtype() == &DataType::String) {
                let is_id = column.name() == "id";
                let mask = |text: &str| match ids.get(text) {
                    Some(id) if is_id => id.clone(),
                    _ => redactor.text(text).into_owned(),
                };
                let texts: Vec<Option<String>> = column.str()?.iter().map(|text| text.map(mask)).collect();
                masked.with_column(Column::from(Series::new(column.name().clone(), texts)))?;
            }
            tables.insert(*name, masked);
        }
        Ok(Frames::of(tables))
    }

    /// What each incident's id becomes when it is masked. Two that differ only in what was masked are numbered, as
    /// equal ids of documents are.
    pub fn masked_ids(&self, redactor: &Redactor) -> Result<BTreeMap<String, String>, AnalyticsError> {
        let ids = self.ids()?;
        let titles = self.titles()?;
        let plain = ids.iter().enumerate().map(|(nth, id)| redactor.id(id, titles.get(nth).map_or("", String::as_str)));
        let plain: Vec<String> = plain.collect();
        let mut taken: BTreeSet<String> =
            ids.iter().zip(&plain).filter(|(id, p)| id == p).map(|(id, _)| id.clone()).collect();
        let mut masked = BTreeMap::new();
        for (id, plain) in ids.into_iter().zip(plain) {
            let free = || (2..).map(|n| format!("{plain}-{n}")).find(|numbered| !taken.contains(numbered));
            let own = if plain == id || !taken.contains(&plain) { Some(plain.clone()) } else { free() };
            let own = own.unwrap_or(plain);
            taken.insert(own.clone());
            masked.insert(id, own);
        }
        Ok(masked)
    }

    /// The ids of the incidents, in the order of their table.
    pub fn ids(&self) -> Result<Vec<String>, AnalyticsError> {
        let Some(frame) = self.tables.get("incidents") else { return Ok(Vec::new()) };
        Ok(frame.column("id")?.str()?.iter().map(|id| id.unwrap_or_default().to_owned()).collect())
    }

    /// Their titles, in the same order; empty where there is none, or where they were not asked for.
    fn titles(&self) -> Result<Vec<String>, AnalyticsError> {
        let Some(frame) = self.tables.get("incidents") else { return Ok(Vec::new()) };
        let Ok(column) = frame.column("title") else { return Ok(Vec::new()) };
        Ok(column.str()?.iter().map(|title| title.unwrap_or_default().to_owned()).collect())
    }

    /// Only the incidents with these ids, and what belongs to them in the other tables.
    pub fn restricted(&self, ids: &[String]) -> Result<Self, AnalyticsError> {
        let wanted: PlHashSet<&str> = ids.iter().map(String::as_str).collect();
        self.kept(|incidents| Ok(mask(incidents.column("id")?.str()?, |id| wanted.contains(id))))
    }

    /// Each incident once: of those that several documents tell, the fullest report of those that are here. Beside it
    /// the ids of the others.
    ///
    /// # Errors
    /// The tables cannot be split.
    pub fn once(self) -> Result<(Self, Vec<String>), AnalyticsError> {
        let frame = self.columns(&["id", SAME_AS])?;
        let (ids, fullest) = (frame.words("id")?, frame.words(SAME_AS)?);
        let told: PlHashSet<&str> = fullest.iter().flatten().copied().collect();
        if told.is_empty() {
            return Ok((self, Vec::new()));
        }
        let here: PlHashSet<&str> = ids.iter().flatten().copied().filter(|id| told.contains(id)).collect();
        let mut counted: PlHashSet<&str> = PlHashSet::default();
        let mut others = Vec::new();
        let counts = ids.iter().zip(&fullest).map(|(id, fullest)| {
            let (Some(id), Some(fullest)) = (id, fullest) else { return true };
            let is_other = here.contains(fullest) || !counted.insert(fullest);
            others.extend(is_other.then(|| (*id).to_owned()));
            !is_other
        });
        let counts: BooleanChunked = counts.map(Some).collect();
        Ok((self.kept(|_| Ok(counts))?, others))
    }

    /// Only the incidents that began in the period (by their local date), and what belongs to them. Undated incidents
    /// belong to no period.
    pub fn during(&self, period: Period) -> Result<Self, AnalyticsError> {
        self.kept(|incidents| days(incidents, |day| is_between(day, period.start(), period.end())))
    }

    /// Some columns of the incidents that began between two days, the second left out.
    pub fn between(&self, first: NaiveDate, after: NaiveDate, columns: &[String]) -> Result<Self, AnalyticsError> {
        self.narrowed(columns, |day| is_between(day, first, after))
    }

    /// Some columns of the incidents without a date.
    pub fn undated(&self, columns: &[String]) -> Result<Self, AnalyticsError> {
        self.narrowed(columns, |day| day.is_none())
    }

    /// Some columns of the incidents whose day is wanted, without the other tables.
    fn narrowed(
        &self,
        columns: &[String],
        is_wanted: impl Fn(Option<NaiveDate>) -> bool,
    ) -> Result<Self, AnalyticsError> {
        let Some(incidents) = self.frame("incidents") else { return Ok(self.clone()) };
        let wanted = days(incidents, is_wanted)?;
        let narrow = incidents.select(columns.iter().map(String::as_str))?.filter(&wanted)?;
        Ok(Frames::of(BTreeMap::from([("incidents", narrow)])))
    }

    /// The period of the latest dated incident. Not the clock's: the same store gives the same answer tomorrow. An
    /// incident dated after `today` is a slip of somebody's pen, and no period that has not begun is anybody's latest.
    pub fn latest(&self, unit: Unit, today: NaiveDate) -> Result<Option<Period>, AnalyticsError> {
        let dates = self.columns(&["date"])?.dates("date")?;
        Ok(dates.into_iter().flatten().filter(|date| *date <= today).max().map(|date| Period::of(date, unit)))
    }

    /// The dates of the first and of the last incident; none where no incident has a date.
    pub fn reach(&self) -> Result<Option<(NaiveDate, NaiveDate)>, AnalyticsError> {
        let dates = self.columns(&["date"])?.dates("date")?;
        let known = || dates.iter().flatten().copied();
        Ok(known().min().zip(known().max()))
    }

    /// How many incidents have no date.
    pub fn undated_count(&self) -> Result<usize, AnalyticsError> {
        Ok(self.tables.get("incidents").map_or(Ok(0), |frame| frame.column("date").map(Column::null_count))?)
    }

    /// Some rows of the incidents, and what belongs to them in the other tables.
    fn kept(
        &self,
        wanted: impl FnOnce(&DataFrame) -> Result<BooleanChunked, AnalyticsError>,
    ) -> Result<Self, AnalyticsError> {
        let Some(incidents) = self.tables.get("incidents") else { return Ok(self.clone()) };
        let wanted = wanted(incidents)?;
        let is_wanted: Vec<bool> = wanted.iter().map(|wanted| wanted == Some(true)).collect();
        let mut tables = BTreeMap::new();
        for (name, frame) in &self.tables {
            let kept = match *name {
                "incidents" => frame.filter(&wanted)?,
                _ => {
                    let owners = self.owners(name)?.iter();
                    let rows = owners.map(|owner| Some(is_wanted.get(*owner as usize) == Some(&true)));
                    frame.filter(&rows.collect())?
                }
            };
            tables.insert(*name, kept);
        }
        Ok(Frames::of(tables))
    }

    /// The place of the incident that each row of another table belongs to; for a row that belongs to none a place that
    /// no incident has.
    pub(super) fn owners(&self, name: &str) -> Result<&[u32], AnalyticsError> {
        let (Some(incidents), Some(rows), Some(owners)) =
            (self.frame("incidents"), self.frame(name), self.owners.get(name))
        else {
            return Ok(&[]);
        };
        let (ids, rows) = (incidents.column("id")?.str()?, rows.column("id")?.str()?);
        Ok(owners.get_or_init(|| owners_of(rows, ids)))
    }

    /// The frames with these columns more in the table of incidents, one value a row.
    pub(super) fn with_columns(&self, added: Vec<(String, Vec<Option<f64>>)>) -> Result<Self, AnalyticsError> {
        let mut all = self.clone();
        if let Some(incidents) = all.tables.get_mut("incidents") {
            for (name, values) in added {
                incidents.with_column(Column::new(name.into(), values))?;
            }
        }
        Ok(all)
    }

    /// The frames with another table of incidents.
    pub(super) fn with_incidents(&self, incidents: LazyFrame) -> Result<Self, AnalyticsError> {
        let mut tables = self.tables.clone();
        tables.insert("incidents", incidents.collect()?);
        Ok(Frames::of(tables))
    }

    /// The incidents' columns of these names.
    pub(super) fn columns(&self, names: &[&str]) -> Result<Columns, AnalyticsError> {
        Columns::of(self.incidents(), names)
    }
}

/// Which ids are wanted.
fn mask(ids: &StringChunked, is_wanted: impl Fn(&str) -> bool) -> BooleanChunked {
    ids.iter().map(|id| Some(id.is_some_and(&is_wanted))).collect()
}

/// Which incidents have a day that is wanted.
fn days(
    incidents: &DataFrame,
    is_wanted: impl Fn(Option<NaiveDate>) -> bool,
) -> Result<BooleanChunked, AnalyticsError> {
    let days = incidents.column("date")?.cast(&DataType::Int32)?;
    Ok(days.i32()?.iter().map(|day| Some(is_wanted(day.and_then(date)))).collect())
}

fn is_between(day: Option<NaiveDate>, first: NaiveDate, after: NaiveDate) -> bool {
    day.is_some_and(|day| first <= day && day < after)
}

/// All tables have the order of the incidents, so that one walk along both tells; where they have not, a look at all
/// ids does.
fn owners_of(rows: &StringChunked, ids: &StringChunked) -> Vec<u32> {
    let mut places = ids.iter().zip(0..NOBODY);
    let mut at: (Option<&str>, u32) = (None, NOBODY);
    let in_order = rows.iter().map(|id| {
        if at.0 != id {
            at = places.find(|(known, _)| *known == id)?;
        }
        Some(at.1)
    });
    if let Some(found) = in_order.collect() {
        return found;
    }
    let places: PlHashMap<&str, u32> = ids.iter().zip(0..NOBODY).filter_map(|(id, at)| Some((id?, at))).collect();
    rows.iter().map(|id| id.and_then(|id| places.get(id)).copied().unwrap_or(NOBODY)).collect()
}

/// A column of the incidents by which they can be grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupColumn {
    pub name: &'static str,
    pub meaning: &'static str,
    /// Its cells hold several values, and an incident counts once for each.
    pub is_list: bool,
}

/// The word a user may say for a column.
const ALIASES: &[(&str, &str)] =
    &[("service", "services"), ("region", "regions"), ("cause", "trigger"), ("level", "severity_level")];

/// The column of this name, if grouping by it makes sense: lengths of time, instants and free text don't.
pub fn group_column(name: &str) -> Result<GroupColumn, AnalyticsError> {
    let wanted = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, column)| column);
    let columns = table("incidents").map(|t| t.columns).unwrap_or_default();
    columns
        .iter()
        .filter(|c| GROUPS.contains(&c.name))
        .find(|c| c.name == wanted)
        .map(|c| GroupColumn { name: c.name, meaning: c.meaning, is_list: matches!(c.name, "services" | "regions") })
        .ok_or_else(|| AnalyticsError::NoGroup { name: name.to_owned(), known: GROUPS.join(", ") })
}

/// The columns that incidents can be grouped by.
pub const GROUPS: &[&str] = &[
    "org",
    "severity_level",
    "severity",
    "trigger",
    "component",
    "provider",
    "detection",
    "services",
    "regions",
    "date",
    "month",
    "quarter",
    "year",
    "zone",
    "lang",
    "format",
    "path",
    "duration_conflict",
];

#[cfg(test)]
mod tests {
    use super::super::sample::frames;

    #[test]
    fn what_belongs_to_an_incident_goes_with_it_in_any_order() {
        for actions in [["id=a text=1", "id=a text=2", "id=c text=3"], ["id=c text=3", "id=a text=1", "id=x text=4"]] {
            let all = frames(&[("incidents", &["id=a", "id=b", "id=c"]), ("actions", &actions)]);
            let some = all.restricted(&["c".to_owned(), "b".to_owned()]).unwrap();
            assert_eq!(some.ids().unwrap(), ["b", "c"]);
            let texts = some.whole("actions").unwrap().column("text").unwrap().str().unwrap().clone();
            assert_eq!(texts.iter().flatten().collect::<Vec<_>>(), ["3"]);
        }
    }
}
