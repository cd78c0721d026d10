//! What a form shows before anything is entered.

use psa_contract::{ConnectorDescription, Pacing};
use psa_toolkit::ServiceDesk as _;
use psa_toolkit::input::input_fields;
use psa_toolkit::settings::descriptions;

use crate::HaloPsa;
use crate::draft::FIELDS;
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
        operations: HaloPsa::OPERATIONS.to_vec(),
        settings: descriptions(&SETTINGS),
        permissions: PERMISSIONS.iter().map(|it| it.describe()).collect(),
        input_fields: input_fields(&FIELDS),
        pacing: PACING,
        board_label: Some("Team".to_owned()),
        vendor_domains: VENDOR_DOMAINS.split(' ').map(str::to_owned).collect(),
        properties: Vec::new(),
    }
}
