//! What is asked: reads that each need a right of their own, and two that only tell something.

use psa_contract::Operation;
use psa_toolkit::exchange::Call;
use psa_toolkit::permission::RequiredPermission;

use super::role::role_page;
use crate::api::{LARGEST_PAGE, Listing};
use crate::boards::{boards_listing, priorities_listing};
use crate::permissions::{COMPANIES, CONFIGURATIONS, CONTACTS, TICKETS_INQUIRE};
use crate::settings::Settings;

/// The first round's reads, each of which needs its own right.
pub(super) const PROBES: [fn(&Settings) -> Call; 5] = [
    |settings| role_page(settings, 1),
    |settings| one_row(settings, "/company/companies", "read companies", &COMPANIES),
    |settings| boards_listing(settings).first(LARGEST_PAGE),
    |settings| priorities_listing(settings).first(1),
    |settings| {
        one_row(
            settings,
            "/service/tickets",
            "read tickets",
            &TICKETS_INQUIRE,
        )
    },
];
pub(super) const ROLE_PROBE: usize = 0;
pub(super) const BOARDS_PROBE: usize = 2;

fn one_row(
    settings: &Settings,
    path: &str,
    doing: &str,
    permission: &'static RequiredPermission,
) -> Call {
    let listing = Listing {
        settings,
        doing: doing.to_owned(),
        permission: Some(permission),
        path: path.to_owned(),
        fields: "id",
        conditions: Vec::new(),
        child_conditions: None,
    };
    listing.first(1)
}

pub(super) fn companies_count(settings: &Settings) -> Call {
    settings.read(
        "count companies",
        Some(&COMPANIES),
        "/company/companies/count",
        &[("conditions", "deletedFlag=false")],
    )
}

pub(super) fn server_info(settings: &Settings) -> Call {
    settings.read("read the server's version", None, "/system/info", &[])
}

/// The lists of companies that not every caller needs.
pub(super) fn probes_of_company_lists(settings: &Settings, needed: &[Operation]) -> Vec<Call> {
    let lists = [
        ("/company/contacts", "read contacts", &CONTACTS),
        (
            "/company/configurations",
            "read configurations",
            &CONFIGURATIONS,
        ),
    ];
    let is_needed = |permission: &RequiredPermission| permission.is_needed_for(needed);
    lists
        .into_iter()
        .filter(|(_, _, permission)| is_needed(permission))
        .map(|(path, doing, permission)| one_row(settings, path, doing, permission))
        .collect()
}
