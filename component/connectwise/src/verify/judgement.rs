//! What a read shows of its right, and what follows for each permission.

use psa_contract::{ErrorCode, PermissionCheck, PermissionState};
use psa_toolkit::Error;
use psa_toolkit::exchange::Answer;
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::secrets::Secrets;

use super::boards::MOST_TRIED;
use super::role::{Level, level_of};
use crate::permissions::{ADD, EDIT, OWN_ROLE};
use crate::wire::{AnyRecord, Board, MySecurity};

/// What a read showed. Those that show more are greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Probe {
    NotServed,
    Forbidden,
    NoRows,
    Rows,
}

/// What a read showed of its right.
pub(super) struct Shown<'a> {
    permission: &'static RequiredPermission,
    /// If it was a list of a board.
    board: Option<&'a Board>,
    pub(super) probe: Probe,
}

impl<'a> Shown<'a> {
    pub(super) fn of(answer: &Answer, board: Option<&'a Board>) -> Result<Self, Error> {
        let probe = match answer.records::<AnyRecord>() {
            Ok(rows) if rows.is_empty() => Probe::NoRows,
            Ok(_) => Probe::Rows,
            Err(error) if error.code == ErrorCode::Forbidden => Probe::Forbidden,
            Err(error) if error.http_status == Some(404) => Probe::NotServed,
            Err(error) => return Err(error),
        };
        Ok(Self {
            permission: answer.subject.permission.unwrap_or(&OWN_ROLE),
            board,
            probe,
        })
    }
}

/// Everything that was found out.
pub(super) struct Evidence<'a> {
    pub(super) shown: &'a [Shown<'a>],
    /// None: it cannot be read.
    pub(super) role: Option<&'a [MySecurity]>,
    /// Whether there are more boards than were tried.
    pub(super) has_untried_boards: bool,
    pub(super) secrets: &'a Secrets,
}

pub(super) fn check(
    permission: &'static RequiredPermission,
    evidence: &Evidence,
) -> PermissionCheck {
    let role = evidence.role;
    let level = role.and_then(|rows| level_of(rows, permission));
    if matches!(permission.level, Some(ADD | EDIT)) {
        let (state, reason) = match level {
            Some(Level::All) => (PermissionState::Granted, ""),
            Some(Level::My) => (PermissionState::Limited, LIMITED),
            Some(Level::None) => (PermissionState::Missing, "the role does not grant it"),
            None if role.is_some() => (PermissionState::Unknown, NOT_IN_ROLE),
            None => (PermissionState::Unknown, NOT_PROBED),
        };
        return permission.check(state, reason);
    }
    let mut most = None;
    let mut refusing = Vec::new();
    for shown in evidence.shown {
        if shown.permission.id == permission.id {
            most = most.max(Some(shown.probe));
            refusing.extend(shown.board.filter(|_| shown.probe == Probe::Forbidden));
        }
    }
    let tried = if evidence.has_untried_boards && !refusing.is_empty() {
        format!(" (only the first {MOST_TRIED} boards were tried)")
    } else {
        String::new()
    };
    let (state, reason) = match (most, level) {
        (Some(Probe::Forbidden), _) => {
            let reason = format!("the PSA refuses this read{tried}");
            return permission.check(PermissionState::Missing, &reason);
        }
        (Some(Probe::Rows | Probe::NoRows), _) if !refusing.is_empty() => {
            return restricted(permission, &refusing, &tried, evidence.secrets);
        }
        (Some(Probe::Rows | Probe::NoRows), Some(Level::My)) => (PermissionState::Limited, LIMITED),
        (Some(Probe::Rows), _) => (PermissionState::Granted, ""),
        (Some(Probe::NoRows), _) => (PermissionState::Unknown, NO_ROWS),
        (Some(Probe::NotServed), _) => (PermissionState::Unknown, NOT_SERVED),
        (None, _) => (PermissionState::Unknown, NO_BOARD),
    };
    permission.check(state, reason)
}

/// Some boards refuse what others answer: the role grants the right, so how to grant it would be the wrong advice.
fn restricted(
    permission: &RequiredPermission,
    refusing: &[&Board],
    tried: &str,
    secrets: &Secrets,
) -> PermissionCheck {
    let names: Vec<String> = refusing.iter().map(|it| secrets.quote(&it.name)).collect();
    let names = names.join("`, `");
    let (boards, these) = match refusing {
        [_] => ("board", "this board"),
        _ => ("boards", "these boards"),
    };
    PermissionCheck {
        permission_id: permission.id.to_owned(),
        state: PermissionState::Limited,
        message: Some(format!(
            "the PSA refuses this read for {boards} `{names}` but allows it for others{tried}: check that the API \
             member's role and location include {these}"
        )),
    }
}

const LIMITED: &str = "granted only for the member's own records (My)";
const NOT_PROBED: &str = "the security role cannot be read, and only a write would show whether this permission is granted";
const NOT_IN_ROLE: &str = "the security role that the server returned does not list this permission, and only a write would \
                           show whether it is granted";
const NO_ROWS: &str = "the read returned no rows, either because there are none or because the role's location or level \
                       hides them";
const NOT_SERVED: &str = "this server does not support the read that would show it";
const NO_BOARD: &str = "no service board is visible, so no list of a board can be read";
