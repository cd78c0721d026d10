//! CloudEvents 1.0 over HTTP: structured, batched and binary, and the handshake of its webhooks.

mod header;

use serde_json::{Map, Value};

use super::fields::{apply_map, cut, flattened, key_at, link, text_of};
use super::source::SourceRules;
use super::{Answer, Reading, Request, accepted, json_body, not_understood, problem};
use crate::alert::{Alert, Field, Status};
use crate::reference::sha256_hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How many events a batch has at most: each is a case of its own.
const MOST_EVENTS: usize = 1_000;

/// An event, in whatever mode it came.
struct Event {
    attributes: Map<String, Value>,
    data: Value,
}

pub(super) fn read(source: &str, rules: &SourceRules, request: &Request<'_>) -> Reading {
    if request.method == "OPTIONS" {
        return handshake(request);
    }
    let events = match events(request) {
        Ok(events) => events,
        Err(refused) => return refused,
    };
    let alerts: Result<Vec<Alert>, String> = events
        .iter()
        .map(|event| alert(source, rules, event))
        .collect();
    match alerts {
        Ok(alerts) if alerts.is_empty() => Reading::Nothing {
            answer: accepted(rules, 0),
            why: "the batch is empty",
        },
        Ok(alerts) => Reading::Alerts {
            answer: accepted(rules, alerts.len()),
            alerts,
        },
        Err(why) => not_understood(why),
    }
}

/// Allows who asks: whoever has the token may send.
fn handshake(request: &Request<'_>) -> Reading {
    let Some(origin) = request.header("webhook-request-origin") else {
        return not_understood("the header WebHook-Request-Origin is missing".to_owned());
    };
    let mut headers = vec![
        ("allow".to_owned(), "POST, OPTIONS".to_owned()),
        ("webhook-allowed-origin".to_owned(), origin.to_owned()),
    ];
    if request.header("webhook-request-rate").is_some() {
        headers.push(("webhook-allowed-rate".to_owned(), "*".to_owned()));
    }
    Reading::Nothing {
        answer: Answer {
            status: 200,
            headers,
            body: String::new(),
        },
        why: "a handshake",
    }
}

fn events(request: &Request<'_>) -> Result<Vec<Event>, Reading> {
    let media_type = request.media_type();
    let body = || json_body(request.body).map_err(not_understood);
    match media_type.as_str() {
        "application/cloudevents" | "application/cloudevents+json" => {
            let event = structured(body()?).map_err(not_understood)?;
            Ok(vec![event])
        }
        "application/cloudevents-batch" | "application/cloudevents-batch+json" => {
            let Value::Array(events) = body()? else {
                return Err(not_understood("a batch is a list of events".to_owned()));
            };
            if events.len() > MOST_EVENTS {
                let why = format!("a batch has at most {MOST_EVENTS} events");
                return Err(Reading::NotUnderstood {
                    answer: problem(413, &why),
                    why,
                });
            }
            let events: Result<Vec<Event>, String> = events.into_iter().map(structured).collect();
            events.map_err(not_understood)
        }
        // `+avro`, `+xml`: formats that are not understood here.
        other if other.starts_with("application/cloudevents") => {
            let why = format!("the format {other} is not taken here: send JSON");
            Err(Reading::NotUnderstood {
                answer: problem(415, &why),
                why,
            })
        }
        _ if request.header("ce-specversion").is_some() => {
            let event = binary(request).map_err(not_understood)?;
            Ok(vec![event])
        }
        _ => {
            let why = "neither the Content-Type nor the header ce-specversion says that this is a CloudEvent";
            Err(Reading::NotUnderstood {
                answer: problem(415, why),
                why: why.to_owned(),
            })
        }
    }
}

fn structured(value: Value) -> Result<Event, String> {
    let Value::Object(mut attributes) = value else {
        return Err("an event is a JSON object".to_owned());
    };
    let data = attributes.remove("data");
    let data = match (data, attributes.remove("data_base64")) {
        (Some(_), Some(_)) => return Err("an event has `data` or `data_base64`".to_owned()),
        (Some(data), None) => data,
        (None, Some(Value::String(encoded))) => {
            let bytes = STANDARD.decode(encoded);
            payload(&bytes.map_err(|_| "`data_base64` is not Base64".to_owned())?)
        }
        (None, Some(_)) => return Err("`data_base64` is not text".to_owned()),
        (None, None) => Value::Null,
    };
    Ok(Event { attributes, data })
}

fn binary(request: &Request<'_>) -> Result<Event, String> {
    let mut attributes = Map::new();
    for (name, value) in request.headers {
        if let Some(attribute) = name.strip_prefix("ce-") {
            let value = header::decoded(value)
                .ok_or_else(|| format!("the header {name} is not valid UTF-8 once decoded"))?;
            attributes.insert(attribute.to_owned(), Value::String(value));
        }
    }
    let data = payload(request.body);
    Ok(Event { attributes, data })
}

/// JSON if it is, else text.
fn payload(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    let text = || Value::String(String::from_utf8_lossy(bytes).into_owned());
    serde_json::from_slice(bytes).unwrap_or_else(|_| text())
}

fn alert(source: &str, rules: &SourceRules, event: &Event) -> Result<Alert, String> {
    let attribute = |name: &str| event.attributes.get(name).and_then(text_of);
    let required = |name: &str| {
        attribute(name).ok_or_else(|| format!("the required attribute `{name}` is missing"))
    };
    let version = required("specversion")?;
    if version != "1.0" {
        return Err(format!(
            "`specversion` is {:?}, not \"1.0\"",
            cut(&version, 20)
        ));
    }
    let (id, event_source, event_type) = (required("id")?, required("source")?, required("type")?);
    let key = key_at(&event.data, &rules.fields.key)?
        .or_else(|| attribute("subject"))
        .unwrap_or_else(|| id.clone());
    let severity = attribute("severitytext").or_else(|| attribute("severitynumber"));
    let mut fields: Vec<Field> = Vec::new();
    for name in ["type", "source", "subject", "time"] {
        fields.extend(attribute(name).map(|value| Field {
            name: name.to_owned(),
            value,
        }));
    }
    fields.extend(flattened(&event.data));
    let said = |name: &str| event.data.get(name).and_then(text_of);
    let mut alert = Alert {
        source: source.to_owned(),
        key,
        // Source and id: a sender that repeats an event sends both again.
        event: sha256_hex(format!("{}\n{event_source}\n{id}", event_source.len()).as_bytes()),
        is_unique: true,
        status: Status::Firing,
        severity: severity
            .and_then(|words| rules.severity(&words).or_else(|| of_number(&words)))
            .unwrap_or_default(),
        summary: said("summary")
            .or_else(|| said("title"))
            .or_else(|| said("message"))
            .or_else(|| attribute("subject"))
            .unwrap_or_else(|| event_type.clone()),
        description: said("description"),
        company: said("company")
            .or_else(|| said("tenant"))
            .or_else(|| said("customer")),
        occurred_at: attribute("time"),
        links: said("url")
            .and_then(|url| link("Alert", &url))
            .into_iter()
            .collect(),
        fields,
    };
    apply_map(&mut alert, rules, &event.data);
    Ok(alert)
}

/// OpenTelemetry's numbers: 1 to 24, four of each.
fn of_number(words: &str) -> Option<crate::alert::Severity> {
    use crate::alert::Severity;
    match words.parse::<u8>().ok()? {
        1..=12 => Some(Severity::Info),
        13..=16 => Some(Severity::Medium),
        17..=20 => Some(Severity::High),
        21..=24 => Some(Severity::Critical),
        _ => None,
    }
}
