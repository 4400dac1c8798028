//! Gives the program a digest of the code and data that reading depends on, so that a store knows which of its
//! documents an upgrade would read differently; the synonyms as the index spells them, which a search would spend most
//! of its time on; and what a first report would: expressions and phrases as programs, and vocabularies in a form that
//! is read fast.

use analysis::Analyzer;
use programs::Shared;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use text::filing::Filing;

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/store/analysis.rs"]
mod analysis;

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/store/token.rs"]
mod token;

/// As `src/store/stop_words.rs` tells them to the program.
mod stop_words {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;

    pub type Lists = BTreeMap<String, Vec<String>>;

    #[allow(clippy::expect_used, reason = "the file is part of the program")]
    pub static LISTS: LazyLock<Lists> =
        LazyLock::new(|| toml::from_str(include_str!("src/store/vocabulary/stopwords.toml")).expect("lists of words"));

    pub fn of(lang: &str) -> &'static [&'static str] {
        let words: Vec<&'static str> = LISTS.get(lang).into_iter().flatten().map(String::as_str).collect();
        sorted(words).leak()
    }

    pub fn sorted<T: Ord>(mut all: Vec<T>) -> Vec<T> {
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/time/amounts.rs"]
mod amounts;

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/extract/vocabulary/provider_names.rs"]
mod provider_names;

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/text"]
mod text {
    mod bits;
    mod eights;
    mod filed;
    pub mod filing;
    mod firsts;
    mod groups;
    mod index;
    mod listing;
    mod lists;
    mod memory;
    mod needs;
    mod openings;
    mod program;
    mod scripts;
    mod set;
    mod spelled;
    mod starts;
    mod table;

    pub use filed::{Bits, ByteSet, Filed, FiledPhrase, FiledSet, Filter, Index, Rows};
    pub use groups::groups;
    pub use listing::filed as filed_lists;
    pub use lists::{Lists as FiledLists, Set as ListSet, WORDS};
    pub use openings::openings;
    pub use program::{Choice, Program, Step};
    pub use scripts::Apart;
    pub use set::{Ranges, Set};
    pub use table::Table;
}

#[path = "build/lists.rs"]
mod lists;
#[path = "build/phrases.rs"]
mod phrases;
#[path = "build/programs.rs"]
mod programs;

type Fallible<T> = Result<T, Box<dyn Error>>;

const READING: &[&str] = &["text", "time", "domain", "source", "document", "extract", "record"];

fn main() -> Fallible<()> {
    let mut files = Vec::new();
    // Where this file is; the fuzz targets are built from another folder.
    let src = Path::new(file!()).with_file_name("src");
    for layer in READING {
        let folder = src.join(layer);
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(&folder, &mut files);
    }
    files.sort();
    // FNV-1a: a change detector, not a defence.
    let mut digest: u64 = 0xcbf2_9ce4_8422_2325;
    for file in &files {
        for byte in fs::read(file).unwrap_or_default() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=RETRO_READING_DIGEST={digest:016x}");
    #[allow(clippy::disallowed_methods, reason = "cargo says in the environment where to write")]
    let folder = PathBuf::from(std::env::var("OUT_DIR")?);
    // What `include_str!` names makes this program anew when it changes.
    let synonyms = synonyms(include_str!("src/query/vocabulary/synonyms.toml"))?;
    fs::write(folder.join("synonyms.groups.rs"), format!("&{:?}", synonyms.groups))?;
    fs::write(folder.join("synonyms.met.rs"), format!("&{:?}", synonyms.met))?;
    fs::write(folder.join("synonyms.spoken.rs"), format!("&{:?}", synonyms.spoken))?;
    for file in [
        include_str!("src/query/vocabulary/plain.toml"),
        include_str!("src/query/vocabulary/alerts.toml"),
        include_str!("src/query/vocabulary/when.toml"),
    ] {
        // Sorted by being a set.
        let lists: BTreeMap<String, BTreeSet<String>> = toml::from_str(file)?;
        for (name, words) in lists {
            let words: Vec<String> = words.into_iter().collect();
            fs::write(folder.join(name).with_extension("words.rs"), format!("&{words:?}"))?;
        }
    }
    let lists = stop_words::LISTS.keys().map(|lang| (lang, stop_words::of(lang)));
    let lists: Vec<String> = lists.map(|(lang, words)| format!("({lang:?}, &{words:?})")).collect();
    fs::write(folder.join("stop_words.rs"), format!("&[{}]", lists.join(", ")))?;
    let (mut wide, mut shared) = (Vec::new(), Shared::default());
    let (phrases, keys) = milestones(include_str!("src/extract/vocabulary/milestones.toml"), &mut wide)?;
    write_filed(phrases, "milestones", &folder, &mut shared)?;
    fs::write(folder.join("milestones.keys"), keys)?;
    let wanted = lists::wanted(&files)?;
    let lists = wanted.cues.clone();
    fs::write(folder.join("listed.rs"), lists::code(wanted, &src)?)?;
    let (purposes, phrases) = speech(include_str!("src/extract/vocabulary/speech.toml"), &mut wide)?;
    fs::write(folder.join("speech.purposes"), purposes)?;
    for (form, phrases) in ["within", "before", "after"].iter().zip(phrases) {
        write_filed(phrases, &format!("speech.{form}"), &folder, &mut shared)?;
    }
    let turns: Turns = toml::from_str(include_str!("src/extract/vocabulary/turns.toml"))?;
    for (part, told) in ["names", "words", "rows", "signs"].iter().zip(turns.told()?) {
        fs::write(folder.join(format!("turns.{part}.rs")), told)?;
    }
    fs::write(folder.join("expressions.rs"), expressions(&files, wide, &mut shared)?)?;
    fs::write(folder.join("tables.rs"), shared.tables())?;
    fs::write(folder.join("providers.rs"), lists::providers(&src)?)?;
    stay_in_place();
    strip();
    write_as_json(&files, &src, &folder, &lists)
}

/// What cargo says of the build, empty where it says nothing.
#[allow(clippy::disallowed_methods, reason = "cargo says in the environment what it builds for")]
fn told(what: &str) -> String {
    std::env::var(what).unwrap_or_default()
}

/// The program is loaded where it says. One that can be loaded anywhere has to be told its addresses at every start, in
/// seven hundred pages of tables: most of the time of a short command, and a twentieth of the file.
fn stay_in_place() {
    // A program without libraries begins in another way.
    let is_static = told("CARGO_CFG_TARGET_FEATURE").split(',').any(|feature| feature == "crt-static");
    if told("CARGO_CFG_TARGET_OS") == "linux" && told("CARGO_CFG_TARGET_ENV") == "gnu" && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// A package with a profile of its own loses the `strip` of that of all, so the linker is told.
fn strip() {
    if told("CARGO_CFG_TARGET_OS") == "linux" && told("PROFILE") == "release" {
        println!("cargo::rustc-link-arg-bins=-s");
    }
}

/// What `text::filed_phrases!` reads.
fn write_filed(phrases: Filing, name: &str, folder: &Path, shared: &mut Shared) -> Fallible<()> {
    Ok(fs::write(folder.join(format!("{name}.filed.rs")), phrases::code(&phrases.filed(), shared))?)
}

/// Vocabularies as JSON, by their path below `src/`, without lists that stand in the program.
fn write_as_json(files: &[PathBuf], src: &Path, folder: &Path, lists: &BTreeSet<(String, String)>) -> Fallible<()> {
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "toml")) {
        let told = |e: &dyn Error| format!("{}: {e}", file.display());
        let mut value: toml::Table = toml::from_str(&fs::read_to_string(file)?).map_err(|e| told(&e))?;
        let of =
            |vocabulary: &str| file.ends_with(Path::new("extract/vocabulary").join(vocabulary).with_extension("toml"));
        lists.iter().filter(|(vocabulary, _)| of(vocabulary)).for_each(|(_, list)| _ = value.remove(list));
        let path = folder.join(file.strip_prefix(src)?).with_extension("toml.json");
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, serde_json::to_string(&value)?)?;
    }
    Ok(())
}

