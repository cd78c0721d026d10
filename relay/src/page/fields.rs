//! Fields of forms: each has a label, its help and its error are tied to it, and all errors are listed above with links.

use maud::{Markup, html};
use psa_contract::ConnectorError;

use super::layout::empty;

/// What is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

#[derive(Clone, Debug)]
struct Problem {
    /// The id of a field. None: the whole form.
    field: Option<String>,
    message: String,
}

/// What every field has.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// Also the id of its element.
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) help: &'a str,
    pub(super) is_required: bool,
}

/// An entry of a chooser.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
}

impl Problems {
    pub(super) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Problem {
            field: Some(field.to_owned()),
            message: message.into(),
        });
    }

    pub(super) fn add_general(&mut self, message: impl Into<String>) {
        self.0.push(Problem {
            field: None,
            message: message.into(),
        });
    }

    /// What the PSA or the connector said, its fields found by `id`. What has no field here is said of the whole.
    pub(super) fn add_error(
        &mut self,
        error: &ConnectorError,
        id: impl Fn(&str) -> Option<String>,
    ) {
        let mut is_said = false;
        for it in &error.field_errors {
            match it.field.as_deref().and_then(&id) {
                Some(field) => {
                    self.add(&field, it.message.clone());
                    is_said = true;
                }
                None => self.add_general(it.message.clone()),
            }
        }
        if !is_said {
            self.add_general(error_text(error));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|it| it.field.as_deref() == Some(field));
        found.map(|it| &*it.message)
    }

    /// All of them, above the form. It takes the focus.
    pub(super) fn summary(&self) -> Markup {
        if self.0.is_empty() {
            return empty();
        }
        html! {
            div.notice.bad role="alert" aria-labelledby="errors" tabindex="-1" autofocus {
                h2 id="errors" { "Please correct this" }
                ul {
                    @for problem in &self.0 {
                        li {
                            @match &problem.field {
                                Some(field) => a href={ "#" (field) } { (problem.message) },
                                None => (problem.message),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What happened, and what to do next.
pub(super) fn error_text(error: &ConnectorError) -> String {
    match &error.hint {
        Some(hint) => format!("{} {}", sentence(&error.message), sentence(hint)),
        None => sentence(&error.message),
    }
}

/// With a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let end = if text.ends_with(['.', '!', '?', ':']) {
        ""
    } else {
        "."
    };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// One line of text.
pub(super) fn text(field: Field<'_>, value: &str, problems: &Problems) -> Markup {
    line(field, "text", value, problems)
}

/// One line that is hidden. What is kept is never shown: an empty field leaves it.
pub(super) fn secret(field: Field<'_>, problems: &Problems) -> Markup {
    line(field, "password", "", problems)
}

fn line(field: Field<'_>, kind: &str, value: &str, problems: &Problems) -> Markup {
    let autocomplete = if kind == "password" {
        "new-password"
    } else {
        "off"
    };
    around(
        field,
        problems,
        &html! {
            input type=(kind) id=(field.name) name=(field.name) value=(value) autocomplete=(autocomplete) autocapitalize="none"
                spellcheck="false" aria-required=[field.is_required.then_some("true")]
                aria-describedby=[described_by(field, problems)]
                aria-invalid=[problems.of(field.name).map(|_| "true")];
        },
    )
}

/// Several lines of text.
pub(super) fn area(field: Field<'_>, value: &str, problems: &Problems) -> Markup {
    around(
        field,
        problems,
        &html! {
            textarea id=(field.name) name=(field.name) rows="5" spellcheck="false"
                aria-describedby=[described_by(field, problems)]
                aria-invalid=[problems.of(field.name).map(|_| "true")] { (value) }
        },
    )
}

/// One of a list.
pub(super) fn chooser(
    field: Field<'_>,
    choices: &[Choice],
    chosen: &str,
    problems: &Problems,
) -> Markup {
    around(
        field,
        problems,
        &html! {
            select id=(field.name) name=(field.name) aria-required=[field.is_required.then_some("true")]
                aria-describedby=[described_by(field, problems)]
                aria-invalid=[problems.of(field.name).map(|_| "true")] {
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == chosen] { (choice.label) }
                }
            }
        },
    )
}

/// A box to tick.
pub(super) fn tick(name: &str, value: &str, label: &str, is_ticked: bool) -> Markup {
    let id = format!("{name}.{value}");
    html! {
        div.tick {
            input type="checkbox" id=(id) name=(name) value=(value) checked[is_ticked];
            label for=(id) { (label) }
        }
    }
}

fn around(field: Field<'_>, problems: &Problems, control: &Markup) -> Markup {
    let problem = problems.of(field.name);
    html! {
        div.field.wrong[problem.is_some()] {
            label for=(field.name) {
                (field.label)
                @if !field.is_required { span.optional { " (optional)" } }
            }
            @if !field.help.is_empty() {
                p.help id={ (field.name) "-help" } { (field.help) }
            }
            @if let Some(problem) = problem {
                p.error id={ (field.name) "-error" } { span.state { "Error: " } (problem) }
            }
            (control)
        }
    }
}

fn described_by(field: Field<'_>, problems: &Problems) -> Option<String> {
    let mut ids = Vec::new();
    if !field.help.is_empty() {
        ids.push(format!("{}-help", field.name));
    }
    if problems.of(field.name).is_some() {
        ids.push(format!("{}-error", field.name));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

impl Choice {
    pub(super) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}
