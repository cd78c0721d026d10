//! Files that other users of the machine cannot read. A recording contains no key, but data of a tenant.

use std::fs::File;
use std::io::{Result, Write as _};
use std::path::Path;

/// Writes the whole file. One that is there keeps the rights that it has.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    open(path)?.write_all(text.as_bytes())
}

#[cfg(unix)]
fn open(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<File> {
    File::create(path)
}
