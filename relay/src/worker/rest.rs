//! Pauses of a tenant, and their end.

use std::sync::Arc;

use psa_contract::{ConnectorError, Operation};

use crate::case::{Effect, Parked};
use crate::desk::Desk;
use crate::office::Office;
use crate::store::Result;
use crate::tenant::{Pause, Tenant};
use crate::time::Time;

/// What follows from a call for all calls of its tenant.
pub(super) async fn follow(office: &Office, tenant: &str, effect: Effect) -> Result<()> {
    let pause = match effect {
        Effect::None => return Ok(()),
        Effect::TenantWaits(until) => match office.store.pause(tenant).await? {
            // The longer one counts, and settings that are not accepted count more.
            Some(Pause::Paused { .. }) => return Ok(()),
            Some(Pause::Waits { until: other }) if other >= until => return Ok(()),
            _ => Pause::Waits { until },
        },
        Effect::TenantPauses(parked) => {
            tracing::error!(
                tenant,
                reason = parked.reason,
                message = parked.message,
                "the tenant is paused"
            );
            paused(office, parked)
        }
    };
    office.store.set_pause(tenant, Some(pause)).await
}

fn paused(office: &Office, parked: Parked) -> Pause {
    Pause::Paused {
        parked,
        verify_at: office.clock.now().plus(office.timing.verify_every),
    }
}

/// Until when a tenant rests. None: it does not. Verifies its settings if that is due.
pub(super) async fn resting(
    office: &Office,
    tenant: &Tenant,
    desk: &Arc<dyn Desk>,
) -> Result<Option<Time>> {
    let now = office.clock.now();
    match office.store.pause(&tenant.id).await? {
        None => Ok(None),
        Some(Pause::Waits { until }) if until > now => Ok(Some(until)),
        Some(Pause::Waits { .. }) => {
            office.store.set_pause(&tenant.id, None).await?;
            Ok(None)
        }
        Some(Pause::Paused { verify_at, .. }) if verify_at > now => Ok(Some(verify_at)),
        Some(Pause::Paused { .. }) => verify(office, tenant, desk).await,
    }
}

async fn verify(office: &Office, tenant: &Tenant, desk: &Arc<dyn Desk>) -> Result<Option<Time>> {
    let parked = match desk.verify(needed(office, tenant)).await {
        Ok(verification) if verification.is_complete => {
            tracing::info!(tenant = tenant.id, "the settings are accepted again");
            office.store.set_pause(&tenant.id, None).await?;
            return Ok(None);
        }
        Ok(verification) => Parked {
            reason: "forbidden".to_owned(),
            message: "permissions are missing".to_owned(),
            hint: verification
                .checks
                .into_iter()
                .filter(|check| check.state == psa_contract::PermissionState::Missing)
                .find_map(|check| check.message),
            ..Parked::default()
        },
        Err(error) => of_error(&error),
    };
    office
        .store
        .set_pause(&tenant.id, Some(paused(office, parked)))
        .await?;
    Ok(Some(office.clock.now().plus(office.timing.verify_every)))
}

/// What the relay does for this tenant, as far as its connector can.
#[must_use]
pub(crate) fn needed(office: &Office, tenant: &Tenant) -> Vec<Operation> {
    let rules = tenant.rules(&office.timing);
    let mut needed = vec![
        Operation::CreateTicket,
        Operation::FindTickets,
        Operation::AddNote,
    ];
    if rules.can_close || rules.can_reopen {
        needed.push(Operation::SetStatus);
    }
    let description = office.desks.description(&tenant.connector);
    needed.retain(|operation| description.is_none_or(|it| it.operations.contains(operation)));
    needed
}

/// Settings that cannot even be used rest the tenant, too.
pub(super) async fn without_desk(
    office: &Office,
    tenant: &str,
    error: &ConnectorError,
) -> Result<()> {
    if matches!(
        office.store.pause(tenant).await?,
        Some(Pause::Paused { .. })
    ) {
        return Ok(());
    }
    let pause = paused(office, of_error(error));
    office.store.set_pause(tenant, Some(pause)).await
}

fn of_error(error: &ConnectorError) -> Parked {
    Parked {
        reason: error.code.name().to_owned(),
        message: error.message.clone(),
        hint: error.hint.clone(),
        ..Parked::default()
    }
}
