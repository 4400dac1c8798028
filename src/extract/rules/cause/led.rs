//! Lists that a sentence leads as what caused it: "It had three causes:". Their items are the answer together.
//!
//! Knows units only.

use super::explaining::Explanation;
use super::units::{Place, Unit, UnitKind};
use super::whys::is_listed;
use crate::extract::reading::Reading;
use crate::extract::vocabulary::{explaining, lists};

/// What the first sentence of such an item gains.
pub const LED: f32 = 2.0;

/// For each unit that begins an item of such a list, the unit that leads it.
pub fn led(reading: &Reading<'_>, units: &[Unit]) -> Vec<Option<usize>> {
    let mut leads = vec![None; units.len()];
    let (mut lead, mut last) = (None, None);
    for (index, unit) in units.iter().enumerate() {
        let Place::Block(block, _) = unit.evidence else { continue };
        if unit.kind == UnitKind::Sentence && is_listed(reading, unit) {
            if last != Some(block)
                && let Some(found) = leads.get_mut(index)
            {
                *found = lead;
            }
        } else {
            lead = Some(index).filter(|_| unit.kind == UnitKind::Sentence && announces(unit));
        }
        last = Some(block);
    }
    leads
}

fn announces(unit: &Unit) -> bool {
    let said = explaining();
    unit.text.trim_end_matches(['*', '_', ' ']).ends_with(':')
        && unit.has(&said.leads)
        && !unit.has(&said.contributing)
        && !unit.has(&lists().action_intent)
}

/// The likeliest item speaks for all of its list.
pub fn gather(found: &mut [Explanation], leads: &[Option<usize>]) {
    let lead = |e: &Explanation| leads.get(e.unit).copied().flatten();
    let best = found.iter().enumerate().max_by(|(_, a), (_, b)| a.share.total_cmp(&b.share));
    let Some((best, led)) = best.and_then(|(at, e)| Some((at, lead(e)?))) else { return };
    let sum = found.iter().filter(|e| lead(e) == Some(led)).map(|e| e.share).sum();
    if let Some(best) = found.get_mut(best) {
        best.share = sum;
    }
}