/// What `src/text/known.rs` reads: the programs of all expressions that stand in the code of reading, or that its
/// vocabularies spell; `wide` are phrases for texts of characters.
fn expressions(files: &[PathBuf], wide: Vec<String>, shared: &mut Shared) -> Fallible<String> {
    let mut sources = BTreeSet::from([amounts::expression(&toml::from_str(include_str!("src/time/durations.toml"))?)]);
    sources.extend(wide);
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "rs")) {
        sources.extend(raw_strings_after("Regex::new(", &fs::read_to_string(file)?));
    }
    let (mut all, mut items) = (Vec::new(), String::new());
    for source in &sources {
        // One that can't be walked, or is none, is left to the program, whose tests tell.
        let Ok(hir) = regex_syntax::parse(source) else { continue };
        let Some(program) = text::Program::new(&hir, true) else { continue };
        let names: Vec<String> = text::groups(&hir).iter().map(|name| format!("Cow::Borrowed({name:?})")).collect();
        let (names, program) = (names.join(", "), shared.code(&program));
        let item = format!("K{}", all.len());
        // One expression with all of them takes the compiler gigabytes.
        let known = format!("Known {{ source: {source:?}, names: &[{names}], program: {program} }}");
        items.push_str(&format!("const {item}: Known = {known};\n"));
        all.push(item);
    }
    Ok(format!("{{\nuse super::filed;\n{}{items}&[{}] }}", shared.ranges(), all.join(", ")))
}

