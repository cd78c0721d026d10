//! Settings and arguments that are wrong: the error names what to correct, and nothing is sent.

use psa_contract::{ErrorCode, Setting, SettingKind};

use crate::arguments::{Wrong, taken_fields, wrong_arguments};
use crate::description::first_success_of_each_function;
use crate::report::{Area, Problem, Rule, problem};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Observed, Outcome, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_recording::Input;

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for prepared in first_success_of_each_function(stand) {
        let mut wrong = wrong_settings(stand, prepared);
        wrong.extend(wrong_arguments(stand, &prepared.case));
        for wrong in wrong {
            let function = prepared.case.input.function();
            let name = format!("{function}/{}", wrong.what);
            let work = move || check(stand, prepared, &wrong);
            tasks.push(Task::new(Area::Input, &name, work).of_case(&prepared.name));
        }
        tasks.extend(taken_fields(stand, prepared));
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
    let and = |name: &str, value: &str| {
        let mut settings = case.settings.clone();
        settings.push(Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        settings
    };
    let with = |name: &str, value: &str| {
        let mut settings = and(name, value);
        // In the place of the one that the case has.
        if let Some(place) = case.settings.iter().position(|it| it.name == name) {
            settings.swap_remove(place);
        }
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
