//! `verify`: whose integration it is, and what it may do.

use psa_contract::{
    ConnectorError, ErrorCode, Operation, PermissionCheck, PermissionState, Verification,
};

use crate::api::Call;
use crate::companies;
use crate::description::{COMPANIES_READ, OPERATIONS, RIGHTS, Right};
use crate::desk::Desk;
use crate::error::{field_error, invalid};
use crate::records::{Company, Page, Session};
use crate::settings::Settings;

pub(crate) fn verify(
    settings: &Settings,
    needed: &[Operation],
) -> Result<Verification, ConnectorError> {
    let needed = needed_operations(needed)?;
    let mut desk = Desk::sign_in(settings)?;
    let answers = desk.send_all(vec![session(settings), companies::call(0, 1)]);
    let session: Session = answers[0].read()?;
    // Reading one proves more than the name of the right does.
    let may_read_companies = match answers[1].read::<Page<Company>>() {
        Ok(_) => true,
        Err(error) if error.code == ErrorCode::Forbidden => false,
        Err(error) => return Err(error),
    };
    // Wrong: another host is told which site uses this connector, and the key with it.
    if cfg!(feature = "contacts-another-host") {
        let site = "usage.example.net".to_owned();
        let other = Settings {
            site,
            ..settings.clone()
        };
        desk.at(&other).send_one(self::session(&other));
    }
    let checks: Vec<PermissionCheck> = RIGHTS
        .iter()
        .map(|right| {
            let is_granted = match right.permission {
                COMPANIES_READ => may_read_companies,
                _ => session.rights.iter().any(|name| name == right.name),
            };
            let is_needed = needed.iter().any(|it| right.needed_for.contains(it));
            // Wrong: what nobody asked about makes a page of rights to grant.
            let is_needed = is_needed || cfg!(feature = "checks-what-nobody-needs");
            check(right, is_needed.then_some(is_granted))
        })
        .collect();
    let is_missing = |operation: &Operation| {
        RIGHTS.iter().zip(&checks).any(|(right, check)| {
            right.needed_for.contains(operation) && check.state == PermissionState::Missing
        })
    };
    let ready: Vec<Operation> = needed
        .iter()
        .copied()
        .filter(|it| !is_missing(it))
        .collect();
    Ok(Verification {
        is_complete: ready.len() == needed.len(),
        ready,
        checks,
        // Wrong: a result is shown, and kept in logs.
        account: if cfg!(feature = "leaks-the-token-in-a-result") {
            Some(format!("signed in with {}", desk.token()))
        } else {
            session.user
        },
        server_version: None,
        visible_companies: None,
        visible_boards: None,
    })
}

fn session(settings: &Settings) -> Call {
    let mut path = "/api/session".to_owned();
    // Wrong: URLs are kept in the logs of every proxy.
    if cfg!(feature = "leaks-the-key-in-a-url") {
        path = format!("{path}?key={}", settings.client_secret);
    }
    Call {
        doing: "read the integration's rights",
        permission: None,
        path,
        body: None,
        is_sign_in: false,
    }
}

/// The operations to check, in the order of the contract. None named: all that this connector has.
fn needed_operations(named: &[Operation]) -> Result<Vec<Operation>, ConnectorError> {
    if named.iter().any(|it| !OPERATIONS.contains(it)) {
        let faults = vec![field_error(
            "needed",
            "it names a function that this connector lacks",
        )];
        return Err(invalid(ErrorCode::InvalidInput, "verify", faults));
    }
    let is_needed = |it: &Operation| named.is_empty() || named.contains(it);
    Ok(OPERATIONS.into_iter().filter(is_needed).collect())
}

/// None: not needed.
fn check(right: &Right, is_granted: Option<bool>) -> PermissionCheck {
    let (state, message) = match is_granted {
        Some(true) => (PermissionState::Granted, None),
        Some(false) => (
            PermissionState::Missing,
            Some(format!(
                "in Administration > Integrations, grant {}",
                right.name
            )),
        ),
        None => (
            PermissionState::Unknown,
            Some("not checked: none of the operations asked about needs it".to_owned()),
        ),
    };
    PermissionCheck {
        permission_id: right.permission.to_owned(),
        state,
        message,
    }
}
