//! `verify`: whose integration it is, and what it may do.

use psa_contract::{ErrorCode, Operation, PermissionState, Verification};
use psa_toolkit::error::unless;
use psa_toolkit::exchange::exchange_array;
use psa_toolkit::permission::{RequiredPermission, needed_operations, verification};
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
    let session: wire::Session = session.record()?;
    // Reading one proves more than the name of the right does.
    let company = company.record::<wire::Page<wire::Company>>();
    let may_read_companies = unless(ErrorCode::Forbidden, company)?.is_some();
    let check = |permission: &'static RequiredPermission| {
        let is_granted = if permission.id == COMPANIES_READ.id {
            may_read_companies
        } else {
            session.rights.iter().any(|name| name == right(permission))
        };
        match is_granted {
            true => permission.check(PermissionState::Granted, ""),
            false => permission.check(PermissionState::Missing, "Sample Desk does not grant it"),
        }
    };
    Ok(Verification {
        account: session.user.clone(),
        ..verification(&PERMISSIONS, &needed, &check)
    })
}
