//! The key: from a file, from the environment, from the credentials of the service manager, or made at the first start.

use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt as _;

use crate::reference::sha256_hex;

/// The variable that may hold the key.
const VARIABLE: &str = "PSA_RELAY_KEY";
/// The name of the credential of the service manager.
const CREDENTIAL: &str = "psa-relay-key";

/// 256 bits.
#[derive(Clone)]
pub struct Key([u8; 32]);

/// Where the key came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// This file.
    File(PathBuf),
    /// This file, which was made just now: it is to be backed up.
    Made(PathBuf),
    /// The environment.
    Variable,
}

impl KeySource {
    /// The file of the key, if its mode lets every user of this machine read it.
    #[cfg(unix)]
    #[must_use]
    pub fn file_of_everybody(&self) -> Option<&Path> {
        use std::os::unix::fs::PermissionsExt as _;
        let (Self::File(path) | Self::Made(path)) = self else {
            return None;
        };
        let mode = fs::metadata(path).ok()?.permissions().mode();
        (mode & 0o004 != 0).then_some(path)
    }

    /// The same: not known here.
    #[cfg(not(unix))]
    #[must_use]
    pub fn file_of_everybody(&self) -> Option<&Path> {
        None
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file.
    #[error(
        "the key in {path} cannot be read: {error}. Run the command as the relay's user, and check `key-file`"
    )]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// What is there is no key.
    #[error(
        "{place} holds no key: 32 bytes in Base64 are needed, as `openssl rand -base64 32` prints them"
    )]
    NoKey {
        /// Where.
        place: String,
    },
}

impl Key {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::rng().random())
    }

    /// The key of this file if one is named; else of the environment, else of the service manager's credentials, else the
    /// file `key` in the folder of the data, which is made if it is not there.
    ///
    /// # Errors
    /// [`KeyError`]
    pub fn find(file: Option<&Path>, data: &Path) -> Result<(Self, KeySource), KeyError> {
        if let Some(path) = file {
            return Self::read(path);
        }
        if let Ok(text) = env::var(VARIABLE) {
            return Ok((Self::parse(&text, VARIABLE)?, KeySource::Variable));
        }
        if let Some(folder) = env::var_os("CREDENTIALS_DIRECTORY") {
            let path = Path::new(&folder).join(CREDENTIAL);
            if path.exists() {
                return Self::read(&path);
            }
        }
        let path = data.join("key");
        if path.exists() {
            return Self::read(&path);
        }
        let key = Self::random();
        key.write(&path).map_err(|error| KeyError::File {
            path: path.clone(),
            error,
        })?;
        Ok((key, KeySource::Made(path)))
    }

    fn read(path: &Path) -> Result<(Self, KeySource), KeyError> {
        let text = fs::read_to_string(path).map_err(|error| KeyError::File {
            path: path.to_owned(),
            error,
        })?;
        let key = Self::parse(&text, &path.display().to_string())?;
        Ok((key, KeySource::File(path.to_owned())))
    }

    fn parse(text: &str, place: &str) -> Result<Self, KeyError> {
        let bytes = STANDARD.decode(text.trim()).ok();
        let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| KeyError::NoKey {
            place: place.to_owned(),
        })
    }

    /// For its user only, and on disk before anything is encrypted with it.
    fn write(&self, path: &Path) -> io::Result<()> {
        use std::io::Write as _;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        writeln!(file, "{}", STANDARD.encode(self.0))?;
        file.sync_all()
    }

    /// Tells keys apart, and tells nothing of the key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = sha256_hex(&[b"psa-relay key ", &self.0[..]].concat());
        digest[..16].to_owned()
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_user_and_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let (made, from) = Key::find(None, folder.path()).expect("a key");
        let path = folder.path().join("key");
        assert_eq!(from, KeySource::Made(path.clone()));
        let (found, from) = Key::find(None, folder.path()).expect("the key");
        assert_eq!(from, KeySource::File(path.clone()));
        assert_eq!(found.fingerprint(), made.fingerprint());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            for (mode, is_of_everybody) in [(0o600, false), (0o640, false), (0o604, true)] {
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("changed");
                let file = from.file_of_everybody();
                assert_eq!(file.is_some(), is_of_everybody, "{mode:o}");
            }
        }
        let text = fs::read_to_string(&path).expect("the key");
        assert!(!format!("{made:?}").contains(text.trim()));
        fs::write(&path, "short").expect("written");
        assert!(matches!(
            Key::find(None, folder.path()),
            Err(KeyError::NoKey { .. })
        ));
        let missing = folder.path().join("missing");
        assert!(matches!(
            Key::find(Some(&missing), folder.path()),
            Err(KeyError::File { .. })
        ));
    }
}
