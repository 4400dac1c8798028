//! Paths by their words alone: no file is looked at, no link followed.

use std::path::{Component, Path, PathBuf};

/// The path without `.` and `..`.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// The way from one folder to a path, with `/` on every system; `.` for the folder itself.
pub fn relative(path: &Path, folder: &Path) -> String {
    let common = path.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let ups = folder.components().skip(common).map(|_| "..".to_owned());
    let downs = path.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = ups.chain(downs).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_kept_relative_to_the_project() {
        for (path, expected) in [
            ("/work/project/reports/a.md", "reports/a.md"),
            ("/work/other/a.md", "../other/a.md"),
            ("/work/project", "."),
            ("/work/project/x/../y", "y"),
        ] {
            assert_eq!(relative(&plain(Path::new(path)), Path::new("/work/project")), expected);
        }
    }
}
