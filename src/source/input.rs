//! One file to read. There is one for every document of a pile at once, so what the files of a folder share is kept
//! once.
//!
//! Knows nothing of how files are found.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ffi::OsStr;
use std::iter::once;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    folder: Arc<Folder>,
    name: Box<OsStr>,
    pub bytes: u64,
}

/// What files of a folder have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Folder {
    path: PathBuf,
    /// What stands before the name, as the user gave it, joined with `/`, without a leading `./`.
    shown: String,
    /// So much of it as the user means something by: from the last folder that was named. Where the pile lies on this
    /// machine (`/home/me/tmp`) must not change what is read in it.
    below: String,
}

impl Folder {
    /// That of a file, by all that the user means something by.
    pub fn of(path: &Path, shown: &str, below: &str) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let path = path.parent().unwrap_or(path).to_owned();
        Folder { path, shown: before(shown, &name), below: before(below, &name) }
    }
}

/// A path without the name that it ends with.
fn before(path: &str, name: &str) -> String {
    path.strip_suffix(name).unwrap_or_default().to_owned()
}

impl Input {
    /// A file of this folder.
    pub(super) fn new(folder: Arc<Folder>, path: &Path, bytes: u64) -> Self {
        Input { folder, name: path.file_name().unwrap_or_default().into(), bytes }
    }

    /// A file that is shown otherwise than it lies.
    pub fn at(path: &Path, shown: &str, bytes: u64) -> Self {
        Input::new(Arc::new(Folder::of(path, shown, shown)), path, bytes)
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path.join(&*self.name)
    }

    /// The path as the user gave it, joined with `/`, without a leading `./`.
    pub fn shown(&self) -> String {
        format!("{}{}", self.folder.shown, self.name.to_string_lossy())
    }

    /// The same in two parts.
    pub fn shown_parts(&self) -> (&str, Cow<'_, str>) {
        (&self.folder.shown, self.name.to_string_lossy())
    }

    /// The part of the path that the user means something by.
    pub fn below(&self) -> String {
        format!("{}{}", self.folder.below, self.name.to_string_lossy())
    }

    /// How much that is, to compare files of the same path.
    pub(super) fn below_bytes(&self) -> usize {
        self.folder.below.len()
    }

    /// As their paths are ordered.
    pub(super) fn cmp_path(&self, other: &Self) -> Ordering {
        let (here, there) = (&self.folder.path, &other.folder.path);
        if here == there {
            return self.name.cmp(&other.name);
        }
        // Of a folder and one inside it, names decide.
        let (bytes, others) = (here.as_os_str().as_encoded_bytes(), there.as_os_str().as_encoded_bytes());
        if bytes.starts_with(others) || others.starts_with(bytes) {
            let (name, other) = (Component::Normal(&self.name), Component::Normal(&other.name));
            return here.components().chain(once(name)).cmp(there.components().chain(once(other)));
        }
        here.cmp(there)
    }
}

/// Has inputs shown otherwise: `shown` tells how a path is.
///
/// # Errors
/// `shown` fails.
pub fn show<E>(inputs: &mut [Input], mut shown: impl FnMut(&Path) -> Result<String, E>) -> Result<(), E> {
    let mut last: Option<(Arc<Folder>, Arc<Folder>)> = None;
    for input in inputs {
        let known = last.as_ref().filter(|(before, _)| Arc::ptr_eq(before, &input.folder));
        let folder = match known {
            Some((_, now)) => Arc::clone(now),
            None => {
                let path = input.path();
                let own = shown(&path)?;
                Arc::new(Folder { shown: before(&own, &input.name.to_string_lossy()), ..(*input.folder).clone() })
            }
        };
        let before = std::mem::replace(&mut input.folder, Arc::clone(&folder));
        last = Some((before, folder));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_ordered_as_their_paths_and_shown_as_they_are_told() {
        let paths =
            ["a.md", "a/b.md", "a/b/c.md", "a-b/c.md", "a/b", "/x/y.md", "/x", "b/../c.md", "../a.md", "é/ü.md"];
        let mut inputs: Vec<Input> = paths.iter().map(|path| Input::at(Path::new(path), path, 1)).collect();
        for one in &inputs {
            for other in &inputs {
                assert_eq!(one.cmp_path(other), one.path().cmp(&other.path()), "{one:?} {other:?}");
            }
        }
        let told: Vec<String> = inputs.iter().map(Input::shown).collect();
        assert_eq!(told, paths);
        show(&mut inputs, |path| Ok::<_, ()>(format!("docs/{}", path.to_string_lossy()))).unwrap();
        for (input, path) in inputs.iter().zip(paths) {
            assert_eq!((input.shown(), input.below()), (format!("docs/{path}"), path.to_owned()));
            assert_eq!(input.path(), Path::new(path));
        }
        assert!(show(&mut inputs, |_| Err("no")).is_err());
    }
}
