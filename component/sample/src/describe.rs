//! What a form shows before anything is entered.

use psa_contract::{ConnectorDescription, Pacing};
use psa_toolkit::ServiceDesk as _;
use psa_toolkit::input::input_fields;
use psa_toolkit::settings::descriptions;

use crate::SampleDesk;
use crate::draft;
use crate::permissions::PERMISSIONS;
use crate::settings::SETTINGS;

pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "Sample Desk".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operations: SampleDesk::OPERATIONS.to_vec(),
        settings: descriptions(&SETTINGS),
        permissions: PERMISSIONS.iter().map(|it| it.describe()).collect(),
        input_fields: input_fields(&draft::FIELDS),
        pacing: Pacing {
            concurrent_requests: Some(8),
            requests: Some(300),
            seconds: Some(60),
        },
        board_label: Some("Board".to_owned()),
        vendor_domains: vec!["sample-desk.example".to_owned()],
        properties: Vec::new(),
    }
}
