//! Values of settings from files of their own and from standard input, and whether other people can read a file.

use std::path::{Path, PathBuf};

use psa_host::contract::Setting;

use crate::connection::SettingSources;
use crate::{given, text_file};

/// The setting that has an argument of its own.
const PRIVATE_KEY: &str = "private-key";

/// What the arguments name, read; white space around a value is dropped.
///
/// # Errors
/// An argument that is not NAME=@FILE, a file that cannot be read or is empty, standard input named twice.
pub(crate) fn read(sources: &SettingSources) -> Result<Vec<Setting>, String> {
    let mut named: Vec<(&str, &Path)> = Vec::new();
    if let Some(file) = &sources.private_key_file {
        named.push((PRIVATE_KEY, file));
    }
    for argument in &sources.secret {
        named.push(name_and_file(argument)?);
    }
    if named
        .iter()
        .filter(|(_, file)| is_standard_input(file))
        .count()
        > 1
    {
        return Err(
            "only one setting can be read from standard input: put the others in files".to_owned(),
        );
    }
    named
        .into_iter()
        .map(|(name, file)| {
            Ok(Setting {
                name: name.to_owned(),
                value: value(name, file)?,
            })
        })
        .collect()
}

/// The files that settings are read from. An argument that is not NAME=@FILE names none.
pub(crate) fn files(sources: &SettingSources) -> impl Iterator<Item = &Path> {
    let of_one_value = sources
        .secret
        .iter()
        .map(|argument| name_and_file(argument));
    let of_one_value = of_one_value.flatten().map(|(_, file)| file);
    let of_all = sources.settings.iter().chain(&sources.private_key_file);
    let all = of_all.map(PathBuf::as_path).chain(of_one_value);
    all.filter(|file| !is_standard_input(file))
}

/// A warning if other users of the machine can read the file.
pub(crate) fn warning(path: &Path) -> Option<String> {
    let mode = permission_bits(path)?;
    (mode & 0o044 != 0).then(|| {
        format!(
            "other users of this machine can read {} (mode {mode:04o}): run `chmod 600` on it",
            path.display()
        )
    })
}

/// No message shows the argument: what was typed after the name may be the secret itself.
fn name_and_file(argument: &str) -> Result<(&str, &Path), String> {
    match argument.split_once('=') {
        Some((name, file)) => match file.strip_prefix('@') {
            Some(file) if !file.is_empty() => Ok((name, Path::new(file))),
            _ => Err(format!(
                "--secret {name}=… must name a file, such as {name}=@FILE, or {name}=@- for standard input, because \
                 other users of this machine can read arguments"
            )),
        },
        None => Err("--secret must be NAME=@FILE, such as private-key=@key.txt".to_owned()),
    }
}

fn value(name: &str, file: &Path) -> Result<String, String> {
    let (text, place) = if is_standard_input(file) {
        (given::standard_input(), "standard input".to_owned())
    } else {
        (text_file::read(file), file.display().to_string())
    };
    match text.as_deref().map(str::trim) {
        Err(problem) => Err(format!("cannot read `{name}` from {place}: {problem}")),
        Ok("") => Err(format!("cannot read `{name}` from {place}: it is empty")),
        Ok(value) => Ok(value.to_owned()),
    }
}

fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == "-"
}

#[cfg(unix)]
fn permission_bits(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    metadata
        .is_file()
        .then(|| metadata.permissions().mode() & 0o7777)
}

/// On other systems, the mode does not say who can read a file.
#[cfg(not(unix))]
fn permission_bits(_path: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_come_from_files_and_messages_show_none() {
        let directory = std::env::temp_dir().join(format!("psa-host-{}", std::process::id()));
        std::fs::create_dir_all(&directory).expect("a directory");
        let file = |name: &str, text: &str| {
            let path = directory.join(name);
            std::fs::write(&path, text).expect("a file");
            path.display().to_string()
        };
        let (key, empty) = (file("key", " s3cret\n"), file("empty", "\n"));
        let cases = [
            (format!("client-id=@{key}"), Ok("s3cret")),
            (format!("client-id=@{empty}"), Err("it is empty")),
            (
                "client-id=@/nowhere".to_owned(),
                Err("cannot read `client-id` from /nowhere"),
            ),
            ("client-id=s3cret".to_owned(), Err("must name a file")),
            ("client-id=@".to_owned(), Err("must name a file")),
            ("s3cret".to_owned(), Err("must be NAME=@FILE")),
        ];
        for (argument, expected) in cases {
            let sources = SettingSources {
                settings: None,
                tenant: None,
                private_key_file: None,
                secret: vec![argument.clone()],
            };
            match (read(&sources), expected) {
                (Ok(settings), Ok(value)) => assert_eq!(settings[0].value, value),
                (Err(message), Err(part)) => assert!(
                    message.contains(part) && !message.contains("s3cret"),
                    "{argument}: {message}"
                ),
                (read, _) => panic!("{argument}: {read:?}"),
            }
        }
        let sources = SettingSources {
            settings: None,
            tenant: None,
            private_key_file: Some("-".into()),
            secret: vec!["client-id=@-".to_owned()],
        };
        assert!(read(&sources).is_err_and(|message| message.contains("only one setting")));
        std::fs::remove_dir_all(directory).expect("the directory");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_draws_a_warning() {
        use std::os::unix::fs::PermissionsExt as _;
        let path = std::env::temp_dir().join(format!("psa-host-mode-{}", std::process::id()));
        std::fs::write(&path, "").expect("a file");
        for (mode, is_warned) in [(0o600, false), (0o640, true), (0o604, true), (0o700, false)] {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&path, permissions).expect("a mode");
            assert_eq!(warning(&path).is_some(), is_warned, "{mode:o}");
        }
        std::fs::remove_file(&path).expect("the file");
        assert_eq!(warning(&path), None);
    }
}
