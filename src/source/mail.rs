//! Mails and mailboxes → text: of each mail its subject, date and sender as front matter, below it its words. Parts,
//! encodings and character sets are the library's.
//!
//! Of what a mail says twice, as plain text and as HTML, the HTML is taken where it holds a table, which plain text
//! loses. Attachments are left out.

use super::{Extracted, Format, format};
use mail_parser::{Address, Message, MessageParser, PartType};

/// How many bytes at the start tell a mail by its headers.
const HEADER_BYTES: usize = 16 * 1024;
/// A mail of more parts is taken apart no further: mails may lie in mails, and the library follows them by recursion.
const PARTS_MAX: usize = 200;
/// Headers that a mail has beside its sender, in small letters: one of these.
const TELLING: &[&str] = &["subject", "message-id", "received", "return-path", "mime-version"];

/// A mail, or a file of several, each after a line that says from whom: `From ann@acme.example Thu Jan  1 …`.
pub(super) fn is_mail(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..HEADER_BYTES).unwrap_or(bytes));
    let mut lines = head.lines().peekable();
    lines.next_if(|line| line.starts_with("From "));
    let (mut has_sender, mut is_telling, mut has_date) = (false, false, false);
    for line in lines.take_while(|line| !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_header(name)) else { return false };
        let name = name.to_ascii_lowercase();
        // A report may say from when to when.
        has_sender |= name == "from" && value.contains('@');
        has_date |= name == "date";
        is_telling |= TELLING.contains(&name.as_str());
    }
    has_sender && has_date && is_telling
}

fn is_header(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The text of all mails, each a part of its own.
pub(super) fn text(bytes: &[u8]) -> Result<Extracted, String> {
    let mut extracted = Extracted::default();
    let (mut broken, mut attachments) = (0, 0);
    for message in messages(bytes) {
        let message = if has_too_many_parts(message) { None } else { MessageParser::default().parse(message) };
        let Some(message) = message else {
            broken += 1;
            continue;
        };
        let start = extracted.text.len();
        write(&mut extracted.text, &message);
        extracted.parts.push(start..extracted.text.len());
        attachments += message.attachment_count();
    }
    if extracted.parts.is_empty() {
        return Err(format!("there is no mail in it, or one of more than {PARTS_MAX} parts"));
    }
    if broken > 0 {
        extracted.notice("broken-mail", format!("{broken} mails could not be understood and were left out"));
    }
    if attachments > 0 {
        extracted.notice("attachments", format!("{attachments} attachments were not read"));
    }
    Ok(extracted)
}

/// Each part in a part says of what type it is.
fn has_too_many_parts(mail: &[u8]) -> bool {
    const TYPE: &[u8] = b"content-type";
    mail.windows(TYPE.len()).filter(|window| window.eq_ignore_ascii_case(TYPE)).nth(PARTS_MAX).is_some()
}

/// The mails of a mailbox, each without its line; all of the bytes where they begin with none.
fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    if !bytes.starts_with(b"From ") {
        return vec![bytes];
    }
    let mut starts = vec![0];
    starts.extend(bytes.windows(6).enumerate().filter(|(_, window)| *window == b"\nFrom ").map(|(at, _)| at + 1));
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let mails = starts.iter().zip(ends).filter_map(|(start, end)| {
        let mail = bytes.get(*start..end)?;
        let line = mail.iter().position(|byte| *byte == b'\n')?;
        mail.get(line + 1..)
    });
    mails.collect()
}

fn write(out: &mut String, message: &Message<'_>) {
    out.push_str("---\n");
    let date = message.date().filter(|date| date.is_valid()).map(mail_parser::DateTime::to_rfc3339);
    let sender = message.from().and_then(Address::first).and_then(|sender| sender.name().or(sender.address()));
    for (key, value) in [("title", message.subject()), ("published", date.as_deref()), ("author", sender)] {
        if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
            // JSON's strings are YAML's too.
            let value = serde_json::to_string(value).unwrap_or_default();
            out.push_str(&format!("{key}: {value}\n"));
        }
    }
    out.push_str("---\n\n");
    let plain =
        message.text_bodies().find_map(|part| if let PartType::Text(text) = &part.body { Some(text) } else { None });
    let html =
        message.html_bodies().find_map(|part| if let PartType::Html(html) = &part.body { Some(html) } else { None });
    let body = match (plain, html) {
        (Some(_), Some(html)) if html.contains("<table") => html,
        (Some(plain), _) => plain,
        (None, Some(html)) => html,
        (None, None) => return,
    };
    out.push_str(body.trim());
    out.push_str("\n\n");
}

