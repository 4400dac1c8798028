//! Which periods the documents at hand reach over: of others nothing is known, and no change can be claimed.

use super::method::counted;
use crate::analytics::{AnalyticsError, Frames};
use crate::time::period::Period;
use chrono::NaiveDate;

/// The days that count of a period that is not over; none of one that is.
pub fn lived(period: Period, today: NaiveDate) -> Option<String> {
    let days = (today - period.start()).num_days() + 1;
    (period.end() > today).then(|| format!("the {} up to {today}", counted(usize::try_from(days).unwrap_or(0), "day")))
}

/// That nothing can be said of a change, and why, as [`unknown`] tells it.
pub fn refusal(why: &str) -> String {
    format!("Whether incidents became more or less frequent cannot be told: {why}")
}

/// Why nothing can be said of a change in how often incidents happened from one period to another; none where the
/// documents reach over both. `today` is the day on which it is asked.
pub fn unknown(
    all: &Frames,
    (before, period): (Period, Period),
    today: NaiveDate,
) -> Result<Option<String>, AnalyticsError> {
    let Some((first, last)) = all.reach()? else { return Ok(None) };
    Ok(match () {
        () if period.start() > today => Some(format!("{period} has not begun")),
        () if period.end() > today => Some(format!("{period} is not over; today is {today}")),
        () if period.start() > last => Some(format!("the last incident known is of {last}, before {period}")),
        () if before.end() <= first => Some(format!("the first incident known is of {first}, after {before}")),
        () => None,
    })
}
