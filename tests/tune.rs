//! What each part of the ranking contributes, and whether other weights would do better on queries that they were not
//! chosen by: five folds, weights chosen on four, judged on the fifth. Takes minutes, so it is asked for:
//!
//! `cargo test --release --test it tune -- --ignored --nocapture`
//!
//! Asks the shipped corpus, and with `RETRO_QUERIES="QUERIES.jsonl,DOCUMENTS,… …"` more of those one has.

use crate::found::{Query, gain, queries};
use crate::world::{World, ingested};
use retrospect::query::Tuning;
use retrospect::store::Store;
use std::collections::BTreeMap;
use std::fs;

const QUERIES: &str = "RETRO_QUERIES";
const FOLDS: usize = 5;
/// How often each weight is looked at again after the others have changed.
const ROUNDS: usize = 2;
/// What a change must gain where it is chosen.
const STEP: f64 = 0.0005;

struct Knob {
    name: &'static str,
    values: &'static [f32],
    set: fn(&mut Tuning, f32),
}

/// The weights that matter most when left out.
const KNOBS: &[Knob] = &[
    Knob { name: "synonym", values: &[0.5, 0.6, 0.7, 0.8, 0.9], set: |t, v| t.synonym = v },
    Knob { name: "related", values: &[0.15, 0.22, 0.29, 0.36, 0.45], set: |t, v| t.related = v },
    Knob { name: "window", values: &[0.6, 1.0, 1.4, 1.9, 2.4], set: |t, v| t.window = v },
    Knob { name: "feedback", values: &[0.0, 0.1, 0.2, 0.27, 0.35], set: |t, v| t.feedback = v },
    Knob { name: "feedback at most", values: &[0.5, 0.75, 1.0, 1e6], set: |t, v| t.feedback_most = v },
    Knob { name: "lead", values: &[0.0, 0.1, 0.2, 0.4], set: |t, v| t.lead = v },
    Knob { name: "title", values: &[0.2, 0.5, 0.8], set: |t, v| t.title = v },
    Knob { name: "length", values: &[0.6, 0.7, 0.8], set: |t, v| t.length = v },
    Knob { name: "everyday words", values: &[0.3, 0.5, 0.7, 1.0], set: |t, v| t.plain = v },
];

type Change = fn(&mut Tuning);

/// The ranking without a part of it.
const WITHOUT: &[(&str, Change)] = &[
    ("nothing", |_| ()),
    ("synonyms", |t| (t.synonym, t.related, t.synonym_beside) = (0.0, 0.0, 0.0)),
    ("words of the best hits", |t| t.feedback = 0.0),
    ("words close together", |t| t.window = 0.0),
    ("words at the beginning", |t| t.lead = 0.0),
    ("title, symptoms, causes and names counted again", |t| {
        (t.title, t.symptom, t.cause, t.names) = (0.0, 0.0, 0.0, 0.0);
    }),
    ("a bound to what these words add", |t| t.feedback_most = 1e6),
    ("half weight for a hit's own words in what it suggests", |t| t.feedback_own = 1.0),
    ("mending of slips", |t| t.correction = 0.0),
    ("more weight for synonyms of several words", |t| t.synonym_several = 0.0),
    ("less weight for numbers, hashes and names of values", |t| (t.number, t.hash, t.key) = (1.0, 1.0, 1.0)),
    ("neighbours", |t| t.pair = 0.0),
    ("the trigger and the component that it speaks of", |t| (t.trigger, t.component) = (0.0, 0.0)),
    ("less weight for everyday words", |t| t.plain = 1.0),
];

/// Values of all knobs that differ from the shipped ones.
type Setting = BTreeMap<usize, usize>;

struct Judge {
    /// Each query with the store that it asks.
    asked: Vec<(Query, usize)>,
    stores: Vec<Store>,
    known: BTreeMap<Setting, Vec<f64>>,
}

impl Judge {
    fn ask(&self, tuning: &Tuning) -> Vec<f64> {
        self.asked.iter().map(|(query, store)| gain(&self.stores[*store], query, tuning.clone())).collect()
    }

    /// Mean of the queries that each store was asked, without one part after the other.
    fn contributions(&self) {
        for (name, change) in WITHOUT {
            let mut tuning = Tuning::DEFAULT;
            change(&mut tuning);
            let gains = self.ask(&tuning);
            let mut row = format!("| {name} |");
            for set in self.asked.chunk_by(|(_, one), (_, other)| one == other).map(|set| set[0].1) {
                let own = self.asked.iter().zip(&gains).filter(|((_, store), _)| *store == set).map(|(_, gain)| *gain);
                let own: Vec<f64> = own.collect();
                row.push_str(&format!(" {:.3} |", own.iter().sum::<f64>() / own.len() as f64));
            }
            println!("{row}");
        }
    }

