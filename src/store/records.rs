//! Whole records and the words that search shows of them, in one file a part: compressed in blocks, so that what one
//! record quotes of its own text is paid for once, and any record is read by unpacking one block.
//!
//! Knows nothing of what is in a record.

use super::error::{self, StoreError};
use super::layout;
use rayon::prelude::*;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::EncoderDictionary;

pub(super) const RECORDS: &str = "records.zst";

/// Rows are packed together up to this size: large enough to compress, small enough to unpack for one of them.
const BLOCK_BYTES: usize = 64 * 1024;
/// Full blocks waiting until they are compressed, in parallel, and how many are compressed one after the other, with
/// what the first one needed: to make that ready takes a seventh of the time that a block takes.
const BLOCKS_WAITING: usize = 32;
const BLOCKS_IN_TURN: usize = 8;
/// What the first records have in common is kept once, as a dictionary: with one, small blocks compress as well as
/// large ones. It is made of this many blocks; a file that has fewer goes without.
const BLOCKS_FOR_DICTIONARY: usize = 150;
const DICTIONARY_BYTES: usize = 400 * 1024;
/// It is written once and takes a quarter of its size, a hundredth of a store of 10,000 reports.
const DICTIONARY_LEVEL: i32 = 12;
/// A tenth smaller than the library's default, at half its speed, which is still several times that of reading.
const LEVEL: i32 = 6;
/// Ends the file: the last thing written.
const MAGIC: [u8; 8] = *b"retrorec";
const ENTRY_BYTES: usize = 32;
const TAIL_BYTES: usize = 8 + 8 + 8 + 32 + 8;

/// One row: a record and what search shows of it, both as JSON without names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordRow {
    pub record: Vec<u8>,
    pub searchable: Vec<u8>,
}

/// Where a block is, how large it is packed and unpacked, and its first row.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: u64,
    packed: u64,
    unpacked: u64,
    row: u64,
}

impl Entry {
    fn bytes(self) -> [u8; ENTRY_BYTES] {
        let mut bytes = [0; ENTRY_BYTES];
        let values = [self.at, self.packed, self.unpacked, self.row];
        for (slot, value) in bytes.chunks_exact_mut(8).zip(values) {
            slot.copy_from_slice(&value.to_le_bytes());
        }
        bytes
    }

