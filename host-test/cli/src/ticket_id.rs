//! Which ticket a command is about: `--ticket ID`. The id alone is understood too.

use clap::Args;

#[derive(Args)]
pub(crate) struct TicketId {
    /// The ticket's id; required
    #[arg(
        long,
        value_name = "ID",
        allow_negative_numbers = true,
        required_unless_present = "ticket_alone"
    )]
    ticket: Option<String>,
    #[arg(
        value_name = "ID",
        hide = true,
        allow_negative_numbers = true,
        conflicts_with = "ticket"
    )]
    ticket_alone: Option<String>,
}

impl TicketId {
    pub(crate) fn get(self) -> String {
        // The parser lets through exactly one of them.
        self.ticket.or(self.ticket_alone).unwrap_or_default()
    }
}
