//! The matrix of cases and faults. It is most of the page, so a cell is as short as it can be.

use maud::{Markup, html};

use super::super::Report;
use super::super::count::{Column, Count, Row, folder, matrix};
use super::failures::Shown;
use super::{class, counted};
use crate::visible;

pub(super) fn section(report: &Report, failures: &Shown<'_>) -> Markup {
    let matrix = matrix(report);
    let folders: Vec<_> = matrix
        .rows
        .chunk_by(|one, next| folder(one.case) == folder(next.case))
        .collect();
    html! {
        @if !matrix.rows.is_empty() {
            section {
                h2 { "Cases and faults" }
                p {
                    "A number is the number of checks; 1/4 means that one of four failed. "
                    "An empty cell means that no check was made."
                }
                (choice())
                div.matrix tabindex="0" {
                    table {
                        (head(&matrix.columns))
                        @for rows in folders {
                            (body(rows, &matrix.columns, failures))
                        }
                    }
                }
            }
        }
    }
}

/// Works without a script: the style sheet asks which one is checked.
fn choice() -> Markup {
    html! {
        fieldset.choice {
            label { input type="radio" name="rows" id="rows-none" checked; " Totals only" }
            label { input type="radio" name="rows" id="rows-failed"; " Cases with failures" }
            label { input type="radio" name="rows" id="rows-all"; " Every case" }
        }
    }
}

fn head(columns: &[Column]) -> Markup {
    html! {
        thead {
            tr {
                th.corner { "Case" }
                @for column in columns {
                    th scope="col" class=[(!column.is_fault).then_some("area")] { span { (column.name) } }
                }
            }
        }
    }
}

fn body(rows: &[Row<'_>], columns: &[Column], failures: &Shown<'_>) -> Markup {
    let name = rows.first().map_or("", |row| folder(row.case));
    html! {
        tbody {
            tr.folder {
                th scope="row" { (visible(name)) " " span.count { (counted(rows.len(), "case")) } }
                @for (place, column) in columns.iter().enumerate() {
                    (cell(Count::sum(rows.iter().map(|row| row.cells[place])), name, column, None))
                }
            }
            @for row in rows {
                tr.case.(class(Count::sum(row.cells.iter().copied()))) {
                    th scope="row" { (visible(row.case)) }
                    @for (count, column) in row.cells.iter().zip(columns) {
                        (cell(*count, row.case, column, failures.anchor(row.case, column.name)))
                    }
                }
            }
        }
    }
}

/// Its title says which cell it is, without the folder: there are thousands.
fn cell(count: Count, row: &str, column: &Column, anchor: Option<String>) -> Markup {
    let row = row.split_once('/').map_or(row, |(_, case)| case);
    let title = || format!("{}, {}: ", visible(row), column.name);
    html! {
        @match count {
            Count { checks: 0, .. } => td {},
            Count { failed: 0, checks, .. } => {
                td.p title={ (title()) (counted(checks, "check")) } { (checks) }
            }
            Count { failed, checks, .. } => {
                td.x title={ (title()) (failed) " of " (checks) " failed" } {
                    @if let Some(anchor) = anchor {
                        a href={ "#" (anchor) } { (failed) "/" (checks) }
                    } @else {
                        (failed) "/" (checks)
                    }
                }
            }
        }
    }
}
