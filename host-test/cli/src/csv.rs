//! Results as CSV: a header, then one row a record. Cells are made safe for a terminal and for a spreadsheet.

use csv::Writer;
use psa_conformance::Report;
use psa_host::contract::{
    BoardMetadata, Choice, ConnectorDescription, Creation, FieldError, Named, Ticket, Verification,
};

use crate::cells::yes_or_no;
use crate::permission::{described, place_of};
use crate::text::visible;

pub(crate) fn settings(description: &ConnectorDescription) -> String {
    let rows = description.settings.iter().map(|setting| {
        [
            setting.name.clone(),
            setting.label.clone(),
            setting.kind.name().to_owned(),
            yes_or_no(setting.is_required),
            setting.supplied_by.name().to_owned(),
            setting.help.clone(),
        ]
    });
    table(
        [
            "name",
            "label",
            "kind",
            "is-required",
            "supplied-by",
            "help",
        ],
        rows,
    )
}

pub(crate) fn origins(origins: &[String]) -> String {
    table(["origin"], origins.iter().map(|origin| [origin.clone()]))
}

pub(crate) fn verification(
    verification: &Verification,
    description: &ConnectorDescription,
) -> String {
    let rows = verification.checks.iter().map(|check| {
        let permission = described(&check.permission_id, description);
        [
            check.permission_id.clone(),
            check.state.name().to_owned(),
            permission.map(place_of).unwrap_or_default(),
            permission.map_or_else(String::new, |permission| permission.request.clone()),
            check.message.clone().unwrap_or_default(),
        ]
    });
    table(
        [
            "permission-id",
            "state",
            "where-to-set-it",
            "request",
            "message",
        ],
        rows,
    )
}

/// One row for each board and for each entry of a list; `board-id` is empty for what every board has.
pub(crate) fn boards(metadata: &BoardMetadata) -> String {
    let mut rows: Vec<[String; 7]> = Vec::new();
    for board in &metadata.boards {
        rows.push([
            "board".to_owned(),
            board.id.clone(),
            board.name.clone(),
            board.id.clone(),
            yes_or_no(board.is_default),
            String::new(),
            String::new(),
        ]);
    }
    let mut row = |kind: &str, choice: &Choice, is_closed: Option<bool>, under: String| {
        rows.push([
            kind.to_owned(),
            choice.id.clone(),
            choice.name.clone(),
            choice.board_id.clone().unwrap_or_default(),
            yes_or_no(choice.is_default),
            under,
            is_closed.map(yes_or_no).unwrap_or_default(),
        ]);
    };
    for status in &metadata.statuses {
        row("status", &status.choice, status.is_closed, String::new());
    }
    for choice in &metadata.types {
        row("type", choice, None, String::new());
    }
    for subtype in &metadata.subtypes {
        row(
            "subtype",
            &subtype.choice,
            None,
            subtype.type_ids.join(", "),
        );
    }
    for item in &metadata.items {
        let paths = item.allowed_under.iter().map(|path| {
            let subtype = path.subtype_id.as_deref().unwrap_or("any");
            format!("{}/{subtype}", path.type_id)
        });
        row(
            "item",
            &item.choice,
            None,
            paths.collect::<Vec<_>>().join(", "),
        );
    }
    for choice in &metadata.priorities {
        row("priority", choice, None, String::new());
    }
    for choice in &metadata.sources {
        row("source", choice, None, String::new());
    }
    table(
        [
            "kind",
            "id",
            "name",
            "board-id",
            "is-default",
            "allowed-under",
            "is-closed",
        ],
        rows,
    )
}

pub(crate) fn objections(objections: &[FieldError]) -> String {
    let rows = objections.iter().map(|objection| {
        [
            objection.field.clone().unwrap_or_default(),
            objection.vendor_field.clone().unwrap_or_default(),
            objection.message.clone(),
        ]
    });
    table(["field", "vendor-field", "message"], rows)
}

