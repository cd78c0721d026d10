//! What a form shows before anything is entered.

use psa_contract::{ConnectorDescription, Pacing};
use psa_toolkit::desk::described;

use crate::HaloPsa;
use crate::draft::{FIELDS, NOTE_FIELDS, STATUS_FIELDS};
use crate::permissions::PERMISSIONS;
use crate::settings::{SETTINGS, VENDOR_DOMAINS};

/// Halo takes 500 requests in 3 minutes (Fair Use Policy) from all integrations of a tenant together.
const PACING: Pacing = Pacing {
    concurrent_requests: Some(8),
    requests: Some(400),
    seconds: Some(180),
};

pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "HaloPSA".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pacing: PACING,
        board_label: Some("Team".to_owned()),
        vendor_domains: VENDOR_DOMAINS.split(' ').map(str::to_owned).collect(),
        ..described::<HaloPsa>(
            &SETTINGS,
            PERMISSIONS,
            &[&FIELDS, &NOTE_FIELDS, &STATUS_FIELDS],
        )
    }
}