    fn gains(&mut self, setting: &Setting) -> &[f64] {
        let mut tuning = Tuning::DEFAULT;
        for (knob, value) in setting {
            (KNOBS[*knob].set)(&mut tuning, KNOBS[*knob].values[*value]);
        }
        if !self.known.contains_key(setting) {
            let gains = self.ask(&tuning);
            self.known.insert(setting.clone(), gains);
        }
        &self.known[setting]
    }

    /// Mean over the queries of all folds but one, and over those of that one.
    fn means(&mut self, setting: &Setting, fold: usize) -> (f64, f64) {
        let (inside, outside): (Vec<_>, Vec<_>) =
            self.gains(setting).iter().enumerate().partition(|(nth, _)| nth % FOLDS == fold);
        let mean = |gains: Vec<(usize, &f64)>| gains.iter().map(|(_, gain)| **gain).sum::<f64>() / gains.len() as f64;
        (mean(outside), mean(inside))
    }

    /// The setting that does best without one fold, one knob after the other.
    fn chosen(&mut self, fold: usize) -> Setting {
        let mut best = Setting::new();
        let mut reached = self.means(&best, fold).0;
        for _ in 0..ROUNDS {
            for (knob, Knob { values, .. }) in KNOBS.iter().enumerate() {
                for value in 0..values.len() {
                    let mut setting = best.clone();
                    setting.insert(knob, value);
                    let mean = self.means(&setting, fold).0;
                    if mean > reached + STEP {
                        (best, reached) = (setting, mean);
                    }
                }
            }
        }
        best
    }
}

#[test]
#[ignore = "takes minutes"]
fn no_other_weights_do_better_on_queries_they_were_not_chosen_by() {
    let mut asked: Vec<(Query, usize)> = queries().into_iter().map(|query| (query, 0)).collect();
    let mut stores = vec![Store::open(&ingested().path().join(".retro")).unwrap()];
    let mut worlds = Vec::new();
    for set in std::env::var(QUERIES).unwrap_or_default().split_whitespace() {
        let mut parts = set.split(',');
        let queries = fs::read_to_string(parts.next().unwrap()).unwrap();
        let world = World::new();
        let documents: Vec<&str> = parts.collect();
        world.retro(&[&["ingest", "--quiet"], documents.as_slice()].concat()).found();
        asked.extend(queries.lines().map(|line| (query(line), stores.len())));
        stores.push(Store::open(&world.path().join(".retro")).unwrap());
        worlds.push(world);
    }
    let mut judge = Judge { asked, stores, known: BTreeMap::new() };
    judge.contributions();
    let (mut shipped, mut tuned) = (0.0, 0.0);
    for fold in 0..FOLDS {
        let setting = judge.chosen(fold);
        let (before, after) = (judge.means(&Setting::new(), fold), judge.means(&setting, fold));
        let shown: Vec<String> = setting
            .iter()
            .map(|(knob, value)| format!("{} {}", KNOBS[*knob].name, KNOBS[*knob].values[*value]))
            .collect();
        println!(
            "fold {}: chosen on {:.4} -> {:.4}, judged on {:.4} -> {:.4}: {}",
            fold + 1,
            before.0,
            after.0,
            before.1,
            after.1,
            shown.join(", ")
        );
        shipped += before.1 / FOLDS as f64;
        tuned += after.1 / FOLDS as f64;
    }
    println!("{} queries, nDCG@10 judged: shipped weights {shipped:.4}, chosen weights {tuned:.4}", judge.asked.len());
    for style in ["keywords", "sentence", "question", "alert", "typo"] {
        let gains = judge.gains(&Setting::new()).to_vec();
        let own = judge.asked.iter().zip(gains).filter(|((query, _), _)| query.style == style).map(|(_, gain)| gain);
        let own: Vec<f64> = own.collect();
        println!("{style}: {:.4} of {}", own.iter().sum::<f64>() / own.len().max(1) as f64, own.len());
    }
    assert!(tuned < shipped + 0.01, "other weights do better by {:.4}: take them", tuned - shipped);
}

/// `{"style": …, "query": …, "relevant": {PATH: GRADE, …}}`
fn query(line: &str) -> Query {
    let value: serde_json::Value = serde_json::from_str(line).unwrap();
    let text = |name: &str| value[name].as_str().unwrap().to_owned();
    Query {
        style: text("style"),
        text: text("query"),
        relevant: serde_json::from_value(value["relevant"].clone()).unwrap(),
    }
}
