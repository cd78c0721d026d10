//! What the caller's own security role says of each right: `GET /system/mySecurity`, one row for each function of each
//! module. Its reads judge nothing here: a read right is judged by its own call, and the role adds what calls cannot show.

use crate::permission::{Access, Right};
use crate::wire::MySecurity;

/// A level of the role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Level {
    All,
    My,
    None,
}

/// The level of a right. None: the role has no row for it, or says nothing that is understood.
pub(crate) fn level_of(rows: &[MySecurity], right: &Right) -> Option<Level> {
    let row = rows.iter().find(|row| is_about(row, right))?;
    let level = match right.access {
        Access::Add => &row.add_level,
        Access::Inquire => &row.inquire_level,
    };
    match level.as_deref() {
        Some("All") => Some(Level::All),
        Some("My") => Some(Level::My),
        Some("None") => Some(Level::None),
        _ => None,
    }
}

/// The member's name, from whichever row has it.
pub(crate) fn account(rows: &[MySecurity]) -> Option<String> {
    rows.iter().find_map(|row| row.member.clone())
}

/// By the names of module and function, or by their two descriptions. Equal but for case and punctuation, never a part:
/// "Close Service Tickets" is another function.
fn is_about(row: &MySecurity, right: &Right) -> bool {
    let is = |module: &Option<String>, function: &Option<String>| {
        is_same(module, right.module) && is_same(function, right.function)
    };
    is(&row.module_name, &row.module_function_name)
        || is(&row.module_description, &row.module_function_description)
}

fn is_same(found: &Option<String>, expected: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    };
    found
        .as_deref()
        .is_some_and(|found| letters(found) == letters(expected))
}
