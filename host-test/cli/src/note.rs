//! `psa-host note`: adds a note to a ticket.

use clap::{Args, ValueEnum};
use psa_host::contract::{CreatedNote, Creation, NoteAudience, NoteDraft};

use crate::connection::Connection;
use crate::draft::{details, label_and_value, links};
use crate::failure::Failure;
use crate::layout::paragraph;
use crate::output::Output;
use crate::tenant::Tenant;
use crate::ticket_id::TicketId;
use crate::{csv, exit, given, tables};

#[derive(Args)]
pub(crate) struct Note {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    ticket: TicketId,
    /// What the note says; `-` reads it from standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    text: String,
    /// A line under the text; may be repeated
    #[arg(long, value_name = "LABEL=VALUE", value_parser = label_and_value, allow_hyphen_values = true)]
    detail: Vec<(String, String)>,
    /// A link under the text, an https URL; may be repeated
    #[arg(long, value_name = "LABEL=URL", value_parser = label_and_value, allow_hyphen_values = true)]
    link: Vec<(String, String)>,
    /// Who can read the note
    #[arg(long, value_enum, default_value_t = Audience::Staff)]
    audience: Audience,
    /// Your own name for this note: repeating the call with it finds the note instead of adding a second one
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reference: Option<String>,
    /// More members for the PSA's own request, as a JSON object; `@FILE` reads it from a file
    #[arg(long, value_name = "JSON")]
    vendor_fields: Option<String>,
}

/// The contract's `note-audience`.
#[derive(Clone, Copy, ValueEnum)]
enum Audience {
    /// The staff of the managed service provider only
    Staff,
    /// The customer, too
    Customer,
}

pub(crate) fn draft(command: Note) -> Result<(Connection, NoteDraft), Failure> {
    let note = NoteDraft {
        ticket_id: command.ticket.get(),
        text: given::text("--text", &command.text)?,
        details: details(command.detail),
        links: links(command.link),
        audience: match command.audience {
            Audience::Staff => NoteAudience::Staff,
            Audience::Customer => NoteAudience::Customer,
        },
        reference: command.reference,
        vendor_fields: given::vendor_fields(command.vendor_fields.as_deref())?,
    };
    Ok((command.connection, note))
}

pub(crate) async fn run(tenant: &Tenant, note: NoteDraft) -> Result<Output, Failure> {
    let ticket_id = note.ticket_id.clone();
    let created = tenant
        .call()?
        .add_note(tenant.settings.clone(), note)
        .await
        .map_err(|error| tenant.failure(error))?;
    let done = done(&created, &ticket_id);
    let output = Output::new(
        tenant.format,
        &created,
        |width| paragraph(0, &done, width) + &tables::not_applied(&created.not_applied, width),
        || csv(&created),
        exit::SUCCESS,
    );
    output.map(|output| output.done(done.clone()))
}

fn done(created: &CreatedNote, ticket_id: &str) -> String {
    let note = match &created.id {
        Some(id) => format!("Note {id}"),
        None => "The note".to_owned(),
    };
    match created.creation {
        Creation::Created => format!("{note} was added to ticket {ticket_id}."),
        Creation::Found => {
            format!("{note} was found on ticket {ticket_id} by its reference; nothing was added.")
        }
    }
}

fn csv(created: &CreatedNote) -> String {
    let not_applied = created.not_applied.iter().map(|error| {
        let field = error.field.as_ref().or(error.vendor_field.as_ref());
        format!("{}: {}", field.map_or("", String::as_str), error.message)
    });
    csv::table(
        ["id", "creation", "not-applied"],
        [[
            created.id.clone().unwrap_or_default(),
            created.creation.name().to_owned(),
            not_applied.collect::<Vec<_>>().join("; "),
        ]],
    )
}
