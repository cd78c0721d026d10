//! `verify`: whose integration it is, and what it may do.

use psa_contract::{ErrorCode, Operation, PermissionState, Verification};
use psa_toolkit::exchange::exchange_array;
use psa_toolkit::permission::{check_all, needed_operations};
use psa_toolkit::{Error, HttpSend, ServiceDesk as _};

use crate::SampleDesk;
use crate::permissions::{COMPANIES_READ, PERMISSIONS, right};
use crate::settings::Settings;
use crate::{api, companies, wire};

pub(crate) fn verify(
    settings: &Settings,
    needed: &[Operation],
    send: &mut HttpSend,
) -> Result<Verification, Error> {
    let needed = needed_operations(SampleDesk::OPERATIONS, needed)?;
    let send = &mut api::sign_in(settings, send)?;
    let calls = [
        api::get(
            settings,
            "read the integration's permissions",
            None,
            "session",
        ),
        companies::call(settings, 0, 1),
    ];
    let [session, company] = exchange_array(settings, send, calls);
    let session: wire::Session = session.read()?;
    // Reading one proves more than the name of the right does.
    let may_read_companies = match company.read::<wire::Page<wire::Company>>() {
        Ok(_) => true,
        Err(error) if error.code == ErrorCode::Forbidden => false,
        Err(error) => return Err(error),
    };
    let (checks, ready) = check_all(&PERMISSIONS, &needed, &|permission| {
        let is_granted = if permission.id == COMPANIES_READ.id {
            may_read_companies
        } else {
            session.rights.iter().any(|name| name == right(permission))
        };
        match is_granted {
            true => permission.check(PermissionState::Granted, ""),
            false => permission.check(PermissionState::Missing, "Sample Desk does not grant it"),
        }
    });
    Ok(Verification {
        is_complete: ready.len() == needed.len(),
        ready,
        checks,
        account: session.user,
        server_version: None,
        visible_companies: None,
        visible_boards: None,
    })
}
