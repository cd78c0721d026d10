//! What a ticket's fields can be called by instead of their ids: the name of a company, board, status, type, priority and
//! so on. Names are looked up in the PSA before the ticket is checked or opened.

use clap::Args;
use psa_host::contract::{
    Board, BoardMetadata, BoardSelection, Choice, Company, CompanyQuery, TicketDraft,
};

use crate::candidate::Candidate;
use crate::choice;
use crate::companies;
use crate::failure::Failure;
use crate::pages::Pages;
use crate::tenant::Tenant;

/// Each in place of the argument with `-id`.
#[derive(Args)]
pub(crate) struct Names {
    /// The company by its name or identifier, instead of its id
    #[arg(long, value_name = "NAME", conflicts_with = "company_id")]
    company: Option<String>,
    /// The board by its name
    #[arg(long, value_name = "NAME", conflicts_with = "board_id")]
    board: Option<String>,
    /// The status by its name
    #[arg(long, value_name = "NAME", conflicts_with = "status_id")]
    status: Option<String>,
    /// The type by its name
    #[arg(long = "type", value_name = "NAME", conflicts_with = "type_id")]
    ticket_type: Option<String>,
    /// The subtype by its name
    #[arg(long, value_name = "NAME", conflicts_with = "subtype_id")]
    subtype: Option<String>,
    /// The item by its name
    #[arg(long, value_name = "NAME", conflicts_with = "item_id")]
    item: Option<String>,
    /// The priority by its name
    #[arg(long, value_name = "NAME", conflicts_with = "priority_id")]
    priority: Option<String>,
    /// The source by its name
    #[arg(long, value_name = "NAME", conflicts_with = "source_id")]
    source: Option<String>,
}

impl Names {
    pub(crate) fn have_company(&self) -> bool {
        self.company.is_some()
    }

    /// Puts the ids of what is named into the draft.
    pub(crate) async fn resolve(
        &self,
        tenant: &Tenant,
        draft: &mut TicketDraft,
    ) -> Result<(), Failure> {
        if let Some(name) = &self.company {
            draft.company_id = company(tenant, name).await?;
        }
        if let Some(name) = &self.board {
            let metadata = metadata(tenant, BoardSelection::BoardsOnly).await?;
            draft.board_id = Some(board(name, &metadata.boards)?);
        }
        if let Some(selection) = self.lists(draft)? {
            self.of_lists(&metadata(tenant, selection).await?, draft)?;
        }
        Ok(())
    }

    /// Which lists the names are in. None: there are no such names.
    fn lists(&self, draft: &TicketDraft) -> Result<Option<BoardSelection>, Failure> {
        let of_a_board = [&self.status, &self.ticket_type, &self.subtype, &self.item];
        let of_no_board = [&self.priority, &self.source];
        if of_a_board.iter().any(|name| name.is_some()) {
            let Some(board_id) = &draft.board_id else {
                return Err(Failure::usage(
                    "a status, type, subtype or item is named, but no board",
                    "Name the board with --board NAME or --board-id ID: each board has its own.",
                ));
            };
            return Ok(Some(BoardSelection::Only(vec![board_id.clone()])));
        }
        let is_needed = of_no_board.iter().any(|name| name.is_some());
        Ok(is_needed.then_some(BoardSelection::BoardsOnly))
    }

    fn of_lists(&self, lists: &BoardMetadata, draft: &mut TicketDraft) -> Result<(), Failure> {
        let statuses = lists.statuses.iter().map(|status| &status.choice);
        let subtypes = lists.subtypes.iter().map(|subtype| &subtype.choice);
        let items = lists.items.iter().map(|item| &item.choice);
        let rows: [(_, [&str; 2], _, Vec<&Choice>, _); 6] = [
            (
                &self.status,
                ["status", "statuses"],
                "--status-id",
                statuses.collect(),
                &mut draft.status_id,
            ),
            (
                &self.ticket_type,
                ["type", "types"],
                "--type-id",
                lists.types.iter().collect(),
                &mut draft.type_id,
            ),
            (
                &self.subtype,
                ["subtype", "subtypes"],
                "--subtype-id",
                subtypes.collect(),
                &mut draft.subtype_id,
            ),
            (
                &self.item,
                ["item", "items"],
                "--item-id",
                items.collect(),
                &mut draft.item_id,
            ),
            (
                &self.priority,
                ["priority", "priorities"],
                "--priority-id",
                lists.priorities.iter().collect(),
                &mut draft.priority_id,
            ),
            (
                &self.source,
                ["source", "sources"],
                "--source-id",
                lists.sources.iter().collect(),
                &mut draft.source_id,
            ),
        ];
        for (name, nouns, argument, choices, id) in rows {
            if let Some(name) = name {
                let candidates = choices
                    .iter()
                    .map(|choice| Candidate::new(&choice.id, &choice.name));
                let candidates: Vec<Candidate> = candidates.collect();
                *id = Some(choice::by_name(nouns, argument, name, &candidates)?.id);
            }
        }
        Ok(())
    }
}

/// A company by its name or identifier. The PSA searches for it; only if it finds nothing alike are all companies read, for
/// names that are near.
pub(crate) async fn company(tenant: &Tenant, name: &str) -> Result<String, Failure> {
    if name.trim().is_empty() {
        return Err(Failure::usage(
            "--company is empty",
            "Give the name of the company, or its id with --company-id.",
        ));
    }
    let search = |text: Option<&str>| CompanyQuery {
        search: text.map(str::to_owned),
        ..CompanyQuery::default()
    };
    let mut found = all_companies(tenant, &search(Some(name.trim()))).await?;
    if found.is_empty() {
        found = all_companies(tenant, &search(None)).await?;
    }
    let nouns = ["company", "companies"];
    choice::by_name(nouns, "--company-id", name, &found).map(|company| company.id)
}

async fn all_companies(tenant: &Tenant, query: &CompanyQuery) -> Result<Vec<Candidate>, Failure> {
    let companies = companies::read(tenant, query, Pages::ALL).await?.rows;
    Ok(companies.iter().map(candidate).collect())
}

fn candidate(company: &Company) -> Candidate {
    Candidate {
        identifier: company.identifier.clone(),
        ..Candidate::new(&company.id, &company.name)
    }
}

fn board(name: &str, boards: &[Board]) -> Result<String, Failure> {
    let boards = boards
        .iter()
        .map(|board| Candidate::new(&board.id, &board.name));
    let boards: Vec<Candidate> = boards.collect();
    choice::by_name(["board", "boards"], "--board-id", name, &boards).map(|board| board.id)
}

async fn metadata(tenant: &Tenant, selection: BoardSelection) -> Result<BoardMetadata, Failure> {
    tenant
        .call()?
        .list_board_metadata(tenant.settings.clone(), selection)
        .await
        .map_err(|error| tenant.failure(error))
}
