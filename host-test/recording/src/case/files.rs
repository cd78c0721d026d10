//! Which files of a folder are cases.

use std::path::{Path, PathBuf};

use crate::recording::SHARED_FOLDER;

/// Every file below the folder that ends in `.json`, sorted; a file instead of a folder is itself. What cases share, in
/// folders `_shared`, is left out.
///
/// # Errors
/// The path or a folder below it cannot be read.
pub fn case_files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        std::fs::metadata(path)?;
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            if !path.ends_with(SHARED_FOLDER) {
                files.extend(case_files(&path)?);
            }
        } else if path.extension().is_some_and(|it| it == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
