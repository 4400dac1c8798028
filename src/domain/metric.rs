//! Every metric is a pair of milestones. It is defined here and nowhere else.

use super::MilestoneKind;

/// A duration of one incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    Ttd,
    Tta,
    Tti,
    Ttm,
    Ttr,
    Impact,
}

/// What a metric means.
#[derive(Debug, Clone, Copy)]
pub struct MetricDefinition {
    pub metric: Metric,
    /// Key in records and columns (`ttr` → `ttr_minutes`).
    pub name: &'static str,
    /// Title in tables.
    pub title: &'static str,
    pub start: MilestoneKind,
    pub end: MilestoneKind,
    pub meaning: &'static str,
}

/// All metrics, in the order in which tables show them.
pub const METRICS: &[MetricDefinition] = &[
    MetricDefinition {
        metric: Metric::Ttd,
        name: "ttd",
        title: "TTD",
        start: MilestoneKind::Started,
        end: MilestoneKind::Detected,
        meaning: "time to detect: from the start of impact until someone or something noticed",
    },
    MetricDefinition {
        metric: Metric::Tta,
        name: "tta",
        title: "TTA",
        start: MilestoneKind::Detected,
        end: MilestoneKind::Acknowledged,
        meaning: "time to acknowledge: from detection until a responder took it",
    },
    MetricDefinition {
        metric: Metric::Tti,
        name: "tti",
        title: "TTI",
        start: MilestoneKind::Started,
        end: MilestoneKind::Identified,
        meaning: "time to identify: from the start of impact until the cause or faulty part was known",
    },
    MetricDefinition {
        metric: Metric::Ttm,
        name: "ttm",
        title: "TTM",
        start: MilestoneKind::Started,
        end: MilestoneKind::Mitigated,
        meaning: "time to mitigate: from the start of impact until users' impact ended",
    },
    MetricDefinition {
        metric: Metric::Ttr,
        name: "ttr",
        title: "TTR",
        start: MilestoneKind::Started,
        end: MilestoneKind::Resolved,
        meaning: "time to resolve: from the start of impact until the incident was declared over",
    },
    MetricDefinition {
        metric: Metric::Impact,
        name: "impact",
        title: "Impact",
        start: MilestoneKind::Started,
        end: MilestoneKind::Mitigated,
        meaning: "length of user-visible impact",
    },
];

/// A metric that a team adds to [`METRICS`] by configuration: always computed, never stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomMetric {
    /// Lower case letters, digits and dashes; no name of [`METRICS`].
    pub name: String,
    /// Title in tables.
    pub title: String,
    pub start: MilestoneKind,
    pub end: MilestoneKind,
    pub meaning: String,
}

impl Metric {
    pub fn definition(self) -> &'static MetricDefinition {
        &METRICS[self as usize]
    }

    pub fn name(self) -> &'static str {
        self.definition().name
    }

    pub fn parse(text: &str) -> Option<Self> {
        METRICS.iter().find(|d| d.name == text).map(|d| d.metric)
    }
}

/// A duration of one incident as numbers are asked about it: one of the [`METRICS`], or a team's [`CustomMetric`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Key in columns (`ttr` → `ttr_minutes`).
    pub name: String,
    /// Title in tables.
    pub title: String,
    pub start: MilestoneKind,
    pub end: MilestoneKind,
    pub meaning: String,
    /// Which of the [`METRICS`] it is; `None`: a team's own.
    pub metric: Option<Metric>,
}

impl Measure {
    /// All metrics of the manual, in its order.
    pub fn all() -> Vec<Self> {
        METRICS.iter().map(|d| d.metric.into()).collect()
    }
}

impl From<&CustomMetric> for Measure {
    fn from(own: &CustomMetric) -> Self {
        let CustomMetric { name, title, start, end, meaning } = own.clone();
        Measure { name, title, start, end, meaning, metric: None }
    }
}

impl From<Metric> for Measure {
    fn from(metric: Metric) -> Self {
        let d = metric.definition();
        Measure {
            name: d.name.to_owned(),
            title: d.title.to_owned(),
            start: d.start,
            end: d.end,
            meaning: d.meaning.to_owned(),
            metric: Some(metric),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_finds_its_own_definition() {
        for definition in METRICS {
            assert_eq!(definition.metric.definition().name, definition.name);
            assert_eq!(Metric::parse(definition.name), Some(definition.metric));
        }
    }
}
