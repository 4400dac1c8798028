//! How long do incidents last when some reports never tell the end? Those are known to have lasted at least until their
//! last entry, which is less than a length and more than nothing.

use super::columns::Columns;
use super::durations::grouped;
use super::frames::GroupColumn;
use super::special::Z_95;
use super::summary::Interval;
use super::{AnalyticsError, Basis, Frames};
use crate::domain::{Measure, MilestoneKind};
use crate::record::Value;
use polars::lazy::dsl::max_horizontal;
use polars::prelude::{DataType, Expr, JoinArgs, JoinType, LazyFrame, NULL, TimeUnit, col, lit, when};

/// The lengths of a group of incidents, those without an end counted as "at least".
#[derive(Debug, Clone, PartialEq)]
pub struct Survival {
    pub key: Vec<Value>,
    pub incidents: usize,
    /// Lengths that are known.
    pub ended: usize,
    /// Lengths known only from below.
    pub censored: usize,
    /// Neither an end nor anything after the start is known.
    pub missing: usize,
    /// The length that half of the incidents exceed; `None` where more than half are not known to have ended by any
    /// length.
    pub median: Option<f64>,
    /// 95 %; an end that the data do not reach is `None`.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The mean and median of ended ones alone would be: for comparison.
    pub ended_median: Option<f64>,
}

/// Lengths of groups of incidents. Needs the tables of incidents and of timeline entries.
pub fn survival(
    frames: &Frames,
    by: &[GroupColumn],
    measure: &Measure,
    basis: Basis,
) -> Result<Vec<Survival>, AnalyticsError> {
    let frames = with_last_known(frames)?;
    let seen = (ms(col(LAST_KNOWN)) - ms(col("started"))) / lit(60_000);
    let is_endless = endless(measure);
    let at_least = when(is_endless.and(seen.clone().gt(lit(0)))).then(seen).otherwise(lit(NULL));
    let at_least = at_least.cast(DataType::Float64).alias("at-least");
    let at_least = Columns::computed(frames.incidents(), vec![at_least])?.numbers("at-least")?;
    let groups = grouped(&frames, by, vec![basis.minutes(measure, &frames)?, at_least])?;
    let estimated = groups.into_iter().map(|group| {
        let [lengths, bounds] = group.values.as_slice() else { return None };
        let mut seen: Vec<(f64, bool)> = Vec::new();
        for (length, bound) in lengths.iter().zip(bounds) {
            match (length.filter(|m| *m >= 0.0), bound) {
                (Some(length), _) => seen.push((length, true)),
                (None, Some(bound)) => seen.push((*bound, false)),
                (None, None) => {}
            }
        }
        let ended = seen.iter().filter(|(_, has_ended)| *has_ended).count();
        let curve = kaplan_meier(&mut seen);
        let first = |pick: fn(&Step) -> f64| curve.iter().find(|s| pick(s) <= 0.5).map(|s| s.time);
        let summary = super::summarise(lengths);
        Some(Survival {
            key: group.key,
            incidents: group.incidents,
            ended,
            censored: seen.len() - ended,
            missing: group.incidents - seen.len(),
            median: median(&curve),
            low: first(|s| s.interval.low),
            high: first(|s| s.interval.high),
            ended_median: summary.median,
        })
    });
    Ok(estimated.flatten().collect())
}

/// No moment of the measure's end or of a later one is told: that, and not a field left out, is an incident that was
/// still going on when its report was written.
fn endless(measure: &Measure) -> Expr {
    let is_unknown = |kind: MilestoneKind| col(kind.name()).is_null();
    let is_endless = is_unknown(MilestoneKind::Mitigated).and(is_unknown(MilestoneKind::Resolved));
    if measure.start == MilestoneKind::Started { is_endless } else { lit(false) }
}

const LAST_KNOWN: &str = "last-known";

fn ms(column: Expr) -> Expr {
    column.dt().timestamp(TimeUnit::Milliseconds)
}

/// Adds the last moment that a report tells of.
fn with_last_known(frames: &Frames) -> Result<Frames, AnalyticsError> {
    let entries: LazyFrame = frames
        .table("timeline")
        .group_by([col("id")])
        .agg([col("at").max().alias("at"), col("until").max().alias("until")]);
    let joined = frames.incidents().join(entries, [col("id")], [col("id")], JoinArgs::new(JoinType::Left));
    let moments = ["detected", "acknowledged", "identified", "at", "until"].map(col);
    let last = max_horizontal(moments)?.alias(LAST_KNOWN);
    frames.with_incidents(joined.with_columns([last]))
}

/// One step of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    time: f64,
    /// Share still going on after this time.
    open: f64,
    interval: Interval,
}

