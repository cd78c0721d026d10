//! Lists that come in pages: the arguments that choose one page or all of them, and the calls.

use clap::Args;

use crate::failure::Failure;
use crate::tenant::Tenant;

/// A listing without an end is stopped at either: what fits into memory, and what a person waits for.
const MOST_ROWS: usize = 1_000_000;
const MOST_PAGES: usize = 1_000;
/// The most that a call returns, but for companies.
pub(crate) const LARGEST_PAGE: u32 = 1_000;

/// Which pages of a list.
#[derive(Args)]
pub(crate) struct Pages {
    /// At most this many in one call [default: as many as the connector chooses; with --all, as many as it allows]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) limit: Option<u32>,
    /// Continue after the previous page: the cursor that it printed
    #[arg(long, value_name = "CURSOR", value_parser = cursor, allow_hyphen_values = true)]
    pub(crate) cursor: Option<String>,
    /// List every page
    #[arg(long)]
    pub(crate) all: bool,
}

/// An empty one, such as a variable that is not set, would start the list again.
fn cursor(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("it is empty: to start at the beginning, leave --cursor out".to_owned());
    }
    Ok(text.to_owned())
}

impl Pages {
    pub(crate) const ALL: Self = Self {
        limit: None,
        cursor: None,
        all: true,
    };
}

/// Which page a call asks for.
pub(crate) struct Place {
    pub(crate) limit: Option<u32>,
    pub(crate) cursor: Option<String>,
}

/// What was read, and where it goes on.
pub(crate) struct Listing<Row> {
    pub(crate) rows: Vec<Row>,
    pub(crate) next_cursor: Option<String>,
}

/// Reads one page, or every page from there on. With `--all`, each call asks for as many rows as the contract allows, so
/// that the requests of a call overlap.
pub(crate) async fn read<Row>(
    tenant: &Tenant,
    pages: Pages,
    largest_page: u32,
    rows_are: &str,
    mut page: impl AsyncFnMut(Place) -> Result<Listing<Row>, Failure>,
) -> Result<Listing<Row>, Failure> {
    let limit = pages.limit.or(pages.all.then_some(largest_page));
    let mut cursor = pages.cursor;
    let mut rows = Vec::new();
    let mut count = 0;
    while count < MOST_PAGES && rows.len() < MOST_ROWS {
        count += 1;
        let place = Place {
            limit,
            cursor: cursor.clone(),
        };
        let Listing {
            rows: more,
            next_cursor,
        } = page(place).await?;
        rows.extend(more);
        tenant.watch.count(rows_are, rows.len());
        if !pages.all || next_cursor.is_none() {
            return Ok(Listing { rows, next_cursor });
        }
        if next_cursor == cursor {
            return Err(Failure::defect(
                "the connector returned the same cursor twice, so the list would never end",
            ));
        }
        cursor = next_cursor;
    }
    Err(Failure::Stopped {
        message: format!(
            "the list was stopped after {count} pages with {} {rows_are}",
            rows.len()
        ),
        hint: format!(
            "Ask for fewer {rows_are}, or raise --limit if you set it. If there are not that many {rows_are}, the PSA has a defect."
        ),
    })
}
