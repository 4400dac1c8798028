//! Phrases as code, as `text::filed_phrases!` includes them. Each is a constant of its own: of one expression with all of
//! them the compiler took ten gigabytes.

use crate::programs::Shared;
use crate::text::{Bits, ByteSet, Filed, FiledPhrase, FiledSet, Filter, Index, Rows};

/// All that were filed.
pub fn code(filed: &Filed, shared: &mut Shared) -> String {
    let bits = |Bits(words): Bits| format!("filed::Bits({words:?})");
    let filter = |Filter(words): &Filter| format!("filed::Filter({words:?})");
    let rows = |Rows { index: Index { filter: keys, places }, short: ByteSet(short), entries, always }: &Rows| {
        let index = format!("filed::Index {{ filter: {}, places: &{places:?} }}", filter(keys));
        let short = format!("filed::ByteSet({short:?})");
        let entries: String = entries.iter().map(|entry| format!("filed::{entry:?},")).collect();
        format!("filed::Rows {{ index: {index}, short: {short}, entries: &[{entries}], always: {} }}", bits(*always))
    };
    let set = |FiledSet { phrases, bits: own, keys }: &FiledSet| {
        let keys = keys.as_ref().map_or("None".to_owned(), |keys| format!("Some({})", filter(keys)));
        format!("filed::FiledSet {{ phrases: {phrases:?}, bits: {}, keys: {keys} }}", bits(*own))
    };
    let mut phrase =
        |FiledPhrase { set, opens, cased, foreign, signs, spelled, lead, lead_mask, program }: &FiledPhrase| {
            let program = shared.code(program);
            format!(
                "filed::FiledPhrase {{ set: {set}, opens: {opens}, cased: {cased}, foreign: {foreign}, signs: {signs}, \
             spelled: {spelled:?}, lead: {lead}, lead_mask: {lead_mask}, program: {program} }}"
            )
        };
    let list = |items: Vec<String>| format!("&[{}]", items.join(",\n"));
    let item = |(nth, told): (usize, &FiledPhrase)| format!("const P{nth}: filed::FiledPhrase = {};\n", phrase(told));
    let items: String = filed.phrases.iter().enumerate().map(item).collect();
    format!(
        "{{\n{items}filed::Filed {{ tail: {:?}, spelled: {:?}, phrases: {}, sets: {}, \
         opening: {}, needing: {} }} }}",
        filed.tail,
        filed.spelled,
        list((0..filed.phrases.len()).map(|nth| format!("P{nth}")).collect()),
        list(filed.sets.iter().map(set).collect()),
        rows(&filed.opening),
        rows(&filed.needing),
    )
}
