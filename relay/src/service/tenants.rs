//! Tenants: settings, checks, services, and the switch.

use psa_contract::{
    BoardMetadata, BoardSelection, ConnectorDescription, Operation, SettingSupplier, Ticket,
    TicketCheck, TicketDraft, Verification,
};

use super::{Result, check_id, invalid, missing};
use crate::alert::{Alert, Field, Severity, Status};
use crate::desk::no_connector;
use crate::office::Office;
use crate::tenant::{Checks, Services, Tenant};
use crate::text::{TextRules, ticket_draft};
use crate::worker::needed_operations;

/// What is missing before a tenant may be enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingCheck {
    /// Verify Setup has not passed with these settings.
    Verify,
    /// No ticket was read by its number, and nobody said that this may be skipped.
    ReadTicket,
    /// `check-ticket` has not passed with these services.
    CheckTicket,
}

/// Makes a tenant, or changes its name. Its settings, services and checks stay.
///
/// # Errors
/// The id or the connector is wrong.
pub async fn put_tenant(office: &Office, id: &str, name: &str, connector: &str) -> Result<Tenant> {
    check_id(id)?;
    known_connector(office, connector)?;
    let mut tenant = office.store.tenant(id).await?.unwrap_or_default();
    if tenant.connector != connector {
        tenant.checks = Checks::default();
        tenant.is_enabled = false;
    }
    tenant.id = id.to_owned();
    tenant.name = if name.trim().is_empty() {
        id
    } else {
        name.trim()
    }
    .to_owned();
    tenant.connector = connector.to_owned();
    office.store.put_tenant(&tenant).await?;
    Ok(tenant)
}

/// Keeps settings of a tenant, encrypted. A value that is empty deletes its setting; a setting that is not named stays. The
/// tenant has to be verified again, and goes on working if it was enabled.
///
/// # Errors
/// A setting is unknown.
pub async fn put_settings(office: &Office, id: &str, values: &[(String, String)]) -> Result<()> {
    let mut tenant = tenant_of(office, id).await?;
    known_settings(office, &tenant.connector, values)?;
    for (name, value) in values {
        let value = value.trim();
        let sealed = match value {
            "" => None,
            value => Some(office.vault.seal(id, name, value)?),
        };
        office.store.put_setting(id, name, sealed).await?;
    }
    tenant.checks.verified_at = None;
    office.store.put_tenant(&tenant).await?;
    // What was refused before may be accepted now.
    office.store.set_pause(id, None).await?;
    office.bell.ring(id);
    Ok(())
}

/// Keeps a setting that the platform has for all tenants of a connector.
///
/// # Errors
/// The setting is unknown, or each customer enters it.
pub async fn put_platform_setting(
    office: &Office,
    connector: &str,
    name: &str,
    value: &str,
) -> Result<()> {
    let place = platform_place(office, connector, name)?;
    let sealed = match value.trim() {
        "" => None,
        value => Some(office.vault.seal("", &place, value)?),
    };
    Ok(office.store.put_setting("", &place, sealed).await?)
}

/// Where a setting of the platform is kept, if the connector has such a one.
pub(super) fn platform_place(office: &Office, connector: &str, name: &str) -> Result<String> {
    let description = known_connector(office, connector)?;
    let is_platforms = description
        .settings
        .iter()
        .any(|it| it.name == name && it.supplied_by == SettingSupplier::Platform);
    if !is_platforms {
        let message = format!("{name} is not a setting of the platform");
        return Err(invalid("name", message));
    }
    Ok(format!("{connector}/{name}"))
}

