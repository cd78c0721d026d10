//! `verify`: do these credentials work, and what may they do. Two rounds, and one more for a site that is wrong.
//!
//! The credential is proved by authenticated reads; `/system/info` is answered without authentication by some versions.
//! Each read right is judged by its own call; the role tells what calls cannot show.

mod discovery;
mod judgement;
mod probes;
mod proof;
mod role;

use psa_contract::{ErrorCode, Operation, Verification};
use psa_toolkit::exchange::{Answer, Call, exchange};
use psa_toolkit::pages::Page;
use psa_toolkit::permission::{check_all, needed_operations};
use psa_toolkit::{Error, HttpSend, ServiceDesk as _};
use serde::de::DeserializeOwned;

use self::judgement::{Probe, check};
use self::probes::{
    BOARDS_PROBE, PROBES, ROLE_PROBE, companies_count, probes_of_a_board, probes_of_company_lists,
    server_info,
};
use self::proof::{not_let_in, nothing_proved, wrong_site};
use self::role::{account, role_page, whole_role};
use crate::ConnectWise;
use crate::api::{LARGEST_PAGE, rows};
use crate::describe::PERMISSIONS;
use crate::settings::Settings;
use crate::wire::{Board, Count, Info, MySecurity};

/// Proves the credentials and checks every right.
pub(crate) fn verify(
    settings: &Settings,
    needed: &[Operation],
    send: &mut HttpSend,
) -> Result<Verification, Error> {
    let needed = needed_operations(ConnectWise::OPERATIONS, needed)?;
    let mut calls: Vec<Call> = PROBES.iter().map(|probe| probe(settings)).collect();
    calls.push(companies_count(settings));
    calls.push(server_info(settings));
    let mut answers = exchange(settings, send, calls);
    let extras = answers.split_off(PROBES.len().min(answers.len()));
    if let Some(refused) = wrong_site(&answers) {
        return Err(discovery::explain(settings, refused, send));
    }
    if let Some(refused) = not_let_in(&answers) {
        return Err(discovery::explain_keys(settings, refused, send));
    }
    let mut probes = Vec::new();
    for answer in &answers {
        probes.push(Probe::of(answer)?);
    }
    if let Some(error) = nothing_proved(&probes, &answers, &needed) {
        return Err(error);
    }
    let boards = readable::<Board>(answers.get(BOARDS_PROBE))?;
    let role = readable::<MySecurity>(answers.get(ROLE_PROBE))?;
    let mut calls = probes_of_a_board(settings, boards.as_ref());
    calls.extend(probes_of_company_lists(settings, &needed));
    let role_is_long = role.as_ref().is_some_and(may_have_more);
    if role_is_long {
        calls.push(role_page(settings, 2));
    }
    let mut second_round = exchange(settings, send, calls);
    let second_role_page = if role_is_long {
        second_round.pop()
    } else {
        None
    };
    for answer in &second_round {
        probes.push(Probe::of(answer)?);
    }
    let role = match role {
        Some(page) => Some(whole_role(settings, page.rows, second_role_page, send)?),
        None => None,
    };
    let (checks, ready) = check_all(&PERMISSIONS, &needed, &|permission| {
        check(permission, &probes, role.as_deref())
    });
    let count = extras.first().and_then(|it| it.record::<Count>().ok());
    let info = extras.get(1).and_then(|it| it.record::<Info>().ok());
    Ok(Verification {
        is_complete: ready.len() == needed.len(),
        ready,
        checks,
        account: role.as_deref().and_then(account),
        server_version: info.and_then(|info| info.version),
        visible_companies: count.map(|it| it.count),
        visible_boards: boards.as_ref().and_then(count_of_boards),
    })
}

/// The rows of a read whose right may be missing. None: they may not be read, or the server does not serve them.
fn readable<T: DeserializeOwned>(answer: Option<&Answer>) -> Result<Option<Page<T>>, Error> {
    match answer.map(rows) {
        Some(Ok(page)) => Ok(Some(page)),
        Some(Err(error))
            if error.code != ErrorCode::Forbidden && error.http_status != Some(404) =>
        {
            Err(error)
        }
        _ => Ok(None),
    }
}

fn may_have_more<T>(page: &Page<T>) -> bool {
    page.may_have_more(LARGEST_PAGE)
}

/// How many boards take tickets now. None: there are more than a page, and nobody needs the number of those.
fn count_of_boards(boards: &Page<Board>) -> Option<u32> {
    let active = boards.rows.iter().filter(|board| board.is_open());
    u32::try_from(active.count())
        .ok()
        .filter(|_| !may_have_more(boards))
}
