//! JSON of any shape: a person chose on a captured sample where things are.

use serde_json::Value;

use super::fields::{apply_map, flattened, key_at, text_at};
use super::source::SourceRules;
use super::{Reading, Request, accepted, json_body, not_understood, unsupported_media_type};
use crate::alert::Alert;
use crate::reference::sha256_hex;

pub(super) fn read(source: &str, rules: &SourceRules, request: &Request<'_>) -> Reading {
    if !request.may_be_json() {
        return unsupported_media_type("application/json");
    }
    match json_body(request.body).and_then(|body| alert(source, rules, &body, request.body.len())) {
        Ok(alert) => Reading::Alerts {
            alerts: vec![alert],
            answer: accepted(rules, 1),
        },
        Err(why) => not_understood(why),
    }
}

/// The alert in a value, by the source's pointers.
fn alert(source: &str, rules: &SourceRules, value: &Value, size: usize) -> Result<Alert, String> {
    let Some(key) = key_at(value, &rules.fields.key)? else {
        return Err("it is not chosen yet which field is the key of this source".to_owned());
    };
    // Not the bytes: an object with its members in another order is the same event.
    let mut in_order = Vec::with_capacity(size);
    serde_json::to_writer(&mut in_order, value).map_err(|error| error.to_string())?;
    let summary = rules.fields.summary.as_deref();
    let mut alert = Alert {
        source: source.to_owned(),
        summary: summary
            .and_then(|it| text_at(value, it))
            .unwrap_or_else(|| key.clone()),
        key,
        event: sha256_hex(&in_order),
        fields: flattened(value),
        ..Alert::default()
    };
    apply_map(&mut alert, rules, value);
    Ok(alert)
}
