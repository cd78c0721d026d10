//! What a form shows before anything is entered.

use psa_contract::{ConnectorDescription, Pacing};
use psa_toolkit::desk::described;

use crate::SampleDesk;
use crate::draft;
use crate::permissions::PERMISSIONS;
use crate::settings::SETTINGS;

pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "Sample Desk".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pacing: Pacing {
            concurrent_requests: Some(8),
            requests: Some(300),
            seconds: Some(60),
        },
        board_label: Some("Board".to_owned()),
        vendor_domains: vec!["sample-desk.example".to_owned()],
        ..described::<SampleDesk>(&SETTINGS, &PERMISSIONS, &[&draft::FIELDS])
    }
}
