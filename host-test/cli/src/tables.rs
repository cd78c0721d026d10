//! Results for people. Every text of the connector or of the PSA goes through `visible`.

use psa_host::contract::{
    ConnectorDescription, FieldError, Named, Operation, SettingDescription, SettingKind,
    SettingSupplier, Ticket,
};

use crate::layout::{Width, indented_table, paragraph};
use crate::permission::place_of;
use crate::settings::variable_name;
use crate::terminal::{HEADING, styled};
use crate::text::visible;

pub(crate) fn lines(items: &[String]) -> String {
    let lines: Vec<_> = items.iter().map(|item| visible(item)).collect();
    lines.join("\n")
}

pub(crate) fn description(description: &ConnectorDescription, width: Width) -> String {
    let settings = description.settings.iter();
    let settings: Vec<_> = settings.map(|it| setting(it, width)).collect();
    let permissions = description.permissions.iter().map(|permission| {
        let operations = permission.needed_for.iter();
        let operations: Vec<_> = operations.map(|operation| operation.name()).collect();
        [
            place_of(permission),
            permission.request.clone(),
            operations.join(", "),
        ]
    });
    let permissions = indented_table(
        2,
        &["WHERE TO SET IT", "REQUEST", "NEEDED FOR"],
        permissions,
        width,
    );
    let mut sections = vec![
        ("Settings".to_owned(), settings.join("\n")),
        ("Permissions to grant".to_owned(), permissions),
    ];
    let operations = Operation::ALL.iter();
    sections.extend(operations.filter_map(|operation| fields(*operation, description, width)));
    let sections = sections.iter();
    let sections: Vec<_> = sections
        .map(|(name, text)| format!("{}\n{text}", styled(HEADING, name)))
        .collect();
    let vendor = visible(&description.vendor);
    let version = visible(&description.version);
    format!("{vendor} connector {version}\n\n{}", sections.join("\n\n"))
}

/// The fields that the PSA takes in this operation. None: it takes none.
fn fields(
    operation: Operation,
    description: &ConnectorDescription,
    width: Width,
) -> Option<(String, String)> {
    let fields = description.input_fields.iter();
    let fields: Vec<_> = fields
        .filter(|field| field.operation == operation)
        .map(|field| {
            let remarks = [
                field
                    .maximum_length
                    .map(|length| format!("at most {length} characters")),
                field
                    .maximum_count
                    .map(|count| format!("at most {count} of them")),
                (!field.allowed.is_empty()).then(|| format!("one of {}", field.allowed.join(", "))),
            ];
            let remarks: Vec<_> = remarks.into_iter().flatten().collect();
            [
                field.name.clone(),
                required_or_optional(field.is_required).to_owned(),
                remarks.join(", "),
            ]
        })
        .collect();
    let heading = match operation {
        Operation::CreateTicket => "Fields of a ticket".to_owned(),
        Operation::AddNote => "Fields of a note".to_owned(),
        Operation::SetStatus => "Fields of a status change".to_owned(),
        other => format!("Fields of {}", other.name()),
    };
    let is_there = !fields.is_empty();
    is_there.then(|| (heading, indented_table(2, &[], fields, width)))
}

/// Its names and what it takes, and under them its help.
fn setting(setting: &SettingDescription, width: Width) -> String {
    let mut remarks = vec![required_or_optional(setting.is_required).to_owned()];
    match setting.kind {
        SettingKind::Secret => remarks.push("secret".to_owned()),
        SettingKind::Choice => {
            let values = setting.choices.iter().map(|choice| choice.value.as_str());
            let values: Vec<_> = values.collect();
            remarks.push(format!("one of {}", values.join(", ")));
        }
        SettingKind::Host | SettingKind::Text => {}
    }
    if setting.supplied_by == SettingSupplier::Platform {
        remarks.push("from the platform".to_owned());
    }
    if let Some(example) = &setting.example {
        remarks.push(format!("such as {example}"));
    }
    let row = [
        setting.name.clone(),
        variable_name(&setting.name),
        remarks.join(", "),
    ];
    format!(
        "{}\n{}",
        indented_table(2, &[], [row], width),
        paragraph(6, &setting.help, width)
    )
}

fn required_or_optional(is_required: bool) -> &'static str {
    if is_required { "required" } else { "optional" }
}

pub(crate) fn objections(objections: &[FieldError], width: Width) -> String {
    if objections.is_empty() {
        return paragraph(
            0,
            "No problems found. Records that these credentials cannot read were not checked.",
            width,
        );
    }
    format!(
        "The ticket would not be accepted:\n{}",
        field_errors(objections, width)
    )
}

/// A part of a result: what the PSA did not take over. Empty if that is nothing.
pub(crate) fn not_applied(not_applied: &[FieldError], width: Width) -> String {
    if not_applied.is_empty() {
        return String::new();
    }
    format!(
        "\nNot applied as sent:\n{}",
        field_errors(not_applied, width)
    )
}

fn field_errors(errors: &[FieldError], width: Width) -> String {
    let rows = errors.iter().map(|error| {
        let field = error.field.as_ref().or(error.vendor_field.as_ref());
        [field.cloned().unwrap_or_default(), error.message.clone()]
    });
    indented_table(2, &[], rows, width)
}

pub(crate) fn ticket(ticket: &Ticket, width: Width) -> String {
    let named = |named: &Option<Named>| {
        named.as_ref().map(|named| match &named.name {
            Some(name) => format!("{name} ({})", named.id),
            None => named.id.clone(),
        })
    };
    let id = (ticket.id != ticket.number).then(|| ticket.id.clone());
    let is_closed = ticket
        .is_closed
        .map(|is_closed| if is_closed { "yes" } else { "no" }.to_owned());
    let rows = [
        ("Ticket", Some(ticket.number.clone())),
        ("Id", id),
        ("Summary", Some(ticket.summary.clone())),
        ("Company", named(&ticket.company)),
        ("Board", named(&ticket.board)),
        ("Status", named(&ticket.status)),
        ("Closed", is_closed),
        ("Priority", named(&ticket.priority)),
        ("Type", named(&ticket.ticket_type)),
        ("Contact", named(&ticket.contact)),
        ("Reference", ticket.reference.clone()),
        ("Created", ticket.created_at.clone()),
        ("Updated", ticket.updated_at.clone()),
        ("Closed at", ticket.closed_at.clone()),
        ("Merged into", ticket.merged_into_id.clone()),
        ("Web page", ticket.web_url.clone()),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| [name.to_owned(), value]));
    indented_table(2, &[], rows, width)
}
