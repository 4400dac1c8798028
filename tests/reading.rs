//! Reading hostile input: any bytes give documents, in seconds even unoptimised, and what was left out is said.

use retrospect::document::{Document, documents};
use retrospect::extract::{Defaults, extract};
use retrospect::source::{SourceText, from_bytes};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Of the processor. Generous: the point is to tell linear from quadratic.
const MAX_TIME: Duration = Duration::from_secs(20);

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What this thread has had of a processor, whatever else the machine does; where the system does not tell, the clock.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn read(path: &str, bytes: &[u8]) -> (SourceText, Vec<Document>) {
    let start = spent();
    let input = from_bytes(path, bytes);
    let documents: Vec<_> = documents(&input).collect();
    let spent = spent().saturating_sub(start);
    println!(
        "{path}: {} KiB, {} blocks, {spent:?}",
        bytes.len() / 1024,
        documents.iter().map(|d| d.blocks.len()).sum::<usize>()
    );
    assert!(spent < MAX_TIME, "{path}: {spent:?}");
    (input, documents)
}

fn codes(path: &str, text: &str) -> Vec<&'static str> {
    let (input, documents) = read(path, text.as_bytes());
    let notices = input.notices.iter().chain(documents.iter().flat_map(|d| &d.notices));
    notices.map(|n| n.code).collect()
}

#[test]
fn empty_and_binary_files() {
    for path in ["a.md", "a.html", "a.json", "a.txt"] {
        assert_eq!(codes(path, ""), ["empty"], "{path}");
        assert_eq!(codes(path, "\u{FEFF}\n\n"), ["empty"], "{path}");
        let (input, documents) = read(path, &[0xDE, 0xAD, 0, 0, 1, 2, 3].repeat(100));
        assert_eq!((input.notices[0].code, documents.len()), ("binary", 0), "{path}");
    }
}

#[test]
fn encodings_come_out_as_words() {
    let utf_16: Vec<u8> = "# Störung\n\num 10:05".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (_, documents) = read("a.md", &[b"\xFF\xFE".as_slice(), &utf_16].concat());
    assert_eq!(documents[0].blocks[0].text, "Störung");
    let (input, documents) = read("a.md", b"St\xF6rung um 10:05, gr\xF6\xDFer als sonst");
    assert_eq!(documents[0].blocks[0].text, "Störung um 10:05, größer als sonst");
    assert_eq!(input.notices[0].code, "encoding");
    let (_, documents) = read("a.txt", b"bad \xFF byte, caf\xC3\xA9, na\xC3\xAFve");
    assert_eq!(documents[0].blocks[0].text, "bad \u{FFFD} byte, café, naïve");
}

#[test]
fn one_line_of_many_megabytes() {
    for (path, piece, megabytes) in
        [("a.txt", "words 10:05 ", 60), ("a.md", "a **b** `c` [d] ", 12), ("a.html", "<p>a &amp; <b>b</b> ", 12)]
    {
        let text = piece.repeat(megabytes * 1_000_000 / piece.len());
        let found = codes(path, &text);
        assert!(found.contains(&"limit-text"), "{path}: {found:?}");
    }
}

#[test]
fn a_line_of_many_dates_is_understood_in_time() {
    let text = "Outage\n\n".to_owned() + &"all is well 2024-01-18 10:05 UTC ".repeat(5_000);
    let (input, documents) = read("a.txt", text.as_bytes());
    let start = spent();
    let incidents = extract(&documents[0], &input.below, &Defaults::default());
    let spent = spent().saturating_sub(start);
    assert_eq!(incidents.len(), 1);
    assert!(spent < MAX_TIME, "{spent:?}");
}

#[test]
fn too_many_blocks() {
    for (path, text) in [
        ("headings.md", "# a\n".repeat(1_000_000)),
        ("rows.md", "| a | b |\n".repeat(500_000)),
        ("items.txt", "- a\n".repeat(1_000_000)),
        ("headings.html", "<h2>a</h2>".repeat(500_000)),
    ] {
        assert_eq!(codes(path, &text), ["limit-blocks"], "{path}");
    }
}

