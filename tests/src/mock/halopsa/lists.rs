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
    if asked.query("includeinactive") != Some("true") {
        rows.retain(|row| row["inactive"] != true);
    }
    rows
}

/// A page in an envelope, by name unless another order is asked for. Only `true` means descending.
pub(super) fn page(mut rows: Vec<Value>, asked: &Asked, member: &str) -> Answer {
    let total = rows.len();
    if asked.query("order") == Some("id") {
        rows.sort_by_key(|row| row["id"].as_i64());
    } else {
        rows.sort_by_key(|row| row["name"].as_str().map(str::to_lowercase));
    }
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
    Answer::json(200, &json!({"record_count": total, member: rows}))
}
