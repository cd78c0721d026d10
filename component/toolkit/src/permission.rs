//! The rights that a PSA's administrator grants, as a table: description, checks and hints all read the same one.

use psa_contract::{Operation, Permission, PermissionCheck, PermissionState, Verification};

use crate::error::{Error, field_error, invalid_input};

/// A row of the table.
#[derive(Debug)]
pub struct RequiredPermission {
    /// Never changes: hosts keep it.
    pub id: &'static str,
    /// Where the administrator finds it, from the outermost menu on: `Setup > Roles > Tickets`.
    pub path: &'static str,
    /// What to set it to.
    pub level: Option<&'static str>,
    /// The request that it allows.
    pub request: &'static str,
    /// The operations that need it.
    pub needed_for: &'static [Operation],
    /// Which clicks grant it, in a sentence.
    pub how_to_grant: fn(&Self) -> String,
}

impl RequiredPermission {
    /// The row as the description has it.
    #[must_use]
    pub fn describe(&self) -> Permission {
        Permission {
            id: self.id.to_owned(),
            path: self.path.split(" > ").map(str::to_owned).collect(),
            level: self.level.map(str::to_owned),
            needed_for: self.needed_for.to_vec(),
            request: self.request.to_owned(),
        }
    }

    /// Whether one of these operations needs it.
    #[must_use]
    pub fn is_needed_for(&self, operations: &[Operation]) -> bool {
        operations.iter().any(|it| self.needed_for.contains(it))
    }

    /// Which clicks grant it, in a sentence.
    #[must_use]
    pub fn how_to_grant(&self) -> String {
        (self.how_to_grant)(self)
    }

    /// What was found, with how to grant it if it is missing or limited. `reason` is empty if it is granted.
    #[must_use]
    pub fn check(&self, state: PermissionState, reason: &str) -> PermissionCheck {
        let message = match state {
            PermissionState::Granted => None,
            PermissionState::Unknown => Some(reason.to_owned()),
            PermissionState::Limited | PermissionState::Missing => {
                Some(format!("{reason}: {}", self.how_to_grant()))
            }
        };
        PermissionCheck {
            permission_id: self.id.to_owned(),
            state,
            message,
        }
    }
}

/// The rows of the table, each by its name, and all of them as `PERMISSIONS`, in the order of the description.
///
/// ```text
/// permissions! { how_to_grant; TICKETS_READ = "tickets-read", "Setup > Tickets", Some("View"), "GET /tickets", &[GetTicket]; }
/// ```
#[macro_export]
macro_rules! permissions {
    ($how_to_grant:ident;
     $($name:ident = $id:literal, $path:expr, $level:expr, $request:literal, $needed_for:expr;)+) => {
        $(pub(crate) static $name: $crate::permission::RequiredPermission =
            $crate::permission::RequiredPermission {
                id: $id,
                path: $path,
                level: $level,
                request: $request,
                needed_for: $needed_for,
                how_to_grant: $how_to_grant,
            };)+

        pub(crate) static PERMISSIONS: &[&$crate::permission::RequiredPermission] = &[$(&$name),+];
    };
}

/// The operations that `verify` is asked about, each once, in the connector's order. None named: all of them.
///
/// # Errors
/// `invalid-input` for one that the connector does not have.
pub fn needed_operations(
    operations: &[Operation],
    named: &[Operation],
) -> Result<Vec<Operation>, Error> {
    let strange: Vec<_> = named
        .iter()
        .filter(|it| !operations.contains(it))
        .map(|it| {
            let message = format!("this connector has no function `{}`", it.name());
            field_error("needed", message)
        })
        .collect();
    if !strange.is_empty() {
        return Err(invalid_input("verify", strange));
    }
    let is_needed = |it: &Operation| named.is_empty() || named.contains(it);
    Ok(operations.iter().copied().filter(is_needed).collect())
}

/// What `verify` says of rights: a check for each row of the table, those that no needed operation needs left open, and the
/// operations that miss none. Account, version and counts are the vendor's to add.
pub fn verification(
    table: &[&'static RequiredPermission],
    needed: &[Operation],
    check: &dyn Fn(&'static RequiredPermission) -> PermissionCheck,
) -> Verification {
    let checks: Vec<PermissionCheck> = table
        .iter()
        .map(|permission| {
            if permission.is_needed_for(needed) {
                check(permission)
            } else {
                permission.check(
                    PermissionState::Unknown,
                    "not checked: none of the selected operations needs it",
                )
            }
        })
        .collect();
    let is_missing = |operation: &Operation| {
        table.iter().zip(&checks).any(|(permission, check)| {
            permission.needed_for.contains(operation) && check.state == PermissionState::Missing
        })
    };
    let ready = needed.iter().copied().filter(|it| !is_missing(it));
    let ready: Vec<Operation> = ready.collect();
    Verification {
        is_complete: ready.len() == needed.len(),
        ready,
        checks,
        ..Verification::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use psa_contract::Operation::{CreateTicket, GetTicket, ListCompanies};

    static READ: RequiredPermission = RequiredPermission {
        id: "read",
        path: "Setup > Read",
        level: Some("All"),
        request: "GET /tickets",
        needed_for: &[GetTicket, CreateTicket],
        how_to_grant: |it| format!("set {} to All", it.path),
    };
    static ADD: RequiredPermission = RequiredPermission {
        id: "add",
        needed_for: &[CreateTicket],
        ..READ
    };

    #[test]
    fn an_operation_is_ready_if_no_right_of_it_is_missing() {
        let check = |it: &'static RequiredPermission| {
            let state = if it.id == "add" {
                PermissionState::Missing
            } else {
                PermissionState::Granted
            };
            it.check(state, "refused")
        };
        let state_of = |needed: &[Operation]| {
            let found = verification(&[&READ, &ADD], needed, &check);
            assert_eq!(found.is_complete, found.ready == needed);
            let states: Vec<_> = found.checks.iter().map(|it| it.state).collect();
            let last = found.checks.last().and_then(|it| it.message.clone());
            (states, found.ready, last)
        };
        use PermissionState::{Granted, Missing, Unknown};
        assert_eq!(
            state_of(&[GetTicket, CreateTicket]),
            (
                vec![Granted, Missing],
                vec![GetTicket],
                Some("refused: set Setup > Read to All".to_owned())
            )
        );
        assert_eq!(
            state_of(&[GetTicket]),
            (
                vec![Granted, Unknown],
                vec![GetTicket],
                Some("not checked: none of the selected operations needs it".to_owned())
            )
        );
    }

    #[test]
    fn a_path_is_described_by_its_steps() {
        assert_eq!(READ.describe().path, ["Setup", "Read"]);
    }

    #[test]
    fn needed_operations_come_in_the_connectors_order() {
        let all = [ListCompanies, GetTicket];
        assert_eq!(needed_operations(&all, &[]).expect("all"), all);
        let named = [GetTicket, ListCompanies, GetTicket];
        assert_eq!(needed_operations(&all, &named).expect("both"), all);
        let error = needed_operations(&all, &[CreateTicket]).expect_err("not there");
        assert!(
            error.message.contains("no function `create-ticket`"),
            "{error:?}"
        );
    }
}
