//! Which styles of a Word document are headings: by their names, whatever language their ids are in.

use super::{attribute, local};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;

/// Levels of the heading styles, by id.
#[derive(Default)]
pub(super) struct Styles(BTreeMap<String, u8>);

/// Styles beyond this many are left out.
const MAX_STYLES: usize = 10_000;

impl Styles {
    pub fn read(xml: &str) -> Styles {
        let mut reader = Reader::from_str(xml);
        let mut levels = BTreeMap::new();
        let mut id = None;
        while let Ok(event) = reader.read_event() {
            let tag = match event {
                Event::Start(tag) | Event::Empty(tag) => tag,
                Event::Eof => break,
                _ => continue,
            };
            match local(&tag).as_str() {
                "style" => id = attribute(&tag, "styleId"),
                "name" => {
                    let level = attribute(&tag, "val").and_then(|name| named(&name));
                    if let (Some(id), Some(level)) = (&id, level)
                        && levels.len() < MAX_STYLES
                    {
                        levels.insert(id.clone(), level);
                    }
                }
                _ => {}
            }
        }
        Styles(levels)
    }

    /// The level of a heading style; ids tell where the styles are missing.
    pub fn level(&self, id: Option<&str>) -> Option<u8> {
        let id = id?;
        self.0.get(id).copied().or_else(|| named(id))
    }
}

/// `heading 2`, `Heading2`, `Title`.
fn named(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    if name == "title" {
        return Some(1);
    }
    name.strip_prefix("heading")?.trim().parse().ok().filter(|level| (1..=9).contains(level))
}
