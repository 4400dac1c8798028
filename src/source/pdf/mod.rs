//! PDF → text: the words of each page in the order in which they are painted, lines told apart by where they stand,
//! pages by a form feed.
//!
//! The library parses objects, fonts and streams under limits on nesting and inflating. What is painted is followed
//! here, with a budget, and the whole runs on a thread of its own: a panic in it, or a file built to take for ever,
//! ends in a notice.

mod fonts;
mod page;

use super::Extracted;
use lopdf::{Document, LoadOptions};
use page::{Budget, Painter};
use std::sync::mpsc;
use std::time::Duration;

/// A larger file is no report in words. It also bounds what its objects take: some fifty times this at worst.
pub(super) const MAX_BYTES: usize = 16 * 1024 * 1024;
/// How much all object streams together may inflate to.
const MAX_OBJECTS_BYTES: usize = 32 * 1024 * 1024;
/// How much one page's content, or one font's table, may inflate to.
const MAX_STREAM_BYTES: usize = 8 * 1024 * 1024;
/// Pages beyond this many are left out.
const MAX_PAGES: usize = 2_000;
/// How long a file may take. Thousands of ordinary pages take a second.
const MAX_TIME: Duration = Duration::from_secs(20);
/// Enough for the nesting that the library allows.
const STACK_BYTES: usize = 32 * 1024 * 1024;

/// The text of a PDF, or why there is none.
pub(super) fn text(bytes: &[u8]) -> Result<Extracted, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_BYTES / (1024 * 1024)));
    }
    let (sender, receiver) = mpsc::channel();
    let bytes = bytes.to_vec();
    let work = move || {
        // Nobody waits any more when this fails.
        let _ = sender.send(extract(&bytes));
    };
    let started = std::thread::Builder::new().name("pdf".to_owned()).stack_size(STACK_BYTES).spawn(work);
    started.map_err(|_| "no thread could be started for it".to_owned())?;
    match receiver.recv_timeout(MAX_TIME) {
        Ok(extracted) => extracted,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("it took longer than {} seconds", MAX_TIME.as_secs())),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("it is broken in a way that cannot be read".to_owned()),
    }
}

fn extract(bytes: &[u8]) -> Result<Extracted, String> {
    let streams = bytes.windows(b"/ObjStm".len()).filter(|w| *w == b"/ObjStm").count();
    let options =
        LoadOptions { max_decompressed_size: Some(MAX_OBJECTS_BYTES / streams.max(1)), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|_| "its structure is broken".to_owned())?;
    if document.is_encrypted() {
        return Err("it is encrypted".to_owned());
    }
    let mut extracted = Extracted::default();
    let mut budget = Budget::default();
    let (mut unread, mut trimmed) = (0, 0);
    for (nth, page) in document.page_iter().enumerate() {
        if nth >= MAX_PAGES || budget.is_spent() {
            extracted.notice("limit-pages", format!("only the first {nth} pages were read"));
            break;
        }
        let Ok(content) = document.get_page_content_with_limit(page, MAX_STREAM_BYTES) else {
            unread += 1;
            continue;
        };
        let mut painter = Painter::new(&document, &mut budget);
        painter.paint_page(page, &content);
        trimmed += usize::from(painter.is_trimmed);
        let words = painter.into_text();
        if nth > 0 {
            extracted.text.push_str("\n\u{c}");
        }
        extracted.text.push_str(words.trim());
    }
    if trimmed > 0 {
        extracted.notice("page-furniture", format!("what stands in the outer margins of {trimmed} pages was left out"));
    }
    if unread > 0 {
        extracted.notice("broken-page", format!("{unread} pages could not be read"));
    }
    Ok(extracted)
}

#[cfg(test)]
mod tests;
