//! What the caller's own security role says of each right: `GET /system/mySecurity`, one row for each function of each
//! module. Its reads judge nothing here: a read right is judged by its own call, and the role adds what calls cannot show.

use psa_toolkit::exchange::{Answer, Call, exchange_one};
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::{Error, HttpSend};

use super::{may_have_more, readable};
use crate::api::LARGEST_PAGE;
use crate::permissions::{ADD, EDIT, OWN_ROLE, module_and_function};
use crate::settings::Settings;
use crate::wire::MySecurity;

/// A role has fewer functions than this many pages hold; a server that sends more repeats itself.
const MOST_ROLE_PAGES: usize = 20;

/// By page numbers: the rows of a role do not change between two requests, and their ids are not documented as unique.
///
/// A short page without a word about another one is taken for the last. If the server cut it short, a right that it does not
/// name is unknown, and a read right is judged by its call alone; a level of My is then not seen.
pub(super) fn role_page(settings: &Settings, page: usize) -> Call {
    settings.read(
        "read the security role",
        Some(&OWN_ROLE),
        "/system/mySecurity",
        &[
            (
                "fields",
                "id,addLevel,editLevel,inquireLevel,moduleName,moduleFunctionName,moduleDescription,moduleFunctionDescription,member",
            ),
            ("page", &page.to_string()),
            ("pageSize", &LARGEST_PAGE.to_string()),
        ],
    )
}

/// The rows of a role that is longer than a page; `second` is the answer for its second page.
pub(super) fn whole_role<'a>(
    settings: &'a Settings,
    mut rows: Vec<MySecurity>,
    second: Option<Answer<'a>>,
    send: &mut HttpSend,
) -> Result<Vec<MySecurity>, Error> {
    let mut next = second;
    for page_number in 3..=MOST_ROLE_PAGES {
        let Some(answer) = next else { break };
        let Some(page) = readable::<MySecurity>(Some(&answer))? else {
            break;
        };
        next = may_have_more(&page)
            .then(|| exchange_one(settings, send, role_page(settings, page_number)));
        rows.extend(page.rows);
    }
    Ok(rows)
}

/// A level of the role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Level {
    All,
    My,
    None,
}

/// The level of a right. None: the role has no row for it, or says nothing that is understood.
pub(super) fn level_of(rows: &[MySecurity], permission: &RequiredPermission) -> Option<Level> {
    let row = rows.iter().find(|row| is_about(row, permission))?;
    let level = match permission.level {
        Some(ADD) => &row.add_level,
        Some(EDIT) => &row.edit_level,
        _ => &row.inquire_level,
    };
    match level.as_deref() {
        Some("All") => Some(Level::All),
        Some("My") => Some(Level::My),
        Some("None") => Some(Level::None),
        _ => None,
    }
}

/// The member's identifier or name, from whichever row has it.
pub(super) fn account(rows: &[MySecurity]) -> Option<String> {
    let mut members = rows.iter().filter_map(|row| row.member.as_ref());
    members.find_map(|member| member.identifier.as_ref().or(member.name.as_ref()).cloned())
}

/// By the names of module and function, or by their two descriptions. Equal but for case and punctuation, never a part:
/// "Close Service Tickets" is another function.
fn is_about(row: &MySecurity, permission: &RequiredPermission) -> bool {
    let (module, function) = module_and_function(permission);
    let is = |found_module: &Option<String>, found_function: &Option<String>| {
        is_same(found_module, module) && is_same(found_function, function)
    };
    is(&row.module_name, &row.module_function_name)
        || is(&row.module_description, &row.module_function_description)
}

fn is_same(found: &Option<String>, expected: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = u8> {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase())
    }
    found
        .as_deref()
        .is_some_and(|found| letters(found).eq(letters(expected)))
}
