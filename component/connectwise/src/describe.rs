//! What a host can know before anything is entered: the settings, the permissions, the fields.

use psa_contract::{ConnectorDescription, Pacing};
use psa_toolkit::desk::described;

use crate::draft::FIELDS;
use crate::permissions::PERMISSIONS;
use crate::settings::SETTINGS;
use crate::{ConnectWise, notes, ticket};

/// The connector's description, always the same.
pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "ConnectWise PSA".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        // About 1,000 requests a minute were seen to be answered before a 429 (recorded behaviour). The rest is left to other
        // integrations of the tenant.
        pacing: Pacing {
            concurrent_requests: Some(16),
            requests: Some(800),
            seconds: Some(60),
        },
        board_label: Some("Service Board".to_owned()),
        vendor_domains: ["myconnectwise.net", "connectwisedev.com"]
            .map(str::to_owned)
            .into(),
        ..described::<ConnectWise>(
            &SETTINGS,
            PERMISSIONS,
            &[&FIELDS, &notes::FIELDS, &ticket::STATUS_FIELDS],
        )
    }
}
