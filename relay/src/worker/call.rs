//! One call: what it needs, its start, the call, what came of it.

use std::sync::Arc;

use psa_contract::{CreatedTicket, Creation, ErrorCode, FieldError, StatusChange};

use super::AFTER_FAILURE;
use crate::case::{Effect, Event, Parked, Ticket, Work, due};
use crate::desk::{Answer, Desk, own_error};
use crate::office::Office;
use crate::store::{CaseId, Result, StoreError, StoredCase};
use crate::tenant::{Mapping, Tenant};
use crate::text::{TextRules, note_draft, ticket_draft};
use crate::time::Time;

/// Does the work of a case that is due. Returns what follows for the tenant. None: the work could not be started.
pub(super) async fn carry_out(
    office: &Office,
    tenant: &Tenant,
    desk: &Arc<dyn Desk>,
    stored: StoredCase,
) -> Result<Option<Effect>> {
    let id = stored.id;
    let company_id = match needed(office, tenant, &stored).await? {
        Ok(company_id) => company_id,
        Err(parked) => {
            let now = office.clock.now();
            office.store.apply(id, Event::Hindered(parked), now).await?;
            return Ok(Some(Effect::None));
        }
    };
    let now = office.clock.now();
    // So long that no other relay takes the tenant while this call runs or its write is being finished.
    let holds_until = now
        .plus(office.timing.call_limit)
        .plus(office.timing.settling);
    let owner = &office.owner;
    let started = office.store.start(id, company_id, owner, holds_until, now);
    let Some(started) = started.await? else {
        return Ok(None);
    };
    // From when the start was asked for: a slow disk does not make the call last longer than the tenant is held.
    let limit = office.timing.call_limit;
    let left = now.plus(limit).since(office.clock.now());
    let event = if left < limit / 2 {
        let message = "the start of the call took too long to keep; nothing was sent".to_owned();
        failed(own_error(ErrorCode::Unavailable, message))
    } else {
        let call = call(office, tenant, desk, &started);
        let ended = tokio::time::timeout(left, call).await;
        ended.unwrap_or_else(|_| {
            let message = format!("the call took longer than {} s", limit.as_secs_f64());
            failed(own_error(ErrorCode::OutcomeUnknown, message))
        })
    };
    if let Event::Failed { error, .. } = &event {
        tracing::warn!(
            tenant = tenant.id,
            case = id.0,
            code = error.code.name(),
            message = error.message,
            "a call failed"
        );
        look_at_company(office, &started, &error.field_errors).await;
    }
    Ok(Some(kept(office, id, event).await))
}

/// The company of a ticket that is opened, or what a person has to correct first.
async fn needed(
    office: &Office,
    tenant: &Tenant,
    stored: &StoredCase,
) -> Result<std::result::Result<Option<String>, Parked>> {
    let case = &stored.case;
    let rules = tenant.rules(&office.timing);
    let opens = due(case, &rules).is_some_and(|due| due.work == Work::Open);
    if !opens || case.company_id.is_some() {
        return Ok(Ok(None));
    }
    let parked = |reason: &str, message: String, hint: &str| {
        Ok(Err(Parked {
            reason: reason.to_owned(),
            message,
            hint: Some(hint.to_owned()),
            fields: vec!["company-id".to_owned()],
            ticket_ids: Vec::new(),
        }))
    };
    let mapping = match &case.alert.company {
        Some(company) => office.store.mapping(&tenant.id, company).await?,
        None => None,
    };
    if let Some(Mapping {
        target: Some(target),
        is_gone,
        company,
        ..
    }) = mapping
    {
        if is_gone {
            return parked(
                "mapping-gone",
                format!(
                    "{company} is mapped to {}, which the PSA no longer has",
                    target.name
                ),
                "map it to another company, then retry",
            );
        }
        return Ok(Ok(Some(target.id)));
    }
    if let Some(company) = &tenant.services.default_company {
        return Ok(Ok(Some(company.id.clone())));
    }
    match &case.alert.company {
        Some(company) => parked(
            "unmapped-company",
            format!("the company {company} is not mapped"),
            "map it, or choose a default company, then retry",
        ),
        None => parked(
            "unmapped-company",
            "the alert names no company".to_owned(),
            "choose a default company, or where the source has the company, then retry",
        ),
    }
}

