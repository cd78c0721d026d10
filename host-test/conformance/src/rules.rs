//! The rules that hold for every call, whatever it is for: no trap, limits, egress, secrets, codes, and writes. Those for a
//! result are in `results.rs`, those for marks in `marks.rs`.

use psa_contract::{ErrorCode, Request};
use serde_json::Value;

use crate::fields;
use crate::marks::of_marks;
use crate::report::{Problem, Rule, problem};
use crate::results::of_result;
use crate::secrets::of_secrets;
use crate::stand::{Observed, Outcome, Prepared, Stand};
use psa_contract::http::refusal;
use psa_host::LimitReached;
use psa_recording::Input;

/// What was broken of them.
pub(crate) fn of_every_call(
    stand: &Stand,
    prepared: &Prepared,
    input: &Input,
    observed: &Observed,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(of_the_end(&observed.outcome));
    if let Outcome::Err(code, error) = &observed.outcome {
        problems.extend(of_an_error(stand, input, *code, error));
    }
    problems.extend(
        observed
            .requests()
            .filter_map(|request| of_egress(prepared, request)),
    );
    problems.extend(of_secrets(prepared, observed));
    problems.extend(of_marks(prepared, observed));
    problems.extend(of_writes(input, observed));
    problems.extend(of_result(input, observed));
    problems
}

fn of_the_end(outcome: &Outcome) -> Option<Problem> {
    let rule = match outcome {
        Outcome::Ok(_) | Outcome::Err(..) => return None,
        Outcome::Trapped(_) | Outcome::Host(_) => Rule::NoTrap,
        Outcome::Stopped(LimitReached::Memory { .. }) => Rule::Memory,
        Outcome::Stopped(_) => Rule::Computing,
    };
    Some(problem(rule, "a result or an error", outcome.shown()))
}

fn of_an_error(stand: &Stand, input: &Input, code: ErrorCode, error: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let codes = codes_of(input);
    if !codes.contains(&code) {
        let names: Vec<&str> = codes.iter().map(|code| code.name()).collect();
        problems.push(problem(
            Rule::CodeOfTheContract,
            format!("one of {}", names.join(", ")),
            Outcome::Err(code, error.clone()).shown(),
        ));
    }
    if error["message"]
        .as_str()
        .unwrap_or_default()
        .trim()
        .is_empty()
    {
        problems.push(problem(
            Rule::CodeOfTheContract,
            "a message",
            format!("the error {} without a message", code.name()),
        ));
    }
    for id in texts(&error["permission-ids"]) {
        if !stand.description.permissions.iter().any(|it| it.id == id) {
            problems.push(problem(
                Rule::PermissionsDescribed,
                "ids of permissions that `describe` lists",
                format!("the permission id `{id}`"),
            ));
        }
    }
    let fields = error["field-errors"].as_array().into_iter().flatten();
    for field in fields.filter_map(|fault| fault["field"].as_str()) {
        if !is_known_field(stand, code, field) {
            problems.push(problem(
                Rule::NamesTheField,
                "names of settings for `invalid-settings`, otherwise fields of the contract",
                format!("the field `{field}` in the error {}", code.name()),
            ));
        }
    }
    problems
}

/// What the contract says under each function.
fn codes_of(input: &Input) -> Vec<ErrorCode> {
    use ErrorCode as Code;
    let left_out: &[Code] = match input {
        Input::Describe => ErrorCode::ALL,
        Input::Origins => return vec![Code::InvalidSettings],
        Input::Verify(_) => &[
            Code::Unsupported,
            Code::Forbidden,
            Code::NotFound,
            Code::Rejected,
            Code::OutcomeUnknown,
            Code::Conflict,
        ],
        Input::ListCompanies(_) | Input::GetTicket(_) => &[
            Code::Unsupported,
            Code::NotFound,
            Code::Rejected,
            Code::OutcomeUnknown,
            Code::Conflict,
        ],
        Input::FindTickets(_)
        | Input::ListContacts(_)
        | Input::ListAssets(_)
        | Input::ListSites(_) => &[
            Code::NotFound,
            Code::Rejected,
            Code::OutcomeUnknown,
            Code::Conflict,
        ],
        Input::ListBoardMetadata(_) => &[
            Code::Unsupported,
            Code::InvalidInput,
            Code::Rejected,
            Code::OutcomeUnknown,
            Code::Conflict,
        ],
        Input::CheckTicket(_) => &[
            Code::Unsupported,
            Code::InvalidInput,
            Code::NotFound,
            Code::Rejected,
            Code::OutcomeUnknown,
            Code::Conflict,
        ],
        Input::CreateTicket(_) => &[Code::NotFound, Code::Unsupported],
        Input::AddNote(_) | Input::SetStatus(_) | Input::AttachAsset(_) => &[],
    };
    ErrorCode::ALL
        .iter()
        .copied()
        .filter(|code| !left_out.contains(code))
        .collect()
}

/// The fields of arguments that `input-fields` does not describe.
const OTHER_FIELDS: [&str; 15] = [
    "search",
    "ids",
    "include-inactive",
    "statuses",
    "types",
    "limit",
    "cursor",
    "selection",
    "needed",
    "id",
    "company-id",
    "email",
    "name",
    "serial-number",
    "asset-id",
];

fn is_known_field(stand: &Stand, code: ErrorCode, field: &str) -> bool {
    if code == ErrorCode::InvalidSettings {
        // An unknown setting is named as it was given.
        return !field.is_empty();
    }
    let is_setting = stand.description.settings.iter().any(|it| it.name == field);
    let mut described = fields::OPERATIONS.into_iter().flat_map(fields::names);
    OTHER_FIELDS.contains(&field) || described.any(|name| *name == field) || is_setting
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn of_egress(prepared: &Prepared, request: &Request) -> Option<Problem> {
    let (url, _) = request.url.split_once('?').unwrap_or((&request.url, ""));
    if let Some(failure) = refusal(request) {
        return Some(problem(
            Rule::Egress,
            "requests that follow the rules of `http`",
            format!("{} {url}: {}", request.method, failure.message),
        ));
    }
    let is_approved = prepared
        .origins
        .iter()
        .any(|origin| covers(origin, &request.url));
    (!is_approved).then(|| {
        problem(
            Rule::Egress,
            format!("requests to {} only", prepared.origins.join(", ")),
            format!("{} {url}", request.method),
        )
    })
}

/// Whether a URL is of an origin, whose leftmost label may be `*`.
fn covers(origin: &str, url: &str) -> bool {
    let authority = |url: &str| {
        let rest = url.strip_prefix("https://").unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let authority = rest[..end].to_ascii_lowercase();
        authority
            .strip_suffix(":443")
            .map_or(authority.clone(), str::to_owned)
    };
    let (origin, host) = (authority(origin), authority(url));
    match origin.strip_prefix("*.") {
        Some(parent) => host
            .split_once('.')
            .is_some_and(|(label, rest)| !label.is_empty() && rest == parent),
        None => origin == host,
    }
}

fn of_writes(input: &Input, observed: &Observed) -> Option<Problem> {
    let writes = observed.writes().count();
    let allowed = usize::from(input.may_write());
    // One that was refused for a token that had been kept, and its repeat, are the same write.
    let first = observed.writes().next();
    let is_repeated = first.is_some_and(|first| first.status == Some(401))
        && observed.sent().any(|sent| sent.is_kept);
    (writes > allowed + usize::from(is_repeated)).then(|| {
        problem(
            Rule::WrittenOnce,
            format!("writes: at most {allowed}"),
            format!("writes: {writes}"),
        )
    })
}
