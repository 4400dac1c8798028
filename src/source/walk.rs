//! Which files to read: the given paths, and below folders every file that may be a document.

use super::input::{Folder, Input};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::{DirEntry, WalkBuilder};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Something found that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub shown: String,
    pub kind: SkipKind,
    /// Why, for the user: "permission denied".
    pub reason: String,
}

/// Whether a skipped path is a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipKind {
    /// An image, a style sheet, a lock file…: nothing was lost.
    NotADocument,
    /// It might hold a document, but can't be reached.
    Unreadable,
}

/// What a walk found, both sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    pub inputs: Vec<Input>,
    pub skipped: Vec<Skipped>,
}

/// Which files below a folder to take. Files given by name are always taken.
#[derive(Debug, Clone, Default)]
pub struct WalkOptions {
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
}

/// A glob that can't be understood.
#[derive(Debug, thiserror::Error)]
#[error("cannot understand the pattern `{pattern}`: {reason}")]
pub struct PatternError {
    pub pattern: String,
    pub reason: String,
}

impl WalkOptions {
    /// Globs match the path below the given folder; one without `/` matches file names at any depth. With `include`,
    /// only matching files are taken, whatever their extension.
    ///
    /// # Errors
    /// A pattern is no glob.
    pub fn new(include: &[String], exclude: &[String]) -> Result<WalkOptions, PatternError> {
        Ok(WalkOptions { include: globs(include)?, exclude: globs(exclude)? })
    }
}

fn globs(patterns: &[String]) -> Result<Option<GlobSet>, PatternError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let error = |pattern: &str, error: &globset::Error| PatternError {
        pattern: pattern.to_owned(),
        reason: error.kind().to_string(),
    };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let trimmed = pattern.trim_start_matches("./").trim_end_matches('/');
        let anywhere = if trimmed.contains('/') { trimmed.to_owned() } else { format!("**/{trimmed}") };
        // A pattern may name a folder: then everything below it is meant.
        for glob in [anywhere.clone(), format!("{anywhere}/**")] {
            let glob = GlobBuilder::new(&glob).literal_separator(true).build().map_err(|e| error(pattern, &e))?;
            set.add(glob);
        }
    }
    set.build().map(Some).map_err(|e| error(&patterns.join(" "), &e))
}

/// Extensions of files that hold no prose, so that a whole repository can be given.
const NOT_DOCUMENTS: &[&str] = &[
    "7z", "avi", "avif", "bat", "bin", "bmp", "br", "bz2", "c", "cc", "class", "cpp", "cs", "css", "dll", "dot",
    "drawio", "dylib", "ear", "eot", "eps", "exe", "flac", "gif", "go", "gz", "h", "heic", "hpp", "ico", "ics", "ini",
    "jar", "java", "jpeg", "jpg", "js", "jsx", "key", "kt", "less", "lock", "lua", "m4a", "map", "mjs", "mkv", "mov",
    "mp3", "mp4", "mpeg", "o", "ogg", "otf", "parquet", "pem", "php", "pl", "png", "ppt", "pptx", "proto", "ps1",
    "psd", "puml", "py", "pyc", "rar", "rb", "rs", "sass", "scala", "scss", "sh", "so", "sql", "sqlite", "svg",
    "swift", "tar", "tf", "tgz", "tif", "tiff", "ts", "tsx", "ttf", "war", "wasm", "wav", "webm", "webp", "woff",
    "woff2", "xls", "xlsx", "xz", "zip", "zst",
];

/// Files that teams keep beside their reports for this program.
const OWN_FILES: &[&str] = &["retro.toml", "corrections.toml"];

/// Walks the given files and folders. Below a folder `.gitignore` and `.ignore` count (in or outside a repository),
/// hidden files are left out, and links are followed only to files inside the folder.
pub fn walk(paths: &[PathBuf], options: &WalkOptions) -> Walk {
    let mut found = Found { options, inputs: Vec::new(), folders: HashSet::new(), skipped: BTreeMap::new() };
    for root in paths {
        found.root(root);
    }
    let Found { mut inputs, mut skipped, .. } = found;
    // Of two named folders that hold it the outer one tells more, in whichever order they came.
    inputs.sort_by(|a, b| a.cmp_path(b).then_with(|| b.below_bytes().cmp(&a.below_bytes())));
    inputs.dedup_by(|later, input| later.cmp_path(input).is_eq());
    inputs.shrink_to_fit();
    // What one name leaves out may be taken by another.
    let is_taken = |path: &Path| inputs.binary_search_by(|input| input.path().as_path().cmp(path)).is_ok();
    skipped.retain(|path, _| !is_taken(path));
    Walk { inputs, skipped: skipped.into_values().collect() }
}

