//! What `describe` says, held against itself and against what the functions do. Wrong values are tried in `input.rs`.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::{Setting, SettingKind};

use crate::described_fields::{described_fields, repeated};
use crate::report::{Area, Problem, Rule, problem};
use crate::stage::Stage;
use crate::stand::{Outcome, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_recording::{Expectation, Input};

/// The one check where there is nothing to check.
pub(crate) fn cannot_be_read(found: &str) -> Task<'_> {
    Task::new(Area::Description, "describe", move || Findings {
        runs: 1,
        problems: vec![problem(Rule::NoTrap, "a description", found)],
    })
}

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = vec![
        Task::new(Area::Description, "settings", || found(0, settings(stand))),
        Task::new(Area::Description, "permissions", || {
            found(0, permissions(stand))
        }),
        Task::new(Area::Description, "input-fields", || {
            found(0, described_fields(&stand.description))
        }),
        Task::new(Area::Description, "pacing", || found(0, pacing(stand))),
    ];
    for prepared in &stand.cases {
        if !matches!(prepared.case.input, Input::Verify(_))
            || !matches!(prepared.case.expect, Expectation::Ok(_))
        {
            continue;
        }
        let name = format!("{}/checks", prepared.name);
        let work = move || found(1, checks(stand, prepared).into_iter().collect());
        tasks.push(Task::new(Area::Description, &name, work).of_case(&prepared.name));
    }
    for prepared in first_success_of_each_function(stand) {
        let name = format!("{}/credentials", prepared.name);
        let work = move || found(1, credentials(stand, prepared).into_iter().collect());
        tasks.push(Task::new(Area::Description, &name, work).of_case(&prepared.name));
    }
    tasks
}

fn found(runs: usize, problems: Vec<Problem>) -> Findings {
    Findings { runs, problems }
}

/// The first case of each function that has a result.
pub(crate) fn first_success_of_each_function(stand: &Stand) -> Vec<&Prepared> {
    let mut seen = HashSet::new();
    stand
        .cases
        .iter()
        .filter(|prepared| {
            matches!(prepared.case.expect, Expectation::Ok(_))
                && !prepared.case.exchanges.is_empty()
                && seen.insert(prepared.case.input.function())
        })
        .collect()
}

fn settings(stand: &Stand) -> Vec<Problem> {
    let settings = &stand.description.settings;
    let mut problems = Vec::new();
    let mut wrong = |name: &str, what: &str| {
        problems.push(problem(
            Rule::SettingsDescribed,
            "each setting with a unique kebab-case name, a label and a help text, and with choices if it is a choice",
            format!("`{name}`: {what}"),
        ));
    };
    let names = settings.iter().map(|setting| setting.name.as_str());
    for name in repeated(names) {
        wrong(name, "it is listed twice");
    }
    for setting in settings {
        let texts_are_there = !setting.label.trim().is_empty() && !setting.help.trim().is_empty();
        let has_choices = setting.choices.is_empty() == (setting.kind != SettingKind::Choice);
        for (is_right, what) in [
            (is_kebab_case(&setting.name), "the name is not kebab-case"),
            (texts_are_there, "the label or the help is empty"),
            (has_choices, "the choices do not fit the kind"),
        ] {
            if !is_right {
                wrong(&setting.name, what);
            }
        }
    }
    problems
}

fn permissions(stand: &Stand) -> Vec<Problem> {
    let permissions = &stand.description.permissions;
    let mut problems = Vec::new();
    let mut wrong = |id: &str, what: &str| {
        problems.push(problem(
            Rule::PermissionsDescribed,
            "each permission with a unique kebab-case id, the path to it, the functions that need it and its request",
            format!("`{id}`: {what}"),
        ));
    };
    for id in repeated(permissions.iter().map(|it| it.id.as_str())) {
        wrong(id, "it is listed twice");
    }
    for permission in permissions {
        let has_path =
            !permission.path.is_empty() && permission.path.iter().all(|it| !it.trim().is_empty());
        let request = permission.request.split_once(' ');
        let has_request = request.is_some_and(|(method, path)| {
            !method.is_empty()
                && method.bytes().all(|byte| byte.is_ascii_uppercase())
                && path.starts_with('/')
        });
        for (is_right, what) in [
            (is_kebab_case(&permission.id), "the id is not kebab-case"),
            (has_path, "the path or a part of it is empty"),
            (!permission.needed_for.is_empty(), "no function needs it"),
            (has_request, "the request is not METHOD /path"),
        ] {
            if !is_right {
                wrong(&permission.id, what);
            }
        }
    }
    problems
}

fn pacing(stand: &Stand) -> Vec<Problem> {
    let pacing = &stand.description.pacing;
    let values = [
        ("concurrent-requests", pacing.concurrent_requests),
        ("requests", pacing.requests),
        ("seconds", pacing.seconds),
    ];
    let mut wrong: Vec<String> = values
        .into_iter()
        .filter(|(_, value)| *value == Some(0))
        .map(|(name, _)| format!("`{name}` is 0"))
        .collect();
    if pacing.requests.is_some() != pacing.seconds.is_some() {
        wrong.push("one of `requests` and `seconds` without the other".to_owned());
    }
    wrong
        .into_iter()
        .map(|found| {
            problem(
                Rule::PacingDescribed,
                "values of at least 1, and `seconds` if and only if there are `requests`",
                found,
            )
        })
        .collect()
}

/// Whether `verify` checks the permissions of the description, in its order.
fn checks(stand: &Stand, prepared: &Prepared) -> Option<Problem> {
    let case = &prepared.case;
    let observed = stand.call(&case.settings, &case.input, &Stage::new(&case.exchanges));
    let Outcome::Ok(verification) = &observed.outcome else {
        // Named where the case is held against its recording.
        return None;
    };
    let described: Vec<&str> = stand
        .description
        .permissions
        .iter()
        .map(|permission| permission.id.as_str())
        .collect();
    let checked: Vec<&str> = verification["checks"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|check| check["permission-id"].as_str())
        .collect();
    (described != checked).then(|| {
        problem(
            Rule::PermissionsDescribed,
            format!("checks of {}", described.join(", ")),
            checked.join(", "),
        )
    })
}

/// Whether a setting that the credentials are made of is a secret.
fn credentials(stand: &Stand, prepared: &Prepared) -> Option<Problem> {
    let case = &prepared.case;
    let observed = stand.call(&case.settings, &case.input, &Stage::new(&case.exchanges));
    let credential = observed
        .requests()
        .flat_map(|request| &request.headers)
        .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        .and_then(|(_, value)| value.split_whitespace().last())?;
    let decoded = STANDARD.decode(credential).unwrap_or_default();
    let text = format!("{credential} {}", String::from_utf8_lossy(&decoded));
    let made_of = |kind: Option<SettingKind>| {
        case.settings.iter().find(|setting: &&Setting| {
            let described = stand
                .description
                .settings
                .iter()
                .find(|described| described.name == setting.name);
            text.contains(setting.value.trim())
                && kind.is_none_or(|kind| described.is_some_and(|it| it.kind == kind))
        })
    };
    let has_secret = made_of(Some(SettingKind::Secret)).is_some();
    made_of(None).filter(|_| !has_secret).map(|setting| {
        problem(
            Rule::SettingsDescribed,
            "a secret setting among those that make up `authorization`",
            format!("`{}`, which is not secret", setting.name),
        )
    })
}

fn is_kebab_case(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