pub(crate) fn tickets<'a>(
    tickets: impl IntoIterator<Item = &'a Ticket>,
    creation: Option<Creation>,
) -> String {
    let id = |named: &Option<Named>| named.as_ref().map(|named| named.id.clone());
    let name = |named: &Option<Named>| named.as_ref().and_then(|named| named.name.clone());
    let rows = tickets.into_iter().map(|ticket| {
        [
            Some(ticket.id.clone()),
            Some(ticket.number.clone()),
            creation.map(|creation| creation.name().to_owned()),
            Some(ticket.summary.clone()),
            id(&ticket.company),
            name(&ticket.company),
            id(&ticket.board),
            name(&ticket.board),
            name(&ticket.status),
            ticket.is_closed.map(yes_or_no),
            name(&ticket.priority),
            name(&ticket.ticket_type),
            name(&ticket.contact),
            ticket.reference.clone(),
            ticket.created_at.clone(),
            ticket.updated_at.clone(),
            ticket.closed_at.clone(),
            ticket.merged_into_id.clone(),
            ticket.web_url.clone(),
        ]
        .map(Option::unwrap_or_default)
    });
    table(
        [
            "id",
            "number",
            "creation",
            "summary",
            "company-id",
            "company",
            "board-id",
            "board",
            "status",
            "is-closed",
            "priority",
            "type",
            "contact",
            "reference",
            "created-at",
            "updated-at",
            "closed-at",
            "merged-into-id",
            "web-url",
        ],
        rows,
    )
}

/// One row for each broken rule of a check, and one for a check that found nothing: its rule is empty.
pub(crate) fn duties(report: &psa_host_conformance::Report) -> String {
    let rows = report.outcomes.iter().map(|outcome| {
        [
            outcome.id.to_owned(),
            outcome.state.to_owned(),
            outcome.kept.to_string(),
            outcome.seen.join("; "),
            outcome.remedy.to_owned(),
        ]
    });
    table(["duty", "state", "kept-trials", "seen", "remedy"], rows)
}

pub(crate) fn conformance(report: &Report) -> String {
    let mut rows: Vec<[String; 8]> = Vec::new();
    for check in &report.checks {
        let mut row = |rule: &str, expected: &str, found: &str| {
            rows.push([
                check.name.clone(),
                check.area.name().to_owned(),
                check.case.clone().unwrap_or_default(),
                check.fault.unwrap_or_default().to_owned(),
                check.runs.to_string(),
                rule.to_owned(),
                expected.to_owned(),
                found.to_owned(),
            ]);
        };
        if check.problems.is_empty() {
            row("", "", "");
        }
        for problem in &check.problems {
            row(problem.rule.name(), &problem.expected, &problem.found);
        }
    }
    table(
        [
            "check", "area", "case", "fault", "runs", "rule", "expected", "found",
        ],
        rows,
    )
}

pub(crate) fn table<const COLUMNS: usize>(
    header: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    // Writing to memory does not fail, and every row has as many cells as the header.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row.map(|cell| safe(&cell)));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A name in a PSA must not become a formula in a spreadsheet.
fn safe(cell: &str) -> String {
    let cell = visible(cell);
    // The wide forms are the same to a spreadsheet in some languages.
    if cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_run() {
        let cases = [
            ("Riverside Dental", "Riverside Dental"),
            ("a, b", "\"a, b\""),
            ("the \"one\"", "\"the \"\"one\"\"\""),
            ("two\nlines", "two\\nlines"),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("-5", "'-5"),
            ("＝1+1", "'＝1+1"),
            ("a\u{1b}[2J", "a\\u{1b}[2J"),
            ("", "\"\""),
            ("Größe", "Größe"),
        ];
        for (cell, expected) in cases {
            let text = table(["name"], [[cell.to_owned()]]);
            assert_eq!(text, format!("name\n{expected}\n"), "{cell}");
        }
        assert_eq!(table::<2>(["a", "b"], []), "a,b\n");
    }
}
