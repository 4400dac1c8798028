//! The lists of cues that the code asks for, as `src/text/listed.rs` includes them.

use crate::text::{Apart, FiledLists, ListSet, Table, WORDS, filed_lists};
use crate::{Fallible, amounts, provider_names};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The tiers of a label, in their order.
const TIERS: [&str; 3] = ["strong", "plain", "weak"];

/// A list of a vocabulary, and the names of its parts with the places where they end.
struct List {
    table: Table,
    parts: Vec<(String, usize)>,
}

/// All lists as code: a module for each vocabulary, and which lists have phrases of which first letters.
pub fn code(Wanted { cues: named, ends, whole }: Wanted, src: &Path) -> Fallible<String> {
    let mut lists = BTreeMap::new();
    for vocabulary in whole {
        let file: toml::Table = toml::from_str(&fs::read_to_string(path(src, &vocabulary))?)?;
        let is_wanted = |list: &&String| {
            let name = (vocabulary.clone(), (*list).clone());
            named.contains(&name) || ends.contains(&name)
        };
        if let Some(list) = file.keys().find(|list| !is_wanted(list)) {
            return Err(format!("nothing asks for the list {list} of {vocabulary}").into());
        }
    }
    for (vocabulary, list) in named {
        let read = read(src, &vocabulary, &list)?;
        lists.insert((vocabulary, list), read);
    }
    if lists.len() > 64 * WORDS {
        return Err(format!("{} lists of cues are more than there are numbers", lists.len()).into());
    }
    let heads = lists
        .values()
        .zip(0..)
        .flat_map(|(list, number)| list.table.phrases.iter().map(move |phrase| (phrase.head, number)));
    let FiledLists { filter, slots, keys, of, sets, short } = filed_lists(heads);
    let sets: Vec<String> = sets.iter().map(|ListSet(words)| format!("Set({words:?})")).collect();
    let short: Vec<String> = short.iter().map(|bytes| format!("ByteSet({:?})", bytes.0)).collect();
    let mut code = format!(
        "pub static LISTS: Lists = Lists {{ filter: {filter:?}, slots: &{slots:?}, keys: &{keys:?}, of: &{of:?}, \
         sets: &[{}], short: [{}] }};\n",
        sets.join(", "),
        short.join(", ")
    );
    let vocabularies: BTreeSet<&String> = lists.keys().map(|(vocabulary, _)| vocabulary).collect();
    for vocabulary in vocabularies {
        writeln!(code, "#[allow(non_upper_case_globals, reason = \"as in the vocabulary\")]\npub mod {vocabulary} {{")?;
        writeln!(code, "use super::{{List, Phrase, Table}};\nuse std::borrow::Cow::Borrowed;")?;
        for (((_, name), List { table, parts }), number) in
            lists.iter().zip(0..).filter(|(((of, _), _), _)| of == vocabulary)
        {
            let Table { texts, phrases, short, slots, count, .. } = table;
            writeln!(
                code,
                "pub static {name}: List = List {{ table: Table {{ number: Some({number}), texts: Borrowed({texts:?}), \
                 phrases: Borrowed(&{phrases:?}), short: {short}, slots: Borrowed(&{slots:?}), count: {count} }}, \
                 parts: &{parts:?} }};"
            )?;
        }
        for (_, name) in ends.iter().filter(|(of, _)| of == vocabulary) {
            let path = path(src, vocabulary);
            let file: BTreeMap<String, toml::Value> = toml::from_str(&fs::read_to_string(&path)?)?;
            let words: Vec<String> = file.get(name).cloned().ok_or("no list of endings")?.try_into()?;
            writeln!(code, "pub static {name}: &[&str] = &{words:?};")?;
        }
        code.push_str("}\n");
    }
    Ok(code)
}

type Names = BTreeSet<(String, String)>;

/// What the code asks for: lists by vocabulary and name.
#[derive(Default)]
pub struct Wanted {
    pub cues: Names,
    /// Lists of endings.
    ends: Names,
    /// Vocabularies of nothing but lists.
    whole: BTreeSet<String>,
}

pub fn wanted(files: &[PathBuf]) -> Fallible<Wanted> {
    let mut wanted = Wanted::default();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "rs")) {
        let code = fs::read_to_string(file)?;
        for call in code.split("listed_list!(").skip(1) {
            let named = call.split(')').next().and_then(|call| call.split_once("::"));
            wanted.cues.extend(named.map(|(of, list)| (of.trim().to_owned(), list.trim().to_owned())).filter(is_named));
        }
        for block in code.split("\nlists! {").skip(1) {
            let block = block.split("\n}").next().unwrap_or("");
            let (cues, endings) = block.split_once("[endings]").unwrap_or((block, ""));
            let statements = |part: &'_ str| -> Vec<String> {
                part.lines().filter_map(|line| Some(line.trim().strip_suffix(';')?.to_owned())).collect()
            };
            let cues = statements(cues);
            let Some((_, of)) = cues.first().and_then(|first| first.split_once(" = ")) else { continue };
            let named = |list: String| Some((of.to_owned(), list)).filter(is_named);
            wanted.whole.insert(of.to_owned());
            wanted.ends.extend(statements(endings).into_iter().filter_map(named));
            wanted.cues.extend(cues.iter().skip(1).cloned().filter_map(named));
        }
    }
    Ok(wanted)
}

