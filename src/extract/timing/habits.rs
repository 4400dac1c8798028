//! How a document writes the clocks that lead its lines, where these could be other numbers as well.
//!
//! Knows nothing of the times themselves.

use crate::document::Block;
use crate::extract::reading::Reading;
use crate::extract::section::Section;
use crate::time::written::{Habits, LedLines, led_lines};

/// As many lines that begin with "15.38 Words" are a timeline, fewer may be numbers of versions or of sections.
const LED_LINES_MIN: usize = 5;
/// Below a heading that announces a timeline fewer will do.
const LED_ENTRIES_MIN: usize = 2;
/// A letter leaves less doubt than a full stop.
const LETTERED_LINES_MIN: usize = 3;
/// Four digits that lead lines are years unless some of them can't be.
const TIMELESS_LINES_MIN: usize = 2;

/// The habits of a document: everywhere, and in its timeline.
pub struct AllHabits {
    everywhere: Habits,
    in_timeline: Habits,
}

impl AllHabits {
    pub fn of(blocks: &[(usize, &Block)], reading: &Reading<'_>) -> Self {
        let (mut all, mut entries) = (LedLines::default(), LedLines::default());
        for (index, block) in blocks {
            let led = led_lines(&block.text);
            all = sum(all, led);
            if is_in_timeline(*index, reading) {
                entries = sum(entries, led);
            }
        }
        let everywhere = Habits {
            dotted: all.dotted >= LED_LINES_MIN,
            bare: all.bare >= LED_LINES_MIN && all.timeless >= TIMELESS_LINES_MIN,
            spaced: false,
            lettered: all.lettered >= LETTERED_LINES_MIN && all.late >= 1,
        };
        let is_timeless = entries.timeless >= TIMELESS_LINES_MIN;
        let in_timeline = Habits {
            dotted: everywhere.dotted || entries.dotted >= LED_ENTRIES_MIN,
            bare: everywhere.bare || entries.bare >= LED_ENTRIES_MIN && is_timeless,
            spaced: entries.spaced >= LED_ENTRIES_MIN && is_timeless,
            lettered: everywhere.lettered || entries.lettered >= LED_ENTRIES_MIN && entries.late >= 1,
        };
        AllHabits { everywhere, in_timeline }
    }

    /// Those of a block.
    pub fn at(&self, block: usize, reading: &Reading<'_>) -> Habits {
        if is_in_timeline(block, reading) { self.in_timeline } else { self.everywhere }
    }
}

fn is_in_timeline(block: usize, reading: &Reading<'_>) -> bool {
    reading.section(block) == Section::Timeline
}

fn sum(one: LedLines, other: LedLines) -> LedLines {
    LedLines {
        dotted: one.dotted + other.dotted,
        bare: one.bare + other.bare,
        spaced: one.spaced + other.spaced,
        timeless: one.timeless + other.timeless,
        lettered: one.lettered + other.lettered,
        late: one.late + other.late,
    }
}
