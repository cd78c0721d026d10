//! Cases: what waits for a person, and the health of each tenant.

use super::tenants::tenant_of;
use super::{Result, ServiceError};
use crate::case::{Event, Ticket};
use crate::office::Office;
use crate::store::{CaseFilter, CaseId};
use crate::tenant::{Pause, Tenant};

/// How a tenant is.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// The tenant.
    pub tenant: Tenant,
    /// Why its calls rest, if they do.
    pub pause: Option<Pause>,
    /// How many cases are in each state, by the state's name.
    pub cases: Vec<(String, u64)>,
}

/// All tenants, with what a person should know of them.
///
/// # Errors
/// The store.
pub async fn health(office: &Office) -> Result<Vec<Health>> {
    let counts = office.store.counts().await?;
    let mut all = Vec::new();
    for tenant in office.store.tenants().await? {
        let of_tenant = counts.iter().filter(|(id, _, _)| *id == tenant.id);
        all.push(Health {
            pause: office.store.pause(&tenant.id).await?,
            cases: of_tenant
                .map(|(_, state, count)| (state.clone(), *count))
                .collect(),
            tenant,
        });
    }
    Ok(all)
}

/// Tries a parked case again.
///
/// # Errors
/// It is not parked.
pub async fn retry(office: &Office, case: CaseId) -> Result<()> {
    apply(office, case, Event::Retry).await
}

/// Tries all parked cases of a tenant again. Returns how many there were.
///
/// # Errors
/// There is no such tenant, or the store.
pub async fn retry_all(office: &Office, tenant: &str) -> Result<usize> {
    tenant_of(office, tenant).await?;
    let filter = CaseFilter {
        tenant: Some(tenant.to_owned()),
        states: vec!["parked".to_owned()],
        before: None,
        limit: Some(usize::MAX),
    };
    let parked = office.store.cases(&filter).await?;
    for stored in &parked {
        let now = office.clock.now();
        office.store.apply(stored.id, Event::Retry, now).await?;
    }
    office.bell.ring(tenant);
    Ok(parked.len())
}

/// Takes this ticket for a parked case, by its id in the PSA.
///
/// # Errors
/// The case is not parked, or the PSA has no such ticket.
pub async fn adopt(office: &Office, case: CaseId, ticket_id: &str) -> Result<()> {
    let stored = office.store.case(case).await?;
    let stored = stored.ok_or_else(|| ServiceError::Missing("there is no such case".to_owned()))?;
    let tenant = tenant_of(office, &stored.case.tenant).await?;
    let desk = office.desk(&tenant).await?;
    let found = desk.get_ticket(ticket_id.trim().to_owned()).await?.ticket;
    let ticket = found.ok_or_else(|| {
        ServiceError::Missing(format!(
            "there is no ticket {ticket_id}, or the relay cannot see it"
        ))
    })?;
    let ticket = Ticket {
        is_gone: ticket.merged_into_id.is_some(),
        is_closed: ticket.merged_into_id.is_some() || ticket.is_closed == Some(true),
        id: ticket.id,
        number: ticket.number,
        url: ticket.web_url,
    };
    apply(office, case, Event::Adopted(ticket)).await
}

/// Drops a case: nothing more is done for it.
///
/// # Errors
/// A call for it is under way.
pub async fn drop_case(office: &Office, case: CaseId) -> Result<()> {
    apply(office, case, Event::Dropped).await
}

async fn apply(office: &Office, case: CaseId, event: Event) -> Result<()> {
    let now = office.clock.now();
    let step = office.store.apply(case, event, now).await?;
    let step = step.ok_or_else(|| {
        ServiceError::Missing("this cannot be done with the case as it is now".to_owned())
    })?;
    office.bell.ring(&step.case.tenant);
    Ok(())
}
