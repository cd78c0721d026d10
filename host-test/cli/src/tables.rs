//! Results for people. Every text of the connector or of the PSA goes through `visible`.

use comfy_table::{ColumnConstraint, Table, presets};
use psa_host::contract::{
    ConnectorDescription, FieldError, Named, PermissionState, SettingKind, SettingSupplier, Ticket,
    Verification,
};

use crate::failure::place_of;
use crate::settings::variable_name;
use crate::text::visible;

/// Aligned columns without lines, so that they can be searched and cut. Cells are made safe here.
pub(crate) fn table<Row: IntoIterator<Item = String>>(
    header: &[&str],
    rows: impl IntoIterator<Item = Row>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if !header.is_empty() {
        table.set_header(header);
    }
    for row in rows {
        table.add_row(row.into_iter().map(|cell| visible(&cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    let lines: Vec<_> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.join("\n")
}

pub(crate) fn lines(items: &[String]) -> String {
    let lines: Vec<_> = items.iter().map(|item| visible(item)).collect();
    lines.join("\n")
}

pub(crate) fn indented(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

pub(crate) fn description(description: &ConnectorDescription) -> String {
    let settings = description.settings.iter().map(|setting| {
        let mut remarks = vec![
            if setting.is_required {
                "required"
            } else {
                "optional"
            }
            .to_owned(),
        ];
        match setting.kind {
            SettingKind::Secret => remarks.push("secret".to_owned()),
            SettingKind::Choice => {
                let values: Vec<_> = setting
                    .choices
                    .iter()
                    .map(|choice| choice.value.as_str())
                    .collect();
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
        [
            setting.name.clone(),
            variable_name(&setting.name),
            remarks.join(", "),
        ]
    });
    let permissions = description.permissions.iter().map(|permission| {
        let operations: Vec<_> = permission
            .needed_for
            .iter()
            .map(|operation| operation.name())
            .collect();
        [
            place_of(permission),
            permission.request.clone(),
            operations.join(", "),
        ]
    });
    let fields = description.input_fields.iter().map(|field| {
        let length = field
            .maximum_length
            .map(|length| format!("at most {length} characters"));
        let required = if field.is_required {
            "required"
        } else {
            "optional"
        };
        [
            field.name.clone(),
            required.to_owned(),
            length.unwrap_or_default(),
        ]
    });
    let helps: Vec<_> = description
        .settings
        .iter()
        .map(|setting| Some(setting.help.as_str()))
        .collect();
    format!(
        "{} connector {}\n\nSettings\n{}\n\nPermissions to grant\n{}\n\nFields of a ticket\n{}",
        visible(&description.vendor),
        visible(&description.version),
        with_remarks(&table(&[], settings), &helps),
        indented(&table(
            &["WHERE TO SET IT", "REQUEST", "NEEDED FOR"],
            permissions
        )),
        indented(&table(&[], fields)),
    )
}

/// The rows of a table without header, each with its remark on a line below.
fn with_remarks(table: &str, remarks: &[Option<&str>]) -> String {
    let mut lines = Vec::new();
    for (row, remark) in table.lines().zip(remarks) {
        lines.push(format!("  {row}"));
        lines.extend(remark.map(|remark| format!("      {}", visible(remark))));
    }
    lines.join("\n")
}

pub(crate) fn verification(
    verification: &Verification,
    description: &ConnectorDescription,
) -> String {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            facts.push([name.to_owned(), value]);
        }
    };
    fact("Account", verification.account.clone());
    fact("Server version", verification.server_version.clone());
    fact(
        "Companies",
        verification
            .visible_companies
            .map(|count| format!("{count} visible")),
    );
    fact(
        "Boards",
        verification
            .visible_boards
            .map(|count| format!("{count} visible")),
    );

    let checks = verification.checks.iter().map(|check| {
        let permission = description
            .permissions
            .iter()
            .find(|permission| permission.id == check.permission_id);
        let place = permission.map_or_else(|| check.permission_id.clone(), place_of);
        // Several rights may be set at one place: only the request tells them apart.
        let request = permission.map(|permission| permission.request.clone());
        [
            mark(check.state).to_owned(),
            check.state.name().to_owned(),
            place,
            request.unwrap_or_default(),
        ]
    });
    let messages: Vec<_> = verification
        .checks
        .iter()
        .map(|check| check.message.as_deref())
        .collect();
    let checklist = with_remarks(&table(&[], checks), &messages);
    let count = |state| {
        verification
            .checks
            .iter()
            .filter(|check| check.state == state)
            .count()
    };
    let verdict = match (
        count(PermissionState::Missing),
        count(PermissionState::Unknown),
    ) {
        (0, 0) if verification.is_complete => "Every permission is there.".to_owned(),
        (0, unknown) if verification.is_complete => {
            format!("No permission is missing; {unknown} could not be determined.")
        }
        (missing, _) => format!(
            "{missing} missing: an administrator of the PSA grants it at the place named above."
        ),
    };
    let facts = table(&[], facts);
    format!("{facts}\n\nPermissions\n{checklist}\n\n{verdict}")
        .trim_start()
        .to_owned()
}

fn mark(state: PermissionState) -> &'static str {
    match state {
        PermissionState::Granted => "✓",
        PermissionState::Limited => "~",
        PermissionState::Missing => "✗",
        PermissionState::Unknown => "?",
    }
}

pub(crate) fn objections(objections: &[FieldError]) -> String {
    if objections.is_empty() {
        return "No objection found. What may not be read was not checked.".to_owned();
    }
    format!(
        "The ticket would not be accepted:\n{}",
        field_errors(objections)
    )
}

/// A part of a result: what the PSA did not take over. Empty if that is nothing.
pub(crate) fn not_applied(not_applied: &[FieldError]) -> String {
    if not_applied.is_empty() {
        return String::new();
    }
    format!("\nNot as it was sent:\n{}", field_errors(not_applied))
}

fn field_errors(errors: &[FieldError]) -> String {
    let rows = errors.iter().map(|error| {
        let field = error.field.as_ref().or(error.vendor_field.as_ref());
        [field.cloned().unwrap_or_default(), error.message.clone()]
    });
    indented(&table(&[], rows))
}

pub(crate) fn ticket(ticket: &Ticket) -> String {
    let named = |named: &Option<Named>| {
        named.as_ref().map(|named| match &named.name {
            Some(name) => format!("{name} ({})", named.id),
            None => named.id.clone(),
        })
    };
    let id = (ticket.id != ticket.number).then(|| ticket.id.clone());
    let done = ticket
        .is_closed
        .map(|is_closed| if is_closed { "yes" } else { "no" }.to_owned());
    let rows = [
        ("Ticket", Some(ticket.number.clone())),
        ("Id", id),
        ("Summary", Some(ticket.summary.clone())),
        ("Company", named(&ticket.company)),
        ("Board", named(&ticket.board)),
        ("Status", named(&ticket.status)),
        ("Done", done),
        ("Priority", named(&ticket.priority)),
        ("Type", named(&ticket.ticket_type)),
        ("Reference", ticket.reference.clone()),
        ("Created", ticket.created_at.clone()),
        ("In a browser", ticket.web_url.clone()),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| [name.to_owned(), value]));
    indented(&table(&[], rows))
}
