//! Files as they are on disk: what was synced, and what is on its way there.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use super::calls::Call;

/// The files of a folder.
#[derive(Debug)]
pub(crate) struct Disk {
    files: HashMap<String, File>,
    /// How many changes there were.
    changes: usize,
    /// The syncs that began and have not ended, and the changes that there were at the beginning.
    syncing: HashMap<usize, usize>,
}

#[derive(Debug, Default)]
struct File {
    synced: Vec<u8>,
    /// Changes that are not synced, with their numbers.
    pending: Vec<(usize, Change)>,
    /// Its length, with all changes.
    length: usize,
    /// None: its name is on disk. Else the number of the change that made it.
    made_by: Option<usize>,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

impl Disk {
    /// As it is now.
    pub(crate) fn of_folder(folder: &Path) -> Self {
        let entries = fs::read_dir(folder).expect("a folder");
        let files = entries.map(|entry| {
            let path = entry.expect("an entry").path();
            let synced = fs::read(&path).expect("a file");
            let file = File {
                length: synced.len(),
                synced,
                ..File::default()
            };
            (path.display().to_string(), file)
        });
        Self {
            files: files.collect(),
            changes: 0,
            syncing: HashMap::new(),
        }
    }

    /// A call that is no sync has ended.
    pub(crate) fn ended(&mut self, call: &Call) {
        self.changes += 1;
        let number = self.changes;
        match call {
            Call::Made { path } => {
                self.files.entry(path.clone()).or_insert_with(|| File {
                    made_by: Some(number),
                    ..File::default()
                });
            }
            // Whether its end is on disk nobody knows: a file that is not there any more is not looked for.
            Call::Removed { path } => {
                self.files.remove(path);
            }
            Call::Written {
                path,
                offset,
                bytes,
            } => {
                if let Some(file) = self.files.get_mut(path) {
                    let offset = offset.unwrap_or(file.length);
                    file.length = file.length.max(offset + bytes.len());
                    let change = Change::Write(offset, bytes.clone());
                    file.pending.push((number, change));
                }
            }
            Call::Cut { path, length } => {
                if let Some(file) = self.files.get_mut(path) {
                    file.length = *length;
                    file.pending.push((number, Change::Cut(*length)));
                }
            }
            Call::Sync { .. } | Call::Sent(_) => {}
        }
    }

    pub(crate) fn sync_began(&mut self, sync: usize, _path: &str) {
        self.syncing.insert(sync, self.changes);
    }

    /// Of a file, everything before its beginning is on disk; of a folder, the names.
    pub(crate) fn sync_ended(&mut self, sync: usize, path: &str) {
        let Some(before) = self.syncing.remove(&sync) else {
            return;
        };
        if let Some(file) = self.files.get_mut(path) {
            let is_in = |(number, _): &(usize, Change)| *number <= before;
            let count = file.pending.iter().take_while(|it| is_in(it)).count();
            for (_, change) in file.pending.drain(..count) {
                change.make(&mut file.synced);
            }
        }
        for (name, file) in &mut self.files {
            let is_in_folder = Path::new(name).parent() == Some(Path::new(path));
            if is_in_folder && file.made_by.is_some_and(|number| number <= before) {
                file.made_by = None;
            }
        }
    }

    /// The keys of the cases that a relay would find after a start now. With a number, some of the changes that are not
    /// synced are on disk nevertheless, others with each number.
    pub(crate) fn keys(&self, data: &Path, some: Option<u64>) -> BTreeSet<String> {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["relay.db", "relay.db-wal"] {
            let path = data.join(name).display().to_string();
            let Some(file) = self.files.get(&path) else {
                continue;
            };
            if file.made_by.is_none() {
                let content = file.after_the_loss(some);
                fs::write(folder.path().join(name), content).expect("written");
            }
        }
        let database = rusqlite::Connection::open(folder.path().join("relay.db"));
        let database = database.expect("a database");
        let read = |sql: &str| -> rusqlite::Result<BTreeSet<String>> {
            let mut select = database.prepare(sql)?;
            let rows = select.query_map([], |row| row.get(0))?;
            rows.collect()
        };
        let health = read("PRAGMA integrity_check").expect("a database");
        assert_eq!(health, BTreeSet::from(["ok".to_owned()]));
        read("SELECT key FROM cases").expect("the cases")
    }
}

impl File {
    fn after_the_loss(&self, some: Option<u64>) -> Vec<u8> {
        let mut content = self.synced.clone();
        for (number, change) in &self.pending {
            let is_there = some.is_some_and(|some| is_chosen(some, *number as u64));
            if is_there {
                change.make(&mut content);
            }
        }
        content
    }
}

/// Every other one, in no order that means anything, and the same in every run.
fn is_chosen(some: u64, number: u64) -> bool {
    let mixed = (some << 32 | number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed >> 63 == 1
}

impl Change {
    fn make(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write(offset, bytes) => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*offset..end].copy_from_slice(bytes);
            }
            Self::Cut(length) => content.resize(*length, 0),
        }
    }
}
