//! The tables. Each version is a step from the one before; a database keeps its own in `user_version`.

use rusqlite::Connection;

use crate::store::{Result, StoreError};

/// Never changed once released: a change is another step.
const STEPS: [&str; 1] = [include_str!("version_1.sql")];

/// Brings the database to the newest version, all or nothing.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    let done = usize::try_from(found).unwrap_or(0);
    if done == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_brought_to_the_newest_version_once_and_a_later_one_is_refused() {
        let mut connection = Connection::open_in_memory().expect("a database");
        migrate(&mut connection).expect("version 1");
        migrate(&mut connection).expect("nothing to do");
        connection
            .pragma_update(None, "user_version", 999)
            .expect("a number");
        assert!(matches!(
            migrate(&mut connection),
            Err(StoreError::TooNew {
                found: 999,
                known: 1
            })
        ));
    }
}