/// What the relay asks of a connector for this tenant: what its work needs, and what setting it up needs. Before statuses are
/// chosen it is taken that they will be.
#[must_use]
pub fn needed(office: &Office, tenant: &Tenant) -> Vec<Operation> {
    let mut needed = needed_operations(office, tenant);
    needed.extend([
        Operation::ListCompanies,
        Operation::ListBoardMetadata,
        Operation::CheckTicket,
        Operation::GetTicket,
    ]);
    let can_change = office.desks.description(&tenant.connector);
    let can_change = can_change.is_some_and(|it| it.operations.contains(&Operation::SetStatus));
    let is_chosen = tenant.services.board_id.is_some();
    if can_change && !is_chosen && !needed.contains(&Operation::SetStatus) {
        needed.push(Operation::SetStatus);
    }
    needed
}

/// The description of a connector that the relay has.
pub(super) fn known_connector<'a>(
    office: &'a Office,
    connector: &str,
) -> Result<&'a ConnectorDescription> {
    let description = office.desks.description(connector);
    description.ok_or_else(|| invalid("connector", no_connector(connector, &office.desks.names())))
}

/// Whether a connector has all of these.
pub(super) fn known_settings(
    office: &Office,
    connector: &str,
    values: &[(String, String)],
) -> Result<()> {
    let description = known_connector(office, connector)?;
    for (name, _) in values {
        if description.settings.iter().all(|it| it.name != *name) {
            let message = format!("{connector} has no setting {name}");
            return Err(invalid("settings", message));
        }
    }
    Ok(())
}

/// Verify Setup: what the credentials can do of what the relay needs. What passes is remembered.
///
/// # Errors
/// The PSA, or the store.
pub async fn verify(office: &Office, id: &str) -> Result<Verification> {
    let mut tenant = tenant_of(office, id).await?;
    let desk = office.desk(&tenant).await?;
    let needed = needed(office, &tenant);
    let verification = desk.verify(needed).await?;
    if verification.is_complete {
        tenant.checks.verified_at = Some(office.clock.now());
        office.store.put_tenant(&tenant).await?;
        office.store.set_pause(id, None).await?;
        office.bell.ring(id);
    }
    Ok(verification)
}

/// What the choosers of the services hold.
///
/// # Errors
/// The PSA, or the store.
pub async fn board_metadata(
    office: &Office,
    id: &str,
    selection: BoardSelection,
) -> Result<BoardMetadata> {
    let tenant = tenant_of(office, id).await?;
    let desk = office.desk(&tenant).await?;
    Ok(desk.list_board_metadata(selection).await?)
}

/// Keeps the services of a tenant. They have to be checked again if they changed.
///
/// # Errors
/// The store.
pub async fn put_services(office: &Office, id: &str, services: Services) -> Result<()> {
    let mut tenant = tenant_of(office, id).await?;
    if tenant.services != services {
        tenant.checks.ticket_checked_at = None;
    }
    tenant.services = services;
    office.store.put_tenant(&tenant).await?;
    office.bell.ring(id);
    Ok(())
}

/// Reads a ticket by its number or id, which proves that the relay sees what it will need to see. None: it does not.
///
/// # Errors
/// The PSA, or the store.
pub async fn read_ticket(office: &Office, id: &str, ticket: &str) -> Result<Option<Ticket>> {
    let tenant = tenant_of(office, id).await?;
    let desk = office.desk(&tenant).await?;
    let found = desk.get_ticket(ticket.trim().to_owned()).await?.ticket;
    if found.is_some() {
        mark_ticket_read(office, id).await?;
    }
    Ok(found)
}

/// Remembers that a ticket was read, or that a person said that it may be skipped.
///
/// # Errors
/// The store.
pub async fn mark_ticket_read(office: &Office, id: &str) -> Result<()> {
    let mut tenant = tenant_of(office, id).await?;
    tenant.checks.ticket_read_at = Some(office.clock.now());
    Ok(office.store.put_tenant(&tenant).await?)
}

