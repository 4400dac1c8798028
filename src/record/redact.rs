//! Masks what a report that leaves the house must not carry: addresses, secrets and configured names.
//!
//! Works on text alone and knows nothing of where it goes; whoever lets text out calls it on every string. It rather
//! masks too much than too little, and leaves times, durations, versions and counts alone.

use super::{Grid, Record, Value};
use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// Masks by pattern, and by names.
pub struct Redactor {
    /// `None` where there are no names.
    names: Option<AhoCorasick>,
    /// What stands in the place of each form of a name. Several names are numbered in the order they were given: who is
    /// meant is hidden, that two are different people or teams is not, and nothing is counted together that is two.
    masks: Vec<String>,
}

/// Letters around an `@` and a domain; full-width forms and percent-encoding hide none.
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[\p{L}\p{N}._%+'-]+(?:@|＠|%40|&#64;|\s?[\[({]\s?at\s?[\])}]\s?)(?:[\p{L}\p{N}-]+(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?))+[\p{L}]{2,}")
        .expect("a valid regex")
});

static IPV4: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{1,3}(?:\.\d{1,3}){3}").expect("a valid regex"));

/// Groups of hexadecimal digits and colons; what is no address is left alone.
static IPV6: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:[0-9a-f]{0,4}:){2,7}\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}")
        .expect("a valid regex")
});

