use std::time::SystemTime;

use super::*;

/// A component, which is empty, in the text of WebAssembly's own form.
const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

/// What stands for its digest.
const DIGEST: [u8; 32] = [1; 32];

/// An engine and a folder that is not there yet, in one that goes with the value.
struct Scene {
    engine: Engine,
    cache: CodeCache,
    _parent: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let parent = tempfile::tempdir().expect("a folder");
        Self {
            engine: Engine::default(),
            cache: CodeCache::at(parent.path().join("a/b")),
            _parent: parent,
        }
    }

    fn component(&self) {
        let component = self.cache.component(&self.engine, EMPTY, &DIGEST);
        assert!(component.is_ok(), "{:?}", component.err());
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.cache.folder).expect("the folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }

    /// Its one file, written by a call.
    fn file(&self) -> PathBuf {
        self.component();
        let [file] = &self.files()[..] else {
            panic!("{:?}", self.files());
        };
        file.clone()
    }
}

/// When a file was written, which a further write changes: the clock is set back before.
fn long_ago(path: &Path) -> SystemTime {
    let time = SystemTime::UNIX_EPOCH;
    let file = File::options().write(true).open(path).expect("the file");
    file.set_modified(time).expect("its time");
    time
}

fn modified(path: &Path) -> SystemTime {
    let metadata = fs::metadata(path).expect("the file");
    metadata.modified().expect("its time")
}

#[test]
fn what_was_compiled_is_kept_once_and_used_again() {
    let scene = Scene::new();
    let file = scene.file();
    let written = long_ago(&file);
    assert!(load(&scene.engine, &file).is_some());
    scene.component();
    assert_eq!(scene.files(), std::slice::from_ref(&file));
    assert_eq!(modified(&file), written);
}

#[test]
fn a_damaged_file_is_not_used_and_is_written_anew() {
    let scene = Scene::new();
    let file = scene.file();
    let whole = fs::read(&file).expect("the file");
    let in_the_middle = whole.len() / 2;
    let mut changed = whole.clone();
    changed[in_the_middle] ^= 1;
    let mut changed_checksum = whole.clone();
    *changed_checksum.last_mut().expect("bytes") ^= 1;
    // Whole by its checksum, and no code.
    let mut nonsense = b"nonsense".to_vec();
    nonsense.extend_from_slice(&checksum(b"nonsense"));
    for damaged in [
        &whole[..0],
        &whole[..CHECKSUM_BYTES],
        &whole[..in_the_middle],
        &changed,
        &changed_checksum,
        &nonsense,
    ] {
        fs::write(&file, damaged).expect("the file");
        assert!(load(&scene.engine, &file).is_none());
        scene.component();
        assert!(fs::read(&file).expect("the file") == whole);
    }
}

#[test]
fn other_bytes_and_other_settings_have_names_of_their_own() {
    let mut with_fuel = wasmtime::Config::new();
    with_fuel.consume_fuel(true);
    let with_fuel = Engine::new(&with_fuel).expect("an engine");
    let engine = Engine::default();
    let base = name(&engine, &[1; 32]);
    assert_eq!(base, name(&Engine::default(), &[1; 32]));
    assert_ne!(base, name(&with_fuel, &[1; 32]));
    assert_ne!(base, name(&engine, &[2; 32]));
}

#[cfg(unix)]
#[test]
fn what_others_may_write_to_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
    };
    let mode = |path: &Path| fs::metadata(path).expect("it").permissions().mode() & 0o777;
    let scene = Scene::new();
    let file = scene.file();
    let folder = &scene.cache.folder;
    assert_eq!((mode(folder), mode(&file)), (0o700, 0o600));
    for (path, usual) in [(&file, 0o600), (folder, 0o700)] {
        for open in [usual | 0o020, usual | 0o002] {
            set(path, open);
            assert!(load(&scene.engine, &file).is_none(), "{open:o}");
        }
        set(path, usual);
        assert!(load(&scene.engine, &file).is_some());
    }
}

#[cfg(unix)]
#[test]
fn what_another_user_owns_is_not_used() {
    for (user, owner, mode, is_used) in [
        (1_000, 1_000, 0o100_600, true),
        (1_000, 1_000, 0o040_755, true),
        (1_000, 1_001, 0o040_755, false),
        (1_000, 0, 0o100_600, false),
        (0, 1_000, 0o100_600, false),
        (1_000, 1_000, 0o100_620, false),
        (1_000, 1_000, 0o100_602, false),
    ] {
        let found = is_of_the_user_alone(user, owner, mode);
        assert_eq!(found, is_used, "{user} {owner} {mode:o}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_where_it_would_not_be_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::new();
    fs::create_dir_all(&scene.cache.folder).expect("the folder");
    let open = fs::Permissions::from_mode(0o777);
    fs::set_permissions(&scene.cache.folder, open).expect("rights");
    scene.component();
    assert!(scene.files().is_empty(), "{:?}", scene.files());
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let parent = tempfile::tempdir().expect("a folder");
    let in_the_way = parent.path().join("file");
    fs::write(&in_the_way, "").expect("a file");
    let cache = CodeCache::at(in_the_way.join("below"));
    assert!(cache.component(&Engine::default(), EMPTY, &DIGEST).is_ok());
}

#[test]
fn what_is_no_component_is_refused_and_not_kept() {
    let scene = Scene::new();
    assert!(
        scene
            .cache
            .component(&scene.engine, b"nonsense", &[0; 32])
            .is_err()
    );
    assert!(!scene.cache.folder.exists());
}

#[cfg(unix)]
#[test]
fn a_relative_folder_is_ignored() {
    let path = |text: &str| Some(PathBuf::from(text));
    for (variable, home, expected) in [
        (path("/cache"), path("/users/me"), path("/cache")),
        (path("cache"), path("/users/me"), path("/users/me/.cache")),
        (path(""), path("/users/me"), path("/users/me/.cache")),
        (None, path("/users/me"), path("/users/me/.cache")),
        (path("cache"), path("somewhere"), None),
        (None, None, None),
    ] {
        assert_eq!(cache_folder(variable, home), expected);
    }
}
