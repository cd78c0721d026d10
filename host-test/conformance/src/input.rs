//! Settings and arguments that are wrong: the error names what to correct, and nothing is sent.

use psa_contract::{
    CompanyQuery, Detail, ErrorCode, Link, Rating, Setting, SettingKind, TicketDraft,
};

use crate::case::Input;
use crate::conform::description::first_success_of_each_function;
use crate::conform::report::{Area, Problem, Rule};
use crate::conform::rules::{DRAFT_FIELDS, of_every_call, problem};
use crate::conform::stage::Stage;
use crate::conform::stand::{Observed, Outcome, Prepared, Stand};
use crate::conform::task::{Findings, Task};

/// A call that has to be refused.
struct Wrong {
    /// What is wrong, for the check's name.
    what: String,
    settings: Vec<Setting>,
    input: Input,
    code: ErrorCode,
    /// None: an error of any field will do. A name that nobody knows may be a secret in the wrong place.
    field: Option<String>,
}

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for prepared in first_success_of_each_function(stand) {
        let mut wrong = wrong_settings(stand, prepared);
        wrong.extend(wrong_arguments(stand, prepared));
        for wrong in wrong {
            let function = prepared.case.input.function();
            let name = format!("{function}/{}", wrong.what);
            let work = move || check(stand, prepared, &wrong);
            tasks.push(Task::new(Area::Input, &name, work).of_case(&prepared.name));
        }
        if let Input::CreateTicket(draft) = &prepared.case.input {
            tasks.extend(described_fields(stand, prepared, draft));
        }
    }
    tasks
}

fn check(stand: &Stand, prepared: &Prepared, wrong: &Wrong) -> Findings {
    let stage = Stage::new(&prepared.case.exchanges);
    let observed = stand.call(&wrong.settings, &wrong.input, &stage);
    let mut problems: Vec<Problem> = of_every_call(stand, prepared, &wrong.input, &observed);
    problems.extend(of_naming(wrong, &observed));
    if observed.requests().next().is_some() {
        problems.push(problem(
            Rule::NothingSentInVain,
            "nothing is sent",
            format!("{} requests", observed.requests().count()),
        ));
    }
    Findings { runs: 1, problems }
}

fn of_naming(wrong: &Wrong, observed: &Observed) -> Option<Problem> {
    let faults = match (&observed.outcome, &wrong.input) {
        // Where it is only checked, what is wrong is the result.
        (Outcome::Ok(check), Input::CheckTicket(_)) if wrong.code == ErrorCode::InvalidInput => {
            Some(&check["objections"])
        }
        (Outcome::Err(code, error), _) if *code == wrong.code => Some(&error["field-errors"]),
        _ => None,
    };
    let names_it = faults.is_some_and(|faults| {
        let mut faults = faults.as_array().into_iter().flatten();
        faults.any(|fault| match &wrong.field {
            Some(field) => fault["field"] == **field,
            None => true,
        })
    });
    (!names_it).then(|| {
        let found = match faults {
            Some(faults) => format!("field errors {faults}"),
            None => observed.outcome.shown(),
        };
        problem(
            Rule::NamesTheField,
            match &wrong.field {
                Some(field) => format!("{}, naming `{field}`", wrong.code.name()),
                None => format!("{}, with field errors", wrong.code.name()),
            },
            found,
        )
    })
}

