//! Measures the weights of `vocabulary/explaining.toml`: softmax regression over the sentences of each labelled report,
//! cross-validated by leaving out sources. `cargo fit` prints the figures and the weights.
//!
//! Reads the shipped corpus, and with `RETRO_FIT="LABELS.jsonl,DOCUMENTS …"` further labelled collections. What single
//! words add is only measured with these: the shipped corpus is too small for it. Deterministic.

use crate::gold::labels;
use crate::score::{token_f1, words};
use crate::world::corpus;
use retrospect::document;
use retrospect::extract::Defaults;
use retrospect::extract::reading::Reading;
use retrospect::extract::rules::cause::explaining::{self, Explanation, explanations, heading};
use retrospect::extract::vocabulary;
use retrospect::source::from_bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Set to measure on more collections.
const FIT: &str = "RETRO_FIT";

const EPOCHS: usize = 25;
const RATE: f64 = 0.15;
const DECAY: f64 = 0.9;
/// As the rules decline.
const SHARE_MIN: f64 = 0.2;
/// What the shipped corpus alone must reach when each of its sources is read with the weights of the others.
const FLOOR: f64 = 0.80;

/// A word is weighed that stands in one of so many reports, or above sentences of one of so many.
const WORD_REPORTS: usize = 8;
const HEADING_REPORTS: usize = 16;
/// How much the weights of words are held to nothing.
const PENALTY: f64 = 0.02;
const STEPS: usize = 400;
const STEP: f64 = 0.1;
const MOMENTUM: f64 = 0.9;
/// Parts of the sources, each judged by what the others teach.
const FOLDS: usize = 10;
/// Less than this is not worth a line.
const WEIGHT_MIN: f64 = 0.005;

type Weights = BTreeMap<&'static str, f64>;

/// One labelled report.
struct Report {
    source: String,
    sentences: Vec<Sentence>,
}

struct Sentence {
    features: Vec<(&'static str, f32)>,
    words: BTreeSet<String>,
    /// Whether it is the explanation.
    is_it: bool,
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
    let Ok(more) = std::env::var(FIT) else { return };
    for pair in more.split_whitespace() {
        let (file, folder) = pair.split_once(',').expect("labels and documents, with a comma between");
        reports.extend(collection(Path::new(file), Path::new(folder)));
    }
    let (right, told, labelled) = validated(&reports);
    println!("all collections, one source left out: {}", shown(right, told, labelled));
    for (name, weight) in train(&reports.iter().collect::<Vec<_>>()) {
        println!("{name} = {weight:.2}");
    }
    learn(&reports);
}

/// What single words add to the shipped weights.
fn learn(reports: &[Report]) {
    let kept: Weights = vocabulary::explaining().weights.iter().map(|(n, w)| (n.as_str(), f64::from(*w))).collect();
    let words = common_words(reports);
    let table: Vec<Row> = reports.iter().map(|r| Row::of(r, &kept, &words)).collect();
    let sources: Vec<&str> = reports.iter().map(|r| r.source.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let fold = |row: &Row| sources.iter().position(|s| *s == row.source).unwrap_or(0) % FOLDS;
    let tally = |with: &dyn Fn(&Row) -> Vec<f64>| {
        let best = table.iter().filter_map(|row| {
            let best = (0..row.fixed.len()).zip(with(row)).max_by(|a, b| a.1.total_cmp(&b.1))?;
            Some((row.is_it.get(best.0).copied().unwrap_or(false), best.1)).filter(|(_, share)| *share >= SHARE_MIN)
        });
        best.fold((0, 0), |(right, told), (is_it, _)| (right + usize::from(is_it), told + 1))
    };
    let (right, told) = tally(&|row| row.shares(&[]));
    println!("features as shipped, without words: {}", shown(right, told, table.len()));
    let taught: Vec<Vec<f64>> =
        (0..FOLDS).map(|f| weigh(&table.iter().filter(|r| fold(r) != f).collect::<Vec<_>>(), words.len())).collect();
    let (right, told) = tally(&|row| row.shares(&taught[fold(row)]));
    println!("with words, a tenth of the sources left out: {}", shown(right, told, table.len()));
    for (word, weight) in words.iter().zip(weigh(&table.iter().collect::<Vec<_>>(), words.len())) {
        if weight.abs() >= WEIGHT_MIN {
            println!("{word:?} = {weight:.2}");
        }
    }
}

/// Words that enough reports have.
fn common_words(reports: &[Report]) -> Vec<String> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for report in reports {
        let words: BTreeSet<&str> = report.sentences.iter().flat_map(|s| &s.words).map(String::as_str).collect();
        words.into_iter().for_each(|word| *counted.entry(word).or_default() += 1);
    }
    let least = |word: &str| reports.len() / if word.starts_with('#') { HEADING_REPORTS } else { WORD_REPORTS };
    counted.into_iter().filter(|(word, n)| *n >= least(word)).map(|(word, _)| word.to_owned()).collect()
}

/// A report with the numbers of its common words, and what its features say already.
struct Row<'r> {
    source: &'r str,
    fixed: Vec<f64>,
    words: Vec<Vec<usize>>,
    is_it: Vec<bool>,
}

impl<'r> Row<'r> {
    fn of(report: &'r Report, kept: &Weights, words: &[String]) -> Self {
        let numbered = |s: &Sentence| s.words.iter().filter_map(|w| words.binary_search(w).ok()).collect();
        Row {
            source: &report.source,
            fixed: report.sentences.iter().map(|s| score(&s.features, kept)).collect(),
            words: report.sentences.iter().map(numbered).collect(),
            is_it: report.sentences.iter().map(|s| s.is_it).collect(),
        }
    }