/// Whether a ticket as it will be opened would be accepted, for this company. What passes is remembered.
///
/// # Errors
/// The PSA, or the store.
pub async fn check_ticket(
    office: &Office,
    id: &str,
    company_id: &str,
) -> Result<(TicketDraft, TicketCheck)> {
    let mut tenant = tenant_of(office, id).await?;
    let draft = sample_draft(&tenant, company_id, None);
    let desk = office.desk(&tenant).await?;
    let check = desk.check_ticket(draft.clone()).await?;
    if check.objections.is_empty() {
        tenant.checks.ticket_checked_at = Some(office.clock.now());
        office.store.put_tenant(&tenant).await?;
    }
    Ok((draft, check))
}

/// Opens a sample ticket for this company. The reference is the caller's, so that one press opens one ticket.
///
/// # Errors
/// The PSA, or the store.
pub async fn sample_ticket(
    office: &Office,
    id: &str,
    company_id: &str,
    reference: &str,
) -> Result<psa_contract::CreatedTicket> {
    let tenant = tenant_of(office, id).await?;
    let draft = sample_draft(&tenant, company_id, Some(reference));
    let desk = office.desk(&tenant).await?;
    Ok(desk.create_ticket(draft).await?)
}

/// The ticket of the sample alert, for this company.
#[must_use]
pub fn sample_draft(tenant: &Tenant, company_id: &str, reference: Option<&str>) -> TicketDraft {
    let alert = sample_alert();
    let text = TextRules::default();
    let draft = ticket_draft(&alert, "", company_id, &tenant.services, &text);
    TicketDraft {
        reference: reference.map(str::to_owned),
        ..draft
    }
}

/// An alert about a blocked DNS query, that says of itself that it is a sample.
#[must_use]
pub fn sample_alert() -> Alert {
    let field = |name: &str, value: &str| Field {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    Alert {
        source: "sample".to_owned(),
        key: "sample".to_owned(),
        event: "sample".to_owned(),
        status: Status::Firing,
        severity: Severity::Medium,
        summary: "Sample: DNS query blocked for malware.example".to_owned(),
        description: Some(
            "This is a sample. Nothing was blocked; the ticket can be closed.".to_owned(),
        ),
        fields: vec![
            field("Timestamp", "2026-01-01T12:00:00Z"),
            field("Domain", "malware.example"),
            field("Block reasons", "command and control, new domain"),
        ],
        ..Alert::default()
    }
}

/// What is missing before a tenant may be enabled.
#[must_use]
pub fn missing_checks(tenant: &Tenant) -> Vec<MissingCheck> {
    let checks = &tenant.checks;
    [
        (checks.verified_at, MissingCheck::Verify),
        (checks.ticket_read_at, MissingCheck::ReadTicket),
        (checks.ticket_checked_at, MissingCheck::CheckTicket),
    ]
    .into_iter()
    .filter(|(at, _)| at.is_none())
    .map(|(_, check)| check)
    .collect()
}

/// Turns tickets on or off.
///
/// # Errors
/// A check is missing.
pub async fn enable(office: &Office, id: &str, is_enabled: bool) -> Result<()> {
    let mut tenant = tenant_of(office, id).await?;
    let missing = missing_checks(&tenant);
    if is_enabled && !missing.is_empty() {
        let names: Vec<&str> = missing
            .iter()
            .map(|check| match check {
                MissingCheck::Verify => "Verify Setup",
                MissingCheck::ReadTicket => "reading one ticket by its number, or skipping it",
                MissingCheck::CheckTicket => "checking a sample ticket",
            })
            .collect();
        let message = format!("before tickets can be enabled: {}", names.join("; "));
        return Err(invalid("enabled", message));
    }
    tenant.is_enabled = is_enabled;
    office.store.put_tenant(&tenant).await?;
    office.bell.ring(id);
    Ok(())
}

/// The tenant with this id.
///
/// # Errors
/// There is none, or the store.
pub async fn tenant_of(office: &Office, id: &str) -> Result<Tenant> {
    if let Some(tenant) = office.store.tenant(id).await? {
        return Ok(tenant);
    }
    let known = office.store.tenants().await?;
    let known: Vec<String> = known.into_iter().map(|it| it.id).collect();
    Err(missing("tenant", id, &known))
}
