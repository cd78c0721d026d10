//! The form of how a source is read and what its tickets say. Pointers are chosen from a captured sample.

use maud::{Markup, html};

use super::line;
use super::sample::Sample;
use crate::intake::{CaseKey, Dialect};
use crate::page::fields::{Choice, Field, Problems, chooser, tick};
use crate::page::layout::empty;
use crate::tenant::Source;
use crate::text::{DetailRule, Template};

pub(super) fn form(source: &Source, sample: Option<&Sample>, problems: &Problems) -> Markup {
    let dialect = source.rules.dialect;
    let pointers = sample.map_or_else(Vec::new, |it| it.pointers(dialect));
    let fields = &source.rules.fields;
    let point = |name: &str, label: &str, help: &str, value: Option<&String>| {
        pointer(name, label, help, value, &pointers, problems)
    };
    let status = fields.status.as_ref();
    let words = |words: Option<&Vec<String>>| words.map(|it| it.join(", ")).unwrap_or_default();
    html! {
        details open[dialect == Dialect::Generic || !problems.is_empty()] {
            summary { "How it is read, and what its tickets say" }
            form method="post" action={ "/sources/" (source.id) } {
                (line("name", "Name of the product", "", &source.name, problems))
                fieldset {
                    legend { "Where things are in an alert" }
                    (point("key.0", "What makes a case", "Alerts with the same value are one case.", fields.key.first()))
                    (point("key.1", "and also", "", fields.key.get(1)))
                    (point("key.2", "and also, too", "", fields.key.get(2)))
                    (point("company", "Company", "", fields.company.as_ref()))
                    (point("summary", "Summary", "", fields.summary.as_ref()))
                    (point("description", "Description", "", fields.description.as_ref()))
                    (point("severity", "Severity", "", fields.severity.as_ref()))
                    (point("occurred-at", "Time", "", fields.occurred_at.as_ref()))
                    (point("link", "Link to its console", "", fields.link.as_ref()))
                    (point("status", "Status", "", status.map(|it| &it.pointer)))
                    (line("recovered", "Values of the status that mean: it is over", "Separated by commas.",
                        &words(status.map(|it| &it.recovered)), problems))
                    (line("acknowledged", "Values of the status that mean: somebody has seen it", "Separated by commas.",
                        &words(status.map(|it| &it.acknowledged)), problems))
                }
                @if dialect == Dialect::Alertmanager { (case_key(source, problems)) }
                (line("fixed-company", "Company of all its alerts", "If alerts do not name one.",
                    source.rules.company.as_deref().unwrap_or_default(), problems))
                (line("success", "Status that the product takes for success", "202 if you leave it empty. Some products want 200.",
                    &source.rules.success_status.map(|it| it.to_string()).unwrap_or_default(), problems))
                fieldset {
                    legend { "What tickets say" }
                    (template("text.summary", "Summary", "Names of fields in braces: Blocked: {domain|summary}",
                        source.text.summary.as_ref(), problems))
                    (template("text.description", "Description", "", source.text.description.as_ref(), problems))
                    (template("text.link", "Link to the alert's console", "https://console.example/alerts/{id}",
                        source.text.link.as_ref(), problems))
                    (details(source, sample))
                }
                div.buttons { button type="submit" { "Save the source" } }
            }
        }
    }
}

/// A chooser of the sample's pointers, or a line as long as there is no sample.
fn pointer(
    name: &str,
    label: &str,
    help: &str,
    value: Option<&String>,
    pointers: &[(String, String)],
    problems: &Problems,
) -> Markup {
    let value = value.map_or("", |it| it);
    if pointers.is_empty() {
        let hint = "A JSON Pointer, such as /domain.";
        let help = if help.is_empty() {
            hint.to_owned()
        } else {
            format!("{help} {hint}")
        };
        return line(name, label, &help, value, problems);
    }
    let mut choices = vec![Choice::new("", "Where the format has it")];
    let found = pointers.iter();
    choices.extend(
        found.map(|(pointer, value)| Choice::new(&**pointer, format!("{pointer} = {value}"))),
    );
    if !value.is_empty() && pointers.iter().all(|(pointer, _)| pointer != value) {
        choices.push(Choice::new(value, format!("{value} (not in the sample)")));
    }
    let field = Field {
        name,
        label,
        help,
        is_required: false,
    };
    chooser(field, &choices, value, problems)
}

fn case_key(source: &Source, problems: &Problems) -> Markup {
    let choices = [
        Choice::new("alert", "Each alert is a case"),
        Choice::new("group", "All alerts of a group are one case"),
    ];
    let chosen = match source.rules.case_key {
        CaseKey::Alert => "alert",
        CaseKey::Group => "group",
    };
    let field = Field {
        name: "case-key",
        label: "Cases",
        help: "",
        is_required: true,
    };
    chooser(field, &choices, chosen, problems)
}

fn template(
    name: &str,
    label: &str,
    help: &str,
    value: Option<&Template>,
    problems: &Problems,
) -> Markup {
    let value = value.map(ToString::to_string).unwrap_or_default();
    line(name, label, help, &value, problems)
}

/// The fields of the sample, to be ticked and put in order.
fn details(source: &Source, sample: Option<&Sample>) -> Markup {
    let rules = source.text.details.as_deref();
    let rule_of = |field: &str| {
        let rules = rules.unwrap_or_default().iter().enumerate();
        rules
            .map(|(place, rule)| (place + 1, rule))
            .find(|(_, rule)| rule.field.eq_ignore_ascii_case(field))
    };
    let mut names: Vec<(String, String)> = Vec::new();
    for field in sample.map_or(&[][..], Sample::fields) {
        names.push((field.name.clone(), field.value.clone()));
    }
    for rule in rules.unwrap_or_default() {
        let is_there = names
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(&rule.field));
        if !is_there {
            names.push((rule.field.clone(), "(not in the sample)".to_owned()));
        }
    }
    html! {
        (tick("choose-details", "yes", "Choose the fields that are shown, and their order", rules.is_some()))
        p.help { "If this is not ticked, a blocked DNS query shows its time stamp, domain and block reasons, and any other alert all its fields." }
        @if names.is_empty() { (empty()) } @else {
            table.cards {
                caption { "Fields of the latest alert" }
                thead {
                    tr {
                        th scope="col" { "Show" }
                        th scope="col" { "Value" }
                        th scope="col" { "Label" }
                        th scope="col" { "Order" }
                    }
                }
                tbody { @for (name, value) in &names { (detail(name, value, rule_of(name))) } }
            }
        }
    }
}

fn detail(name: &str, value: &str, rule: Option<(usize, &DetailRule)>) -> Markup {
    let label = rule
        .and_then(|(_, rule)| rule.label.as_deref())
        .unwrap_or(name);
    let order = rule.map(|(place, _)| place.to_string()).unwrap_or_default();
    html! {
        tr {
            th scope="row" { (tick("detail", name, name, rule.is_some())) }
            td data-label="Value" { (value) }
            td data-label="Label" {
                input type="text" name={ "label." (name) } value=(label) aria-label={ "Label of " (name) } autocomplete="off";
            }
            td data-label="Order" {
                input.narrow type="text" inputmode="numeric" name={ "order." (name) } value=(order)
                    aria-label={ "Order of " (name) } autocomplete="off";
            }
        }
    }
}
