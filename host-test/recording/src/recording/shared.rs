//! An exchange that many files share, such as that of a token: a recording of one exchange in a folder `_shared`.

use std::path::{Path, PathBuf};

use crate::recording::{Entry, Recording};

/// The name of the folder. It is beside the file that names the exchange, or in one of the folders above.
pub(crate) const FOLDER: &str = "_shared";

/// The recording with this name in the nearest folder that has it, seen from the file at `path`.
pub(super) fn find(name: &str, path: Option<&Path>) -> Result<Recording, String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(format!(
            "`{name}` is not a name of letters, digits, `-` and `_`"
        ));
    }
    let path = path.ok_or("only a file that is not shared itself can name a shared exchange")?;
    let path = std::path::absolute(path).map_err(|error| error.to_string())?;
    let shared = nearest(name, &path).ok_or_else(|| {
        format!("neither the file's folder nor one above it has `{FOLDER}/{name}.json`")
    })?;
    let recording = without_shared(&shared)?;
    match recording.exchanges.as_slice() {
        [Entry::Own(_)] => Ok(recording),
        others => Err(format!(
            "{} has {} exchanges; a shared file has one",
            shared.display(),
            others.len()
        )),
    }
}

fn nearest(name: &str, path: &Path) -> Option<PathBuf> {
    let folders = path.ancestors().skip(1);
    let mut files = folders.map(|folder| folder.join(FOLDER).join(format!("{name}.json")));
    files.find(|file| file.is_file())
}

/// Read as text is, so that a shared file cannot name a shared exchange in turn, and nothing goes in circles.
fn without_shared(file: &Path) -> Result<Recording, String> {
    let (file, text) = super::read(file).map_err(|error| error.to_string())?;
    Recording::parse(&file, &text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
