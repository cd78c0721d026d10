//! What `psa-host` keeps of a connector between its runs, that it sets up little at the start of each, and that it runs where the
//! system has few addresses to give. That a
//! damaged cache is not used is proved beside the host.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{command, component_path, ended, run_with};

/// A folder for caches that nothing is in.
fn empty(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn describe(options: &[&str], caches: &Path) {
    let component = component_path();
    let arguments = [&["describe", &component], options].concat();
    let caches = caches.display().to_string();
    let run = run_with(&arguments, &[("XDG_CACHE_HOME", caches)]);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
}

/// Names and sizes.
fn files(caches: &Path) -> Vec<(PathBuf, u64)> {
    let Ok(entries) = fs::read_dir(caches.join("psa-host")) else {
        return Vec::new();
    };
    let entries = entries.map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| (entry.path(), entry.metadata().expect("a file").len()))
        .collect()
}

#[test]
fn compiled_code_is_kept_for_the_next_run() {
    let caches = empty("cache-kept");
    describe(&[], &caches);
    let kept = files(&caches);
    assert_eq!(kept.len(), 1, "{kept:?}");
    let file = fs::File::options().write(true).open(&kept[0].0);
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    file.and_then(|file| file.set_modified(long_ago))
        .expect("its time");
    describe(&[], &caches);
    assert_eq!(files(&caches), kept);
    let modified = fs::metadata(&kept[0].0).and_then(|file| file.modified());
    assert_eq!(modified.expect("its time"), long_ago, "written again");
}

#[test]
fn no_cache_keeps_nothing() {
    let caches = empty("cache-none");
    describe(&["--no-cache"], &caches);
    assert_eq!(files(&caches), []);
}

/// The XDG specification says so; `HOME` is treated alike.
#[test]
fn a_relative_home_is_not_a_home() {
    let folder = empty("cache-relative");
    fs::create_dir_all(&folder).expect("a folder");
    for variable in ["HOME", "XDG_CACHE_HOME"] {
        let mut describe = command(&["describe", &component_path()], &[]);
        describe.env_remove("XDG_CACHE_HOME").current_dir(&folder);
        describe.env(variable, "somewhere");
        let run = ended(describe);
        assert_eq!(run.exit_code, 0, "{}", run.errors);
        assert!(!folder.join("somewhere").exists(), "{variable}");
    }
}

/// The reserved memory takes some terabytes of addresses. Where they are denied, memory is asked for as it is needed.
#[cfg(target_os = "linux")]
#[test]
fn where_the_system_denies_addresses_memory_is_asked_for_as_it_is_needed() {
    use crate::program::{command, ended};

    let describe = command(&["describe", &component_path(), "--no-cache"], &[]);
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", "ulimit -v 2000000 && exec \"$0\" \"$@\""])
        .arg(describe.get_program())
        .args(describe.get_args());
    let run = ended(limited);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
    assert!(run.output.contains("private-key"), "{}", run.output);
}

/// Each call that a pool has room for costs a system call when it is set up, and more when the program ends: a thousand of them
/// took a fifth of the time to start.
#[cfg(target_os = "linux")]
#[test]
fn a_run_sets_up_room_for_few_calls() {
    let Some(strace) = psa_tests::tool("strace", "strace") else {
        return;
    };
    let log = empty("cache-start").with_extension("calls");
    let describe = command(&["describe", &component_path()], &[]);
    // Compiling sets up memory, too.
    let compiled = ended(command(&["describe", &component_path()], &[]));
    assert_eq!(compiled.exit_code, 0, "{}", compiled.errors);
    let mut traced = std::process::Command::new(strace);
    traced
        .args(["-f", "-e", "trace=mprotect", "-o"])
        .arg(&log)
        .arg(describe.get_program())
        .args(describe.get_args())
        .env_clear()
        .env("XDG_CACHE_HOME", crate::program::cache());
    let run = ended(traced);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
    let calls = fs::read_to_string(&log).expect("the calls");
    let protected = calls.matches("mprotect(").count();
    assert!((1..200).contains(&protected), "{protected} system calls");
}
