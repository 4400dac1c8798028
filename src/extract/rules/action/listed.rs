//! # action-listed (A001)
//!
//! ## What it reads
//! Items, table rows and telling sub-headings in a section of actions, with status (checkbox, marker, column, heading),
//! owner, due date and links.
//!
//! ## Why it is believed
//! The heading says that these are actions.
//!
//! ## When it declines
//! Details below an item, items that only group others, and header rows. What fixed the incident stands elsewhere, and
//! where three or more actions are tracked, in a table or by boxes to tick, so does what was only thought of.
//!
//! ## Seen in
//! Lists, checklists, tables, forms.

use super::pieces::{enumerated, lines, speaks};
use super::tables::Columns;
use super::{beside, details, led};
use crate::document::{Block, BlockKind};
use crate::domain::{Action, ActionStatus, Span};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::{Section, announced};
use crate::extract::speech::speech;
use crate::extract::vocabulary::action_words;
use std::collections::{BTreeMap, BTreeSet};

pub const RULE: Rule = Rule {
    code: "A001",
    slug: "action-listed",
    source: include_str!("listed.rs"),
    apply,
    examples: &[
        Example {
            text: "## Action items\n\n- [x] «Add an alert»\n- «Rotate the logs»\n",
            expect: &["action Add an alert [done]", "action Rotate the logs [unknown]"],
        },
        Example {
            text: "## Next steps\n\n| Task | Owner | Status |\n|---|---|---|\n| «Add an alert» | Jo | open |\n",
            expect: &["action Add an alert [open]"],
        },
        Example {
            text: "It was down.\n\nTo keep this from coming back, we will:\n\n- «Add an alert»\n- «Rotate the logs»\n",
            expect: &["action Add an alert [unknown]", "action Rotate the logs [unknown]"],
        },
        Example {
            text: "It leaked.\n\n## Response\n\n- «Ship a new label – done»\n- «Hide the pages (ongoing)»\n- «Tell the users – to be done»\n",
            expect: &[
                "action Ship a new label – done [done]",
                "action Hide the pages (ongoing) [open]",
                "action Tell the users – to be done [open]",
            ],
        },
        Example {
            text: "<h2>Follow-up</h2><table><tr><td>Action Item</td><td>Type</td><td>Owner</td></tr><tr><td>«Alert on expiry»</td><td>prevent</td><td>ann</td></tr></table>",
            expect: &["action Alert on expiry [unknown]"],
        },
        Example {
            text: "## Actions\n\n### «CA-1: Add an alert»\n\n- Owner: Jo\n- Status: Completed\n\n### «CA-2: Rotate the logs»\n\n- Status: Not started\n",
            expect: &["action CA-1: Add an alert [done]", "action CA-2: Rotate the logs [open]"],
        },
        Example {
            text: "| What | Who | When | Status |\n|---|---|---|---|\n| «Add an alert» | Jo | 2025-06-01 | ✅ |\n| «Rotate the logs» | Al | – | ❌ |\n",
            expect: &["action Add an alert [done]", "action Rotate the logs [open]"],
        },
        Example {
            text: "## Actions\n\n«Add an alert on disks (Jo)»\n«Rotate the logs. Done.»\n",
            expect: &["action Add an alert on disks (Jo) [unknown]", "action Rotate the logs. Done. [done]"],
        },
        Example {
            text: "## Actions\n\n- «Add an alert — @jo — in progress»\n- **«Done** – rotate the logs»\n- [Action item 3]\n- TBD\n",
            expect: &["action Add an alert — @jo — in progress [open]", "action Done – rotate the logs [done]"],
        },
        Example {
            text: "## Actions\n\n| What | Who | When | Done? |\n|---|---|---|---|\n| «Add an alert» | Jo | May | yes |\n| «Rotate the logs» | Al | May | no |\n",
            expect: &["action Add an alert [done]", "action Rotate the logs [open]"],
        },
        Example {
            text: "## Prevention\n\n- Keep an eye on disks\n\n## Action items\n\n- [x] «Add an alert»\n- [ ] «Rotate the logs»\n- [ ] «Write it down»\n- «Tell others»\n",
            expect: &[
                "action Add an alert [done]",
                "action Rotate the logs [open]",
                "action Write it down [open]",
                "action Tell others [unknown]",
            ],
        },
        Example {
            text: "## 再発防止\n\n- «監視の追加(完了)»\n", expect: &["action 監視の追加(完了) [done]"]
        },
        Example {
            text: "## Remediation\n\nWe have shipped a watchdog. When the disk is full, it goes through these:\n\n1. Delete old files.\n2. Page the on-call engineer.\n",
            expect: &[],
        },
        Example {
            text: "## Next steps\n\n**«1. Disk alerts.** Each host alerts at 80 %.»\n\n**«2. Log rotation.** Logs are rotated daily.»\n",
            expect: &[
                "action 1. Disk alerts. Each host alerts at 80 %. [open]",
                "action 2. Log rotation. Logs are rotated daily. [open]",
            ],
        },
        Example {
            text: "## Measures\n\n- **Improvements**: it showed how little we test. From now on we will:\n  1. «Test the failover in spring»\n  2. «Watch each disk»\n",
            expect: &["action Test the failover in spring [unknown]", "action Watch each disk [unknown]"],
        },
        Example {
            text: "## Actions\n\n**«MK** Move the probe»\n\n**«LB** Write a guide for:»\n\n- web\n- mail\n\n**«MK** Buy disks»\n",
            expect: &[
                "action MK Move the probe [unknown]",
                "action LB Write a guide for: [unknown]",
                "action MK Buy disks [unknown]",
            ],
        },
        Example { text: "## Action items\n\n- Item 1\n- As above\n", expect: &[] },
        Example {
            text: "## Resolution\n\n**Immediate actions**:\n\n- Rebooted the disks\n\n## Actions\n\n- «Add an alert»\n",
            expect: &["action Add an alert [unknown]"],
        },
        Example {
            text: "## What we could do better\n\n- Buy disks\n\n## Actions\n\n- «Add an alert»\n- «Rotate the logs»\n",
            expect: &["action Add an alert [unknown]", "action Rotate the logs [unknown]"],
        },
        Example {
            text: "## Timeline\n\n- **Actions taken:**\n  - Rebooted the disks\n\n## Actions\n\n- «Add an alert»\n",
            expect: &["action Add an alert [unknown]"],
        },
        Example {
            text: "It was down.\n\nFollow-up actions\nSo that this stays away, we will:\n«Add an alert»\n«Rotate the logs»\n",
            expect: &["action Add an alert [unknown]", "action Rotate the logs [unknown]"],
        },
        Example { text: "## Timeline\n\n- 10:00 Added an alert\n", expect: &[] },
        Example { text: "It was down. To restore service we did this:\n\n- Add disks\n- Rotate logs\n", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.85;
const CONFIDENCE_HEADING: f32 = 0.7;
const CONFIDENCE_LINE: f32 = 0.75;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut headers: BTreeMap<u32, Columns> = BTreeMap::new();
    let mut announced_tables: BTreeSet<u32> = BTreeSet::new();
    let mut introduced = false;
    let mut table_before = None;
    let marked = marked_lists(reading);
    let labelled = super::labelled::blocks(reading);
    let steps = steps(reading);
    let leads = led::leads(reading);
    let of_led = led::below(reading, &leads);
    let mut listed = Listed::default();
    for (index, block) in reading.blocks() {
        let is_header = heads_table(block, &mut table_before);
        if !matches!(block.kind, BlockKind::Item { .. }) {
            introduced = introduces(reading, index, block);
        }
        if let BlockKind::Row { table, cells, .. } = &block.kind
            && is_header
            && Columns::announces(block, cells)
        {
            announced_tables.insert(*table);
        }
        let in_table = matches!(&block.kind, BlockKind::Row { table, .. } if announced_tables.contains(table));
        if reading.section(index) != Section::Actions && !in_table && !introduced && !marked.contains(&index) {
            continue;
        }
        if steps.contains(&index) || of_led.contains(&index) {
            continue;
        }
        // "Owner: Jo" below an action.
        if beside::is_beside(block) && !matches!(block.kind, BlockKind::Row { .. }) {
            continue;
        }
        let (action, confidence) = match &block.kind {
            BlockKind::Row { table, cells, .. } if is_header => {
                headers.insert(*table, Columns::of_header(block, cells));
                continue;
            }
            BlockKind::Row { table, .. } => {
                let columns = headers.get(table).cloned().unwrap_or_default();
                (columns.action(reading, index, block), CONFIDENCE)
            }
            BlockKind::Item { depth, checked, .. } => (item(reading, index, block, *depth, *checked), CONFIDENCE),
            BlockKind::Heading { .. } => (heading(reading, index, block), CONFIDENCE_HEADING),
            BlockKind::Paragraph | BlockKind::Quote => {
                if !labelled.contains(&index) && reading.section(index) == Section::Actions {
                    let cut = if leads.contains(&index) { vec![0..block.text.len()] } else { pieces(&block.text) };
                    let actions = cut.into_iter().filter_map(|range| details::action(reading, index, block, range));
                    actions.for_each(|action| listed.push(reading, index, block, action, CONFIDENCE_LINE));
                }
                continue;
            }
            BlockKind::Code => continue,
        };
        let Some(mut action) = action else { continue };
        add_beside(reading, index, &mut action);
        listed.push(reading, index, block, action, confidence);
    }
    found.extend(listed.chosen(reading));
}

/// A report that tracks so many actions in a table or by boxes to tick lists all of them there.
const TRACKED_MIN: usize = 3;

/// The actions of a report, each with the heading above it.
#[derive(Default)]
struct Listed {
    actions: Vec<(Option<usize>, Candidate)>,
    /// The headings of those that are tracked: with an owner or a state in a table, or with a box to tick.
    tracked: Vec<Option<usize>>,
}

impl Listed {
    fn push(&mut self, reading: &Reading<'_>, index: usize, block: &Block, mut action: Action, confidence: f32) {
        let is_tracked = match &block.kind {
            BlockKind::Row { .. } => action.owner.is_some() || action.status != ActionStatus::Unknown,
            BlockKind::Item { checked, .. } => checked.is_some(),
            _ => false,
        };
        self.tracked.extend(is_tracked.then_some(block.heading));
        if action.status == ActionStatus::Unknown {
            action.status = details::headed_status(reading, index);
        }
        if action.status == ActionStatus::Unknown {
            action.status = details::told_status(&action.text);
        }
        let evidence = action.evidence.clone();
        let candidate = Candidate { finding: Finding::Action(action), confidence, evidence, rule: RULE.code };
        self.actions.push((block.heading, candidate));
    }

    /// Where actions are tracked, what stands below other headings was done, or only thought of. Where they were agreed
    /// on, what might be done is no action.
    fn chosen(self, reading: &Reading<'_>) -> Vec<Candidate> {
        let all = self.tracked.len() < TRACKED_MIN;
        let below =
            |heading: Option<usize>| reading.document.blocks.get(heading?).map(|block| block.text.to_lowercase());
        let is_agreed = |heading| below(heading).is_some_and(|name| action_words().agreed.contains(name.trim()));
        let is_idea = |heading| {
            below(heading).is_some_and(|name| action_words().ideas.iter().any(|i| name.starts_with(i.as_str())))
        };
        let agreed =
            self.actions.iter().filter(|(heading, _)| is_agreed(*heading)).take(AGREED_MIN).count() == AGREED_MIN;
        let Listed { actions, tracked } = self;
        let stays = |heading: Option<usize>| (all || tracked.contains(&heading)) && !(agreed && is_idea(heading));
        actions.into_iter().filter(|(heading, _)| stays(*heading)).map(|(_, candidate)| candidate).collect()
    }
}

/// One that was agreed on does not stand for all.
const AGREED_MIN: usize = 2;

/// The actions of a paragraph that is no prose: a line each, or set apart by semicolons and marked.
pub fn pieces(text: &str) -> Vec<Span> {
    let lines = lines(text);
    if lines.is_empty() {
        let cut = enumerated(text, &(0..text.len()));
        let is_told = cut.iter().all(|piece| text.get(piece.clone()).is_some_and(speaks));
        return if is_told { cut } else { Vec::new() };
    }
    lines
}

fn depth(kind: &BlockKind) -> u8 {
    if let BlockKind::Item { depth, .. } = kind { *depth } else { 0 }
}

/// How many blocks below an action may tell its owner, date and state.
const BESIDE_MAX: usize = 6;

/// Adds what the items below an action, or the blocks below a heading that is one, say of it.
fn add_beside(reading: &Reading<'_>, index: usize, action: &mut Action) {
    let Some(kind) = reading.document.blocks.get(index).map(|b| b.kind.clone()) else { return };
    if matches!(kind, BlockKind::Row { .. }) {
        return;
    }
    for at in (index + 1..reading.blocks.end).take(BESIDE_MAX) {
        let Some(block) = reading.document.blocks.get(at).filter(|b| beside::is_beside(b)) else { return };
        // "Date: …" of the report below the last item of a list within is no part of it.
        if depth(&block.kind) < depth(&kind) {
            return;
        }
        beside::add(reading, at, block, action);
    }
}

/// Is this the row that names the columns of its table: one marked as such, or the first, where it reads like one?
fn heads_table(block: &Block, before: &mut Option<u32>) -> bool {
    let BlockKind::Row { table, header, cells } = &block.kind else { return false };
    let is_first = before.replace(*table) != Some(*table);
    *header || is_first && Columns::heads(block, cells)
}

/// Items of lists that say of most what became of it: "Rotate the keys – done", "Tell the users – to be done".
fn marked_lists(reading: &Reading<'_>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut list: Vec<(usize, bool)> = Vec::new();
    let mut close = |list: &mut Vec<(usize, bool)>| {
        let marked = list.iter().filter(|(_, is_marked)| *is_marked).count();
        if marked >= MARKED_MIN && marked * 3 > list.len() * 2 {
            found.extend(list.iter().map(|(index, _)| *index));
        }
        list.clear();
    };
    for (index, block) in reading.blocks() {
        match block.kind {
            BlockKind::Item { .. } if !is_told_elsewhere(reading.section(index)) => {
                list.push((index, details::closing_status(&block.text) != ActionStatus::Unknown));
            }
            _ => close(&mut list),
        }
    }
    close(&mut list);
    found
}

/// Fewer items may end so by chance.
const MARKED_MIN: usize = 3;

fn is_told_elsewhere(section: Section) -> bool {
    matches!(section, Section::Timeline | Section::Comments | Section::Impact | Section::Detection | Section::RootCause)
}

/// "To prevent this from happening again, we will:", "These changes include the following:" above a list.
fn introduces(reading: &Reading<'_>, index: usize, block: &Block) -> bool {
    let text = block.text.trim_end();
    let told = matches!(block.kind, BlockKind::Paragraph) && text.ends_with([':', ';', '.']);
    if !told || is_told_elsewhere(reading.section(index)) {
        return false;
    }
    introduces_words(text)
}

/// Does the last sentence of a text announce what is going to change?
fn introduces_words(text: &str) -> bool {
    let bare = text.trim_end_matches('.');
    let start = bare.rfind(['.', '\n', '!', '?']).map_or(0, |at| at + 1);
    let last = bare.get(start..).unwrap_or("");
    // "We are taking these steps." above a list says so as well as a colon.
    let points = bare.len() == text.len() || speech().points_below.is_in(last);
    points && speech().introduces_actions.is_in(last) && !speech().introduces_else.is_in(last)
}

/// "We have shipped a watchdog. Each minute it runs these:" above a list: its items are steps of what was made.
pub fn steps(reading: &Reading<'_>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut within = false;
    for (index, block) in reading.blocks().filter(|(index, _)| reading.section(*index) == Section::Actions) {
        match block.kind {
            BlockKind::Item { .. } if within => {
                found.insert(index);
            }
            BlockKind::Item { .. } => {}
            BlockKind::Paragraph => {
                let text = block.text.trim_end();
                let last = text.rfind(['.', '\n', '!', '?']).map_or(text, |at| text.get(at + 1..).unwrap_or(""));
                within = text.ends_with(':') && speech().introduces_steps.is_in(last);
            }
            _ => within = false,
        }
    }
    found
}

/// Is a block a heading that is itself an action?
pub fn is_action(reading: &Reading<'_>, index: usize) -> bool {
    let block = reading.document.blocks.get(index).filter(|block| is_heading(block));
    block.is_some_and(|block| heading(reading, index, block).is_some())
}

fn item(reading: &Reading<'_>, index: usize, block: &Block, depth: u8, checked: Option<bool>) -> Option<Action> {
    let text = block.text.trim();
    if text.ends_with(':') && announced(text).is_some() {
        return None;
    }
    if is_group(reading, index, block) || depth > 0 && !is_below_group(reading, index, depth) {
        return None;
    }
    // "07:00-09:00: traffic moved" is what was done when.
    if reading.timing.of_block(index).first().is_some_and(|s| s.at.clock.is_some() && s.span.start <= LED_BYTES_MAX) {
        return None;
    }
    let mut action = details::action(reading, index, block, 0..block.text.len())?;
    match checked {
        Some(true) => action.status = ActionStatus::Done,
        Some(false) => action.status = ActionStatus::Open,
        None => {}
    }
    Some(action)
}

/// An item that only names what the items below it are about: "Monitoring:", "Actions:".
fn is_group(reading: &Reading<'_>, index: usize, block: &Block) -> bool {
    let BlockKind::Item { depth, checked, .. } = block.kind else { return false };
    let deeper = reading
        .document
        .blocks
        .get(index + 1)
        .is_some_and(|next| matches!(next.kind, BlockKind::Item { depth: d, .. } if d > depth));
    let text = block.text.trim();
    let announces = announced(text).is_some() && text.split_whitespace().count() <= 4;
    let labels = text.ends_with(':') && !opens_with_verb(text) && text.split_whitespace().count() <= LABEL_WORDS_MAX;
    // "Improvements: it showed how little we test. From now on we will:" above a list of its own.
    let leads = || text.ends_with(':') && !opens_with_verb(text) && introduces_words(text);
    deeper && checked.is_none() && (labels || announces || text.split_whitespace().count() <= 2 || leads())
}

/// What may stand before a clock that leads an item.
const LED_BYTES_MAX: usize = 2;

/// How far above an item its group is looked for.
const ITEMS_ABOVE_MAX: usize = 300;

/// Is every item above this one only a group?
fn is_below_group(reading: &Reading<'_>, index: usize, depth: u8) -> bool {
    let mut own = depth;
    for at in (reading.blocks.start..index).rev().take(ITEMS_ABOVE_MAX) {
        let Some(block) = reading.document.blocks.get(at) else { return false };
        let BlockKind::Item { depth: above, .. } = block.kind else { return false };
        if above < own {
            if !is_group(reading, at, block) {
                return false;
            }
            own = above;
        }
        if own == 0 {
            return true;
        }
    }
    own == 0
}

/// A sub-heading that is itself an action: told in words, and without a list or a table of its own below it.
fn heading(reading: &Reading<'_>, index: usize, block: &Block) -> Option<Action> {
    let above = block.heading.filter(|h| reading.section(*h) == Section::Actions)?;
    // A section of actions is read to a bound, however many headings a document has.
    let end = (index + BLOCKS_BELOW_MAX).min(reading.document.blocks.len());
    let blocks = reading.document.blocks.get(..end)?;
    let own = blocks.iter().enumerate().skip(index + 1).take_while(|(_, b)| !is_heading(b));
    let listed = own
        .clone()
        .any(|(_, b)| matches!(b.kind, BlockKind::Item { .. } | BlockKind::Row { .. }) && !beside::is_beside(b));
    let sub = blocks.iter().skip(index + 1).any(|b| b.heading == Some(index) && is_heading(b));
    let names_part = announced(&block.text).is_some();
    let numbered = block.text.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '#');
    let siblings = blocks.iter().skip(above).filter(|b| is_heading(b) && b.heading == Some(above)).take(2).count();
    let worded = block.text.split_whitespace().count() >= 3 || numbered;
    if listed || sub || names_part || !worded || siblings < 2 && !numbered {
        return None;
    }
    let start = block.text.find(|c: char| c.is_alphabetic() || c == '[').unwrap_or(0);
    let numbered_start = if numbered { start } else { 0 };
    details::action(reading, index, block, numbered_start..block.text.len())
}

/// More words before the colon say what is to be done; the items below say how.
const LABEL_WORDS_MAX: usize = 6;

/// "Implemented …", "Implement …".
fn opens_with_verb(text: &str) -> bool {
    let words = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let first = words.split_whitespace().next().unwrap_or("").to_lowercase();
    first.len() > 4 && first.ends_with("ed") || details::is_imperative(words)
}

const BLOCKS_BELOW_MAX: usize = 400;

fn is_heading(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Heading { .. })
}