    fn shares(&self, weights: &[f64]) -> Vec<f64> {
        let said = |words: &Vec<usize>| words.iter().filter_map(|w| weights.get(*w)).sum::<f64>();
        let scores: Vec<f64> = self.fixed.iter().zip(&self.words).map(|(fixed, words)| fixed + said(words)).collect();
        softmax(&scores)
    }
}

/// Weights of words by descent along the gradient of the mean log likelihood, less the penalty.
fn weigh(rows: &[&Row<'_>], words: usize) -> Vec<f64> {
    let rows: Vec<_> = rows.iter().filter(|row| row.is_it.contains(&true)).collect();
    let (mut weights, mut speed) = (vec![0.0; words], vec![0.0; words]);
    for _ in 0..STEPS {
        let mut pull: Vec<f64> = weights.iter().map(|w| -PENALTY * w).collect();
        for row in &rows {
            let shares = row.shares(&weights);
            let wanted: f64 = shares.iter().zip(&row.is_it).filter(|(_, is_it)| **is_it).map(|(share, _)| share).sum();
            for ((share, is_it), words) in shares.iter().zip(&row.is_it).zip(&row.words) {
                let towards = if *is_it { share / wanted.max(1e-9) } else { 0.0 } - share;
                words.iter().for_each(|word| pull[*word] += towards / rows.len() as f64);
            }
        }
        for ((weight, speed), pull) in weights.iter_mut().zip(&mut speed).zip(pull) {
            *speed = MOMENTUM * *speed + STEP * pull;
            *weight += *speed;
        }
    }
    weights
}

#[test]
fn every_weight_is_of_what_reports_have() {
    let (mut features, mut words) = (BTreeSet::new(), BTreeSet::new());
    for label in labels() {
        for sentence in report(&corpus(), &label.file, &label.root_cause).into_iter().flat_map(|r| r.sentences) {
            features.extend(sentence.features.iter().map(|(name, _)| *name));
            words.extend(sentence.words);
        }
    }
    let vocabulary = vocabulary::explaining();
    let kept: BTreeSet<&str> = vocabulary.weights.keys().map(String::as_str).collect();
    // Not every list of words has one that stands in the shipped corpus.
    features.extend(vocabulary.words.all().chain(vocabulary.opening.all()));
    assert_eq!(features, kept);
    // A word that reports no longer have, as they are cut otherwise, weighs nothing.
    let unseen: Vec<&String> = vocabulary.learned.keys().filter(|word| !words.contains(*word)).collect();
    assert!(unseen.len() * 10 < vocabulary.learned.len(), "{unseen:?}");
}

fn collection(file: &Path, folder: &Path) -> Vec<Report> {
    let text = fs::read_to_string(file).unwrap();
    let labels = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let report = |label: serde_json::Value| {
        let wanted = label["root_cause"].as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned));
        report(folder, label["file"].as_str()?, &wanted.collect::<Vec<_>>())
    };
    labels.filter_map(report).collect()
}

/// None for a report without a labelled explanation.
fn report(folder: &Path, file: &str, wanted: &[String]) -> Option<Report> {
    let bytes = fs::read(folder.join(file)).ok().filter(|_| !wanted.is_empty())?;
    let input = from_bytes(file, &bytes);
    let document = document::documents(&input).next()?;
    let defaults = Defaults::default();
    let reading = Reading::new(&document, file, &defaults);
    let said = |text: &str| wanted.iter().any(|w| token_f1(w, text) >= 0.5 || covers(text, w));
    let sentence = |e: &Explanation| {
        let mut words = BTreeSet::new();
        explaining::words(
            &e.text,
            heading(&reading, e),
            |_| true,
            |word| {
                words.insert(word.to_owned());
            },
        );
        Sentence { features: e.features.clone(), words, is_it: said(&e.text) }
    };
    let sentences = explanations(&reading).iter().map(sentence).collect();
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
            if let Some((share, sentence)) = best.filter(|(share, _)| *share >= SHARE_MIN) {
                told += 1;
                right += usize::from(sentence.is_it && share > 0.0);
            }
        }
    }
    (right, told, reports.len())
}

fn train(reports: &[&Report]) -> Weights {
    let mut weights = Weights::new();
    for epoch in 0..EPOCHS {
        let rate = RATE / (1.0 + epoch as f64 * 0.05);
        for report in reports.iter().filter(|r| r.sentences.iter().any(|s| s.is_it)) {
            let shares = shares(report, &weights);
            let wanted: f64 =
                shares.iter().zip(&report.sentences).filter(|(_, s)| s.is_it).map(|(share, _)| share).sum();
            for (share, sentence) in shares.iter().zip(&report.sentences) {
                let pull = if sentence.is_it { share / wanted.max(1e-9) } else { 0.0 } - share;
                for (name, value) in &sentence.features {
                    *weights.entry(name).or_default() += rate * pull * f64::from(*value);
                }
            }
        }
        weights.values_mut().for_each(|w| *w *= DECAY);
    }
    weights
}

fn shares(report: &Report, weights: &Weights) -> Vec<f64> {
    let scores: Vec<f64> = report.sentences.iter().map(|s| score(&s.features, weights)).collect();
    softmax(&scores)
}

fn score(features: &[(&'static str, f32)], weights: &Weights) -> f64 {
    features.iter().map(|(name, value)| weights.get(name).copied().unwrap_or(0.0) * f64::from(*value)).sum()
}

fn softmax(scores: &[f64]) -> Vec<f64> {
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
