//! An access token that the host kept, and that the PSA refuses: it is asked for again, once, and only what was refused is
//! sent again. With a token that is fresh, nothing is: the PSA's answer counts.
//!
//! Only cases can be played that show the token: in the answer to a request of role `credential`, and in a header of the
//! requests that carry it.

use psa_contract::{ErrorCode, Response};

use crate::description::first_success_of_each_function;
use crate::judge::{self, is_refusal};
use crate::outcomes::place;
use crate::renewal_rules::{of_outcome, of_repeats, of_token_requests};
use crate::renewal_script::{KEPT_SECONDS, Script, Server};
use crate::report::{Area, Rule, problem};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Observed, Outcome, Prepared, Stand, secrets_of_answers};
use crate::task::{Findings, Task};
use crate::token::token_request;
use crate::writes::{LEAST_RETRY_AFTER_SECONDS, Played};

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = vec![Task::new(Area::Renewal, "tokens-shown", || {
        tokens_shown(stand)
    })];
    for prepared in &stand.cases {
        let exchanges = &prepared.case.exchanges;
        let Some(token) = token_request(exchanges, &prepared.case.settings) else {
            continue;
        };
        for refused in (0..exchanges.len()).filter(|index| can_decide(prepared, token, *index)) {
            for (server, name) in Server::ALL {
                let name = format!("{}/{}/{name}", prepared.name, refused + 1);
                let work = move || check(stand, prepared, token, refused, server);
                tasks.push(Task::new(Area::Renewal, &name, work).of_case(&prepared.name));
            }
        }
        if let Some(played) = Played::of(prepared) {
            for (response, name) in [
                (&played.answers.if_committed, "committed"),
                (&played.answers.if_not_committed, "not-committed"),
            ] {
                let name = format!("{}/look-up-after-write/{name}", prepared.name);
                let work = move || check_look_up(stand, played, token, response);
                tasks.push(Task::new(Area::Renewal, &name, work).of_case(&prepared.name));
            }
        }
    }
    tasks
}

/// Whether it is this request alone that decides, if it is refused: it carries the token, its answer is needed, and no other
/// answer of the case is a refusal.
fn can_decide(prepared: &Prepared, token: usize, refused: usize) -> bool {
    let exchanges = &prepared.case.exchanges;
    let others_are_understood = exchanges
        .iter()
        .enumerate()
        .all(|(index, it)| index == refused || !is_refusal(&it.answer));
    let script = Script::new(&prepared.case, token);
    others_are_understood && !exchanges[refused].is_spare && script.carries(refused)
}

fn check(
    stand: &Stand,
    prepared: &Prepared,
    token: usize,
    refused: usize,
    server: Server,
) -> Findings {
    let script = Script::new(&prepared.case, token);
    let scripted = scripted(prepared, script.refusing_from(refused, server));
    let observed = play(stand, &scripted);
    let mut problems = of_every_call(stand, &scripted, &scripted.case.input, &observed);
    if server != Server::Fresh && !was_kept(&observed) {
        // The connector does not let a host keep the token: nothing to renew.
        return Findings { runs: 1, problems };
    }
    problems.extend(of_token_requests(&script, &observed, server));
    problems.extend(of_repeats(&observed));
    problems.extend(match server {
        Server::Accepts => of_outcome(&play(stand, prepared).outcome, &observed.outcome),
        Server::Fresh | Server::GivesTheSame | Server::RefusesAgain => {
            place(&prepared.case.exchanges, refused).and_then(|place| {
                judge::of_fault(prepared, &observed, refused, place, "status-401-json")
            })
        }
    });
    let runs = 1 + usize::from(server == Server::Accepts);
    Findings { runs, problems }
}

/// A write in doubt, and the look-up after it is refused: the token is renewed, and the look-up alone sent again.
fn check_look_up(stand: &Stand, played: Played<'_>, token: usize, found: &Response) -> Findings {
    let script = Script::new(&played.prepared.case, token);
    let exchanges = script.refusing_the_look_up(played.write, found);
    let scripted = scripted(played.prepared, exchanges);
    let observed = play(stand, &scripted);
    let mut problems = of_every_call(stand, &scripted, &scripted.case.input, &observed);
    if !was_kept(&observed) {
        return Findings { runs: 1, problems };
    }
    let is_committed = *found == played.answers.if_committed;
    let is_right = match &observed.outcome {
        Outcome::Ok(result) => {
            is_committed && (result["creation"] == "found" || result["is-changed"] == true)
        }
        Outcome::Err(ErrorCode::OutcomeUnknown, error) => {
            let waits = error["retry-after-seconds"].as_u64().unwrap_or_default();
            !is_committed && waits >= LEAST_RETRY_AFTER_SECONDS
        }
        Outcome::Err(..) => false,
        // Named by the rules of every call.
        Outcome::Trapped(_) | Outcome::Stopped(_) | Outcome::Host(_) => true,
    };
    if !is_right {
        let expected = if is_committed {
            "a result, because the look-up with the renewed token shows what was written"
        } else {
            "the error outcome-unknown, with at least 60 seconds to wait"
        };
        problems.push(problem(
            Rule::DoubtIsReported,
            expected,
            observed.outcome.shown(),
        ));
    }
    problems.extend(of_token_requests(&script, &observed, Server::Accepts));
    problems.extend(of_repeats(&observed));
    Findings { runs: 1, problems }
}

/// The case with other exchanges, and the credentials that they answer with.
fn scripted(prepared: &Prepared, exchanges: Vec<psa_recording::Exchange>) -> Prepared {
    let mut scripted = prepared.clone();
    scripted.case.exchanges = exchanges;
    scripted.secrets.extend(secrets_of_answers(&scripted.case));
    scripted
}

fn play(stand: &Stand, scripted: &Prepared) -> Observed {
    let case = &scripted.case;
    stand.call(&case.settings, &case.input, &Stage::new(&case.exchanges))
}

fn was_kept(observed: &Observed) -> bool {
    observed.sent().any(|sent| sent.is_kept)
}

/// Whether the cases show each token that the connector lets a host keep.
fn tokens_shown(stand: &Stand) -> Findings {
    let cases = first_success_of_each_function(stand);
    let mut findings = Findings::default();
    for prepared in cases {
        let case = &prepared.case;
        let token = token_request(&case.exchanges, &case.settings);
        let observed = play(stand, prepared);
        findings.runs += 1;
        let hidden = observed.sent().find(|sent| {
            let keeps = sent.request.reuse_seconds >= Some(KEPT_SECONDS);
            keeps && sent.request.is_secret && (sent.exchange.is_none() || sent.exchange != token)
        });
        findings.problems.extend(hidden.map(|sent| {
            problem(
                Rule::TokenRenewedOnce,
                "a case that shows the token that may be kept, both in the response and in a header of the requests that carry it",
                format!("{} in {}", sent.shown(), prepared.name),
            )
        }));
    }
    findings
}