fn wrong_settings(stand: &Stand, prepared: &Prepared) -> Vec<Wrong> {
    let case = &prepared.case;
    let mut found = Vec::new();
    let mut wrong = |what: String, name: Option<&str>, settings: Vec<Setting>| {
        found.push(Wrong {
            what,
            settings,
            input: case.input.clone(),
            code: ErrorCode::InvalidSettings,
            field: name.map(str::to_owned),
        });
    };
    let with = |name: &str, value: &str| {
        let mut settings = case.settings.clone();
        for setting in settings.iter_mut().filter(|it| it.name == name) {
            value.clone_into(&mut setting.value);
        }
        settings
    };
    let and = |name: &str, value: &str| {
        let mut settings = case.settings.clone();
        settings.push(Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        settings
    };
    for described in &stand.description.settings {
        let name = described.name.as_str();
        if described.is_required {
            let mut without = case.settings.clone();
            without.retain(|setting| setting.name != name);
            wrong(format!("setting-{name}-missing"), Some(name), without);
            wrong(format!("setting-{name}-empty"), Some(name), with(name, ""));
            wrong(
                format!("setting-{name}-blank"),
                Some(name),
                with(name, " \t\n"),
            );
        }
        if case.settings.iter().any(|setting| setting.name == name) {
            wrong(
                format!("setting-{name}-repeated"),
                Some(name),
                and(name, "x"),
            );
        }
        match described.kind {
            SettingKind::Host => {
                for (what, value) in [
                    ("with-a-space", "psa .example"),
                    ("with-user-information", "user@psa.example"),
                    ("with-a-line-break", "psa.example\r\nx: y"),
                ] {
                    wrong(
                        format!("setting-{name}-{what}"),
                        Some(name),
                        with(name, value),
                    );
                }
            }
            SettingKind::Choice => {
                let value = "no such choice";
                wrong(
                    format!("setting-{name}-no-choice"),
                    Some(name),
                    with(name, value),
                );
            }
            SettingKind::Text | SettingKind::Secret => {}
        }
    }
    wrong(
        "setting-unknown".to_owned(),
        None,
        and("setting-of-nobody", "x"),
    );
    found
}

fn wrong_arguments(stand: &Stand, prepared: &Prepared) -> Vec<Wrong> {
    let case = &prepared.case;
    let inputs = match &case.input {
        Input::ListCompanies(query) => wrong_queries(query),
        Input::CheckTicket(draft) => wrong_drafts(stand, draft, Input::CheckTicket),
        Input::CreateTicket(draft) => wrong_drafts(stand, draft, Input::CreateTicket),
        _ => Vec::new(),
    };
    inputs
        .into_iter()
        .map(|(what, field, input)| Wrong {
            what,
            settings: case.settings.clone(),
            input,
            code: ErrorCode::InvalidInput,
            field: Some(field.to_owned()),
        })
        .collect()
}

type WrongInput = (String, &'static str, Input);

fn wrong_queries(query: &CompanyQuery) -> Vec<WrongInput> {
    let no_limit = CompanyQuery {
        limit: Some(0),
        ..query.clone()
    };
    let foreign_cursor = CompanyQuery {
        cursor: Some("no cursor of this connector".to_owned()),
        ..query.clone()
    };
    vec![
        (
            "limit-zero".to_owned(),
            "limit",
            Input::ListCompanies(no_limit),
        ),
        (
            "cursor-of-nobody".to_owned(),
            "cursor",
            Input::ListCompanies(foreign_cursor),
        ),
    ]
}

fn wrong_drafts(
    stand: &Stand,
    draft: &TicketDraft,
    input: fn(TicketDraft) -> Input,
) -> Vec<WrongInput> {
    let is_listed = |name: &str| stand.draft_fields().any(|field| field.name == name);
    let mut found = Vec::new();
    for name in DRAFT_FIELDS {
        let is_required = stand
            .draft_fields()
            .any(|field| field.name == name && field.is_required);
        if is_required {
            let without = with_field(draft, name, None);
            found.push((format!("{name}-missing"), name, input(without)));
        }
        if !is_listed(name) {
            let with = with_field(draft, name, Some("1"));
            found.push((format!("{name}-not-taken"), name, input(with)));
        }
    }
    let mut bad = |name: &'static str, what: &str, value: &str| {
        if is_listed(name) {
            let with = with_field(draft, name, Some(value));
            found.push((format!("{name}-{what}"), name, input(with)));
        }
    };
    bad("reference", "with-a-space", "a b");
    bad("reference", "with-a-quote", "a\"b");
    bad("reference", "not-ascii", "é");
    bad("reference", "with-a-capital", "Alert");
    bad("reference", "with-a-wildcard", "a_b");
    bad("reference", "of-51-letters", &"a".repeat(51));
    bad("vendor-fields", "not-json", "{");
    bad("vendor-fields", "no-object", "[1]");
    found
}

/// A field that the description lists is not refused for being there.
fn described_fields<'a>(
    stand: &'a Stand,
    prepared: &'a Prepared,
    draft: &'a TicketDraft,
) -> impl Iterator<Item = Task<'a>> {
    stand.draft_fields().filter_map(move |field| {
        let name = DRAFT_FIELDS.into_iter().find(|name| *name == field.name)?;
        let value = if name == "vendor-fields" { "{}" } else { "1" };
        let with = with_field(draft, name, Some(value));
        let work = move || {
            let input = Input::CreateTicket(with);
            let stage = Stage::new(&prepared.case.exchanges);
            let observed = stand.call(&prepared.case.settings, &input, &stage);
            let mut problems = of_every_call(stand, prepared, &input, &observed);
            if let Outcome::Err(ErrorCode::InvalidInput, error) = &observed.outcome {
                problems.push(problem(
                    Rule::DraftFieldsDescribed,
                    format!("`{name}` is taken, as the description says"),
                    format!("invalid-input: {}", error["field-errors"]),
                ));
            }
            Findings { runs: 1, problems }
        };
        let task = Task::new(Area::Input, &format!("create-ticket/{name}-taken"), work);
        Some(task.of_case(&prepared.name))
    })
}

/// The draft with another value in one field; None: without it.
fn with_field(draft: &TicketDraft, name: &str, value: Option<&str>) -> TicketDraft {
    let mut draft = draft.clone();
    let text = value.map(str::to_owned);
    match name {
        "company-id" => draft.company_id = text.unwrap_or_default(),
        "board-id" => draft.board_id = text,
        "status-id" => draft.status_id = text,
        "type-id" => draft.type_id = text,
        "subtype-id" => draft.subtype_id = text,
        "item-id" => draft.item_id = text,
        "priority-id" => draft.priority_id = text,
        "severity" => draft.severity = value.map(|_| Rating::High),
        "impact" => draft.impact = value.map(|_| Rating::High),
        "site-id" => draft.site_id = text,
        "contact-id" => draft.contact_id = text,
        "source-id" => draft.source_id = text,
        "summary" => draft.summary = text.unwrap_or_default(),
        "description" => draft.description = text,
        "details" => {
            draft.details = value
                .map(|value| Detail {
                    label: "label".to_owned(),
                    value: value.to_owned(),
                })
                .into_iter()
                .collect();
        }
        "links" => {
            draft.links = value
                .map(|_| Link {
                    label: "label".to_owned(),
                    url: "https://console.example.com/alerts/1?a=1&b=2".to_owned(),
                })
                .into_iter()
                .collect();
        }
        "internal-note" => draft.internal_note = text,
        "reference" => draft.reference = text,
        "vendor-fields" => draft.vendor_fields = text,
        _ => {}
    }
    draft
}
