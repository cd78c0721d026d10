//! Alertmanager's webhook, version 4, and Grafana's, which has the same shape and more members.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::fields::{apply_map, cut, key_at, link};
use super::source::{CaseKey, SourceRules};
use super::{Reading, Request, accepted, json_body, not_understood, unsupported_media_type};
use crate::alert::{Alert, Field, Link, Severity, Status};
use crate::reference::sha256_hex;

/// Labels that name the company, the first that is there.
const COMPANY_LABELS: [&str; 4] = ["company", "customer", "tenant", "client"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    group_key: Option<String>,
    #[serde(default)]
    truncated_alerts: u64,
    status: String,
    #[serde(default, rename = "externalURL")]
    external_url: String,
    #[serde(default)]
    group_labels: BTreeMap<String, String>,
    #[serde(default)]
    common_labels: BTreeMap<String, String>,
    #[serde(default)]
    common_annotations: BTreeMap<String, String>,
    alerts: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneAlert {
    status: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    #[serde(default)]
    starts_at: String,
    #[serde(default)]
    fingerprint: String,
    #[serde(default, rename = "generatorURL")]
    generator_url: String,
    #[serde(default, rename = "dashboardURL")]
    dashboard_url: String,
    #[serde(default, rename = "panelURL")]
    panel_url: String,
    /// Grafana's.
    #[serde(default)]
    value_string: String,
}

pub(super) fn read(source: &str, rules: &SourceRules, request: &Request<'_>) -> Reading {
    if !request.may_be_json() {
        return unsupported_media_type("application/json");
    }
    let alerts = match json_body(request.body).and_then(|body| alerts(source, rules, body)) {
        Ok(alerts) => alerts,
        Err(why) => return not_understood(why),
    };
    let answer = accepted(rules, alerts.len());
    if alerts.is_empty() {
        let why = "the notification has no alerts";
        return Reading::Nothing { answer, why };
    }
    Reading::Alerts { alerts, answer }
}

fn alerts(source: &str, rules: &SourceRules, body: Value) -> Result<Vec<Alert>, String> {
    let notification: Notification = serde_json::from_value(body).map_err(|error| {
        format!("this is not a notification of Alertmanager or Grafana: {error}")
    })?;
    status(&notification.status)?;
    match rules.case_key {
        CaseKey::Alert => notification
            .alerts
            .iter()
            .map(|alert| one(source, rules, &notification, alert))
            .collect(),
        CaseKey::Group => Ok(vec![group(source, rules, &notification)?]),
    }
}

fn status(words: &str) -> Result<Status, String> {
    match words {
        "firing" => Ok(Status::Firing),
        "resolved" => Ok(Status::Recovered),
        other => Err(format!(
            "`status` is {:?}, neither firing nor resolved",
            cut(other, 40)
        )),
    }
}

fn one(
    source: &str,
    rules: &SourceRules,
    notification: &Notification,
    value: &Value,
) -> Result<Alert, String> {
    let read: OneAlert = serde_json::from_value(value.clone())
        .map_err(|error| format!("one of the alerts cannot be read: {error}"))?;
    let key = match key_at(value, &rules.fields.key)? {
        Some(key) => key,
        None if !read.fingerprint.is_empty() => read.fingerprint.clone(),
        None => return Err("one of the alerts has no fingerprint".to_owned()),
    };
    let identity = [&*key, &*read.status, &*read.starts_at].join("\n");
    let mut fields = named(&read.labels);
    fields.extend(named(&read.annotations).into_iter().filter(|field| {
        // Shown as summary and description.
        !["summary", "description"].contains(&field.name.as_str())
    }));
    let mut push = |name: &str, value: &str| {
        if !value.is_empty() {
            fields.push(Field {
                name: name.to_owned(),
                value: cut(value, 4_000),
            });
        }
    };
    push("startsAt", &read.starts_at);
    push("values", &read.value_string);
    if notification.truncated_alerts > 0 {
        push(
            "alerts left out by the sender",
            &notification.truncated_alerts.to_string(),
        );
    }
    let links = [
        ("Alert", &read.generator_url),
        ("Dashboard", &read.dashboard_url),
        ("Panel", &read.panel_url),
        ("Alertmanager", &notification.external_url),
    ];
    let mut alert = Alert {
        source: source.to_owned(),
        key,
        event: sha256_hex(identity.as_bytes()),
        is_unique: !read.starts_at.is_empty(),
        status: status(&read.status)?,
        severity: severity(rules, &read.labels),
        summary: summary(&read.annotations, &read.labels),
        description: read.annotations.get("description").cloned(),
        company: company(&read.labels),
        occurred_at: Some(read.starts_at).filter(|it| !it.is_empty()),
        fields,
        links: links_of(&links),
    };
    apply_map(&mut alert, rules, value);
    Ok(alert)
}

fn group(source: &str, rules: &SourceRules, notification: &Notification) -> Result<Alert, String> {
    let key = notification.group_key.clone().filter(|it| !it.is_empty());
    let key = key.ok_or("the notification has no groupKey")?;
    let mut identity = vec![key.clone(), notification.status.clone()];
    let mut lines = Vec::new();
    for value in &notification.alerts {
        let read: OneAlert = serde_json::from_value(value.clone())
            .map_err(|error| format!("one of the alerts cannot be read: {error}"))?;
        lines.push(format!(
            "{}: {}",
            read.status,
            summary(&read.annotations, &read.labels)
        ));
        identity.extend([read.fingerprint, read.status, read.starts_at]);
    }
    if notification.truncated_alerts > 0 {
        lines.push(format!(
            "{} more alerts were left out by the sender",
            notification.truncated_alerts
        ));
    }
    let mut alert = Alert {
        source: source.to_owned(),
        key,
        event: sha256_hex(identity.join("\n").as_bytes()),
        is_unique: false,
        status: status(&notification.status)?,
        severity: severity(rules, &notification.common_labels),
        summary: summary(
            &notification.common_annotations,
            &notification.common_labels,
        ),
        description: Some(cut(&lines.join("\n"), 8_000)).filter(|it| !it.is_empty()),
        company: company(&notification.common_labels),
        occurred_at: None,
        fields: named(&notification.common_labels),
        links: links_of(&[("Alertmanager", &notification.external_url)]),
    };
    if alert.summary.is_empty() {
        let labels = named(&notification.group_labels);
        let labels: Vec<String> = labels.into_iter().map(|it| it.value).collect();
        alert.summary = format!("{} alerts: {}", notification.alerts.len(), labels.join(" "));
    }
    let no_map = SourceRules {
        fields: super::FieldMap::default(),
        ..rules.clone()
    };
    apply_map(&mut alert, &no_map, &Value::Null);
    Ok(alert)
}

fn links_of(links: &[(&str, &String)]) -> Vec<Link> {
    let links = links.iter().filter_map(|(label, url)| link(label, url));
    links.collect()
}

fn named(labels: &BTreeMap<String, String>) -> Vec<Field> {
    labels
        .iter()
        .take(100)
        .map(|(name, value)| Field {
            name: name.clone(),
            value: cut(value, 4_000),
        })
        .collect()
}

fn severity(rules: &SourceRules, labels: &BTreeMap<String, String>) -> Severity {
    let words = labels.get("severity").or_else(|| labels.get("priority"));
    words
        .and_then(|words| rules.severity(words))
        .unwrap_or_default()
}

fn company(labels: &BTreeMap<String, String>) -> Option<String> {
    let found = COMPANY_LABELS.iter().find_map(|label| labels.get(*label));
    found.filter(|company| !company.is_empty()).cloned()
}

/// The annotation, or the alert's name and where it is.
fn summary(annotations: &BTreeMap<String, String>, labels: &BTreeMap<String, String>) -> String {
    if let Some(summary) = annotations.get("summary").filter(|it| !it.is_empty()) {
        return summary.clone();
    }
    let parts = [labels.get("alertname"), labels.get("instance")];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join(" on ")
}