    fn parse(bytes: &[u8]) -> Self {
        let value = |at: usize| number(bytes, at * 8).unwrap_or(0);
        Entry { at: value(0), packed: value(1), unpacked: value(2), row: value(3) }
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

fn length(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Writes such a file, row by row.
pub(super) struct RecordsWriter {
    path: PathBuf,
    file: BufWriter<File>,
    block: Vec<u8>,
    block_row: u64,
    rows: u64,
    waiting: Vec<(Vec<u8>, u64)>,
    /// None as long as one may be made of what is in `waiting`.
    dictionary: Option<Vec<u8>>,
    packer: EncoderDictionary<'static>,
    entries: Vec<Entry>,
    at: u64,
}

impl RecordsWriter {
    pub fn create(path: PathBuf) -> Result<Self, StoreError> {
        let file = BufWriter::new(layout::create_file(&path)?);
        let (block, waiting, entries, dictionary) = (Vec::new(), Vec::new(), Vec::new(), None);
        let packer = EncoderDictionary::copy(&[], LEVEL);
        Ok(RecordsWriter { path, file, block, block_row: 0, rows: 0, waiting, dictionary, packer, entries, at: 0 })
    }

    pub fn push(&mut self, record: &[u8], searchable: &[u8]) -> Result<(), StoreError> {
        for text in [record, searchable] {
            self.block.extend_from_slice(&length(text.len()).to_le_bytes());
            self.block.extend_from_slice(text);
        }
        self.rows += 1;
        if self.block.len() >= BLOCK_BYTES {
            self.waiting.push((std::mem::take(&mut self.block), self.block_row));
            self.block_row = self.rows;
            let enough = if self.dictionary.is_none() { BLOCKS_FOR_DICTIONARY } else { BLOCKS_WAITING };
            if self.waiting.len() >= enough {
                self.make_dictionary();
                self.flush()?;
            }
        }
        Ok(())
    }

    fn make_dictionary(&mut self) {
        if self.dictionary.is_none() {
            let samples = self.waiting.iter().map(|(block, _)| block.as_slice()).collect::<Vec<_>>();
            let sizes: Vec<usize> = samples.iter().map(|block| block.len()).collect();
            // Where nothing is common there is none, and nothing is lost.
            let made = zstd::dict::from_continuous(&samples.concat(), &sizes, DICTIONARY_BYTES);
            let dictionary = made.unwrap_or_default();
            self.packer = EncoderDictionary::copy(&dictionary, LEVEL);
            self.dictionary = Some(dictionary);
        }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.waiting);
        let packer = &self.packer;
        let blocks = waiting.par_iter().with_min_len(BLOCKS_IN_TURN);
        let packed: Vec<_> = blocks.map_init(|| compressor(packer), |own, (block, _)| pack(block, own)).collect();
        for ((block, row), packed) in waiting.iter().zip(packed) {
            let packed = packed.map_err(error::io("compress", &self.path))?;
            self.file.write_all(&packed).map_err(error::io("write", &self.path))?;
            let (packed, unpacked) = (length(packed.len()), length(block.len()));
            self.entries.push(Entry { at: self.at, packed, unpacked, row: *row });
            self.at += packed;
        }
        Ok(())
    }

    /// Writes the rest and the directory.
    pub fn finish(mut self) -> Result<(), StoreError> {
        if !self.block.is_empty() {
            self.waiting.push((std::mem::take(&mut self.block), self.block_row));
        }
        self.flush()?;
        let dictionary = self.dictionary.take().unwrap_or_default();
        let packed = || zstd::bulk::compress(&dictionary, DICTIONARY_LEVEL).map_err(error::io("compress", &self.path));
        let mut end = if dictionary.is_empty() { dictionary } else { packed()? };
        let dictionary_bytes = end.len();
        end.extend(self.entries.iter().flat_map(|e| e.bytes()));
        let digest = blake3::hash(&end);
        end.extend_from_slice(&length(dictionary_bytes).to_le_bytes());
        end.extend_from_slice(&length(self.entries.len()).to_le_bytes());
        end.extend_from_slice(&self.rows.to_le_bytes());
        end.extend_from_slice(digest.as_bytes());
        end.extend_from_slice(&MAGIC);
        self.file.write_all(&end).map_err(error::io("write", &self.path))?;
        self.file.flush().map_err(error::io("write", &self.path))
    }
}

type Packer<'a> = std::io::Result<Compressor<'a>>;

/// What packs blocks, each with a checksum of its contents.
fn compressor<'a>(dictionary: &'a EncoderDictionary<'a>) -> Packer<'a> {
    let mut compressor = Compressor::with_prepared_dictionary(dictionary)?;
    compressor.set_parameter(zstd::zstd_safe::CParameter::ChecksumFlag(true))?;
    Ok(compressor)
}

fn pack(block: &[u8], packer: &mut Packer<'_>) -> std::io::Result<Vec<u8>> {
    match packer {
        Ok(packer) => packer.compress(block),
        Err(error) => Err(std::io::Error::new(error.kind(), error.to_string())),
    }
}

/// The block that was unpacked last, none where that failed. Its memory serves for the next one.
#[derive(Default)]
struct Unpacked {
    nth: Option<usize>,
    block: Vec<u8>,
}

/// Reads such a file.
pub(super) struct RecordsReader {
    path: PathBuf,
    file: Mutex<File>,
    unpacker: Mutex<Decompressor<'static>>,
    entries: Vec<Entry>,
    rows: u64,
    last: Mutex<Unpacked>,
}

impl RecordsReader {
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut file = File::open(path).map_err(error::io("read", path))?;
        let damaged = |what: &str| StoreError::Damaged { path: path.to_owned(), what: what.to_owned() };
        let size = file.metadata().map_err(error::io("read", path))?.len();
        let tail_at = size.checked_sub(length(TAIL_BYTES)).ok_or_else(|| damaged("missing end"))?;
        let tail = read_at(&mut file, tail_at, TAIL_BYTES).map_err(error::io("read", path))?;
        let [dictionary, blocks, rows] = [0, 8, 16].map(|at| number(&tail, at).unwrap_or(0));
        let bytes = blocks.checked_mul(length(ENTRY_BYTES)).and_then(|bytes| bytes.checked_add(dictionary));
        let room = bytes.and_then(|bytes| Some((tail_at.checked_sub(bytes)?, bytes)));
        let (Some((at, bytes)), true) = (room, tail.ends_with(&MAGIC)) else { return Err(damaged("unreadable end")) };
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        let directory = match mapped(path, at, bytes) {
            Some(mapped) => mapped,
            // The system has its reasons, such as too many open files; they are no damage.
            None => OwnedBytes::new(read_at(&mut file, at, bytes).map_err(error::io("read", path))?),
        };
        if tail.get(24..56) != Some(blake3::hash(directory.as_slice()).as_bytes().as_slice()) {
            return Err(damaged("changed directory"));
        }
        let dictionary = usize::try_from(dictionary).unwrap_or(usize::MAX);
        let Some((dictionary, entries)) = directory.as_slice().split_at_checked(dictionary) else {
            return Err(damaged("unreadable end"));
        };
        let entries = entries.chunks_exact(ENTRY_BYTES).map(Entry::parse).collect();
        let unpacker = match dictionary {
            [] => Decompressor::new(),
            packed => Decompressor::with_dictionary(
                &zstd::bulk::decompress(packed, DICTIONARY_BYTES).map_err(|_| damaged("changed dictionary"))?,
            ),
        };
        let unpacker = unpacker.map_err(error::io("read", path))?;
        let (path, file, unpacker, last) = (path.to_owned(), Mutex::new(file), Mutex::new(unpacker), Mutex::default());
        Ok(RecordsReader { path, file, unpacker, entries, rows, last })
    }

    /// One row.
    ///
    /// # Errors
    /// There is no such row; its block is not what was written.
    pub fn row(&self, row: u64) -> Result<RecordRow, StoreError> {
        let damaged = |what: &str| StoreError::Damaged { path: self.path.clone(), what: what.to_owned() };
        let nth = self.entries.partition_point(|e| e.row <= row).checked_sub(1).filter(|_| row < self.rows);
        let (nth, entry) = nth.and_then(|n| Some((n, self.entries.get(n)?))).ok_or_else(|| damaged("missing row"))?;
        // A lock is poisoned by a panic only, and what it guards is whole at any time.
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.nth != Some(nth) {
            last.nth = None;
            self.unpack(entry, &mut last.block)?;
            last.nth = Some(nth);
        }
        row_of(&last.block, row - entry.row).ok_or_else(|| damaged("missing row"))
    }

    fn unpack(&self, entry: &Entry, block: &mut Vec<u8>) -> Result<(), StoreError> {
        let damaged = |what: &str| StoreError::Damaged { path: self.path.clone(), what: what.to_owned() };
        let packed = {
            let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let bytes = usize::try_from(entry.packed).unwrap_or(usize::MAX);
            read_at(&mut file, entry.at, bytes).map_err(error::io("read", &self.path))?
        };
        let unpacked = usize::try_from(entry.unpacked).unwrap_or(usize::MAX);
        let mut unpacker = self.unpacker.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        block.clear();
        block.reserve(unpacked);
        unpacker.decompress_to_buffer(&packed, block).map_err(|_| damaged("changed contents"))?;
        Ok(())
    }
}

/// Bytes of a file as the system has them: a copy would touch as many pages of memory for the first time.
fn mapped(path: &Path, at: u64, bytes: usize) -> Option<OwnedBytes> {
    let at = usize::try_from(at).ok()?;
    let folder = MmapDirectory::open(path.parent()?).ok()?;
    let file = folder.get_file_handle(Path::new(path.file_name()?)).ok()?;
    (at.checked_add(bytes)? <= file.len()).then(|| file.read_bytes(at..at + bytes).ok()).flatten()
}

fn read_at(file: &mut File, at: u64, bytes: usize) -> std::io::Result<Vec<u8>> {
    let mut buffer = vec![0; bytes];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut buffer)?;
    Ok(buffer)
}

