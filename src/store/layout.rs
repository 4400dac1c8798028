//! The folder: `CURRENT` names the generation that counts, `lock` keeps writers apart, `generations/<n>/` are written
//! once and never changed. What is not named by `CURRENT` does not count, so a writer may die at any instant.

use super::error::{self, StoreError};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

const CURRENT: &str = "CURRENT";
const LOCK: &str = "lock";
const GENERATIONS: &str = "generations";
/// Makes git leave a store alone that lies in a repository.
const GITIGNORE: &str = ".gitignore";

/// The right to write. Ends with the process, however that ends.
#[derive(Debug)]
pub(super) struct WriteLock {
    _file: File,
}

/// The folder of a generation.
pub(super) fn generation(store: &Path, number: u64) -> PathBuf {
    store.join(GENERATIONS).join(number.to_string())
}

/// The number of the generation that counts; none in a store that was never written.
pub(super) fn current(store: &Path) -> Result<Option<u64>, StoreError> {
    let path = store.join(CURRENT);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(error::io("read", &path)(e)),
    };
    match text.trim().parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(StoreError::Damaged { path, what: "unreadable number".to_owned() }),
    }
}

/// Makes a complete generation the one that counts: everything is on the disk before the one rename is.
pub(super) fn switch(store: &Path, number: u64) -> Result<(), StoreError> {
    let folder = generation(store, number);
    sync_tree(&folder)?;
    sync_folder(&store.join(GENERATIONS))?;
    let path = store.join(CURRENT);
    let mut file = tempfile::Builder::new().prefix(CURRENT).tempfile_in(store).map_err(error::io("write", &path))?;
    writeln!(file, "{number}").map_err(error::io("write", &path))?;
    file.as_file().sync_all().map_err(error::io("write", &path))?;
    file.persist(&path).map_err(|e| error::io("replace", &path)(e.error))?;
    sync_folder(store)
}

/// Takes the right to write, and makes the folder if there is none.
pub(super) fn lock(store: &Path) -> Result<WriteLock, StoreError> {
    let is_own = !store.exists();
    create_private(&store.join(GENERATIONS))?;
    let path = store.join(LOCK);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private(&mut options);
    let mut file = options.open(&path).map_err(error::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let _ = file.read_to_string(&mut pid);
            let pid = if pid.trim().is_empty() { "unknown".to_owned() } else { pid.trim().to_owned() };
            return Err(StoreError::Locked { path: store.to_owned(), pid });
        }
        Err(TryLockError::Error(e)) => return Err(error::io("lock", &path)(e)),
    }
    let write = |file: &mut File| {
        file.set_len(0)?;
        writeln!(file, "{}", std::process::id())
    };
    write(&mut file).map_err(error::io("write", &path))?;
    // A folder that was there before may be someone's project.
    if is_own {
        let ignore = store.join(GITIGNORE);
        create_file(&ignore)?.write_all(b"*\n").map_err(error::io("write", &ignore))?;
    }
    Ok(WriteLock { _file: file })
}

/// Removes what no reader needs: half-written generations, and all but the current and the one before it. A
/// generation that someone still reads stays until a later writer comes by.
pub(super) fn sweep(store: &Path, current: Option<u64>, _lock: &WriteLock) -> Result<(), StoreError> {
    let numbers = numbers(store)?;
    let previous = numbers.iter().copied().filter(|n| Some(*n) < current && is_complete(store, *n)).max();
    for number in numbers {
        let is_needed = Some(number) == current || Some(number) == previous;
        if !is_needed && !is_being_read(store, number) {
            let path = generation(store, number);
            fs::remove_dir_all(&path).map_err(error::io("remove", &path))?;
        }
    }
    Ok(())
}

/// The first number that no generation has had.
pub(super) fn next_number(store: &Path, current: Option<u64>) -> Result<u64, StoreError> {
    let highest = numbers(store)?.into_iter().chain(current).max().unwrap_or(0);
    Ok(highest.saturating_add(1))
}

/// Says that a generation is being read, for as long as the file lives. Where locks don't exist, nothing is said, and
/// a reader that is overtaken by two writers fails with a clear error.
pub(super) fn hold(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(super::manifest::MANIFEST);
    let file = File::open(&path).map_err(error::io("read", &path))?;
    match file.try_lock_shared() {
        // A writer is about to remove it: it has been overtaken.
        Err(TryLockError::WouldBlock) => Err(error::io("read", &path)(std::io::ErrorKind::NotFound.into())),
        _ => Ok(file),
    }
}

/// A new file that only its owner reads.
pub(super) fn create_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    private(&mut options);
    options.open(path).map_err(error::io("create", path))
}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

/// Makes the files of a folder such that only their owner reads them: a library that writes some does not ask.
pub(super) fn make_private(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    for path in entries(folder)? {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&path, mode).map_err(error::io("protect", &path))?;
    }
    Ok(())
}

/// Shares a file that never changes with another generation; where files cannot have two names, it is copied.
pub(super) fn share(from: &Path, to: &Path) -> Result<(), StoreError> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    copy(from, to)
}

/// A copy that only its owner reads.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut source = File::open(from).map_err(error::io("read", from))?;
    let mut target = create_file(to)?;
    std::io::copy(&mut source, &mut target).map_err(error::io("write", to))?;
    Ok(())
}

/// What is in a folder, sorted.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let failed = || error::io("list", folder);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed())? {
        entries.push(entry.map_err(failed())?.path());
    }
    entries.sort();
    Ok(entries)
}

/// A folder, and all above it, that only its owner reads.
pub(super) fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(error::io("create", path))
}

fn numbers(store: &Path) -> Result<Vec<u64>, StoreError> {
    let path = store.join(GENERATIONS);
    let mut numbers = Vec::new();
    for entry in fs::read_dir(&path).map_err(error::io("list", &path))? {
        let entry = entry.map_err(error::io("list", &path))?;
        numbers.extend(entry.file_name().to_str().and_then(|name| name.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn is_complete(store: &Path, number: u64) -> bool {
    generation(store, number).join(super::manifest::MANIFEST).is_file()
}

fn is_being_read(store: &Path, number: u64) -> bool {
    let manifest = generation(store, number).join(super::manifest::MANIFEST);
    match File::open(manifest) {
        Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
        Err(_) => false,
    }
}

fn sync_tree(folder: &Path) -> Result<(), StoreError> {
    for path in entries(folder)? {
        if path.is_dir() {
            sync_tree(&path)?;
        } else {
            // A file shared with an older generation is clean, and costs nothing here.
            let file = File::open(&path).map_err(error::io("open", &path))?;
            file.sync_all().map_err(error::io("sync", &path))?;
        }
    }
    sync_folder(folder)
}

/// The names in a folder reach the disk with the folder. Systems that cannot sync a folder keep names by themselves.
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        let file = File::open(folder).map_err(error::io("open", folder))?;
        file.sync_all().map_err(error::io("sync", folder))?;
    }
    Ok(())
}