/// The raw strings of code that stand right after something.
fn raw_strings_after(what: &str, code: &str) -> Vec<String> {
    let raw = |rest: &str| {
        let rest = rest.trim_start().strip_prefix('r')?;
        let quoted = rest.trim_start_matches('#');
        let marks = rest.get(..rest.len() - quoted.len())?;
        Some(quoted.strip_prefix('"')?.split_once(&format!("\"{marks}"))?.0.to_owned())
    };
    code.split(what).skip(1).filter_map(raw).collect()
}

#[derive(Deserialize)]
struct File {
    group: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    words: Vec<String>,
    /// What people say for it: who asks in these words finds the others, but they are not looked for.
    #[serde(default)]
    plain: Vec<String>,
    /// Kinds of it, such as products: who asks for the words finds these, but not the other way round.
    #[serde(default)]
    kinds: Vec<String>,
    /// They go together without being the same.
    #[serde(default)]
    near: bool,
    /// The same in other languages, stemmed as these are.
    #[serde(default)]
    de: Vec<String>,
    #[serde(default)]
    es: Vec<String>,
    #[serde(default)]
    fr: Vec<String>,
    #[serde(default)]
    pt: Vec<String>,
    /// Why these belong together; for whoever reads the file.
    #[allow(dead_code, reason = "required of every group by being read")]
    reason: String,
}

/// A run of words, and the number of its group.
type Met = (String, usize);

/// What `src/query/synonyms.rs` reads: the groups, and what is met of them with the numbers of their groups, sorted.
struct Synonyms {
    groups: Vec<String>,
    met: Vec<Met>,
    /// What is met only with its small words, such as `log in`: without them nothing or too little is left.
    spoken: Vec<Met>,
}