/// What the words of a mail, below its front matter, are written in.
pub fn body_format(body: &str) -> Format {
    match format::detect("", body) {
        found @ (Format::Html | Format::Markdown) => found,
        _ => Format::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "From: =?utf-8?q?Zo=C3=AB?= <zoe@acme.example>\r\nDate: Tue, 4 Mar 2025 11:30:00 +0100\r\n\
        Subject: =?utf-8?b?UmVzb2x2ZWQ6IGxvZ2lu?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nThe caf=E9 login failed from 10:00 to 10:=\r\n40 UTC.\r\n";

    fn read(text: &str) -> (String, Vec<String>, Vec<&'static str>) {
        let found = super::text(text.as_bytes()).unwrap();
        let parts = found.parts.iter().map(|part| found.text[part.clone()].to_owned()).collect();
        (found.text, parts, found.notices.iter().map(|notice| notice.code).collect())
    }

    #[test]
    fn headers_become_front_matter_and_encodings_words() {
        let expected = "---\ntitle: \"Resolved: login\"\npublished: \"2025-03-04T11:30:00+01:00\"\nauthor: \"Zoë\"\n---\n\n\
                        The café login failed from 10:00 to 10:40 UTC.\n\n";
        assert_eq!(read(PLAIN), (expected.to_owned(), vec![expected.to_owned()], vec![]));
    }

    #[test]
    fn tables_are_kept_and_attachments_named() {
        let mail = |html: &str| {
            format!(
                "From: a@b.example\nDate: Tue, 4 Mar 2025 11:30:00 +0000\nSubject: x\nMIME-Version: 1.0\n\
                 Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n\
                 --a\nContent-Type: text/plain\n\nplain words\n--a\nContent-Type: text/html\n\n{html}\n--a--\n\
                 --m\nContent-Type: application/pdf\nContent-Disposition: attachment\n\n%PDF\n--m--\n"
            )
        };
        let (text, _, codes) = read(&mail("<p>rich</p>"));
        assert!(text.ends_with("plain words\n\n"), "{text}");
        assert_eq!(codes, ["attachments"]);
        assert!(read(&mail("<table><tr><td>1</td></tr></table>")).0.contains("<table>"));
    }

    #[test]
    fn a_mailbox_holds_a_part_a_mail() {
        let mailbox = format!("From zoe Tue Mar  4 2025\n{PLAIN}\nFrom zoe Wed Mar  5 2025\n{PLAIN}");
        assert!(is_mail(mailbox.as_bytes()));
        let (_, parts, _) = read(&mailbox);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].trim_end(), parts[1].trim_end());
    }

    #[test]
    fn mails_in_mails_end() {
        let head = "From: a@b.example\nDate: Tue, 4 Mar 2025 11:30:00 +0000\nSubject: x\nMIME-Version: 1.0\n";
        for (inner, most) in [
            ("Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: y\n".to_owned(), 190),
            ("content-type: multipart/digest; boundary=b\n\n--b\n\nFrom: a@b.example\n".to_owned(), 190),
        ] {
            let mail = |depth: usize| format!("{head}{}\nwords\n", inner.repeat(depth));
            assert!(super::text(mail(most).as_bytes()).is_ok(), "{inner}");
            assert!(super::text(mail(100_000).as_bytes()).is_err(), "{inner}");
        }
    }

    #[test]
    fn a_report_with_labels_is_no_mail() {
        for (text, expected) in [
            (PLAIN, true),
            ("From: 10:00\nTo: 11:00\nDate: 2025-03-04\nSubject: login\n\nwords", false),
            ("Subject: login\nDate: 2025-03-04\n\nwords", false),
            ("# Report\n\nFrom: a@b.example\nDate: x\nSubject: y\n", false),
            ("From here on it went down.\n", false),
            ("", false),
        ] {
            assert_eq!(is_mail(text.as_bytes()), expected, "{text}");
        }
    }
}