/// Other code, such as that of the macros themselves, has no such names.
fn is_named((vocabulary, list): &(String, String)) -> bool {
    let is_name = |name: &String| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_name(vocabulary) && is_name(list)
}

fn path(src: &Path, vocabulary: &str) -> PathBuf {
    src.join("extract/vocabulary").join(vocabulary).with_extension("toml")
}

fn read(src: &Path, vocabulary: &str, list: &str) -> Fallible<List> {
    if vocabulary == "durations" {
        let words: amounts::Words = toml::from_str(&fs::read_to_string(src.join("time/durations.toml"))?)?;
        let begins = amounts::spelled(&words).map(|number| (amounts::begin(number), true));
        return Ok(List { table: Table::new(begins), parts: Vec::new() });
    }
    let path = path(src, vocabulary);
    if vocabulary == "providers" {
        let file: provider_names::File<String> = toml::from_str(&fs::read_to_string(path)?)?;
        let apart: Vec<_> = provider_names::names(&file).iter().map(|name| Apart::of(name.text).text).collect();
        return Ok(List { table: Table::new(apart.iter().map(|text| (&**text, true))), parts: Vec::new() });
    }
    let file: toml::Table = toml::from_str(&fs::read_to_string(&path)?)?;
    let none = || format!("{}: no list {list}", path.display());
    let whole = (list == "all").then(|| toml::Value::Table(file.clone()));
    let parts = match file.get(list).or(whole.as_ref()) {
        Some(value) => parts("", value).ok_or_else(none)?,
        // Of things that each have a name and such a list.
        None => file.values().find_map(|value| named_parts(value.as_array()?, list)).ok_or_else(none)?,
    };
    let table = cues(parts.iter().flat_map(|(_, words)| words).copied());
    let mut end = 0;
    let parts = parts.into_iter().filter(|(name, _)| !name.is_empty()).map(|(name, words)| {
        end += words.iter().filter(|word| !word.trim_end_matches('*').is_empty()).count();
        (name, end)
    });
    Ok(List { table, parts: parts.collect() })
}

/// What `src/extract/vocabulary/providers.rs` includes: the providers and their names.
pub fn providers(src: &Path) -> Fallible<String> {
    let file: provider_names::File<String> = toml::from_str(&fs::read_to_string(path(src, "providers"))?)?;
    let mut code = "const SHIPPED: &[Provider] = &[\n".to_owned();
    for (name, entry) in &file.provider {
        // Named as in the program, with a capital.
        let (first, rest) = entry.kind.split_at_checked(1).ok_or("no kind")?;
        let kind = first.to_ascii_uppercase() + rest;
        writeln!(code, "Provider {{ name: Cow::Borrowed({name:?}), kind: ProviderKind::{kind} }},")?;
    }
    code.push_str("];\nconst SHIPPED_NAMES: &[Name] = &[\n");
    for provider_names::Name { text, provider, ambiguous, product, exact_case } in provider_names::names(&file) {
        let told = format!("ambiguous: {ambiguous}, product: {product}, exact_case: {exact_case}");
        writeln!(code, "Name {{ text: Cow::Borrowed({text:?}), provider: {provider}, {told} }},")?;
    }
    Ok(code + "];\n")
}

type Parts<'v> = Vec<(String, Vec<&'v str>)>;

/// A list, or the lists of a table, each by its name; those of tiers by both names.
fn parts<'v>(name: &str, value: &'v toml::Value) -> Option<Parts<'v>> {
    if let Some(words) = value.as_array() {
        return Some(vec![(name.to_owned(), words.iter().map(toml::Value::as_str).collect::<Option<_>>()?)]);
    }
    let table = value.as_table()?;
    let is_tiered = table.keys().all(|key| TIERS.contains(&key.as_str()));
    let mut keys: Vec<&String> = table.keys().collect();
    keys.sort_by_key(|key| (TIERS.iter().position(|tier| tier == key).filter(|_| is_tiered), *key));
    let own = |key: &String| parts(format!("{name} {key}").trim_start(), table.get(key)?);
    Some(keys.into_iter().map(own).collect::<Option<Vec<_>>>()?.concat())
}

fn named_parts<'v>(all: &'v [toml::Value], list: &str) -> Option<Parts<'v>> {
    let own = |one: &'v toml::Value| parts(one.get("name")?.as_str()?, one.get(list)?);
    Some(all.iter().map(own).collect::<Option<Vec<_>>>()?.concat())
}

/// A list of cues: phrases in any case, where a star at the end lets a word go on; those that are empty but for a star
/// are left out.
fn cues<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Table {
    let bare = phrases.into_iter().map(|phrase| (phrase.trim_end_matches('*'), phrase.ends_with('*')));
    let apart: Vec<_> =
        bare.filter(|(core, _)| !core.is_empty()).map(|(core, open)| (Apart::of(core).text, open)).collect();
    Table::new(apart.iter().map(|(core, open)| (&**core, *open)))
}
