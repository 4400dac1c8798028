//! Phrases as code, as `text::filed_phrases!` includes them.

use crate::text::{Bits, ByteSet, Filed, FiledPhrase, FiledSet, Filter, Index, Rows};

/// All that were filed, without the programs, which stand in the file `programs` beside it.
pub fn code(filed: &Filed, programs: &str) -> String {
    let bits = |Bits(words): Bits| format!("filed::Bits({words:?})");
    let filter = |Filter(words): &Filter| format!("filed::Filter({words:?})");
    let rows = |Rows { index: Index { filter: keys, places }, short: ByteSet(short), entries, always }: &Rows| {
        let index = format!("filed::Index {{ filter: {}, places: &{places:?} }}", filter(keys));
        let short = format!("filed::ByteSet({short:?})");
        format!("filed::Rows {{ index: {index}, short: {short}, entries: &{entries:?}, always: {} }}", bits(*always))
    };
    let set = |FiledSet { phrases, bits: own, keys }: &FiledSet| {
        let keys = keys.as_ref().map_or("None".to_owned(), |keys| format!("Some({})", filter(keys)));
        format!("filed::FiledSet {{ phrases: {phrases:?}, bits: {}, keys: {keys} }}", bits(*own))
    };
    let phrase = |phrase: &FiledPhrase| format!("filed::{phrase:?}");
    let list = |items: Vec<String>| format!("&[{}]", items.join(", "));
    format!(
        "filed::Filed {{ tail: {:?}, spelled: {:?}, programs: include_bytes!({programs:?}), phrases: {}, sets: {}, \
         opening: {}, needing: {} }}",
        filed.tail,
        filed.spelled,
        list(filed.phrases.iter().map(phrase).collect()),
        list(filed.sets.iter().map(set).collect()),
        rows(&filed.opening),
        rows(&filed.needing),
    )
}
