//! Writes in doubt: every fault of a write's answer, with the server having acted, not having acted, and acting later. The
//! call is made, and then repeated by its caller with the same arguments.
//!
//! Only cases that say what a look-up answers after their write can be played.

use psa_contract::{ErrorCode, FailureKind, Operation, Response};

use crate::fault::{Fault, StatusBody, name_in_table};
use crate::judge;
use crate::outcomes::{Place, Right, right};
use crate::report::{Area, Problem, Rule, problem};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Observed, Outcome, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_recording::{Expectation, Input, LookUpAnswers, Role};

/// What the server did with a write whose answer was lost.
#[derive(Clone, Copy, PartialEq)]
enum Server {
    Committed,
    NotCommitted,
    /// After the connector looked.
    CommittedLate,
}

const SERVERS: [(Server, &str); 3] = [
    (Server::Committed, "committed"),
    (Server::NotCommitted, "not-committed"),
    (Server::CommittedLate, "committed-late"),
];

/// A PSA may still be writing for so long.
pub(crate) const LEAST_RETRY_AFTER_SECONDS: u64 = 60;

/// A case with a look-up, a write, and what the look-up answers after it.
#[derive(Clone, Copy)]
pub(crate) struct Played<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) look_up: usize,
    pub(crate) write: usize,
    pub(crate) answers: &'a LookUpAnswers,
}

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for played in stand.cases.iter().filter_map(Played::of) {
        let name = format!("{}/look-up-refused", played.prepared.name);
        let work = move || check_refused_look_up(stand, played);
        tasks.push(Task::new(Area::Writes, &name, work).of_case(&played.prepared.name));
        let exchange = &played.prepared.case.exchanges[played.write];
        for fault in Fault::all(&exchange.answer, &exchange.required, false) {
            for (server, name) in servers(played, &fault) {
                let name = format!("{}/{}/{name}", played.prepared.name, fault.name());
                let column = fault.column();
                let fault = fault.clone();
                let work = move || check(stand, played, &fault, server);
                tasks.push(
                    Task::new(Area::Writes, &name, work)
                        .of_case(&played.prepared.name)
                        .with_fault(column),
                );
            }
        }
    }
    tasks
}

impl<'a> Played<'a> {
    pub(crate) fn of(prepared: &'a Prepared) -> Option<Self> {
        let exchanges = &prepared.case.exchanges;
        let of = |role| exchanges.iter().position(|it| it.role == Some(role));
        let write = of(Role::Write)?;
        Some(Self {
            prepared,
            look_up: of(Role::LookUp)?,
            write,
            answers: exchanges[write].look_up.as_ref()?,
        })
    }
}

/// What the server may have done: where it cannot have acted or declined, it has not; and where its answer is as it was
/// recorded, it has.
fn servers(
    played: Played<'_>,
    fault: &Fault,
) -> impl Iterator<Item = (Server, &'static str)> + use<> {
    let in_doubt = is_doubt(played, fault);
    let is_as_recorded = outcomes_of(played, fault).contains(&Right::Recorded);
    let sure = match is_as_recorded {
        true => Server::Committed,
        false => Server::NotCommitted,
    };
    SERVERS
        .into_iter()
        .filter(move |(server, _)| in_doubt || *server == sure)
}

fn is_doubt(played: Played<'_>, fault: &Fault) -> bool {
    outcomes_of(played, fault).contains(&Right::Found)
}

