//! Programs that a test needs, of the distribution or fetched by a script. Without one, its test says so and ends; `make test`
//! lists them in its last line, and with `PSA_REQUIRE_TOOLS` set, as `.ci/run` sets it, the test fails.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace;

/// Where the packages are listed whose tests were left out, a file each.
const LEFT_OUT: &str = "target/left-out";

/// The path of a program. None: it is not installed, and the test ends.
///
/// # Panics
/// It is not installed, and `PSA_REQUIRE_TOOLS` is set.
#[must_use]
pub fn tool(program: &str, package: &str) -> Option<PathBuf> {
    tool_in(&[], program, package)
}

/// The same, also in these folders.
pub(crate) fn tool_in(others: &[PathBuf], program: &str, package: &str) -> Option<PathBuf> {
    let advice = format!("run `apt-get install {package}`, then repeat");
    found(others, program, package, &advice)
}

/// The same of a program that a script of this workspace puts into `target/<program>/`.
///
/// # Panics
/// As for [`tool`].
#[must_use]
pub fn fetched_tool(program: &str, script: &str) -> Option<PathBuf> {
    let fetched = workspace().join("target").join(program);
    let advice = format!("run `{script}`, then repeat");
    found(&[fetched], program, program, &advice)
}

fn found(others: &[PathBuf], program: &str, package: &str, advice: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = others.iter().cloned().chain(std::env::split_paths(&path));
    let folders = folders.chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    let found = folders
        .map(|folder| folder.join(program))
        .find(|path| path.is_file());
    if found.is_none() {
        let is_required = std::env::var_os("PSA_REQUIRE_TOOLS").is_some_and(|it| it != "0");
        left_out(&workspace().join(LEFT_OUT), package, advice, is_required);
    }
    found
}

fn left_out(list: &Path, package: &str, advice: &str, is_required: bool) {
    assert!(!is_required, "{package} is not installed: {advice}");
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    eprintln!("left out: {test}: {package} is not installed: {advice}");
    fs::create_dir_all(list).expect("a folder below target/");
    fs::write(list.join(package), "").expect("a file below target/");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_listed_or_fails() {
        let found = tool("sh", "dash").expect("a shell");
        assert!(found.is_absolute());
        let folder = tempfile::tempdir().expect("a folder");
        left_out(folder.path(), "no-such-package", "do", false);
        assert!(folder.path().join("no-such-package").exists());
        let failed =
            std::panic::catch_unwind(|| left_out(folder.path(), "another-one", "get it", true));
        let message = failed.expect_err("it is required");
        let message = message.downcast::<String>().expect("words");
        assert!(
            message.contains("another-one is not installed: get it"),
            "{message}"
        );
        assert!(!folder.path().join("another-one").exists());
    }
}
