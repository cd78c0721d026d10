//! PagerDuty's Events API v2: `POST /v2/enqueue`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::fields::{apply_map, fitting_key, flattened, key_at, link, text_of};
use super::source::SourceRules;
use super::{Answer, Reading, Request, json_answer, json_body};
use crate::alert::{Alert, Field, Severity, Status};
use crate::reference::sha256_hex;

#[derive(Deserialize)]
struct Event {
    event_action: Option<String>,
    dedup_key: Option<String>,
    payload: Option<Value>,
    client: Option<String>,
    client_url: Option<String>,
    #[serde(default)]
    links: Vec<EventLink>,
}

#[derive(Deserialize)]
struct EventLink {
    href: Option<String>,
    text: Option<String>,
}

pub(super) fn read(source: &str, rules: &SourceRules, request: &Request<'_>) -> Reading {
    match event(source, rules, request.body) {
        Ok(alert) => Reading::Alerts {
            answer: json_answer(
                rules.success_status.unwrap_or(202),
                &json!({"status": "success", "message": "Event processed", "dedup_key": alert.key}),
            ),
            alerts: vec![alert],
        },
        Err(errors) => Reading::NotUnderstood {
            why: errors.join("; "),
            answer: refusal(400, &errors),
        },
    }
}

/// An answer in PagerDuty's shape.
pub(super) fn error(status: u16, words: &str) -> Answer {
    refusal(status, &[words.to_owned()])
}

fn refusal(status: u16, errors: &[String]) -> Answer {
    let (name, message) = match status {
        400 => ("invalid event", "Event object is invalid"),
        401 => ("unauthorized", "Routing key is invalid"),
        413 => ("invalid event", "Event object is too large"),
        _ => ("error", "Event was not processed"),
    };
    json_answer(
        status,
        &json!({"status": name, "message": message, "errors": errors}),
    )
}

/// All that is wrong, at once.
fn event(source: &str, rules: &SourceRules, body: &[u8]) -> Result<Alert, Vec<String>> {
    let value = json_body(body).map_err(|why| vec![why])?;
    let event: Event = serde_json::from_value(value.clone())
        .map_err(|error| vec![format!("the event cannot be read: {error}")])?;
    let mut errors = Vec::new();
    let action = event.event_action.as_deref().unwrap_or_default();
    let status = match action {
        "trigger" => Status::Firing,
        "acknowledge" => Status::Acknowledged,
        "resolve" => Status::Recovered,
        _ => {
            errors.push("'event_action' must be trigger, acknowledge or resolve".to_owned());
            Status::Firing
        }
    };
    let is_trigger = action == "trigger";
    let payload = event.payload.unwrap_or(Value::Null);
    let member = |name: &str| payload.get(name).and_then(text_of);
    let dedup_key = event.dedup_key.filter(|key| !key.is_empty());
    if dedup_key.as_ref().is_some_and(|key| key.len() > 255) {
        errors.push("'dedup_key' is longer than 255 characters".to_owned());
    }
    if is_trigger {
        for name in ["summary", "source", "severity"] {
            if member(name).is_none() {
                errors.push(format!("'payload.{name}' is missing or blank"));
            }
        }
    } else if dedup_key.is_none() {
        errors.push("'dedup_key' is missing or blank".to_owned());
    }
    let severity = member("severity");
    let known = severity.as_deref().map(|words| {
        let own = rules.severities.contains_key(words);
        let pagerduty = ["critical", "error", "warning", "info"].contains(&words);
        (own || pagerduty).then(|| rules.severity(words)).flatten()
    });
    if known == Some(None) {
        errors.push("'payload.severity' must be critical, error, warning or info".to_owned());
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let digest = sha256_hex(body);
    let chosen = key_at(&value, &rules.fields.key).map_err(|why| vec![why])?;
    let links = event
        .links
        .iter()
        .filter_map(|it| link(it.text.as_deref().unwrap_or("Link"), it.href.as_deref()?));
    let client = event.client.as_deref().unwrap_or("Alert");
    let client_link = event.client_url.as_deref().and_then(|it| link(client, it));
    let mut alert = Alert {
        source: source.to_owned(),
        // PagerDuty makes up a key. The digest of the body is one that a sender who repeats the event gets again.
        key: chosen
            .or(dedup_key)
            .unwrap_or_else(|| digest[..32].to_owned()),
        event: digest,
        is_unique: false,
        status,
        severity: known.flatten().unwrap_or(Severity::Medium),
        summary: member("summary").unwrap_or_default(),
        description: None,
        company: member("group"),
        occurred_at: member("timestamp"),
        fields: fields_of(&payload),
        links: client_link.into_iter().chain(links).collect(),
    };
    apply_map(&mut alert, rules, &value);
    alert.key = fitting_key(&alert.key);
    Ok(alert)
}

/// The members of `custom_details` under their own names, after those of the payload.
fn fields_of(payload: &Value) -> Vec<Field> {
    let mut fields: Vec<Field> = ["timestamp", "source", "component", "group", "class"]
        .iter()
        .filter_map(|name| {
            Some(Field {
                name: (*name).to_owned(),
                value: text_of(payload.get(name)?)?,
            })
        })
        .collect();
    if let Some(details) = payload.get("custom_details") {
        fields.extend(flattened(details));
    }
    fields
}
