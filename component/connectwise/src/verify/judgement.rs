//! What a read shows of its right, and what follows for each permission.

use psa_contract::{ErrorCode, PermissionCheck, PermissionState};
use psa_toolkit::Error;
use psa_toolkit::exchange::Answer;
use psa_toolkit::permission::RequiredPermission;

use super::role::{Level, level_of};
use crate::describe::{ADD, EDIT, OWN_ROLE};
use crate::wire::{AnyRecord, MySecurity};

/// What a read showed of its right.
pub(super) enum Probe {
    Rows,
    NoRows,
    Forbidden,
    NotServed,
}

/// A right, and what its read showed.
pub(super) type Judged = (&'static RequiredPermission, Probe);

impl Probe {
    pub(super) fn of(answer: &Answer) -> Result<Judged, Error> {
        let permission = answer.subject.permission.unwrap_or(&OWN_ROLE);
        let probe = match answer.records::<AnyRecord>() {
            Ok(rows) if rows.is_empty() => Self::NoRows,
            Ok(_) => Self::Rows,
            Err(error) if error.code == ErrorCode::Forbidden => Self::Forbidden,
            Err(error) if error.http_status == Some(404) => Self::NotServed,
            Err(error) => return Err(error),
        };
        Ok((permission, probe))
    }
}

pub(super) fn check(
    permission: &'static RequiredPermission,
    probes: &[Judged],
    role: Option<&[MySecurity]>,
) -> PermissionCheck {
    let level = role.and_then(|rows| level_of(rows, permission));
    let probe = probes
        .iter()
        .find(|(probed, _)| probed.id == permission.id)
        .map(|(_, probe)| probe);
    let (state, reason) = if matches!(permission.level, Some(ADD | EDIT)) {
        match level {
            Some(Level::All) => (PermissionState::Granted, ""),
            Some(Level::My) => (PermissionState::Limited, LIMITED),
            Some(Level::None) => (PermissionState::Missing, "the role does not grant it"),
            None if role.is_some() => (PermissionState::Unknown, NOT_IN_ROLE),
            None => (PermissionState::Unknown, NOT_PROBED),
        }
    } else {
        match (probe, level) {
            (Some(Probe::Forbidden), _) => (PermissionState::Missing, "the PSA refuses the read"),
            (Some(Probe::Rows | Probe::NoRows), Some(Level::My)) => {
                (PermissionState::Limited, LIMITED)
            }
            (Some(Probe::Rows), _) => (PermissionState::Granted, ""),
            (Some(Probe::NoRows), _) => (PermissionState::Unknown, NO_ROWS),
            (Some(Probe::NotServed), _) => (PermissionState::Unknown, NOT_SERVED),
            (None, _) => (PermissionState::Unknown, NO_BOARD),
        }
    };
    permission.check(state, reason)
}

const LIMITED: &str = "granted for the member's own records only (My)";
const NOT_PROBED: &str =
    "the role cannot be read, and this right cannot be known without writing something";
const NOT_IN_ROLE: &str = "what the server tells of the role does not name it, and this right cannot be known without \
     writing something";
const NO_ROWS: &str = "the read was answered without rows: there are none, or the role's location or level hides them";
const NOT_SERVED: &str = "this server does not serve the read that would show it";
const NO_BOARD: &str = "no service board is visible whose lists could be read";
