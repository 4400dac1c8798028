//! Measures the weights of `vocabulary/explaining.toml`: softmax regression over the sentences of each labelled report,
//! cross-validated by leaving out one source after the other. `cargo fit` prints the figures and the weights.
//!
//! Reads the shipped corpus, and the larger labelled collection with `RETRO_FIT` set. Deterministic.

use crate::gold::{labels, shared};
use crate::score::{token_f1, words};
use crate::world::corpus;
use retrospect::document;
use retrospect::extract::Defaults;
use retrospect::extract::reading::Reading;
use retrospect::extract::rules::cause::explaining::explanations;
use retrospect::source::from_bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Set to measure on the larger collection as well.
const FIT: &str = "RETRO_FIT";

const EPOCHS: usize = 25;
const RATE: f64 = 0.15;
const DECAY: f64 = 0.9;
/// As the rules decline.
const SHARE_MIN: f64 = 0.2;
/// What the shipped corpus alone must reach when each of its sources is read with the weights of the others.
const FLOOR: f64 = 0.80;

type Weights = BTreeMap<&'static str, f64>;

/// The sentences of one labelled report, each with its features and whether it is the explanation.
struct Report {
    source: String,
    sentences: Vec<(Vec<(&'static str, f32)>, bool)>,
}

#[test]
fn the_weights_hold_for_sources_they_have_not_seen() {
    let mut reports = Vec::new();
    for label in labels() {
        reports.extend(report(&corpus(), &label.file, &label.root_cause));
    }
    let (right, told, labelled) = validated(&reports);
    println!("shipped corpus, one source left out: {}", shown(right, told, labelled));
    assert!(f1(right, told, labelled) >= FLOOR, "{}", shown(right, told, labelled));
    let Some(folder) = shared().filter(|_| std::env::var_os(FIT).is_some()) else { return };
    let text = fs::read_to_string(folder.join("eval/gold/dev.jsonl")).unwrap();
    for line in text.lines() {
        let label: serde_json::Value = serde_json::from_str(line).unwrap();
        let wanted = |v: &serde_json::Value| v.as_str().map(str::to_owned);
        let wanted: Vec<String> = label["root_cause"].as_array().into_iter().flatten().filter_map(wanted).collect();
        reports.extend(report(&folder.join("corpora/postmortems"), label["file"].as_str().unwrap(), &wanted));
    }
    let (right, told, labelled) = validated(&reports);
    println!("both collections, one source left out: {}", shown(right, told, labelled));
    let weights = train(&reports.iter().collect::<Vec<_>>());
    for (name, weight) in weights {
        println!("{name} = {weight:.2}");
    }
}

#[test]
fn every_weight_is_of_a_feature_that_reports_have() {
    let mut seen = BTreeSet::new();
    for label in labels() {
        if let Some(report) = report(&corpus(), &label.file, &label.root_cause) {
            seen.extend(report.sentences.iter().flat_map(|(features, _)| features.iter().map(|(name, _)| *name)));
        }
    }
    let vocabulary = retrospect::extract::vocabulary::explaining();
    let kept: BTreeSet<&str> = vocabulary.weights.keys().map(String::as_str).collect();
    // Not every list of words has one that stands in the shipped corpus.
    seen.extend(vocabulary.words.all().chain(vocabulary.opening.all()));
    assert_eq!(seen, kept);
}

/// None for a report without a labelled explanation.
fn report(folder: &Path, file: &str, wanted: &[String]) -> Option<Report> {
    let bytes = fs::read(folder.join(file)).ok().filter(|_| !wanted.is_empty())?;
    let input = from_bytes(file, &bytes);
    let document = document::documents(&input).next()?;
    let defaults = Defaults::default();
    let reading = Reading::new(&document, file, &defaults, 0..document.blocks.len());
    let said = |text: &str| wanted.iter().any(|w| token_f1(w, text) >= 0.5 || covers(text, w));
    let sentences = explanations(&reading).iter().map(|e| (e.features.clone(), said(&e.text))).collect();
    Some(Report { source: file.split('/').next().unwrap_or("").to_owned(), sentences })
}

fn covers(text: &str, wanted: &str) -> bool {
    words(text).join(" ").contains(&words(wanted).join(" "))
}

/// Right, told and labelled when each source is read with what the others teach.
fn validated(reports: &[Report]) -> (usize, usize, usize) {
    let sources: BTreeSet<&str> = reports.iter().map(|r| r.source.as_str()).collect();
    let (mut right, mut told) = (0, 0);
    for source in sources {
        let weights = train(&reports.iter().filter(|r| r.source != source).collect::<Vec<_>>());
        for report in reports.iter().filter(|r| r.source == source) {
            let best = shares(report, &weights).into_iter().zip(&report.sentences).max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((share, (_, is_it))) = best.filter(|(share, _)| *share >= SHARE_MIN) {
                told += 1;
                right += usize::from(*is_it && share > 0.0);
            }
        }
    }
    (right, told, reports.len())
}

fn train(reports: &[&Report]) -> Weights {
    let mut weights = Weights::new();
    for epoch in 0..EPOCHS {
        let rate = RATE / (1.0 + epoch as f64 * 0.05);
        for report in reports.iter().filter(|r| r.sentences.iter().any(|(_, is_it)| *is_it)) {
            let shares = shares(report, &weights);
            let wanted: f64 = shares.iter().zip(&report.sentences).filter(|(_, s)| s.1).map(|(share, _)| share).sum();
            for (share, (features, is_it)) in shares.iter().zip(&report.sentences) {
                let pull = if *is_it { share / wanted.max(1e-9) } else { 0.0 } - share;
                for (name, value) in features {
                    *weights.entry(name).or_default() += rate * pull * f64::from(*value);
                }
            }
        }
        weights.values_mut().for_each(|w| *w *= DECAY);
    }
    weights
}

fn shares(report: &Report, weights: &Weights) -> Vec<f64> {
    let score = |features: &[(&'static str, f32)]| -> f64 {
        features.iter().map(|(name, value)| weights.get(name).copied().unwrap_or(0.0) * f64::from(*value)).sum()
    };
    let scores: Vec<f64> = report.sentences.iter().map(|(features, _)| score(features)).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let total: f64 = scores.iter().map(|s| (s - most).exp()).sum();
    scores.iter().map(|s| (s - most).exp() / total).collect()
}

fn f1(right: usize, told: usize, labelled: usize) -> f64 {
    2.0 * right as f64 / (told + labelled).max(1) as f64
}

fn shown(right: usize, told: usize, labelled: usize) -> String {
    format!("{right} right of {told} told and {labelled} labelled, F1 {:.3}", f1(right, told, labelled))
}
