//! `verify`: do these credentials work, and what may they do. Two rounds, and one more for a site that is wrong.
//!
//! The credential is proved by authenticated reads; `/system/info` is answered without authentication by some versions.
//! Each read right is judged by its own call, the lists of a board by those of several; the role tells what calls cannot show.

mod boards;
mod discovery;
mod judgement;
mod probes;
mod proof;
mod role;

use psa_contract::{ErrorCode, Operation, Verification};
use psa_toolkit::exchange::{Answer, Call, exchange};
use psa_toolkit::pages::Page;
use psa_toolkit::permission::{needed_operations, verification};
use psa_toolkit::{Error, HttpSend, ServiceDesk as _};
use serde::de::DeserializeOwned;

use self::boards::{MOST_TRIED, is_end, next_board, open_boards, probes_of_boards, tried_boards};
use self::judgement::{Evidence, Shown, check};
use self::probes::{
    BOARDS_PROBE, PROBES, ROLE_PROBE, companies_count, probes_of_company_lists, server_info,
};
use self::proof::{not_let_in, nothing_proved, wrong_site};
use self::role::{account, role_page, whole_role};
use crate::ConnectWise;
use crate::api::{LARGEST_PAGE, rows};
use crate::permissions::PERMISSIONS;
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
    let mut shown = Vec::new();
    for answer in &answers {
        shown.push(Shown::of(answer, None)?);
    }
    if let Some(error) = nothing_proved(&shown, &answers, &needed) {
        return Err(error);
    }
    let boards = readable::<Board>(answers.get(BOARDS_PROBE))?;
    let boards = boards.as_ref();
    let role = readable::<MySecurity>(answers.get(ROLE_PROBE))?;
    let role_rows = role.as_ref().map_or(0, |page| page.rows.len());
    let mut calls = probes_of_boards(settings, boards);
    calls.extend(probes_of_company_lists(settings, &needed));
    let probes = calls.len();
    let next_board = next_board(settings, boards, role_rows);
    let asks_for_next_board = next_board.is_some();
    calls.extend(next_board);
    if role.as_ref().is_some_and(may_have_more) {
        calls.push(role_page(settings, 2));
    }
    let mut answers = exchange(settings, send, calls);
    let mut rest = answers.split_off(probes.min(answers.len())).into_iter();
    let mut tried = tried_boards(boards);
    for answer in &answers {
        shown.push(Shown::of(answer, tried.next())?);
    }
    let next_board = if asks_for_next_board {
        rest.next()
    } else {
        None
    };
    let role = match role {
        Some(page) => Some(whole_role(settings, page.rows, rest.next(), send)?),
        None => None,
    };
    let open_boards = open_boards(boards).count();
    let evidence = Evidence {
        shown: &shown,
        role: role.as_deref(),
        has_untried_boards: open_boards > MOST_TRIED,
        secrets: &settings.secrets,
    };
    let count = extras.first().and_then(|it| it.record::<Count>().ok());
    let info = extras.get(1).and_then(|it| it.record::<Info>().ok());
    Ok(Verification {
        account: role.as_deref().and_then(account),
        server_version: info.and_then(|info| info.version),
        visible_companies: count.map(|it| it.count),
        visible_boards: boards
            .filter(|_| next_board.as_ref().is_none_or(is_end))
            .and_then(|_| u32::try_from(open_boards).ok()),
        ..verification(PERMISSIONS, &needed, &|permission| {
            check(permission, &evidence)
        })
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