/// The row that stands in a block after so many others.
fn row_of(mut block: &[u8], before: u64) -> Option<RecordRow> {
    let mut text = || {
        let bytes = usize::try_from(number(block, 0)?).ok()?;
        let (text, rest) = block.get(8..)?.split_at_checked(bytes)?;
        block = rest;
        Some(text)
    };
    for _ in 0..before {
        text()?;
        text()?;
    }
    Some(RecordRow { record: text()?.to_owned(), searchable: text()?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u64) -> (Vec<u8>, Vec<u8>) {
        let text = format!("{n} ").repeat(usize::try_from(n % 7 * 2000).unwrap());
        (text.clone().into_bytes(), format!("words of {text}").into_bytes())
    }

    #[test]
    fn every_row_is_read_again_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        for count in [0, 1, 700, 4000] {
            let path = folder.path().join(count.to_string());
            let mut writer = RecordsWriter::create(path.clone()).unwrap();
            (0..count).map(row).for_each(|(r, s)| writer.push(&r, &s).unwrap());
            writer.finish().unwrap();
            let reader = RecordsReader::open(&path).unwrap();
            assert!(count < 700 || reader.entries.len() > 10, "several blocks");
            for n in (0..count).rev().chain(0..count) {
                let (record, searchable) = row(n);
                assert_eq!(reader.row(n).unwrap(), RecordRow { record, searchable });
            }
            assert!(reader.row(count).is_err());
        }
    }

    #[test]
    fn no_byte_can_change_unnoticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r");
        let mut writer = RecordsWriter::create(path.clone()).unwrap();
        (0..9).map(row).for_each(|(r, s)| writer.push(&r, &s).unwrap());
        writer.finish().unwrap();
        let whole = std::fs::read(&path).unwrap();
        let read = || RecordsReader::open(&path).and_then(|r| (0..9).map(|n| r.row(n)).collect::<Result<Vec<_>, _>>());
        let expected = read().unwrap();
        for at in (0..whole.len()).step_by(whole.len() / 200 + 1).chain(whole.len() - TAIL_BYTES..whole.len()) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x40;
            std::fs::write(&path, bytes).unwrap();
            assert!(read().is_err() || read().unwrap() == expected, "byte {at}");
            std::fs::write(&path, &whole[..at]).unwrap();
            assert!(read().is_err(), "cut at {at}");
        }
    }
}
