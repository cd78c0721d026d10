//! What a host can know before anything is entered: the settings, the permissions, the fields.

use psa_contract::{ConnectorDescription, Pacing};
use psa_toolkit::desk::described;

use crate::Autotask;
use crate::draft::{FIELDS, NOTE_FIELDS, STATUS_FIELDS};
use crate::permissions::PERMISSIONS;
use crate::settings::SETTINGS;

/// The connector's description, always the same.
pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "Autotask PSA".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        // Half of what all integrations of a tenant share (Developer Help, "Thresholds and limits"). Of three requests at once
        // for one entity the third is slowed down, and a fourth refused (ibid., "Thread limiting").
        pacing: Pacing {
            concurrent_requests: Some(2),
            requests: Some(5_000),
            seconds: Some(3_600),
        },
        board_label: Some("Queue".to_owned()),
        vendor_domains: vec!["autotask.net".to_owned()],
        ..described::<Autotask>(
            &SETTINGS,
            PERMISSIONS,
            &[&FIELDS, &NOTE_FIELDS, &STATUS_FIELDS],
        )
    }
}
