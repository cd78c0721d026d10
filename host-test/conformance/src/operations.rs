//! `operations` of a description, held against what the functions do.

use psa_contract::{
    AssetQuery, BoardSelection, CompanyQuery, ContactQuery, ErrorCode, NoteAudience, NoteDraft,
    Operation, SiteQuery, StatusChange, TicketDraft, TicketQuery, TicketSelection,
};

use crate::described_fields::repeated;
use crate::description::first_success_of_each_function;
use crate::report::{Area, Problem, Rule, problem};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Outcome, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_recording::{Attachment, Input};

/// The operations that the contract promises of every connector.
pub const OF_EVERY_CONNECTOR: [Operation; 6] = [
    Operation::Verify,
    Operation::ListCompanies,
    Operation::ListBoardMetadata,
    Operation::CheckTicket,
    Operation::CreateTicket,
    Operation::GetTicket,
];

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = vec![Task::new(Area::Description, "operations", || Findings {
        runs: 0,
        problems: of_list(&stand.description.operations),
    })];
    if let Some(prepared) = first_success_of_each_function(stand).first().copied() {
        for operation in Operation::ALL {
            let name = format!("operations/{}", operation.name());
            let work = move || check_operation(stand, prepared, *operation);
            tasks.push(Task::new(Area::Description, &name, work));
        }
    }
    tasks
}

fn of_list(operations: &[Operation]) -> Vec<Problem> {
    let twice = repeated(operations.iter().map(|it| it.name()));
    let twice = twice.into_iter().map(|name| format!("`{name}` twice"));
    let missing = OF_EVERY_CONNECTOR
        .into_iter()
        .filter(|it| !operations.contains(it));
    let missing = missing.map(|it| format!("no `{}`", it.name()));
    twice
        .chain(missing)
        .map(|found| {
            let expected = "each operation once, including the six that every connector has";
            problem(Rule::OperationsDescribed, expected, found)
        })
        .collect()
}

/// With the least arguments, and the answers of another function's case, so that a token is at hand.
fn check_operation(stand: &Stand, prepared: &Prepared, operation: Operation) -> Findings {
    let input = least_input(operation);
    let stage = Stage::new(&prepared.case.exchanges);
    let observed = stand.call(&prepared.case.settings, &input, &stage);
    let mut problems = of_every_call(stand, prepared, &input, &observed);
    let is_unsupported = matches!(observed.outcome, Outcome::Err(ErrorCode::Unsupported, _));
    let count = observed.requests().count();
    let is_listed = stand.description.operations.contains(&operation);
    if is_listed == is_unsupported || !is_listed && count > 0 {
        let expected = if is_listed {
            "any outcome except unsupported, because `operations` lists it"
        } else {
            "the error unsupported after 0 requests, because `operations` does not list it"
        };
        problems.push(problem(
            Rule::OperationsDescribed,
            expected,
            format!("{} after {count} requests", observed.outcome.shown()),
        ));
    }
    Findings { runs: 1, problems }
}

fn least_input(operation: Operation) -> Input {
    match operation {
        Operation::Verify => Input::Verify(Vec::new()),
        Operation::ListCompanies => Input::ListCompanies(CompanyQuery::default()),
        Operation::ListBoardMetadata => Input::ListBoardMetadata(BoardSelection::All),
        Operation::CheckTicket => Input::CheckTicket(TicketDraft::default()),
        Operation::CreateTicket => Input::CreateTicket(TicketDraft::default()),
        Operation::GetTicket => Input::GetTicket("1".to_owned()),
        Operation::FindTickets => Input::FindTickets(TicketQuery {
            selection: TicketSelection::Ids(vec!["1".to_owned()]),
            limit: None,
            cursor: None,
        }),
        Operation::AddNote => Input::AddNote(NoteDraft {
            ticket_id: "1".to_owned(),
            text: "1".to_owned(),
            details: Vec::new(),
            links: Vec::new(),
            audience: NoteAudience::Staff,
            reference: None,
            vendor_fields: None,
        }),
        Operation::SetStatus => Input::SetStatus(StatusChange::default()),
        Operation::ListContacts => Input::ListContacts(ContactQuery::default()),
        Operation::ListAssets => Input::ListAssets(AssetQuery::default()),
        Operation::ListSites => Input::ListSites(SiteQuery::default()),
        Operation::AttachAsset => Input::AttachAsset(Attachment {
            ticket_id: "1".to_owned(),
            asset_id: "1".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_operations_has_each_once_and_the_six() {
        let found = |operations: &[Operation]| -> Vec<String> {
            let problems = of_list(operations).into_iter();
            problems.map(|problem| problem.found).collect()
        };
        let none: [&str; 0] = [];
        assert_eq!(found(&OF_EVERY_CONNECTOR), none);
        assert_eq!(found(Operation::ALL), none);
        assert_eq!(found(&OF_EVERY_CONNECTOR[1..]), ["no `verify`"]);
        let twice = [&OF_EVERY_CONNECTOR[..], &[Operation::Verify]].concat();
        assert_eq!(found(&twice), ["`verify` twice"]);
    }
}
