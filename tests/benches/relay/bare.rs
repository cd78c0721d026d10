//! A loop that inserts and syncs in groups, and does nothing else: what the disk and SQLite allow.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// Inserts a group, commits, and begins again, for so long. Returns how many rows a second are on disk.
pub(crate) fn rows_a_second(folder: &Path, group: usize, body: &str, how_long: Duration) -> f64 {
    let connection = Connection::open(folder.join("bare.db")).expect("a database");
    let prepared = connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;
         CREATE TABLE IF NOT EXISTS alerts (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL)",
    );
    prepared.expect("a table");
    let mut insert = connection
        .prepare("INSERT INTO alerts (key, body) VALUES (?1, ?2)")
        .expect("a statement");
    let first: i64 = connection
        .query_row("SELECT count(*) FROM alerts", [], |row| row.get(0))
        .expect("a number");
    let began = Instant::now();
    let mut number = first;
    while began.elapsed() < how_long {
        connection.execute_batch("BEGIN IMMEDIATE").expect("begun");
        for _ in 0..group {
            number += 1;
            let key = format!("bare-{number}");
            insert.execute((key, body)).expect("inserted");
        }
        connection.execute_batch("COMMIT").expect("on disk");
    }
    (number - first) as f64 / began.elapsed().as_secs_f64()
}
