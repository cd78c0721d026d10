//! The rules that hold for every call, whatever it is for: no trap, limits, egress, secrets, codes, and writes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use psa_contract::{Body, ErrorCode, Request, Setting};
use serde_json::Value;

use crate::case::Input;
use crate::conform::report::{Problem, Rule};
use crate::conform::stand::{Observed, Outcome, Prepared, Stand};
use crate::exchange::Role;
use crate::http::refusal;
use crate::limits::LimitReached;

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
    problems.extend(of_writes(prepared, input, observed));
    problems
}

pub(crate) fn problem(
    rule: Rule,
    expected: impl Into<String>,
    found: impl Into<String>,
) -> Problem {
    Problem {
        rule,
        expected: expected.into(),
        found: found.into(),
    }
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
            format!("the error {} without one", code.name()),
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
                "names of settings for `invalid-settings`, else fields of the contract",
                format!("the field `{field}` in an error {}", code.name()),
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

/// The fields of `company-query` and the other arguments that are not in `ticket-draft`.
const OTHER_FIELDS: [&str; 10] = [
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
];

/// The fields of `ticket-draft`, in its order.
pub(crate) const DRAFT_FIELDS: [&str; 19] = [
    "company-id",
    "board-id",
    "status-id",
    "type-id",
    "subtype-id",
    "item-id",
    "priority-id",
    "severity",
    "impact",
    "site-id",
    "contact-id",
    "source-id",
    "summary",
    "description",
    "details",
    "links",
    "internal-note",
    "reference",
    "vendor-fields",
];

fn is_known_field(stand: &Stand, code: ErrorCode, field: &str) -> bool {
    if code == ErrorCode::InvalidSettings {
        // An unknown setting is named as it was given.
        return !field.is_empty();
    }
    let is_setting = stand.description.settings.iter().any(|it| it.name == field);
    OTHER_FIELDS.contains(&field) || DRAFT_FIELDS.contains(&field) || is_setting
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
            "requests that keep the rules of `http`",
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

fn of_secrets(prepared: &Prepared, observed: &Observed) -> Vec<Problem> {
    let result = match &observed.outcome {
        Outcome::Ok(value) | Outcome::Err(_, value) => value.to_string(),
        Outcome::Trapped(message) | Outcome::Host(message) => message.clone(),
        Outcome::Stopped(_) => String::new(),
    };
    let mut problems = Vec::new();
    for secret in forms(&prepared.secrets, observed) {
        let none = || format!("no secret; this one is {}", secret.what);
        if result.contains(&secret.text) {
            problems.push(problem(
                Rule::NoSecretInResult,
                none(),
                "it in what was returned",
            ));
        }
        for sent in observed.sent() {
            let method = &sent.request.method;
            if sent.request.url.contains(&secret.text) {
                problems.push(problem(
                    Rule::NoSecretInUrl,
                    none(),
                    format!("it in the URL of a {method}"),
                ));
            }
            // One that an exchange answered is the recorded one, to the byte.
            let body = sent.request.body.as_ref().map_or(&[][..], Body::as_bytes);
            if sent.exchange.is_none() && holds(body, secret.text.as_bytes()) {
                problems.push(problem(
                    Rule::NoSecretInBody,
                    none(),
                    format!("it in the body of a {method}, where the case has none"),
                ));
            }
        }
    }
    problems.dedup();
    problems
}

struct Secret {
    what: String,
    text: String,
}

/// How a secret may look: as it is, percent-encoded, in base64, and inside of the credential that was sent.
fn forms(settings: &[Setting], observed: &Observed) -> Vec<Secret> {
    let mut forms = Vec::new();
    for setting in settings {
        let value = setting.value.trim();
        let mut texts = vec![
            value.to_owned(),
            utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
            STANDARD.encode(value),
        ];
        texts.dedup();
        forms.extend(texts.into_iter().map(|text| Secret {
            what: format!("`{}`", setting.name),
            text,
        }));
    }
    let credentials = observed
        .requests()
        .flat_map(|request| &request.headers)
        .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        .filter_map(|(_, value)| value.split_whitespace().last());
    for credential in credentials {
        if !forms.iter().any(|form| form.text == credential) {
            forms.push(Secret {
                what: "the credential in `authorization`".to_owned(),
                text: credential.to_owned(),
            });
        }
    }
    forms
}

fn holds(body: &[u8], text: &[u8]) -> bool {
    !text.is_empty() && memchr::memmem::find(body, text).is_some()
}

fn of_writes(prepared: &Prepared, input: &Input, observed: &Observed) -> Option<Problem> {
    let role = |index: usize| prepared.case.exchanges.get(index)?.role;
    let writes = observed
        .sent()
        // A PSA with access tokens is asked for one by a POST.
        .filter(|sent| sent.exchange.and_then(role) != Some(Role::Credential))
        .filter(|sent| sent.request.is_write)
        .count();
    let allowed = usize::from(input.is_create());
    (writes > allowed).then(|| {
        problem(
            Rule::WrittenOnce,
            format!("{allowed} at most"),
            format!("{writes} requests that write"),
        )
    })
}
