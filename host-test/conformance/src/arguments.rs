//! Arguments: those that are wrong are refused, and the fields that the description lists are taken as far as it says.

use psa_contract::{ErrorCode, InputField, Operation, Setting, TicketSelection};

use crate::fields::{self, ENUMS, LISTS, TEXTS};
use crate::report::{Area, Rule, problem};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Outcome, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_recording::{Case, Input};

/// A call that has to be refused.
pub(crate) struct Wrong {
    /// What is wrong, for the check's name.
    pub(crate) what: String,
    pub(crate) settings: Vec<Setting>,
    pub(crate) input: Input,
    pub(crate) code: ErrorCode,
    /// None: an error of any field will do. A name that nobody knows may be a secret in the wrong place.
    pub(crate) field: Option<String>,
}

/// What is wrong, the field that it is about, and the arguments.
type WrongInput = (String, String, Input);

/// Longer texts than this are not made.
const LONGEST_TRIED: u32 = 100_000;

pub(crate) fn wrong_arguments(stand: &Stand, case: &Case) -> Vec<Wrong> {
    let mut inputs = match &case.input {
        Input::Verify(_) => wrong_needs(stand),
        input => wrong_query(input),
    };
    if let Some(operation) = fields::operation(&case.input) {
        inputs.extend(wrong_fields(stand, &case.input, operation));
        inputs.extend(beyond_limits(stand, &case.input, operation));
    }
    inputs
        .into_iter()
        .map(|(what, field, input)| Wrong {
            what,
            settings: case.settings.clone(),
            input,
            code: ErrorCode::InvalidInput,
            field: Some(field),
        })
        .collect()
}

fn wrong_needs(stand: &Stand) -> Vec<WrongInput> {
    let listed = &stand.description.operations;
    let other = Operation::ALL.iter().find(|it| !listed.contains(it));
    let wrong = other.map(|operation| {
        let input = Input::Verify(vec![Operation::Verify, *operation]);
        ("needed-not-listed".to_owned(), "needed".to_owned(), input)
    });
    wrong.into_iter().collect()
}

/// Queries of lists, and ids that are missing.
fn wrong_query(input: &Input) -> Vec<WrongInput> {
    let changes: &[(&str, &str, Change)] = &[
        ("limit-zero", "limit", |input| {
            *paging(input)?.0 = Some(0);
            Some(())
        }),
        ("cursor-of-nobody", "cursor", |input| {
            *paging(input)?.1 = Some("no cursor of this connector".to_owned());
            Some(())
        }),
        ("company-id-missing", "company-id", |input| {
            company_id(input)?.clear();
            Some(())
        }),
        ("ids-of-51", "selection", |input| {
            selected(input, TicketSelection::Ids)
        }),
        ("references-of-51", "selection", |input| {
            selected(input, TicketSelection::References)
        }),
        ("ticket-id-missing", "ticket-id", |input| match input {
            Input::AttachAsset(it) => {
                it.ticket_id.clear();
                Some(())
            }
            _ => None,
        }),
        ("asset-id-missing", "asset-id", |input| match input {
            Input::AttachAsset(it) => {
                it.asset_id.clear();
                Some(())
            }
            _ => None,
        }),
    ];
    let mut found = Vec::new();
    for (what, field, change) in changes {
        let mut wrong = input.clone();
        if change(&mut wrong).is_some() {
            found.push(((*what).to_owned(), (*field).to_owned(), wrong));
        }
    }
    found
}

/// Makes arguments wrong. None: the function has no such argument.
type Change = fn(&mut Input) -> Option<()>;

fn paging(input: &mut Input) -> Option<(&mut Option<u32>, &mut Option<String>)> {
    match input {
        Input::ListCompanies(query) => Some((&mut query.limit, &mut query.cursor)),
        Input::FindTickets(query) => Some((&mut query.limit, &mut query.cursor)),
        Input::ListContacts(query) => Some((&mut query.limit, &mut query.cursor)),
        Input::ListAssets(query) => Some((&mut query.limit, &mut query.cursor)),
        Input::ListSites(query) => Some((&mut query.limit, &mut query.cursor)),
        _ => None,
    }
}

fn company_id(input: &mut Input) -> Option<&mut String> {
    match input {
        Input::ListContacts(query) => Some(&mut query.company_id),
        Input::ListAssets(query) => Some(&mut query.company_id),
        Input::ListSites(query) => Some(&mut query.company_id),
        _ => None,
    }
}

/// One more than may be selected at once.
fn selected(input: &mut Input, by: fn(Vec<String>) -> TicketSelection) -> Option<()> {
    let Input::FindTickets(query) = input else {
        return None;
    };
    query.selection = by((1..=51).map(|number| number.to_string()).collect());
    Some(())
}

