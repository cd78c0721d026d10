//! The contract's drafts of a case: its ticket and its notes.

use psa_contract::{Detail, Link, NoteAudience, NoteDraft, TicketDraft};

use super::{TextRules, defaults};
use crate::alert::Alert;
use crate::case::{Case, Note};
use crate::reference::note_reference;
use crate::tenant::Services;

/// The ticket of an alert, for this company of the PSA.
#[must_use]
pub fn ticket_draft(
    alert: &Alert,
    reference: &str,
    company_id: &str,
    services: &Services,
    text: &TextRules,
) -> TicketDraft {
    TicketDraft {
        company_id: company_id.to_owned(),
        board_id: services.board_id.clone(),
        status_id: services.status_id.clone(),
        type_id: services.type_id.clone(),
        subtype_id: services.subtype_id.clone(),
        item_id: services.item_id.clone(),
        priority_id: services
            .priorities
            .get(&alert.severity)
            .or(services.priority_id.as_ref())
            .cloned(),
        source_id: services.source_id.clone(),
        summary: summary(alert, text),
        description: description(alert, text),
        details: details(alert, text),
        links: links(alert, text),
        reference: Some(reference.to_owned()),
        ..TicketDraft::default()
    }
}

/// The note of a case, as it was frozen.
#[must_use]
pub fn note_draft(case: &Case, note: &Note, ticket_id: &str) -> NoteDraft {
    NoteDraft {
        ticket_id: ticket_id.to_owned(),
        text: words(note),
        details: Vec::new(),
        links: Vec::new(),
        audience: NoteAudience::Staff,
        reference: Some(note_reference(&case.reference, note.number)),
        vendor_fields: None,
    }
}

fn words(note: &Note) -> String {
    let mut lines = Vec::new();
    if let Some(repeats) = &note.repeats {
        let again = if repeats.recurred {
            "The alert fires again after it had recovered"
        } else {
            "The alert goes on"
        };
        lines.push(if repeats.count == 1 {
            format!("{again}: once more, at {}.", repeats.first)
        } else {
            format!(
                "{again}: {} times more, first at {}, last at {}.",
                repeats.count, repeats.first, repeats.last
            )
        });
    }
    if let Some(recovered_at) = note.recovered_at {
        lines.push(format!("The alert recovered at {recovered_at}."));
    }
    lines.join("\n")
}

/// Never empty: no PSA takes a ticket without a summary.
fn summary(alert: &Alert, text: &TextRules) -> String {
    let chosen = text.summary.as_ref().map(|it| it.fill(alert));
    let texts = [chosen.as_deref(), Some(&alert.summary), Some(&alert.key)];
    let mut texts = texts.into_iter().flatten().map(one_line);
    texts
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| "Alert".to_owned())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn description(alert: &Alert, text: &TextRules) -> Option<String> {
    let chosen = text.description.as_ref().map(|it| it.fill(alert));
    chosen
        .or_else(|| alert.description.clone())
        .filter(|it| !it.trim().is_empty())
}

fn details(alert: &Alert, text: &TextRules) -> Vec<Detail> {
    let Some(chosen) = &text.details else {
        return defaults::details(alert);
    };
    let shown = chosen.iter().filter_map(|rule| {
        Some(Detail {
            label: rule.label.clone().unwrap_or_else(|| rule.field.clone()),
            value: alert.field(&rule.field)?.to_owned(),
        })
    });
    shown.collect()
}

fn links(alert: &Alert, text: &TextRules) -> Vec<Link> {
    let own = || {
        let links = alert.links.iter().map(|link| Link {
            label: link.label.clone(),
            url: link.url.clone(),
        });
        links.take(5).collect()
    };
    let chosen = text.link.as_ref().and_then(|it| {
        let link = crate::intake::link("Alert", &it.fill(alert))?;
        Some(vec![Link {
            label: link.label,
            url: link.url,
        }])
    });
    chosen.unwrap_or_else(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{DetailRule, Template};
    use crate::time::Time;

    #[test]
    fn a_note_says_what_came_again_and_what_ended() {
        let note = |count, recurred, recovered_at| Note {
            number: 1,
            repeats: (count > 0).then_some(crate::case::Repeats {
                count,
                first: Time(0),
                last: Time(60_000),
                recurred,
            }),
            recovered_at,
        };
        assert_eq!(
            words(&note(1, false, None)),
            "The alert goes on: once more, at 1970-01-01T00:00:00Z."
        );
        assert_eq!(
            words(&note(7, true, Some(Time(120_000)))),
            "The alert fires again after it had recovered: 7 times more, first at 1970-01-01T00:00:00Z, last at \
             1970-01-01T00:01:00Z.\nThe alert recovered at 1970-01-01T00:02:00Z."
        );
    }

    #[test]
    fn a_ticket_says_what_was_chosen() {
        let alert = Alert {
            key: "k".to_owned(),
            summary: "a\nb".to_owned(),
            severity: crate::alert::Severity::High,
            fields: vec![crate::alert::Field {
                name: "domain".to_owned(),
                value: "bad.example".to_owned(),
            }],
            ..Alert::default()
        };
        let template = |text| Some(Template::parse(text).expect("a template"));
        let services = Services {
            board_id: Some("5".to_owned()),
            priority_id: Some("8".to_owned()),
            priorities: [(crate::alert::Severity::High, "6".to_owned())].into(),
            ..Services::default()
        };
        let plain = ticket_draft(&alert, "r", "2", &services, &TextRules::default());
        assert_eq!(
            (&*plain.summary, plain.priority_id.as_deref()),
            ("a b", Some("6"))
        );
        let text = TextRules {
            summary: template("Blocked: {domain}"),
            description: None,
            details: Some(vec![
                DetailRule {
                    field: "Domain".to_owned(),
                    label: Some("Name".to_owned()),
                },
                DetailRule {
                    field: "missing".to_owned(),
                    label: None,
                },
            ]),
            link: template("https://console.example/{domain}"),
        };
        let chosen = ticket_draft(&alert, "r", "2", &services, &text);
        assert_eq!(chosen.summary, "Blocked: bad.example");
        assert_eq!(chosen.details.len(), 1);
        assert_eq!(chosen.details[0].label, "Name");
        assert_eq!(chosen.links[0].url, "https://console.example/bad.example");
        let empty = ticket_draft(
            &Alert::default(),
            "r",
            "2",
            &services,
            &TextRules::default(),
        );
        assert_eq!(empty.summary, "Alert");
    }
}