/// The share of incidents still going on after each length, from lengths and whether they have ended (Kaplan & Meier,
/// J. Am. Stat. Assoc. 53, 1958). Greenwood's variance (1926), 95 % interval on the log-log scale (Kalbfleisch &
/// Prentice, The Statistical Analysis of Failure Time Data, 2nd ed., section 1.4); where the interval takes in ½ is the
/// interval of the median (Brookmeyer & Crowley, Biometrics 38, 1982).
fn kaplan_meier(seen: &mut [(f64, bool)]) -> Vec<Step> {
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut at_risk, mut open, mut greenwood) = (seen.len() as f64, 1.0, 0.0);
    let mut curve = Vec::new();
    for tied in seen.chunk_by(|a, b| a.0 == b.0) {
        let ended = tied.iter().filter(|(_, has_ended)| *has_ended).count() as f64;
        if let (true, Some((time, _))) = (ended > 0.0, tied.first()) {
            open *= 1.0 - ended / at_risk;
            greenwood += ended / (at_risk * (at_risk - ended));
            curve.push(Step { time: *time, open, interval: log_log(open, greenwood) });
        }
        at_risk -= tied.len() as f64;
    }
    curve
}

/// Where the curve falls below ½; where it stays at ½ for a while, the middle of that (as `survfit` of R has it).
fn median(curve: &[Step]) -> Option<f64> {
    const HALF: f64 = 0.5 + 1e-12;
    let (place, step) = curve.iter().enumerate().find(|(_, s)| s.open <= HALF)?;
    let is_flat = step.open > 0.5 - 1e-12;
    match curve.get(place + 1).filter(|_| is_flat) {
        Some(next) => Some(f64::midpoint(step.time, next.time)),
        None => Some(step.time),
    }
}

fn log_log(open: f64, greenwood: f64) -> Interval {
    if open <= 0.0 {
        return Interval { low: 0.0, high: 0.0 };
    }
    let reach = Z_95 * greenwood.sqrt() / open.ln().abs();
    Interval { low: open.powf(reach.exp()), high: open.powf((-reach).exp()) }
}

#[cfg(test)]
mod tests {
    use super::super::sample::frames;
    use super::*;
    use crate::domain::Metric;

    /// Vector: `r = scipy.stats.ecdf(scipy.stats.CensoredData(uncensored=[5, 12, 30, 45, 90, 90, 200],
    /// right=[12, 60, 400]))`, `r.sf.probabilities`, `r.sf.confidence_interval(method='log-log')`.
    #[test]
    fn the_curve_agrees_with_scipy() {
        let mut seen = [5.0, 12.0, 30.0, 45.0, 90.0, 90.0, 200.0].map(|t| (t, true)).to_vec();
        seen.extend([12.0, 60.0, 400.0].map(|t| (t, false)));
        let expected = [
            (5.0, 0.9, 0.47300927136205023, 0.9852813933673431),
            (12.0, 0.8, 0.4086907816334043, 0.9458726458389117),
            (30.0, 0.6857142857142856, 0.30458507420184733, 0.8871484950277074),
            (45.0, 0.5714285714285714, 0.2171927023822839, 0.8145721379207794),
            (90.0, 0.2857142857142857, 0.045665533363795745, 0.601401902872919),
            (200.0, 0.14285714285714285, 0.007619599828188355, 0.4600555578190871),
        ];
        let curve = kaplan_meier(&mut seen);
        assert_eq!(curve.len(), expected.len());
        for (step, (time, open, low, high)) in curve.iter().zip(expected) {
            let gaps = [step.time - time, step.open - open, step.interval.low - low, step.interval.high - high];
            assert!(gaps.iter().all(|g| g.abs() < 1e-9), "{step:?}");
        }
    }

    /// Without open incidents it is the plain median.
    #[test]
    fn the_median_of_ended_incidents_is_the_usual_one() {
        let of = |times: &[f64]| median(&kaplan_meier(&mut times.iter().map(|t| (*t, true)).collect::<Vec<_>>()));
        assert_eq!(of(&[10.0, 20.0, 40.0, 80.0]), Some(30.0));
        assert_eq!(of(&[10.0, 20.0, 40.0]), Some(20.0));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn an_open_incident_lasts_at_least_to_its_last_entry() {
        let frames = frames(&[
            (
                "incidents",
                &[
                    "id=a started=2025-04-03T10:00:00Z resolved=2025-04-03T10:30:00Z ttr_minutes=30",
                    "id=b started=2025-04-03T10:00:00Z",
                    "id=c started=2025-04-03T10:00:00Z detected=2025-04-03T10:05:00Z",
                    "id=d",
                    // Its end is told, only not when it was declared over.
                    "id=e started=2025-04-03T10:00:00Z mitigated=2025-04-03T11:00:00Z",
                ],
            ),
            ("timeline", &["id=b at=2025-04-03T12:00:00Z", "id=b at=2025-04-03T11:00:00Z"]),
        ]);
        let found = survival(&frames, &[], &Metric::Ttr.into(), Basis::Chosen).unwrap();
        let one = &found[0];
        assert_eq!((one.incidents, one.ended, one.censored, one.missing), (5, 1, 2, 2));
        assert_eq!((one.median, one.ended_median), (Some(30.0), Some(30.0)));
        let ttd = survival(&frames, &[], &Metric::Tta.into(), Basis::Chosen).unwrap();
        assert_eq!(ttd[0].censored, 0, "an acknowledgement that is not told is no open incident");
    }
}