fn wrong_fields(stand: &Stand, input: &Input, operation: Operation) -> Vec<WrongInput> {
    let listed = |name: &str| stand.fields(operation).find(|field| field.name == name);
    let mut found = Vec::new();
    let mut wrong = |name: &str, what: &str, value: Option<&str>| {
        let input = fields::with(input, name, value);
        found.push((format!("{name}-{what}"), name.to_owned(), input));
    };
    for name in fields::names(operation) {
        match listed(name) {
            // An enum is never missing.
            Some(field) if field.is_required && !ENUMS.contains(name) => {
                wrong(name, "missing", None);
            }
            Some(_) => {}
            None => wrong(name, "not-taken", Some("1")),
        }
    }
    let long = "a".repeat(51);
    for (name, what, value) in [
        ("reference", "with-a-space", "a b"),
        ("reference", "with-a-quote", "a\"b"),
        ("reference", "not-ascii", "é"),
        ("reference", "with-a-capital", "Alert"),
        ("reference", "with-a-wildcard", "a_b"),
        ("reference", "of-51-letters", &long),
        ("vendor-fields", "not-json", "{"),
        ("vendor-fields", "no-object", "[1]"),
    ] {
        if listed(name).is_some() {
            wrong(name, what, Some(value));
        }
    }
    found
}

/// One character, one element, or one case of an enum more than the description allows. A text is cut instead.
fn beyond_limits(stand: &Stand, input: &Input, operation: Operation) -> Vec<WrongInput> {
    let mut found = Vec::new();
    for field in stand.fields(operation) {
        let name = field.name.as_str();
        let mut wrong = |what: String, input| {
            found.push((format!("{name}-{what}"), name.to_owned(), input));
        };
        if let Some(length) = tried_length(field).filter(|_| !TEXTS.contains(&name)) {
            let value = "a".repeat(length + 1);
            wrong(
                "too-long".to_owned(),
                fields::with(input, name, Some(&value)),
            );
        }
        if let Some(count) = field.maximum_count.filter(|_| LISTS.contains(&name)) {
            let count = count.min(LONGEST_TRIED) as usize;
            wrong(
                "too-many".to_owned(),
                fields::with_count(input, name, count + 1),
            );
        }
        for case in fields::cases_of_enum(name) {
            let is_allowed = field.allowed.is_empty() || field.allowed.iter().any(|it| it == case);
            if !is_allowed {
                wrong(
                    format!("{case}-not-allowed"),
                    fields::with(input, name, Some(case)),
                );
            }
        }
    }
    found
}

/// A field that the description lists is not refused for being there, as far as it says that it goes.
pub(crate) fn taken_fields<'a>(stand: &'a Stand, prepared: &'a Prepared) -> Vec<Task<'a>> {
    let input = &prepared.case.input;
    // What is only checked has objections where another has errors.
    let Some(operation) = fields::operation(input).filter(|it| Some(*it) == input.operation())
    else {
        return Vec::new();
    };
    let mut tasks = Vec::new();
    for field in stand.fields(operation) {
        for (what, input) in taken(input, field) {
            let name = format!("{}/{}-{what}", operation.name(), field.name);
            let work = move || check_taken(stand, prepared, field, &input);
            tasks.push(Task::new(Area::Input, &name, work).of_case(&prepared.name));
        }
    }
    tasks
}

fn taken(input: &Input, field: &InputField) -> Vec<(String, Input)> {
    let name = field.name.as_str();
    let mut found = Vec::new();
    // A required one is in the case.
    if !field.is_required {
        let value = if name == "vendor-fields" { "{}" } else { "1" };
        let value = field.allowed.first().map_or(value, String::as_str);
        found.push(("taken".to_owned(), fields::with(input, name, Some(value))));
    }
    let is_text = TEXTS.contains(&name);
    if let Some(length) = tried_length(field).filter(|_| is_text || name == "reference") {
        let mut lengths = vec![(length, "as-long-as-allowed")];
        lengths.extend(is_text.then_some((length + 1, "cut")));
        for (length, what) in lengths {
            let value = "a".repeat(length);
            found.push((what.to_owned(), fields::with(input, name, Some(&value))));
        }
    }
    if let Some(count) = field.maximum_count.filter(|_| LISTS.contains(&name)) {
        let count = count.min(LONGEST_TRIED) as usize;
        let input = fields::with_count(input, name, count);
        found.push(("as-many-as-allowed".to_owned(), input));
    }
    for case in fields::cases_of_enum(name) {
        if field.allowed.iter().any(|it| it == case) {
            found.push((
                format!("{case}-allowed"),
                fields::with(input, name, Some(case)),
            ));
        }
    }
    found
}

fn tried_length(field: &InputField) -> Option<usize> {
    let length = field.maximum_length.filter(|it| *it <= LONGEST_TRIED)?;
    let name = field.name.as_str();
    let has_length = name != "vendor-fields" && !ENUMS.contains(&name) && !LISTS.contains(&name);
    has_length.then_some(length as usize)
}

fn check_taken(stand: &Stand, prepared: &Prepared, field: &InputField, input: &Input) -> Findings {
    let stage = Stage::new(&prepared.case.exchanges);
    let observed = stand.call(&prepared.case.settings, input, &stage);
    let mut problems = of_every_call(stand, prepared, input, &observed);
    if let Outcome::Err(ErrorCode::InvalidInput, error) = &observed.outcome {
        problems.push(problem(
            Rule::InputFieldsDescribed,
            format!("`{}` is accepted, as `describe` says", field.name),
            format!("invalid-input: {}", error["field-errors"]),
        ));
    }
    Findings { runs: 1, problems }
}
