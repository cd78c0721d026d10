//! Pages of lists that do not end. Their rows have what any list of the API has, and stand for no record.

use serde_json::{Value, json};

use crate::mock::Answer;
use crate::mock::Asked;
use crate::mock::Endless;

/// As far as the row with the highest id says that the list goes.
const HIGHEST_ID: i64 = 1 << 40;

/// The page that was asked for.
pub(super) fn page(asked: &Asked, pages: Endless) -> Answer {
    let size = asked.query("pageSize").and_then(|size| size.parse().ok());
    let size: i64 = size.unwrap_or(25);
    let after = id_after(asked, "id>").unwrap_or(0);
    let through = id_after(asked, "id<=").unwrap_or(HIGHEST_ID);
    let is_backwards = asked.query("orderBy") == Some("id desc");
    let ids = match pages {
        _ if is_backwards => HIGHEST_ID..=HIGHEST_ID,
        Endless::NewRows => after + 1..=through.min(after + size),
        Endless::SameRows => 1..=size,
        Endless::OneRowAPage => after + 1..=after + 1,
    };
    let rows: Vec<Value> = ids
        .map(|id| json!({"id": id, "name": format!("Row {id}")}))
        .collect();
    let next = format!("<https://{}{}>; rel=\"next\"", asked.authority, asked.path);
    Answer::json(200, &Value::Array(rows)).with_header("link", next)
}

/// The number that follows an operator in the conditions.
fn id_after(asked: &Asked, operator: &str) -> Option<i64> {
    let (_, rest) = asked.query("conditions")?.split_once(operator)?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit());
    rest[..end.unwrap_or(rest.len())].parse().ok()
}