fn synonyms(file: &str) -> Fallible<Synonyms> {
    let file: File = toml::from_str(file)?;
    let english = Analyzer::new(None);
    let all_words = english.with_small_words();
    // A single word of several.
    let is_spoken = |words: &String| {
        let left = english.whole_terms(words).len();
        left < 2 && all_words.whole_terms(words).len() > left
    };
    let (mut groups, mut met, mut spoken) = (Vec::new(), Vec::new(), Vec::new());
    for (nth, group) in file.group.iter().enumerate() {
        let near = |is_near: bool| if is_near { "~" } else { "" };
        let entry = |analyzer: &Analyzer, words: &String, is_near: bool| {
            format!("{}{}", near(is_near), analyzer.whole_terms(words).join(" "))
        };
        let mut entries = Vec::new();
        entries.extend(group.words.iter().filter(|w| !is_spoken(w)).map(|w| entry(&english, w, group.near)));
        entries.extend(group.kinds.iter().map(|w| entry(&english, w, true)));
        for (lang, words) in [("de", &group.de), ("es", &group.es), ("fr", &group.fr), ("pt", &group.pt)] {
            let analyzer = Analyzer::new(Some(lang));
            entries.extend(words.iter().map(|w| entry(&analyzer, w, group.near)));
        }
        groups.push(entries.join("\t"));
        // Queries are read as English; what stands in one in another language is met as English makes it.
        let foreign = [&group.de, &group.es, &group.fr, &group.pt].into_iter().flatten();
        let own = group.words.iter().chain(&group.plain);
        spoken.extend(own.clone().filter(|w| is_spoken(w)).map(|w| (all_words.whole_terms(w).join(" "), nth)));
        let told = own.filter(|w| !is_spoken(w)).chain(foreign);
        met.extend(told.map(|words| (english.whole_terms(words).join(" "), nth)));
    }
    Ok(Synonyms { groups, met: stop_words::sorted(met), spoken: stop_words::sorted(spoken) })
}

#[derive(Deserialize)]
struct Milestones {
    /// What must follow a phrase.
    tail: String,
    /// Alternatives that several phrases share, by the name that stands for them.
    classes: BTreeMap<String, String>,
    /// Keys that a noun of a milestone makes, `*` for the noun.
    noun_keys: Vec<String>,
    milestone: Vec<Milestone>,
}

#[derive(Deserialize)]
struct Milestone {
    name: String,
    keys: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    strong: Vec<Said>,
    weak: Vec<Said>,
    against: Vec<Said>,
    ignored: Vec<Said>,
    #[serde(default)]
    outright: Vec<Said>,
}

/// A phrase, or several that are filed as one: what few texts say shall not take the room of many phrases.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    One(String),
    Any(Vec<String>),
}

impl Said {
    /// The phrases that are filed for it, in order. One that may begin with any word is asked at all of them, so those
    /// beside it are not filed with it.
    fn filed(&self, spelled: impl Fn(&String) -> String) -> Vec<String> {
        let phrases = match self {
            Said::One(phrase) => return vec![spelled(phrase)],
            Said::Any(phrases) => phrases.iter().map(spelled).collect::<Vec<_>>(),
        };
        let is_told = |phrase: &String| text::openings(phrase).is_some();
        let together = phrases.chunk_by(|a, b| is_told(a) && is_told(b));
        together.map(|phrases| format!("(?:{})", phrases.join("|"))).collect()
    }
}

/// What `src/extract/milestone_words.rs` reads: five sets of phrases a milestone, and the keys that name each.
fn milestones(file: &str, wide: &mut Vec<String>) -> Fallible<(Filing, String)> {
    let file: Milestones = toml::from_str(file)?;
    let (mut phrases, mut keys) = (Filing::new(&file.tail), String::new());
    for (nth, milestone) in file.milestone.iter().enumerate() {
        let made = |noun: &String| file.noun_keys.iter().map(|key| key.replace('*', noun)).collect::<Vec<_>>();
        let of_nouns = milestone.nouns.iter().flat_map(made);
        let named: Vec<String> = milestone.keys.iter().cloned().chain(of_nouns).collect();
        keys.push_str(&format!("{}\t{}\n", milestone.name, named.join("\t")));
        let sets = [&milestone.strong, &milestone.weak, &milestone.against, &milestone.ignored, &milestone.outright];
        for (set, words) in sets.iter().enumerate() {
            // `<name>` stands for a class.
            let spelled = |phrase: &String| {
                let named = file.classes.iter().filter(|_| phrase.contains('<'));
                named.fold(phrase.clone(), |text, (name, class)| text.replace(&format!("<{name}>"), class))
            };
            for spelled in words.iter().flat_map(|said| said.filed(spelled)) {
                let spelled = text::filing::apart_pattern(&spelled);
                wide.extend(text::filing::of_characters(&spelled, &file.tail));
                phrases
                    .file(&spelled, sets.len() * nth + set)
                    .ok_or_else(|| format!("no phrase of milestones: {spelled}"))?;
            }
        }
    }
    Ok((phrases, keys))
}

