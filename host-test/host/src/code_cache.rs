//! Compiled code, kept in files from one run of a program to the next. What is compiled, and how, is in `connector.rs` and
//! `engine.rs`.
//!
//! What is kept is machine code that will be run, so a file is used only if nobody else could have written it, its
//! checksum shows that it is whole, and its name is the digest of what it was made from: the component, wasmtime's
//! version and settings, and the processor. Any other is made again. The checksum only shows damage:
//! whoever could write the file could write a digest too. Nothing here is an error for the caller: a cache that does not work costs
//! time.

use std::fs::{self, File, Metadata};
use std::hash::{Hash, Hasher};
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

#[cfg(not(windows))]
const CACHE_VARIABLE: &str = "XDG_CACHE_HOME";
#[cfg(windows)]
const CACHE_VARIABLE: &str = "LOCALAPPDATA";

const CHECKSUM_BYTES: usize = 4;
const PART_BYTES: usize = 64 << 10;

/// A folder with compiled code.
#[derive(Clone, Debug)]
pub struct CodeCache {
    folder: PathBuf,
}

impl CodeCache {
    /// A cache in this folder, which is made when something is kept. Others must not be able to write to it.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The cache of the user who runs this program: the folder `psa-host` in `$XDG_CACHE_HOME`, or else in `~/.cache`. It may
    /// be deleted at any time. None: the user has no home.
    #[must_use]
    pub fn of_the_user() -> Option<Self> {
        let variable = std::env::var_os(CACHE_VARIABLE);
        let folder = cache_folder(variable.map(PathBuf::from), std::env::home_dir())?;
        Some(Self::at(folder.join("psa-host")))
    }

    /// The component that these bytes with this digest are, from the cache or compiled and kept for the next time.
    pub(crate) fn component(
        &self,
        engine: &Engine,
        bytes: &[u8],
        digest: &[u8; 32],
    ) -> wasmtime::Result<Component> {
        let file = self.folder.join(name(engine, digest));
        if let Some(component) = load(engine, &file) {
            return Ok(component);
        }
        let component = Component::from_binary(engine, bytes)?;
        // A cache that cannot be written costs time and nothing else.
        let _ = component
            .serialize()
            .and_then(|code| Ok(self.keep(&file, &code)?));
        Ok(component)
    }

    /// Written beside its place and moved there, so that no reader finds a part of it.
    fn keep(&self, file: &Path, code: &[u8]) -> std::io::Result<()> {
        make_private(&self.folder)?;
        if !is_private(&fs::metadata(&self.folder)?) {
            // What is written there would not be used.
            return Err(std::io::ErrorKind::PermissionDenied.into());
        }
        // Nobody else may read or write it.
        let mut whole = tempfile::NamedTempFile::new_in(&self.folder)?;
        whole.write_all(code)?;
        whole.write_all(&checksum(code))?;
        whole.persist(file)?;
        Ok(())
    }
}

/// A folder that is relative is ignored, as the XDG Base Directory Specification says: it would be another one in each
/// current directory.
fn cache_folder(variable: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let folders = [variable, home.map(|home| home.join(".cache"))];
    folders.into_iter().flatten().find(|it| it.is_absolute())
}

fn load(engine: &Engine, path: &Path) -> Option<Component> {
    let mut file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    if !is_private(&metadata) || !is_private(&fs::metadata(path.parent()?).ok()?) {
        return None;
    }
    if !is_whole(&mut file, metadata.len()).ok()? {
        return None;
    }
    // SAFETY: this is what `keep` has written, whole, where no other user can write. wasmtime looks at its version and
    // settings once more.
    unsafe { Component::deserialize_file(engine, name_of_open(&file, path)) }.ok()
}

/// A name under which wasmtime opens the very file that was looked at, if the system has one: another may have taken its
/// place meanwhile.
#[cfg(target_os = "linux")]
fn name_of_open(file: &File, _: &Path) -> PathBuf {
    use std::os::fd::AsRawFd as _;
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

#[cfg(not(target_os = "linux"))]
fn name_of_open(_: &File, path: &Path) -> PathBuf {
    path.to_owned()
}

/// Whether the last bytes are the checksum of those before. The file is not kept in memory: wasmtime maps it, and the
/// system reads what is used of it.
fn is_whole(file: &mut File, bytes: u64) -> std::io::Result<bool> {
    let Some(code_bytes) = bytes.checked_sub(CHECKSUM_BYTES as u64) else {
        return Ok(false);
    };
    let mut hasher = crc32fast::Hasher::new();
    let mut code = Read::take(&mut *file, code_bytes);
    let mut part = vec![0; PART_BYTES];
    loop {
        let read = code.read(&mut part)?;
        if read == 0 {
            break;
        }
        hasher.update(&part[..read]);
    }
    let mut expected = [0; CHECKSUM_BYTES];
    file.read_exact(&mut expected)?;
    Ok(hasher.finalize().to_be_bytes() == expected)
}

fn checksum(code: &[u8]) -> [u8; CHECKSUM_BYTES] {
    crc32fast::hash(code).to_be_bytes()
}

/// The name of what is made with this engine, on this machine, from the component with this digest.
fn name(engine: &Engine, component_digest: &[u8; 32]) -> String {
    let mut digest = Sha256::new();
    digest.update(component_digest);
    let mut everything_else = Digesting(digest);
    engine
        .precompile_compatibility_hash()
        .hash(&mut everything_else);
    let digest = everything_else.0.finalize();
    let mut name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    name.push_str(".compiled");
    name
}

/// SHA-256 of all that is hashed.
struct Digesting(Sha256);

impl Hasher for Digesting {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The first bytes of the digest; not used here.
    fn finish(&self) -> u64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0.clone().finalize()[..8]);
        u64::from_be_bytes(first)
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn is_private(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let user = rustix::process::geteuid().as_raw();
    is_of_the_user_alone(user, metadata.uid(), metadata.mode())
}

/// Of this user, and writable by nobody else.
#[cfg(unix)]
fn is_of_the_user_alone(user: u32, owner: u32, mode: u32) -> bool {
    owner == user && mode & 0o022 == 0
}

/// The folder is in the user's own profile.
#[cfg(not(unix))]
fn is_private(_: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests;