#[test]
fn a_million_cells() {
    let row = |cell: &str| cell.repeat(1_000_000);
    assert!(codes("a.md", &format!("|{}\n|{}\n", row(" a |"), row("-|"))).contains(&"limit-cells"));
    assert!(codes("a.html", &format!("<table><tr>{}", row("<td>a"))).contains(&"limit-cells"));
    let members: String = (0..100_000).map(|i| format!("\"k{i}\": {i},")).collect();
    assert!(codes("a.json", &format!("{{\"rows\": [{{{members}}}]}}")).contains(&"limit-cells"));
}

#[test]
fn a_hundred_thousand_levels() {
    let deep = 100_000;
    for (path, text) in [
        ("quotes.md", "> ".repeat(deep) + "x"),
        ("items.md", "- ".repeat(deep) + "x"),
        ("indents.md", (0..2_000).map(|i| " ".repeat(i * 2) + "- x\n").collect()),
        ("brackets.md", "[".repeat(deep) + "x"),
        ("stars.md", "*a ".repeat(deep)),
        ("items.html", "<ul><li>x".repeat(deep)),
        ("divs.html", "<div>x".repeat(deep)),
        ("tables.html", "<table><tr><td>x".repeat(deep)),
        ("bold.html", "<b>x<i>y".repeat(deep)),
        ("closing.html", "<ul><li>x".repeat(1_000) + &"</b></td></ul>".repeat(deep)),
        ("objects.json", "{\"a\":".repeat(deep) + "1"),
        ("arrays.json", "[".repeat(deep) + "1"),
        ("front.md", format!("---\na: {}\n---\nx", "[".repeat(30_000))),
        ("front.toml.md", format!("+++\na = {}\n+++\nx", "[".repeat(30_000))),
        ("marks.txt", "[a](<b **c `".repeat(deep)),
        ("tags.txt", "<a".repeat(deep) + ">"),
        ("attributes.html", format!("<p {}>x", "a=b ".repeat(deep))),
        ("quotes.html", "<a b=\"".repeat(deep)),
        ("entities.html", "&a".repeat(deep)),
        ("templates.md", "{% <% ({{ ".repeat(deep)),
        ("pipes.txt", "a | b • c\n".repeat(deep)),
    ] {
        codes(path, &text);
    }
}

#[test]
fn a_hundred_thousand_links() {
    let (_, documents) = read("a.md", "[a](https://b.c) <https://d.e> ".repeat(50_000).as_bytes());
    assert!(!documents[0].blocks[0].links.is_empty());
    codes("a.html", &"<a href=x>a</a> ".repeat(100_000));
    codes("references.md", &"[a]: b\n[c]\n".repeat(50_000));
}

#[test]
fn a_feed_of_many_entries_and_one_cut_in_the_middle() {
    let entry = r#"{"name": "n", "updates": [{"at": "10:00", "body": "x"}]},"#;
    let feed = format!("{{\"page\": {{\"name\": \"p\"}}, \"incidents\": [{}", entry.repeat(20_000));
    let cut = feed.len() - 10;
    let (input, documents) = read("feed.json", &feed.as_bytes()[..cut]);
    assert_eq!((documents.len(), input.notices[0].code), (19_999, "truncated-json"));
    assert!(documents.iter().all(|d| d.fields[0].key == "page.name"));
}

#[test]
fn light_markup_without_end() {
    let pieces: [(&str, &[&str]); 3] = [
        (
            "a.rst",
            &["A\n=\n\n", "* a\n", "+--+--+\n| a | b |\n", "`a <", ":a:`", "**a ", "    a::\n\n", ".. note:: a\n"],
        ),
        ("a.adoc", &["== A\n\n", "****** a\n", "|===\n|a |b\n", "https://a[", "<<a,", "*a ", "----\n", ":a: b\n"]),
        ("a.wiki", &["== A ==\n", "****** a\n", "{|\n! a !! b\n|-\n", "[[a|", "{{a|", "'''a ", "<ref>a", "<pre>\n"]),
    ];
    for (path, pieces) in pieces {
        for piece in pieces {
            let text = piece.repeat(1_000_000 / piece.len());
            read(path, text.as_bytes());
        }
    }
}