struct Found<'a> {
    options: &'a WalkOptions,
    /// Perhaps several of one path.
    inputs: Vec<Input>,
    folders: HashSet<Arc<Folder>>,
    skipped: BTreeMap<PathBuf, Skipped>,
}

impl Found<'_> {
    fn root(&mut self, root: &Path) {
        match std::fs::metadata(root) {
            Err(error) => self.skip(root, SkipKind::Unreadable, reason(&error)),
            Ok(metadata) if metadata.is_dir() => self.folder(root),
            Ok(metadata) if metadata.is_file() => {
                self.take(root, below_itself(&shown(root)), metadata.len());
            }
            Ok(_) => self.skip(root, SkipKind::Unreadable, NOT_REGULAR.to_owned()),
        }
    }

    fn folder(&mut self, root: &Path) {
        let mut walker = WalkBuilder::new(root);
        // A global ignore file belongs to the machine, and would make results differ between two of them.
        walker.require_git(false).git_global(false).follow_links(false);
        for entry in walker.build() {
            match entry {
                Ok(entry) => self.entry(root, &entry),
                Err(error) => {
                    let path = path_of(&error).unwrap_or(root).to_owned();
                    self.skip(&path, SkipKind::Unreadable, error.io_error().map_or_else(|| error.to_string(), reason));
                }
            }
        }
    }

    fn entry(&mut self, root: &Path, entry: &DirEntry) {
        let path = entry.path();
        let Some(kind) = entry.file_type() else { return };
        // What was named is a folder, or a link to one, which is followed as its target.
        if kind.is_dir() || entry.depth() == 0 || !self.is_wanted(root, path) {
            return;
        }
        if kind.is_symlink() {
            self.link(root, path);
        } else if !kind.is_file() {
            self.skip(path, SkipKind::Unreadable, NOT_REGULAR.to_owned());
        } else {
            match entry.metadata() {
                Ok(metadata) => self.document(root, path, metadata.len()),
                Err(error) => {
                    self.skip(path, SkipKind::Unreadable, error.io_error().map_or_else(|| error.to_string(), reason));
                }
            }
        }
    }

    fn is_wanted(&self, root: &Path, path: &Path) -> bool {
        let below = path.strip_prefix(root).unwrap_or(path);
        let matches = |set: &GlobSet| set.is_match(below) || set.is_match(shown(path));
        self.options.include.as_ref().is_none_or(matches) && !self.options.exclude.as_ref().is_some_and(matches)
    }

    fn link(&mut self, root: &Path, path: &Path) {
        let target = std::fs::canonicalize(path);
        let metadata = std::fs::metadata(path);
        let (target, metadata) = match (target, metadata) {
            (Ok(target), Ok(metadata)) => (target, metadata),
            (Err(error), _) | (_, Err(error)) => {
                let what = if error.kind() == io::ErrorKind::NotFound {
                    "the link's target is missing".to_owned()
                } else {
                    reason(&error)
                };
                return self.skip(path, SkipKind::Unreadable, what);
            }
        };
        let is_inside = std::fs::canonicalize(root).is_ok_and(|root| target.starts_with(root));
        if metadata.is_dir() {
            self.skip(path, SkipKind::Unreadable, "a link to a folder; give it as a path to read it".to_owned());
        } else if !metadata.is_file() {
            self.skip(path, SkipKind::Unreadable, NOT_REGULAR.to_owned());
        } else if !is_inside {
            self.skip(
                path,
                SkipKind::Unreadable,
                "a link that leads out of the folder; give it as a path to read it".to_owned(),
            );
        } else {
            self.document(root, path, metadata.len());
        }
    }

    /// Takes a file found below a folder, unless its name says that it is none.
    fn document(&mut self, root: &Path, path: &Path, bytes: u64) {
        if path.file_name().and_then(|name| name.to_str()).is_some_and(|name| OWN_FILES.contains(&name)) {
            return self.skip(path, SkipKind::NotADocument, "what configures the reading is no report".to_owned());
        }
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
        // The list is sorted; a test keeps it so.
        if self.options.include.is_none() && NOT_DOCUMENTS.binary_search(&extension.as_str()).is_ok() {
            self.skip(path, SkipKind::NotADocument, format!(".{extension} files hold no reports"));
        } else {
            self.take(path, &below(root, path), bytes);
        }
    }

    fn take(&mut self, path: &Path, below: &str, bytes: u64) {
        let path = key(path);
        let folder = Folder::of(&path, &shown(&path), below);
        let folder = match self.folders.get(&folder) {
            Some(folder) => Arc::clone(folder),
            None => {
                let folder = Arc::new(folder);
                self.folders.insert(Arc::clone(&folder));
                folder
            }
        };
        self.inputs.push(Input::new(folder, &path, bytes));
    }

    fn skip(&mut self, path: &Path, kind: SkipKind, reason: String) {
        self.skipped.insert(key(path), Skipped { shown: shown(path), kind, reason });
    }
}

