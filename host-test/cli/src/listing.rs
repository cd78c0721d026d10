//! A list of records as a table and as CSV: the same columns, so that neither lacks what the other has.

use indicatif::HumanCount;
use serde::Serialize;

use crate::failure::Failure;
use crate::layout::{Width, table};
use crate::output::Output;
use crate::tenant::Tenant;
use crate::text::visible;
use crate::{csv, exit};

/// How the records of one kind are listed.
pub(crate) struct Columns<Row, const COLUMNS: usize> {
    /// The contract's names; the heads of the table are made of them.
    pub(crate) names: [&'static str; COLUMNS],
    pub(crate) cells: fn(&Row) -> [String; COLUMNS],
    /// One of them, and several.
    pub(crate) nouns: [&'static str; 2],
}

impl<Row, const COLUMNS: usize> Columns<Row, COLUMNS> {
    /// `page` is the contract's record of these rows.
    pub(crate) fn output(
        &self,
        tenant: &Tenant,
        page: &impl Serialize,
        rows: &[Row],
        next_cursor: Option<&str>,
    ) -> Result<Output, Failure> {
        Output::new(
            tenant.format,
            page,
            |width| self.table(rows, next_cursor, width),
            || csv::table(self.names, rows.iter().map(self.cells)),
            exit::SUCCESS,
        )
    }

    pub(crate) fn table(&self, rows: &[Row], next_cursor: Option<&str>, width: Width) -> String {
        let heads = self.names.map(head);
        let heads = heads.each_ref().map(String::as_str);
        let table = table(&heads, rows.iter().map(self.cells), width);
        let [one, several] = self.nouns;
        let count = match rows.len() {
            0 => format!("No {several}."),
            1 => format!("{table}\n\n1 {one}."),
            count => {
                let count = HumanCount(u64::try_from(count).unwrap_or(u64::MAX));
                format!("{table}\n\n{count} {several}.")
            }
        };
        match next_cursor {
            Some(cursor) => format!(
                "{count} There are more: add --all, or --cursor {}",
                visible(cursor)
            ),
            None => count,
        }
    }
}

/// `is-active` is `ACTIVE`.
fn head(name: &str) -> String {
    let name = name.strip_prefix("is-").unwrap_or(name);
    name.replace('-', " ").to_uppercase()
}
