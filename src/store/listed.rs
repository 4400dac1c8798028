//! Values as JSON without the names of their fields: a structure is a list of its fields, in their order. What reads
//! JSON reads it into the same value.
//!
//! Names are a third of a record. They pack well, but to find that out takes time for each, and so does reading them.
//! A field that is added to what is kept this way stands last and has a default, or the format of the store is raised.
//!
//! Knows nothing of what is in a record.

use serde::Serialize;
use serde::ser::{self, Impossible, SerializeSeq, SerializeStruct, Serializer};

/// The value; nothing of one that is no structure, list, option, text, number or flag, nor made of these.
pub(super) fn to_vec<T: Serialize>(value: &T) -> Vec<u8> {
    let mut writer = Writer(Vec::with_capacity(4096));
    value.serialize(&mut writer).map(|()| writer.0).unwrap_or_default()
}

struct Writer(Vec<u8>);

impl Writer {
    /// As JSON writes it anyway.
    fn plain<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        serde_json::to_writer(&mut self.0, value)
    }
}

fn unforeseen<T>(what: &str) -> serde_json::Result<T> {
    Err(ser::Error::custom(what))
}

/// A list that was begun.
struct List<'a> {
    writer: &'a mut Writer,
    is_begun: bool,
    /// A field was left out, so those behind it would be taken for it.
    is_short: bool,
}

impl List<'_> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        if self.is_begun {
            self.writer.0.push(b',');
        }
        self.is_begun = true;
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> serde_json::Result<()> {
        self.writer.0.push(b']');
        Ok(())
    }
}

impl SerializeSeq for List<'_> {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        self.push(value)
    }

    fn end(self) -> serde_json::Result<()> {
        List::end(self)
    }
}

impl SerializeStruct for List<'_> {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> serde_json::Result<()> {
        if self.is_short { unforeseen("a field behind one that is left out") } else { self.push(value) }
    }

    fn skip_field(&mut self, _: &'static str) -> serde_json::Result<()> {
        self.is_short = true;
        Ok(())
    }

    fn end(self) -> serde_json::Result<()> {
        List::end(self)
    }
}

/// What JSON writes the same way.
macro_rules! plain {
    ($($name:ident: $kind:ty),* $(,)?) => {
        $(fn $name(self, value: $kind) -> serde_json::Result<()> {
            self.plain(&value)
        })*
    };
}

type None = Impossible<(), serde_json::Error>;

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = serde_json::Error;
    type SerializeSeq = List<'a>;
    type SerializeStruct = List<'a>;
    type SerializeTuple = None;
    type SerializeTupleStruct = None;
    type SerializeTupleVariant = None;
    type SerializeMap = None;
    type SerializeStructVariant = None;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32,
        serialize_f64: f64, serialize_char: char, serialize_str: &str,
    }

    fn serialize_none(self) -> serde_json::Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> serde_json::Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> serde_json::Result<()> {
        self.plain(&())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> serde_json::Result<()> {
        self.plain(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> serde_json::Result<()> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> serde_json::Result<List<'a>> {
        self.0.push(b'[');
        Ok(List { writer: self, is_begun: false, is_short: false })
    }

    fn serialize_struct(self, _: &'static str, fields: usize) -> serde_json::Result<List<'a>> {
        self.serialize_seq(Some(fields))
    }

    fn serialize_bytes(self, _: &[u8]) -> serde_json::Result<()> {
        unforeseen("bytes")
    }

    fn serialize_unit_struct(self, name: &'static str) -> serde_json::Result<()> {
        unforeseen(name)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> serde_json::Result<()> {
        unforeseen(name)
    }

    fn serialize_tuple(self, _: usize) -> serde_json::Result<None> {
        unforeseen("a tuple")
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> serde_json::Result<None> {
        unforeseen(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> serde_json::Result<None> {
        unforeseen(name)
    }

    fn serialize_map(self, _: Option<usize>) -> serde_json::Result<None> {
        unforeseen("a map")
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> serde_json::Result<None> {
        unforeseen(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{self, Correction, Passage, Place, Record};
    use crate::store::Searchable;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    fn read(text: &str) -> Record {
        let source = crate::source::from_bytes("reports/a.md", text.as_bytes());
        record::records(&source, &crate::extract::Defaults::default()).remove(0)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let report = "# Checkout \"down\"\n\nDate: 2025-03-02\n\n## Timeline\n\nAll times in UTC.\n\n- 10:00 errors\n\
                      - 10:05 an alert\tfired\n- 11:00 resolved\n\n## Root cause\n\nA certificate had expired.\n";
        let mut whole = read(report);
        for corrections in [0, 2] {
            whole.corrections = (0..corrections)
                .map(|_| {
                    let text = || "né".to_owned();
                    Correction { field: text(), value: text(), was: text(), reason: text(), stale: true }
                })
                .collect();
            let json = to_vec(&whole);
            assert_eq!(serde_json::from_slice::<Record>(&json).unwrap(), whole);
            assert!(!json.contains(&b'{') && json.len() * 4 < serde_json::to_vec(&whole).unwrap().len() * 3);
        }
        // Older versions wrote names.
        assert_eq!(serde_json::from_slice::<Record>(&serde_json::to_vec(&whole).unwrap()).unwrap(), whole);
        let passage = Passage { place: Place::Cause, section: String::new(), text: "a\n\"b\"".to_owned() };
        let words = Searchable { title: "t".to_owned(), names: vec![], lang: None, passages: vec![passage] };
        assert_eq!(serde_json::from_slice::<Searchable>(&to_vec(&words)).unwrap(), words);
    }

    /// What could not be told apart again is not written.
    #[test]
    fn what_needs_names_is_refused() {
        #[derive(Serialize, Deserialize)]
        struct Gap {
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            first: Vec<u8>,
            second: u8,
        }
        assert_eq!(to_vec(&Gap { first: vec![1, 2], second: 3 }), b"[[1,2],3]");
        assert!(to_vec(&Gap { first: Vec::new(), second: 3 }).is_empty());
        assert!(to_vec(&BTreeMap::from([("a", 1)])).is_empty());
    }
}