fn outcomes_of(played: Played<'_>, fault: &Fault) -> &'static [Right] {
    let case = &played.prepared.case;
    let name = name_in_table(&case.exchanges[played.write].answer, fault);
    right(&case.input, Place::First(Role::Write), &name)
}

fn check(stand: &Stand, played: Played<'_>, fault: &Fault, server: Server) -> Findings {
    let case = &played.prepared.case;
    let at_once = match server {
        Server::Committed => &played.answers.if_committed,
        Server::NotCommitted | Server::CommittedLate => &played.answers.if_not_committed,
    };
    let recorded = &case.exchanges[played.write].answer;
    let stage = Stage::new(&case.exchanges)
        .replacing(played.write, fault.apply(recorded))
        .answering_after_write(at_once);
    let first = stand.call(&case.settings, &case.input, &stage);
    let mut problems = of_every_call(stand, played.prepared, &case.input, &first);
    if first.writes().count() > 1 {
        // Named by the rules of every call; what follows would only repeat it.
        return Findings { runs: 1, problems };
    }
    problems.extend(of_first(played, fault, server, &first));
    let Some(later) = repeat_finds(played, server, &first) else {
        return Findings { runs: 1, problems };
    };
    let stage = Stage::new(&case.exchanges).replacing(played.look_up, Ok(later.clone()));
    let second = stand.call(&case.settings, &case.input, &stage);
    problems.extend(of_every_call(stand, played.prepared, &case.input, &second));
    problems.extend(of_repeat(played, server, &second));
    Findings { runs: 2, problems }
}

/// A write in doubt, and a look-up after it that is refused: nothing is known, so nothing is written again.
fn check_refused_look_up(stand: &Stand, played: Played<'_>) -> Findings {
    let case = &played.prepared.case;
    let lost = Fault::Failure(FailureKind::TimedOut, true);
    let not_found = Ok(played.answers.if_not_committed.clone());
    let Ok(refused) = Fault::Status(401, StatusBody::Json).apply(&not_found) else {
        return Findings::default();
    };
    let stage = Stage::new(&case.exchanges)
        .replacing(
            played.write,
            lost.apply(&case.exchanges[played.write].answer),
        )
        .answering_after_write(&refused);
    let observed = stand.call(&case.settings, &case.input, &stage);
    let mut problems = of_every_call(stand, played.prepared, &case.input, &observed);
    if let Outcome::Ok(_) | Outcome::Err(..) = &observed.outcome
        && !matches!(observed.outcome, Outcome::Err(ErrorCode::OutcomeUnknown, _))
    {
        problems.push(problem(
            Rule::DoubtIsReported,
            "the error outcome-unknown, because the look-up was refused",
            observed.outcome.shown(),
        ));
    }
    Findings { runs: 1, problems }
}

fn of_first(
    played: Played<'_>,
    fault: &Fault,
    server: Server,
    observed: &Observed,
) -> Option<Problem> {
    let case = &played.prepared.case;
    if !is_doubt(played, fault) {
        let name = name_in_table(&case.exchanges[played.write].answer, fault);
        let place = Place::First(Role::Write);
        return judge::of_fault(played.prepared, observed, played.write, place, &name);
    }
    let may_be_read = outcomes_of(played, fault).contains(&Right::Whole);
    let is_right = match &observed.outcome {
        Outcome::Ok(result) => {
            may_be_read && result["creation"] != "found"
                || server == Server::Committed && result["creation"] != "created"
        }
        // The answer shows the old status, or none, and the ticket has the old one.
        Outcome::Err(ErrorCode::Rejected, _) => {
            case.input.operation() == Some(Operation::SetStatus)
                && may_be_read
                && (server != Server::Committed || matches!(case.expect, Expectation::Err(_)))
        }
        Outcome::Err(ErrorCode::OutcomeUnknown, error) => {
            let waits = error["retry-after-seconds"].as_u64().unwrap_or_default();
            server != Server::Committed && waits >= LEAST_RETRY_AFTER_SECONDS
        }
        Outcome::Err(..) => false,
        // Named by the rules of every call.
        Outcome::Trapped(_) | Outcome::Stopped(_) | Outcome::Host(_) => true,
    };
    let expected = match server {
        Server::Committed => "a result, because the look-up shows what was written",
        Server::NotCommitted | Server::CommittedLate => {
            "the error outcome-unknown, with at least 60 seconds to wait"
        }
    };
    (!is_right).then(|| problem(Rule::DoubtIsReported, expected, observed.outcome.shown()))
}

/// What the look-up of a repeated call answers. None: the call need not be repeated.
fn repeat_finds<'a>(played: Played<'a>, server: Server, first: &Observed) -> Option<&'a Response> {
    if matches!(first.outcome, Outcome::Ok(_)) {
        return None;
    }
    Some(match server {
        Server::Committed | Server::CommittedLate => &played.answers.if_committed,
        Server::NotCommitted => &played.answers.if_not_committed,
    })
}

/// What is there is found, and what is not there is written: once in the end.
fn of_repeat(played: Played<'_>, server: Server, observed: &Observed) -> Option<Problem> {
    let rule = match played.prepared.case.input {
        Input::CreateTicket(_) => Rule::OneTicket,
        Input::AddNote(_) => Rule::OneNote,
        _ => Rule::ChangeIsTold,
    };
    let has_written = observed.writes().next().is_some();
    let is_there = server != Server::NotCommitted;
    let finds = match &observed.outcome {
        Outcome::Ok(result) => result["creation"] == "found" || result["is-changed"] == false,
        _ => false,
    };
    if is_there {
        return (has_written || !finds).then(|| {
            let wrote = if has_written { ", after a write" } else { "" };
            problem(
                rule,
                "the repeated call finds what is there and writes nothing",
                format!("{}{wrote}", observed.outcome.shown()),
            )
        });
    }
    // The answer that was recorded may be a fault itself; that it was asked for is what counts.
    let case = &played.prepared.case;
    (!has_written).then(|| {
        problem(
            rule,
            format!(
                "the repeated call writes `{}`",
                case.exchanges[played.write].request.url
            ),
            observed.outcome.shown(),
        )
    })
}