async fn call(
    office: &Office,
    tenant: &Tenant,
    desk: &Arc<dyn Desk>,
    started: &StoredCase,
) -> Event {
    let case = &started.case;
    let crate::case::State::Calling { work, .. } = &case.state else {
        return failed(own_error(
            ErrorCode::InvalidInput,
            "no call is due".to_owned(),
        ));
    };
    let ticket_id = || {
        case.ticket
            .as_ref()
            .map_or("", |ticket| &ticket.id)
            .to_owned()
    };
    match work {
        Work::Open => {
            let text = match text_of(office, &case.source).await {
                Ok(text) => text,
                Err(error) => return failed(own_error(ErrorCode::Unavailable, error.to_string())),
            };
            let company_id = case.company_id.as_deref().unwrap_or_default();
            let draft = ticket_draft(
                &case.alert,
                &case.reference,
                company_id,
                &tenant.services,
                &text,
            );
            opened(desk.create_ticket(draft).await)
        }
        Work::Note(note) => {
            let draft = note_draft(case, note, &ticket_id());
            match desk.add_note(draft).await {
                Ok(_) => Event::Noted,
                Err(error) => failed(error),
            }
        }
        Work::Close | Work::Reopen => {
            let services = &tenant.services;
            let status_ids = if *work == Work::Close {
                &services.closing_status_ids
            } else {
                &services.reopening_status_ids
            };
            let change = StatusChange {
                ticket_id: ticket_id(),
                status_ids: status_ids.clone(),
                resolution: None,
                vendor_fields: None,
            };
            match desk.set_status(change).await {
                Ok(changed) => Event::StatusSet {
                    is_closed: changed.ticket.is_closed,
                },
                Err(error) => failed(error),
            }
        }
    }
}

/// A source that was deleted meanwhile has no choices.
async fn text_of(office: &Office, source: &str) -> Result<TextRules> {
    let source = office.store.source(source).await?;
    Ok(source.map(|source| source.text).unwrap_or_default())
}

fn opened(answer: Answer<CreatedTicket>) -> Event {
    match answer {
        Ok(created) => {
            if !created.not_applied.is_empty() {
                tracing::warn!(ticket = created.ticket.number, fields = ?created.not_applied, "the PSA kept other values");
            }
            let ticket = created.ticket;
            let is_gone = ticket.merged_into_id.is_some();
            let opened_at = ticket.created_at.as_deref().and_then(Time::of_rfc3339);
            let ticket = Ticket {
                is_closed: is_gone || ticket.is_closed == Some(true),
                id: ticket.id,
                number: ticket.number,
                url: ticket.web_url,
                is_gone,
            };
            match created.creation {
                Creation::Created => Event::Opened(ticket),
                Creation::Found => Event::Found { ticket, opened_at },
            }
        }
        Err(error) => failed(error),
    }
}

fn failed(error: Box<psa_contract::ConnectorError>) -> Event {
    Event::Failed {
        error,
        random: rand::random(),
    }
}

/// What came of a call is kept, however long the disk refuses: what happened in the PSA cannot be undone. If the process ends
/// first, the call is in doubt.
async fn kept(office: &Office, id: CaseId, event: Event) -> Effect {
    loop {
        let now = office.clock.now();
        let finished = office.store.finish(id, event.clone(), &office.owner, now);
        match finished.await {
            Ok(Some(step)) => {
                if let Some(line) = &step.line {
                    tracing::info!(
                        tenant = step.case.tenant,
                        case = id.0,
                        state = step.case.state.name(),
                        "{line}"
                    );
                }
                return step.effect;
            }
            Ok(None) => {
                tracing::warn!(
                    case = id.0,
                    "a call ended after another relay had taken its tenant"
                );
                return Effect::None;
            }
            Err(StoreError::Closed) => return Effect::None,
            Err(error) => {
                tracing::error!(%error, case = id.0, "what came of a call cannot be kept; trying again");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}

/// A PSA that refuses the company no longer has it: shown beside the mapping.
async fn look_at_company(office: &Office, started: &StoredCase, errors: &[FieldError]) {
    let blames_company = |error: &FieldError| error.field.as_deref() == Some("company-id");
    if !errors.iter().any(blames_company) {
        return;
    }
    let (tenant, company) = (&started.case.tenant, &started.case.alert.company);
    let Some(company) = company else { return };
    if let Ok(Some(mapping)) = office.store.mapping(tenant, company).await
        && mapping.target.is_some()
    {
        let gone = Mapping {
            is_gone: true,
            ..mapping
        };
        if let Err(error) = office.store.put_mappings(&[gone]).await {
            tracing::error!(%error, "a mapping cannot be marked");
        }
    }
}
