//! Values of settings from files of their own and from standard input, and whether other people can read a file.

use std::path::{Path, PathBuf};

use psa_host::contract::{Setting, SettingDescription};

use crate::connection::SettingSources;
use crate::settings::unknown;
use crate::{given, text_file};

/// The setting that has an argument of its own.
const PRIVATE_KEY: &str = "private-key";

/// What the arguments name, read; white space around a value is dropped.
///
/// # Errors
/// An argument that is not NAME=@FILE, a name that no setting has, a file that cannot be read or is empty, standard input
/// named twice.
pub(crate) fn read(
    sources: &SettingSources,
    described: &[SettingDescription],
) -> Result<Vec<Setting>, String> {
    let mut named: Vec<(&str, &Path)> = Vec::new();
    if let Some(file) = &sources.private_key_file {
        is_known("--private-key-file", PRIVATE_KEY, described)?;
        named.push((PRIVATE_KEY, file));
    }
    for argument in &sources.secret {
        let (name, file) = name_and_file(argument)?;
        is_known("--secret", name, described)?;
        named.push((name, file));
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

/// Whether a setting is read from standard input.
pub(crate) fn reads_standard_input(sources: &SettingSources) -> bool {
    let of_one_value = sources
        .secret
        .iter()
        .filter_map(|argument| name_and_file(argument).ok());
    let mut files = of_one_value
        .map(|(_, file)| file)
        .chain(sources.private_key_file.as_deref());
    files.any(is_standard_input)
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

/// No message shows the argument: what was typed before or after the name may be the secret itself.
fn name_and_file(argument: &str) -> Result<(&str, &Path), String> {
    match argument.split_once("=@") {
        Some((name, file)) if !file.is_empty() => Ok((name, Path::new(file))),
        _ => Err(
            "--secret must name a setting and a file, such as private-key=@key.txt, or private-key=@- for standard input, \
             because other users of this machine can read arguments"
                .to_owned(),
        ),
    }
}

fn is_known(argument: &str, name: &str, described: &[SettingDescription]) -> Result<(), String> {
    if described.iter().any(|setting| setting.name == name) {
        return Ok(());
    }
    Err(unknown(argument, name, described))
}

fn value(name: &str, file: &Path) -> Result<String, String> {
    let text = if is_standard_input(file) {
        given::standard_input()
    } else {
        text_file::read(file)
    };
    match text.as_deref().map(str::trim) {
        Err(problem) => Err(format!(
            "cannot read `{name}` from {}: {problem}",
            place(file)
        )),
        Ok("") => Err(format!(
            "cannot read `{name}` from {}: it is empty",
            place(file)
        )),
        Ok(value) => Ok(value.to_owned()),
    }
}

/// For messages. What is the name of no file may be a key.
fn place(file: &Path) -> String {
    if is_standard_input(file) {
        "standard input".to_owned()
    } else if file.exists() {
        file.display().to_string()
    } else {
        "the file that is named (not shown here: it may be the key itself)".to_owned()
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
    use crate::settings::tests::described;

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
                format!("client-id=@{}", directory.display()),
                Err(directory.to_str().expect("UTF-8")),
            ),
            // The key in the place of its file, of its setting, and of everything.
            (
                "client-id=@s3cret".to_owned(),
                Err("cannot read `client-id` from the file that is named (not shown"),
            ),
            (
                format!("s3cret=@{key}"),
                Err("--secret has an unknown setting; expected one of private-key, client-id"),
            ),
            (
                "client-id=s3cret".to_owned(),
                Err("must name a setting and a file"),
            ),
            (
                "client-id=@".to_owned(),
                Err("must name a setting and a file"),
            ),
            ("s3cret=x".to_owned(), Err("must name a setting and a file")),
            ("s3cret".to_owned(), Err("must name a setting and a file")),
        ];
        let described = ["private-key", "client-id"].map(described);
        for (argument, expected) in cases {
            let sources = SettingSources {
                settings: None,
                tenant: None,
                private_key_file: None,
                secret: vec![argument.clone()],
            };
            match (read(&sources, &described), expected) {
                (Ok(settings), Ok(value)) => assert_eq!(settings[0].value, value),
                (Err(message), Err(part)) => assert!(
                    message.contains(part) && !message.contains("s3cret"),
                    "{argument}: {message}"
                ),
                (read, _) => panic!("{argument}: {read:?}"),
            }
        }
        for (key_file, secret, expected) in [
            ("-", Some("client-id=@-"), "only one setting"),
            (
                "s3cret",
                None,
                "cannot read `private-key` from the file that is named",
            ),
        ] {
            let sources = SettingSources {
                settings: None,
                tenant: None,
                private_key_file: Some(key_file.into()),
                secret: secret.map(str::to_owned).into_iter().collect(),
            };
            let refused = read(&sources, &described).expect_err("it cannot be read");
            assert!(
                refused.contains(expected) && !refused.contains("s3cret"),
                "{refused}"
            );
            // A connector without such a setting.
            let refused = read(&sources, &described[1..]).expect_err("it is unknown");
            assert!(
                refused.starts_with("--private-key-file has an unknown setting"),
                "{refused}"
            );
        }
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
