//! Lists: pages, order and filters, and what Halo does not do with them.

use serde_json::{Value, json};

use crate::mock::{Answer, Asked};

/// A page holds no more, whatever is asked for.
const LARGEST_PAGE: usize = 100;

/// The rows of a list whose members are equal to the parameters of the same names; parameters that are no filter here are
/// ignored.
pub(super) fn filtered(
    rows: impl Iterator<Item = Value>,
    asked: &Asked,
    filters: &[&str],
) -> Vec<Value> {
    let given: Vec<(&str, &str)> = filters
        .iter()
        .filter_map(|name| Some((*name, asked.query(name)?)))
        .collect();
    rows.filter(|row| {
        let is_equal = |(name, value): &(&str, &str)| {
            let shown = row[*name].as_f64().map(|number| number.to_string());
            shown.as_deref() == Some(*value)
        };
        given.iter().all(is_equal)
    })
    .collect()
}

/// Without inactive ones, unless they are asked for.
pub(super) fn active(mut rows: Vec<Value>, asked: &Asked) -> Vec<Value> {
    if !shows_inactive(asked) {
        rows.retain(|row| row["inactive"] != true);
    }
    rows
}

pub(super) fn shows_inactive(asked: &Asked) -> bool {
    asked.query("includeinactive") == Some("true")
}

/// A page in an envelope, by name unless another order is asked for. Only `true` means descending.
pub(super) fn page(mut rows: Vec<Value>, asked: &Asked, member: &str) -> Answer {
    let total = rows.len();
    if is_by_id(asked) {
        rows.sort_by_key(|row| row["id"].as_i64());
    } else {
        rows.sort_by_key(|row| row["name"].as_str().map(str::to_lowercase));
    }
    envelope(member, total, on_page(rows, asked))
}

pub(super) fn is_by_id(asked: &Asked) -> bool {
    asked.query("order") == Some("id")
}

/// Those of sorted rows that are on the page, or all of them if no page is asked for.
pub(super) fn on_page<T>(mut rows: Vec<T>, asked: &Asked) -> Vec<T> {
    if asked.query("orderdesc") == Some("true") {
        rows.reverse();
    }
    let number = |name: &str| {
        asked
            .query(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    if asked.query("pageinate") == Some("true") {
        let size = number("page_size")
            .unwrap_or(LARGEST_PAGE)
            .clamp(1, LARGEST_PAGE);
        let skipped = number("page_no")
            .unwrap_or(1)
            .saturating_sub(1)
            .saturating_mul(size);
        rows = rows.into_iter().skip(skipped).take(size).collect();
    }
    rows
}

pub(super) fn envelope(member: &str, total: usize, rows: Vec<Value>) -> Answer {
    Answer::json(200, &json!({"record_count": total, member: rows}))
}
