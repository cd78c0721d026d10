//! `psa-host` as a child process: the files that it is given, and how it ended.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use psa_host::contract::Setting;
use psa_tests::{CONNECTWISE, workspace};
use serde_json::json;

/// How a run ended.
pub(crate) struct Run {
    pub(crate) exit_code: i32,
    /// Standard output.
    pub(crate) output: String,
    /// Standard error.
    pub(crate) errors: String,
}

pub(crate) fn run(arguments: &[impl AsRef<OsStr>]) -> Run {
    run_with(arguments, &[])
}

/// With these environment variables and no others: variables such as `PSA_SITE` would win over the settings file.
pub(crate) fn run_with(arguments: &[impl AsRef<OsStr>], variables: &[(&str, String)]) -> Run {
    ended(command(arguments, variables))
}

/// The same, not yet started.
pub(crate) fn command(arguments: &[impl AsRef<OsStr>], variables: &[(&str, String)]) -> Command {
    let folder = std::env::current_exe().expect("this test's path");
    let folder = folder
        .ancestors()
        .nth(2)
        .expect("the folder of what is built")
        .to_owned();
    let program = folder.join(format!("psa-host{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is missing: run `make component`, then repeat",
        program.display()
    );
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        // Compiled code is kept below what is built here, and not with the user.
        .env("XDG_CACHE_HOME", cache())
        .envs(variables.iter().map(|(name, value)| (name, value)));
    command
}

/// The folder that the children have for caches.
pub(crate) fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// Starts it and waits for its end.
pub(crate) fn ended(mut command: Command) -> Run {
    let output = command.output().expect("psa-host runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run {
        exit_code: output.status.code().expect("an exit code"),
        output: text(output.stdout),
        errors: text(output.stderr),
    }
}

/// The component, which must be of these sources.
pub(crate) fn component_path() -> String {
    CONNECTWISE.bytes().expect("a component of these sources");
    workspace()
        .join("target/connectwise-psa.wasm")
        .display()
        .to_string()
}

/// A settings file that only its owner can read. The name is the test's own: tests run at the same time.
pub(crate) fn settings_file(name: &str, settings: &[Setting]) -> PathBuf {
    // A text in JSON is one in TOML.
    let lines = settings
        .iter()
        .map(|setting| format!("{} = {}\n", setting.name, json!(setting.value)));
    let path = scratch(&format!("{name}.toml"), &lines.collect::<String>());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let own = fs::Permissions::from_mode(0o600);
        fs::set_permissions(&path, own).expect("a mode");
    }
    path
}

pub(crate) fn scratch(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("a file");
    path
}