const NOT_REGULAR: &str = "no regular file";

/// The same for `a/b` and `./a//b`, so that no file is taken twice.
fn key(path: &Path) -> PathBuf {
    path.components().filter(|c| !matches!(c, Component::CurDir)).collect()
}

/// The path as given, `/`-separated, without leading `./`.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.components().filter(|c| !matches!(c, Component::CurDir)).collect();
    let mut shown = String::new();
    for part in &parts {
        if !shown.is_empty() && !shown.ends_with('/') {
            shown.push('/');
        }
        match part {
            Component::RootDir => shown.push('/'),
            other => shown.push_str(&other.as_os_str().to_string_lossy()),
        }
    }
    if shown.is_empty() { ".".to_owned() } else { shown }
}

/// The last folder of the root's name, and what follows it in a path below.
fn below(root: &Path, path: &Path) -> String {
    let folder = match root.components().next_back() {
        Some(Component::Normal(folder)) => Path::new(folder),
        _ => Path::new(""),
    };
    shown(&folder.join(path.strip_prefix(root).unwrap_or(path)))
}

/// As [`Input::below`], for a document named by its own path: a short path was written by somebody, of a whole one only
/// the nearest folder is sure to be about the document.
pub(super) fn below_itself(path: &str) -> &str {
    if path.starts_with(['/', '.']) || path.contains(':') {
        path.rmatch_indices('/').nth(1).map_or(path, |(at, _)| path.get(at + 1..).unwrap_or(path))
    } else {
        path
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

/// The same words on every platform, without the error number.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn touch(folder: &Path, name: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("folders");
        fs::write(path, "words").expect("file");
    }

    fn names(folder: &Path, walk: &Walk) -> (Vec<String>, Vec<(String, SkipKind)>) {
        let strip = |s: &str| s.strip_prefix(&format!("{}/", shown(folder))).unwrap_or(s).to_owned();
        let inputs = walk.inputs.iter().map(|i| strip(&i.shown())).collect();
        (inputs, walk.skipped.iter().map(|s| (strip(&s.shown), s.kind)).collect())
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(NOT_DOCUMENTS.is_sorted());
    }

    #[test]
    fn paths_are_shown_as_given() {
        for (path, expected) in [("./a/b", "a/b"), ("a//b/", "a/b"), (".", "."), ("/a/./b", "/a/b"), ("../a", "../a")] {
            assert_eq!(shown(Path::new(path)), expected);
        }
    }

    #[test]
    fn where_a_folder_lies_does_not_matter() {
        for (root, path, expected) in [
            ("/home/me/acme", "/home/me/acme/2024/a.md", "acme/2024/a.md"),
            ("acme", "acme/2024/a.md", "acme/2024/a.md"),
            ("./acme/2024/", "./acme/2024/a.md", "2024/a.md"),
            ("..", "../a.md", "a.md"),
            (".", "./acme/a.md", "acme/a.md"),
            ("/", "/a.md", "a.md"),
        ] {
            assert_eq!(below(Path::new(root), Path::new(path)), expected, "{root} {path}");
        }
        for (path, expected) in [
            ("acme/2024/a.md", "acme/2024/a.md"),
            ("/home/me/acme/a.md", "acme/a.md"),
            ("../me/acme/a.md", "acme/a.md"),
            ("https://host/acme/a.md", "acme/a.md"),
            ("/a.md", "/a.md"),
        ] {
            assert_eq!(below_itself(path), expected);
        }
    }

    #[test]
    fn ignored_and_hidden_files_are_left_out_and_images_named() {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path();
        for name in ["b.md", "a/z.txt", "a/logo.png", "drafts/x.md", ".hidden/y.md", "README"] {
            touch(root, name);
        }
        fs::write(root.join(".gitignore"), "drafts/\n").expect("ignore file");
        let walk = walk(&[root.to_owned()], &WalkOptions::default());
        let (inputs, skipped) = names(root, &walk);
        assert_eq!(inputs, ["README", "a/z.txt", "b.md"]);
        assert_eq!(skipped, [("a/logo.png".to_owned(), SkipKind::NotADocument)]);
    }

    #[test]
    fn an_explicit_file_is_always_taken() {
        let folder = tempfile::tempdir().expect("folder");
        touch(folder.path(), ".hidden.png");
        let walk = walk(&[folder.path().join(".hidden.png"), folder.path().join("gone.md")], &WalkOptions::default());
        let (inputs, skipped) = names(folder.path(), &walk);
        assert_eq!(inputs, [".hidden.png"]);
        assert_eq!(skipped, [("gone.md".to_owned(), SkipKind::Unreadable)]);
    }

    #[test]
    fn globs_choose() {
        let folder = tempfile::tempdir().expect("folder");
        for name in ["a/1.md", "a/2.txt", "b/3.md", "b/4.css"] {
            touch(folder.path(), name);
        }
        let chosen = |include: &[&str], exclude: &[&str]| {
            let owned = |globs: &[&str]| globs.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>();
            let options = WalkOptions::new(&owned(include), &owned(exclude)).expect("globs");
            names(folder.path(), &walk(&[folder.path().to_owned()], &options)).0
        };
        assert_eq!(chosen(&["*.md"], &[]), ["a/1.md", "b/3.md"]);
        assert_eq!(chosen(&[], &["a"]), ["b/3.md"]);
        assert_eq!(chosen(&["a/*"], &["*.txt"]), ["a/1.md"]);
        assert_eq!(chosen(&["*.css"], &[]), ["b/4.css"]);
        assert!(WalkOptions::new(&["a[".to_owned()], &[]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_named_is_followed() {
        let folder = tempfile::tempdir().expect("folder");
        touch(folder.path(), "real/a.md");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("real", &link).expect("link");
        let found = walk(&[link.clone(), link.join("a.md")], &WalkOptions::default());
        assert_eq!(names(folder.path(), &found), (vec!["link/a.md".to_owned()], Vec::new()));
    }

    #[cfg(unix)]
    #[test]
    fn odd_things_are_named() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        use std::os::unix::net::UnixListener;
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path();
        touch(root, "a.md");
        touch(root, "locked/b.md");
        symlink(root.join("gone"), root.join("dangling.md")).expect("link");
        symlink(root, root.join("loop")).expect("link");
        symlink("a.md", root.join("link.md")).expect("link");
        let outside = tempfile::NamedTempFile::new().expect("file");
        symlink(outside.path(), root.join("out.md")).expect("link");
        let _socket = UnixListener::bind(root.join("socket")).expect("socket");
        fs::set_permissions(root.join("locked"), fs::Permissions::from_mode(0o000)).expect("lock");
        let is_enforced = fs::read_dir(root.join("locked")).is_err();
        let found = walk(&[root.to_owned()], &WalkOptions::default());
        fs::set_permissions(root.join("locked"), fs::Permissions::from_mode(0o755)).expect("unlock");
        let (inputs, skipped) = names(root, &found);
        let skipped: Vec<_> = skipped.iter().map(|(name, _)| name.as_str()).collect();
        if is_enforced {
            assert_eq!(inputs, ["a.md", "link.md"]);
            assert_eq!(skipped, ["dangling.md", "locked", "loop", "out.md", "socket"]);
        } else {
            assert_eq!(skipped, ["dangling.md", "loop", "out.md", "socket"]);
        }
    }
}