/// Secrets by their issuers' own prefixes, by shape (JSON web tokens, private keys), by what stands before them, and in
/// the user part of addresses.
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?
        | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY-----[\s\S]*?(?:-----END\ [A-Z\ ]*PRIVATE\ KEY-----|$)
        | \b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}
        | \b(?:gh[pousr]_|github_pat_|glpat-|glrt-|xox[abeoprs]-|xapp-|sk_live_|sk_test_|rk_live_|pk_live_|whsec_|npm_|pypi-|dop_v1_|shpat_|hvs\.|SG\.|ATATT|sk-(?:ant-|proj-)?|AIza|ya29\.)[\w.-]{10,}
        | (?P<scheme>(?i:\b(?:bearer|basic))\s+)[A-Za-z0-9+/_~.=-]{12,}
        | (?P<key>(?i:\b[\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?["']?\s{0,2}[=:]\s{0,2}["']?))[^\s"'`<>,;\[\]]{6,}
        | (?P<user>\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\[\]]{0,64}:)[^\s/@\[\]]{1,128}@
        | \b[0-9a-fA-F]{40,}\b
        "#,
    )
    .expect("a valid regex")
});

/// A long word may be a secret without any sign of it. Looked at last: it may have one of the others in it.
static LONG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[A-Za-z0-9+/_-]{48,}={0,2}").expect("a valid regex"));

impl Redactor {
    /// With names to mask, in any case, wherever they stand as words.
    pub fn new(names: &[String]) -> Self {
        let names: Vec<&str> = names.iter().map(|n| n.trim()).filter(|n| !n.is_empty()).collect();
        let (mut forms, mut masks): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for (nth, name) in names.iter().enumerate() {
            let words: Vec<&str> = name.split_whitespace().collect();
            let mask = if names.len() == 1 { "[name]".to_owned() } else { format!("[name {}]", nth + 1) };
            // As it is written, and as ids, file names and addresses write it.
            for form in [" ", "-", "_", ".", ""].map(|glue| words.join(glue)) {
                if !forms.contains(&form) {
                    forms.push(form);
                    masks.push(mask.clone());
                }
            }
        }
        let build = || {
            let mut builder = AhoCorasick::builder();
            builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).build(&forms).ok()
        };
        Redactor { names: if forms.is_empty() { None } else { build() }, masks }
    }

    /// The text with everything masked that has to be.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        over(shapes(text), |t| self.without_names(t))
    }

    /// The id of an incident, which is made of its title: where that has something masked by its shape, which an id has
    /// lost, only the date and what was masked are left.
    pub fn id(&self, id: &str, title: &str) -> String {
        let is_lost = shapes(title) != title && shapes(id) == id;
        if !is_lost && !EMAIL.is_match(title) {
            return self.text(id).into_owned();
        }
        let is_date = |day: &&str| day.char_indices().all(|(at, c)| c.is_ascii_digit() != matches!(at, 4 | 7));
        let shown = shapes(title);
        let mask = shown.find('[').and_then(|at| shown.get(at..)?.split_inclusive(']').next()).unwrap_or("[masked]");
        id.get(..10).filter(is_date).map_or_else(|| mask.to_owned(), |day| format!("{day}-{mask}"))
    }

    fn without_names<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Some(names) = &self.names else { return Cow::Borrowed(text) };
        let mut out = String::new();
        let mut at = 0;
        for found in names.find_iter(text) {
            let before = text.get(..found.start()).and_then(|t| t.chars().next_back());
            let after = text.get(found.end()..).and_then(|t| t.chars().next());
            if before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric) {
                continue;
            }
            out.push_str(text.get(at..found.start()).unwrap_or(""));
            out.push_str(self.masks.get(found.pattern().as_usize()).map_or("[name]", String::as_str));
            at = found.end();
        }
        if at == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(text.get(at..).unwrap_or(""));
        Cow::Owned(out)
    }

    /// Every string of a JSON value, keys aside.
    pub fn json(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => {
                if let Cow::Owned(masked) = self.text(text) {
                    *text = masked;
                }
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(|v| self.json(v)),
            serde_json::Value::Object(members) => members.values_mut().for_each(|v| self.json(v)),
            _ => {}
        }
    }

    /// A record with every string masked; evidence keeps its place and loses what was masked of its words.
    ///
    /// # Errors
    /// The record cannot be written as JSON, which no record can fail to be.
    pub fn record(&self, record: &Record) -> Result<Record, serde_json::Error> {
        let id = self.id(&record.id, record.title.as_ref().map_or("", |title| &title.value));
        let mut value = serde_json::to_value(record)?;
        self.json(&mut value);
        serde_json::from_value(value).map(|masked: Record| Record { id, ..masked })
    }

    /// A table with every string masked.
    pub fn grid(&self, grid: &mut Grid) {
        let mask = |text: &mut String| {
            if let Cow::Owned(masked) = self.text(text) {
                *text = masked;
            }
        };
        mask(&mut grid.title);
        grid.notes.iter_mut().for_each(mask);
        grid.columns.iter_mut().for_each(|c| mask(&mut c.title));
        for value in grid.rows.iter_mut().flatten() {
            if let Value::Text(text) = value {
                mask(text);
            }
        }
    }
}

/// The text with everything masked that its shape tells.
fn shapes(text: &str) -> Cow<'_, str> {
    let text = masked(&SECRET, text, secret);
    let text = over(text, |t| masked(&LONG, t, long));
    let text = over(text, |t| masked(&EMAIL, t, |_, _| Some("[e-mail]".to_owned())));
    let text = over(text, |t| masked(&IPV6, t, ipv6));
    over(text, |t| masked(&IPV4, t, ipv4))
}

fn over<'a>(text: Cow<'a, str>, mask: impl Fn(&str) -> Cow<'_, str>) -> Cow<'a, str> {
    match mask(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => Cow::Owned(masked),
    }
}

/// Replaces what `mask` gives a replacement for.
fn masked<'a>(pattern: &Regex, text: &'a str, mask: impl Fn(&Captures<'_>, &str) -> Option<String>) -> Cow<'a, str> {
    let mut out = String::new();
    let mut at = 0;
    for found in pattern.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        if let Some(replacement) = mask(&found, text) {
            out.push_str(text.get(at..whole.start()).unwrap_or(""));
            out.push_str(&replacement);
            at = whole.end();
        }
    }
    if at == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(at..).unwrap_or(""));
    Cow::Owned(out)
}

/// What led to the secret stays.
fn secret(found: &Captures<'_>, _: &str) -> Option<String> {
    let lead = ["scheme", "key", "user"].iter().find_map(|name| found.name(name)).map_or("", |m| m.as_str());
    Some(if found.name("user").is_some() { format!("{lead}[secret]@") } else { format!("{lead}[secret]") })
}

/// A long word is a secret when it is of capitals, small letters and digits: ids and file names are long too.
fn long(found: &Captures<'_>, _: &str) -> Option<String> {
    let kinds: [fn(&char) -> bool; 3] = [char::is_ascii_uppercase, char::is_ascii_lowercase, char::is_ascii_digit];
    let word = found.get(0)?.as_str();
    kinds.iter().all(|is_kind| word.chars().any(|c| is_kind(&c))).then(|| "[secret]".to_owned())
}

fn ipv4(found: &Captures<'_>, text: &str) -> Option<String> {
    let whole = found.get(0)?;
    // A version of four numbers reads like an address; a longer one does not.
    let longer = |c: Option<char>, d: Option<char>| c == Some('.') && d.is_some_and(|d| d.is_ascii_digit());
    let (mut before, mut after) = (text.get(..whole.start())?.chars().rev(), text.get(whole.end()..)?.chars());
    let (b, a) = (before.next(), after.next());
    let is_longer = longer(b, before.next()) || longer(a, after.next());
    let is_number = b.is_some_and(|c| c.is_ascii_digit()) || a.is_some_and(|c| c.is_ascii_digit());
    let is_address = whole.as_str().parse::<Ipv4Addr>().is_ok();
    (is_address && !is_longer && !is_number).then(|| "[IP address]".to_owned())
}

/// Clocks (`10:05:30`) are no addresses: eight groups, or `::` beside a digit, make one.
fn ipv6(found: &Captures<'_>, text: &str) -> Option<String> {
    let whole = found.get(0)?;
    let after = text.get(whole.end()..)?.chars().next();
    let before = text.get(..whole.start())?.chars().next_back();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let address = whole.as_str().trim_end_matches(|c| c == ':' && !whole.as_str().ends_with("::"));
    let is_address = address.parse::<Ipv6Addr>().is_ok() && address.chars().any(|c| c.is_ascii_hexdigit());
    (is_address && !is_word(before) && !is_word(after)).then(|| {
        let rest = whole.as_str().get(address.len()..).unwrap_or("");
        format!("[IP address]{rest}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn redact(text: &str) -> String {
        Redactor::new(&["Jane Doe".to_owned(), "Bluefin".to_owned()]).text(text).into_owned()
    }

    #[test]
    fn what_must_not_leave_is_masked() {
        for (text, expected) in [
            ("ask ops@acme.example or Ana.B+x@mail.acme.co.uk.", "ask [e-mail] or [e-mail]."),
            ("from 10.0.0.1:443 and (192.168.1.254)", "from [IP address]:443 and ([IP address])"),
            ("2001:db8::1, fe80::1%eth0, ::1", "[IP address], [IP address]%eth0, [IP address]"),
            ("::ffff:10.1.2.3 and 1:2:3:4:5:6:7:8", "[IP address] and [IP address]"),
            ("Authorization: Bearer abcdef0123456789xyz", "Authorization: Bearer [secret]"),
            ("token=hunter2hunter2 password: \"pass-word-1\"", "token=[secret] password: \"[secret]\""),
            ("key AKIAIOSFODNN7EXAMPLE leaked", "key [secret] leaked"),
            ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[secret]"),
            (
                "2025-05-02-rotate-the-deploy-token-ghp_abcdefghijklmnopqrstuvwxyz0123456789",
                "2025-05-02-rotate-the-deploy-token-[secret]",
            ),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def", "[secret]"),
            ("postgres://app:s3cr3t@db:5432/x", "postgres://app:[secret]@db:5432/x"),
            ("Jane Doe, jane-doe, JANE.DOE at bluefin", "[name 1], [name 1], [name 1] at [name 2]"),
        ] {
            assert_eq!(redact(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_report_is_made_of_stays() {
        for text in [
            "At 10:05:30 UTC on 2025-03-02T10:05:30+01:00 it took 1 h 27 min.",
            "version 1.2.3.4.5 and 4.18.0, p = 0.277, 99.95 %, 300.1.1.1",
            "the token bucket was empty; passwords were not affected; std::vector, 12:30",
            "bluefinite jane.doering, us-east-1, inc-2025-031, https://example.org/a/b?c=d",
            "2024-02-13-502-bad-gateway-on-hosted-checkout-after-edge",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_to_mask_is_left(before in "[ a-z(,]{0,8}", after in "[ a-z),]{0,8}", user in "[a-z]{1,8}", n in any::<u32>(), m in any::<u128>()) {
            let (v4, v6) = (Ipv4Addr::from(n), Ipv6Addr::from(m));
            let before = if before.is_empty() { before } else { format!("{before} ") };
            let after = if after.is_empty() { after } else { format!(" {after}") };
            for secret in [format!("{user}@acme.example"), v4.to_string(), v6.to_string(), format!("ghp_{n:020}"), "Jane Doe".to_owned()] {
                let text = format!("{before}{secret}{after}");
                let out = redact(&text);
                prop_assert!(!out.contains(&secret), "{text} → {out}");
                // Once masked is masked: a second time changes nothing.
                prop_assert_eq!(redact(&out), out);
            }
        }

        #[test]
        fn any_text_is_fit_for_it(text in any::<String>()) {
            let out = redact(&text);
            prop_assert_eq!(redact(&out), out);
        }
    }
}
