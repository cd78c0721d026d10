//! `POST /service/tickets`: what is refused, what is filled in, and the ticket that comes of it.

use serde_json::Map;

use super::members::text;
use super::records::{Board, Entry};
use super::reference::{References, default_of};
use super::refusal::Fault;
use super::tenant::Tenant;
use super::ticket::{Named, Ticket};
use super::ticket_members::{TICKET, is_served_as_it_came};
use crate::mock::Answer;

/// The ticket that a body describes, not yet with an id. The error is the PSA's refusal.
pub(super) fn read_ticket(tenant: &Tenant, body: &[u8], now: &str) -> Result<Ticket, Answer> {
    let members = TICKET.read(body)?;
    let mut references = References {
        tenant,
        members: &members,
        faults: TICKET.too_long(&members),
    };
    let summary = text(&members, "summary").unwrap_or_default();
    if summary.trim().is_empty() {
        references.faults.push(Fault::required("summary"));
    }
    let company = references.company();
    let board = references.board();
    let priority = references.entry("priority", &tenant.priorities, "Priority", "");
    let source = references.entry("source", &tenant.sources, "Source", "");
    // Without a company, what is a company's cannot be judged, and the company's own fault is told.
    let contact = company.and_then(|company| references.contact(company.id));
    let site = company.and_then(|company| references.site(company.id));
    let of_board = board.map(|board| of_board(&mut references, board));
    let (Some(company), Some(board), Some(of_board), []) =
        (company, board, of_board, references.faults.as_slice())
    else {
        return Err(Answer::invalid(TICKET.resource, &references.faults));
    };
    let given = |name: &str| text(&members, name).map(str::to_owned);
    let mut ticket = Ticket {
        id: 0,
        summary: summary.to_owned(),
        company: Named::new(company.id, &company.name),
        company_identifier: company.identifier.clone(),
        board: Named::new(board.id, &board.name),
        status: Named::new(0, "New"),
        is_closed: false,
        closed_at: None,
        statuses: Vec::new(),
        ticket_type: of_board.ticket_type.map(Entry::named),
        subtype: of_board.subtype.map(Entry::named),
        item: of_board.item.map(Entry::named),
        priority: priority
            .or_else(|| default_of(&tenant.priorities))
            .map(Entry::named),
        source: source
            .or_else(|| default_of(&tenant.sources))
            .map(Entry::named),
        contact: contact.map(|contact| Named::new(contact.id, &contact.full_name())),
        site: site.map(|site| Named::new(site.id, &site.name)),
        reference: given("externalXRef"),
        description: given("initialDescription"),
        internal_note: given("initialInternalAnalysis"),
        other: Map::new(),
        notes: Vec::new(),
        configurations: Vec::new(),
        merged_into: None,
        has_merged_children: false,
        entered_by: tenant.member.clone(),
        entered_at: now.to_owned(),
        updated_by: tenant.member.clone(),
        updated_at: now.to_owned(),
    };
    let others = members.iter();
    let others = others.filter(|(name, value)| is_served_as_it_came(name) && !value.is_null());
    ticket
        .other
        .extend(others.map(|(name, value)| (name.clone(), value.clone())));
    if let Some(status) = of_board.status.or_else(|| default_of(&board.statuses)) {
        ticket.enter(status, now);
    }
    Ok(ticket)
}

/// What a ticket names of the lists of its board.
struct OfBoard<'a> {
    status: Option<&'a Entry>,
    ticket_type: Option<&'a Entry>,
    subtype: Option<&'a Entry>,
    item: Option<&'a Entry>,
}

/// An entry of another board is not found on this one.
fn of_board<'a>(references: &mut References<'a>, board: &'a Board) -> OfBoard<'a> {
    let whose = board.whose();
    let mut entry = |member, entries, what| references.entry(member, entries, what, &whose);
    OfBoard {
        status: entry("status", &board.statuses, "Service Status"),
        ticket_type: entry("type", &board.types, "Service Type"),
        subtype: entry("subType", &board.subtypes, "Service SubType"),
        item: entry("item", &board.items, "Service Item"),
    }
}
