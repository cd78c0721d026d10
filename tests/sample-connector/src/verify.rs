//! `verify`: whose key it is, and what it may do. One round.

use psa_contract::{ConnectorError, ErrorCode, PermissionCheck, PermissionState, Verification};

use crate::api::{Call, send_all};
use crate::companies;
use crate::description::{COMPANIES_READ, RIGHTS, Right};
use crate::records::{Company, Page, Session};
use crate::settings::Settings;

pub(crate) fn verify(settings: &Settings) -> Result<Verification, ConnectorError> {
    let answers = send_all(settings, vec![session(settings), companies::call(0, 1)]);
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
        crate::api::send_one(&other, self::session(&other));
    }
    let checks: Vec<PermissionCheck> = RIGHTS
        .iter()
        .map(|right| {
            check(
                right,
                match right.permission {
                    COMPANIES_READ => may_read_companies,
                    _ => session.rights.iter().any(|name| name == right.name),
                },
            )
        })
        .collect();
    Ok(Verification {
        is_complete: checks
            .iter()
            .all(|check| check.state == PermissionState::Granted),
        checks,
        account: session.user,
        server_version: None,
        visible_companies: None,
        visible_boards: None,
    })
}

fn session(settings: &Settings) -> Call {
    let mut path = "/api/session".to_owned();
    // Wrong: URLs are kept in the logs of every proxy.
    if cfg!(feature = "leaks-the-key-in-a-url") {
        path = format!("{path}?key={}", settings.api_key);
    }
    Call {
        doing: "read the key's rights",
        permission: None,
        path,
        body: None,
    }
}

fn check(right: &Right, is_granted: bool) -> PermissionCheck {
    let missing = format!("in Administration > API keys, grant the key {}", right.name);
    PermissionCheck {
        permission_id: right.permission.to_owned(),
        state: if is_granted {
            PermissionState::Granted
        } else {
            PermissionState::Missing
        },
        message: (!is_granted).then_some(missing),
    }
}