#[derive(Deserialize)]
struct Speech {
    fillers: Vec<String>,
    #[serde(flatten)]
    lists: BTreeMap<String, Purpose>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Purpose {
    within: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
}

/// What `src/extract/speech.rs` reads: the purposes, and a set of phrases for each of those that stand anywhere,
/// right before something, and right after it.
fn speech(file: &str, wide: &mut Vec<String>) -> Fallible<(String, [Filing; 3])> {
    let file: Speech = toml::from_str(file)?;
    let fillers = file.fillers.join("|");
    // What stands anywhere ends where a word does.
    let tails = [r"\b", "", ""];
    let mut filed = tails.map(Filing::new);
    for (nth, list) in file.lists.values().enumerate() {
        let joined = |phrases: &[String], form: &dyn Fn(&str) -> String| {
            (!phrases.is_empty()).then(|| form(&phrases.join("|"))).into_iter().collect::<Vec<_>>()
        };
        // The small words that may follow are too many for each phrase to have them to itself.
        let before = joined(&list.before, &|p| format!(r"(?:{p})(?:[\s:,~]|\b(?:{fillers})\b)*$"));
        let after = joined(&list.after, &|p| format!(r"^\W*(?:{p})"));
        for ((phrases, filed), tail) in [&list.within, &before, &after].into_iter().zip(&mut filed).zip(tails) {
            for phrase in phrases {
                wide.extend(text::filing::of_characters(phrase, tail));
                filed.file(phrase, nth).ok_or_else(|| format!("no phrase of speech: {phrase}"))?;
            }
        }
    }
    Ok((file.lists.into_keys().collect::<Vec<_>>().join("\n"), filed))
}

#[derive(Deserialize)]
struct Turns {
    turn: BTreeMap<String, Turn>,
    class: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Turn {
    words: Vec<String>,
    #[serde(default)]
    signs: String,
}

impl Turns {
    /// What `src/extract/turns.rs` includes: the names of the turns; each word with the numbers of its classes, sorted;
    /// the patterns, each with the turn it tells, in the order of the classes they begin with; and the signs that do. A
    /// word that a pattern names is a class of its own, `#` the first of all.
    fn told(&self) -> Fallible<[String; 4]> {
        let mut classes = vec!["#".to_owned()];
        classes.extend(self.class.keys().map(|name| format!("<{name}>")));
        let mut words: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (nth, list) in self.class.values().enumerate() {
            list.split_whitespace().for_each(|word| _ = words.entry(word).or_default().insert(nth + 1));
        }
        let (mut rows, mut signs) = (Vec::new(), Vec::new());
        for (turn, told) in self.turn.values().enumerate() {
            for pattern in &told.words {
                let mut row = Vec::new();
                for joined in pattern.split(' ') {
                    for (nth, element) in joined.split('+').enumerate() {
                        let known = classes.iter().position(|class| class == element);
                        if known.is_none() && element.starts_with('<') {
                            return Err(format!("no class of turns: {element}").into());
                        }
                        let class = known.unwrap_or(classes.len());
                        if known.is_none() {
                            classes.push(element.to_owned());
                        }
                        if !element.starts_with(['<', '#']) {
                            words.entry(element).or_default().insert(class);
                        }
                        row.push((class, nth > 0));
                    }
                }
                rows.push((turn, row));
            }
            signs.push(told.signs.split_whitespace().collect::<Vec<_>>());
        }
        rows.sort_by_key(|(_, row)| row.first().map(|(class, _)| *class));
        let names: Vec<&String> = self.turn.keys().collect();
        let list = |items: Vec<String>| format!("&[{}]", items.join(", "));
        let words =
            words.iter().map(|(word, classes)| format!("({word:?}, &{:?})", classes.iter().collect::<Vec<_>>()));
        let rows = rows.iter().map(|(turn, row)| format!("({turn}, &{row:?})"));
        let signs = signs.iter().map(|signs| format!("&{signs:?}"));
        Ok([format!("&{names:?}"), list(words.collect()), list(rows.collect()), list(signs.collect())])
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
