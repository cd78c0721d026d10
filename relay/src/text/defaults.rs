//! What is shown if nothing was chosen.

use psa_contract::Detail;

use crate::alert::Alert;

/// How many fields are shown if none were chosen.
const MOST_DETAILS: usize = 25;

/// What a blocked DNS query is told of by: when, which domain, why. Each with the names that products give it.
const OF_A_BLOCKED_QUERY: [(&str, &[&str]); 3] = [
    (
        "Time stamp",
        &[
            "timestamp",
            "time stamp",
            "datetime",
            "date",
            "time",
            "last seen",
            "first seen",
        ],
    ),
    ("Domain", &["domain", "fqdn", "query", "hostname"]),
    (
        "Block reasons",
        &["block reasons", "block reason", "reasons", "reason"],
    ),
];

/// Of an alert about a blocked query its three facts; of any other all its fields, up to a number.
pub(super) fn details(alert: &Alert) -> Vec<Detail> {
    of_a_blocked_query(alert).unwrap_or_else(|| {
        let shown = alert.fields.iter().take(MOST_DETAILS);
        shown
            .map(|field| Detail {
                label: field.name.clone(),
                value: field.value.clone(),
            })
            .collect()
    })
}

fn of_a_blocked_query(alert: &Alert) -> Option<Vec<Detail>> {
    let found = OF_A_BLOCKED_QUERY.map(|(label, names)| {
        let field = names.iter().find_map(|name| {
            alert
                .fields
                .iter()
                .find(|field| plain(&field.name) == *name)
        });
        let value = field.map(|it| it.value.clone());
        let value = match label {
            "Time stamp" => value.or_else(|| alert.occurred_at.clone()),
            _ => value,
        };
        value.map(|value| Detail {
            label: label.to_owned(),
            value,
        })
    });
    let [time, domain, reasons] = found;
    Some(vec![time?, domain?, reasons?])
}

/// The last part of a name, in lower case, words apart: `alert.block_reasons` is `block reasons`.
fn plain(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut plain = String::new();
    for letter in last.chars() {
        if letter.is_uppercase() && plain.chars().last().is_some_and(char::is_lowercase) {
            plain.push(' ');
        }
        match letter {
            '_' | '-' => plain.push(' '),
            other => plain.push(other),
        }
    }
    plain.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Field;

    fn alert(fields: &[(&str, &str)]) -> Alert {
        let fields = fields.iter().map(|(name, value)| Field {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        });
        Alert {
            fields: fields.collect(),
            ..Alert::default()
        }
    }

    #[test]
    fn a_blocked_query_is_told_of_by_time_domain_and_reasons() {
        let of = |fields: &[(&str, &str)]| {
            let details = details(&alert(fields));
            let shown = details
                .into_iter()
                .map(|it| format!("{}={}", it.label, it.value));
            shown.collect::<Vec<_>>().join(";")
        };
        assert_eq!(
            of(&[
                ("Status", "new"),
                ("alert.BlockReasons", "C2, new domain"),
                ("FQDN", "bad.example"),
                ("Last_Seen", "2026-11-26T10:00:00Z"),
            ]),
            "Time stamp=2026-11-26T10:00:00Z;Domain=bad.example;Block reasons=C2, new domain"
        );
        assert_eq!(of(&[("domain", "x"), ("a", "b")]), "domain=x;a=b");
    }
}
