//! Days that head what befell on them: "### 21st December" above a list without clocks. Told where a report has no
//! timeline of clocks.

use super::{Draft, Entry, LED_MIN, TEXT_BYTES_MAX, clean, draft, entry_section, line_start};
use crate::document::{Block, BlockKind};
use crate::extract::reading::Reading;
use crate::extract::section::Section;
use crate::extract::timing::{Stamp, Timing};

/// Days that stand alone, of which a log has several; one could head anything.
const DAYS_MIN: usize = 2;

/// What befell on days that head it. Outside a timeline's section they have to be several.
pub(super) fn days(reading: &Reading<'_>, timing: &Timing) -> Vec<Draft> {
    let mut entries = Vec::new();
    let mut heads = 0;
    let mut announced = false;
    for stamp in &timing.stamps {
        let index = stamp.block;
        let Some(block) = reading.document.blocks.get(index).filter(|b| heads_day(b, stamp)) else { continue };
        let section = entry_section(reading, index);
        if matches!(section, Section::Comments | Section::Appendix | Section::Actions) {
            continue;
        }
        let before = entries.len();
        below(reading, timing, stamp, block, &mut entries);
        entries.iter_mut().skip(before).for_each(|draft: &mut Draft| draft.section = section);
        announced |= entries.len() > before && section == Section::Timeline;
        heads += usize::from(entries.len() > before);
    }
    let is_log = heads >= DAYS_MIN && entries.len() >= LED_MIN;
    if announced {
        entries.retain(|draft| draft.section == Section::Timeline);
    }
    if announced || is_log { entries } else { Vec::new() }
}

/// A heading or an item that is a day and nothing else.
fn heads_day(block: &Block, stamp: &Stamp) -> bool {
    let is_head = matches!(block.kind, BlockKind::Heading { .. } | BlockKind::Item { .. });
    let is_day = stamp.at.clock.is_none() && stamp.at.date.is_some() && stamp.written.date.is_some();
    let beside = |text: Option<&str>| text.is_some_and(|t| !t.contains(char::is_alphanumeric));
    is_head
        && is_day
        && stamp.end.is_none()
        && line_start(&block.text, stamp.span.start, block) == 0
        && beside(block.text.get(..stamp.span.start))
        && beside(block.text.get(stamp.span.end..))
}

/// The items below such a day, each an entry; without items, its paragraphs as one. Where clocks lead some of them, the
/// others only go on with those.
fn below(reading: &Reading<'_>, timing: &Timing, stamp: &Stamp, head: &Block, entries: &mut Vec<Draft>) {
    let own_depth = if let BlockKind::Item { depth, .. } = head.kind { Some(depth) } else { None };
    let mut told: Vec<(usize, &Block)> = Vec::new();
    for at in stamp.block + 1..reading.blocks.end {
        let Some(block) = reading.document.blocks.get(at) else { break };
        match &block.kind {
            BlockKind::Item { depth, .. } if own_depth.is_some_and(|own| *depth <= own) => break,
            BlockKind::Item { .. } => {}
            BlockKind::Paragraph if own_depth.is_none() => {}
            BlockKind::Code => continue,
            _ => break,
        }
        if timing.of_block(at).iter().any(|s| s.at.clock.is_some()) {
            return;
        }
        told.push((at, block));
    }
    let depth_of = |block: &Block| if let BlockKind::Item { depth, .. } = block.kind { Some(depth) } else { None };
    let first = told.iter().filter_map(|(_, block)| depth_of(block)).min();
    let mut entry = |index: usize, blocks: &[(usize, &Block)]| {
        let words: Vec<&str> = blocks.iter().map(|(_, block)| block.text.as_str()).collect();
        let text = clean(&words.join("\n"));
        if text.contains(char::is_alphanumeric) {
            let evidence = blocks.iter().map(|(_, block)| block.source(0..block.text.len())).collect();
            let entry = Entry { at: stamp.at.clone(), end: None, text, block: index, evidence };
            entries.push(draft(entry, true, Vec::new()));
        }
    };
    let Some(depth) = first else {
        let mut bytes = 0;
        let fit = told.iter().take_while(|(_, block)| {
            let fits = bytes < TEXT_BYTES_MAX;
            bytes += block.text.len();
            fits
        });
        let count = fit.count();
        return entry(stamp.block, told.get(..count).unwrap_or_default());
    };
    for (i, (index, block)) in told.iter().enumerate() {
        if depth_of(block) == Some(depth) {
            entry(*index, told.get(i..=i).unwrap_or_default());
        }
    }
}
