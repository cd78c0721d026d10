//! The operations: load the connector, ask it what it needs, make the calls, and hand back what is to be printed.

use clap::CommandFactory as _;
use psa_host::NoHttp;
use psa_host::contract::{BoardSelection, CompanyPage, CompanyQuery, Creation, TicketDraft};

use crate::arguments::{Arguments, Boards, Command, Companies, CreateTicket, Describe};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::output::Output;
use crate::tenant::{Tenant, load};
use crate::{board_table, case, conform, csv, exit, scrub, tables, test_ticket, verification};

/// A listing without an end is stopped at either: what fits into memory, and what a person waits for.
const MOST_COMPANIES: usize = 1_000_000;
const MOST_PAGES: usize = 1_000;
/// How many companies a call of a whole list asks for: enough for its requests to overlap.
const LARGEST_CALL: u32 = 10_000;

pub(crate) async fn run(command: Command) -> Result<Output, Failure> {
    match command {
        Command::Describe(command) => describe(&command).await,
        Command::Origins(connection) => origins(&connection).await,
        Command::Verify(connection) => {
            let tenant = Tenant::open(&connection, false).await?;
            tenant.end(verify(&tenant).await)
        }
        Command::Companies(command) => {
            let tenant = Tenant::open(&command.connection, true).await?;
            tenant.end(companies(&tenant, command).await)
        }
        Command::Boards(command) => {
            let tenant = Tenant::open(&command.connection, true).await?;
            tenant.end(boards(&tenant, command).await)
        }
        Command::CheckTicket(command) => {
            let draft = draft(command.draft.into())?;
            let tenant = Tenant::open(&command.connection, false).await?;
            tenant.end(check_ticket(&tenant, draft).await)
        }
        Command::CreateTicket(command) => create_ticket(command).await,
        Command::Ticket(command) => {
            let tenant = Tenant::open(&command.connection, false).await?;
            tenant.end(ticket(&tenant, command.id).await)
        }
        Command::Case(command) => case::run(command),
        Command::Scrub(command) => scrub::run(&command).await,
        Command::Conform(command) => conform::run(command).await,
        Command::Completions { shell } => Ok(Output::of_text(completions(shell))),
    }
}

/// The script that a shell reads.
fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "psa-host", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

async fn describe(command: &Describe) -> Result<Output, Failure> {
    let (_, description) = load(&command.loading.component, command.loading.no_cache).await?;
    Output::new(
        command.shown.format(),
        &description,
        |width| tables::description(&description, width),
        || csv::settings(&description),
        exit::SUCCESS,
    )
}

async fn origins(connection: &Connection) -> Result<Output, Failure> {
    let tenant = Tenant::open(connection, false).await?;
    let origins = tenant
        .connector
        .call(NoHttp, tenant.limits.clone())
        .origins(tenant.settings.clone())
        .await
        .map_err(|error| tenant.failure(error))?;
    Output::new(
        tenant.format,
        &origins,
        |_| tables::lines(&origins.origins),
        || csv::origins(&origins.origins),
        exit::SUCCESS,
    )
}

async fn verify(tenant: &Tenant) -> Result<Output, Failure> {
    let verification = tenant
        .call()?
        .verify(tenant.settings.clone(), Vec::new())
        .await
        .map_err(|error| tenant.failure(error))?;
    let exit_code = if verification.is_complete {
        exit::SUCCESS
    } else {
        exit::PERMISSION_MISSING
    };
    Output::new(
        tenant.format,
        &verification,
        |width| verification::verification(&verification, &tenant.description, width),
        || csv::verification(&verification, &tenant.description),
        exit_code,
    )
}

async fn companies(tenant: &Tenant, command: Companies) -> Result<Output, Failure> {
    let mut query = CompanyQuery {
        search: command.search,
        ids: command.id,
        include_inactive: command.include_inactive,
        statuses: command.status,
        types: command.company_type,
        limit: command.limit.or(command.all.then_some(LARGEST_CALL)),
        cursor: command.cursor,
    };
    let mut all = CompanyPage {
        companies: Vec::new(),
        next_cursor: None,
    };
    let mut pages = 0;
    while pages < MOST_PAGES && all.companies.len() < MOST_COMPANIES {
        pages += 1;
        let page = tenant
            .call()?
            .list_companies(tenant.settings.clone(), query.clone())
            .await
            .map_err(|error| tenant.failure(error))?;
        all.companies.extend(page.companies);
        tenant.watch.count("companies", all.companies.len());
        all.next_cursor = page.next_cursor;
        if !command.all || all.next_cursor.is_none() {
            return Output::new(
                tenant.format,
                &all,
                |width| tables::companies(&all, width),
                || csv::companies(&all),
                exit::SUCCESS,
            );
        }
        if all.next_cursor == query.cursor {
            return Err(Failure::defect(
                "the connector returned the same cursor twice, so the list would never end",
            ));
        }
        query.cursor.clone_from(&all.next_cursor);
    }
    Err(Failure::Stopped {
        message: format!(
            "the list was stopped after {pages} pages with {} companies",
            all.companies.len()
        ),
        hint: "Ask for fewer companies, or raise --limit if you set it. If there are not that many companies, the PSA has a defect."
            .to_owned(),
    })
}

async fn boards(tenant: &Tenant, command: Boards) -> Result<Output, Failure> {
    let selection = if command.all {
        BoardSelection::All
    } else if command.board.is_empty() {
        BoardSelection::BoardsOnly
    } else {
        BoardSelection::Only(command.board)
    };
    let metadata = tenant
        .call()?
        .list_board_metadata(tenant.settings.clone(), selection)
        .await
        .map_err(|error| tenant.failure(error))?;
    let label = tenant.description.board_label.as_deref().unwrap_or("Board");
    Output::new(
        tenant.format,
        &metadata,
        |width| board_table::metadata(&metadata, label, width),
        || csv::boards(&metadata),
        exit::SUCCESS,
    )
}

async fn check_ticket(tenant: &Tenant, draft: TicketDraft) -> Result<Output, Failure> {
    let check = tenant
        .call()?
        .check_ticket(tenant.settings.clone(), draft)
        .await
        .map_err(|error| tenant.failure(error))?;
    let exit_code = if check.objections.is_empty() {
        exit::SUCCESS
    } else {
        exit::OBJECTIONS
    };
    Output::new(
        tenant.format,
        &check,
        |width| tables::objections(&check.objections, width),
        || csv::objections(&check.objections),
        exit_code,
    )
}

async fn create_ticket(command: CreateTicket) -> Result<Output, Failure> {
    let draft = if command.test {
        test_ticket::mark(command.draft.into())
    } else {
        draft(command.draft.into())?
    };
    let tenant = Tenant::open(&command.connection, false).await?;
    tenant.end(if command.check {
        check_ticket(&tenant, draft).await
    } else {
        open_ticket(&tenant, draft).await
    })
}

fn draft(draft: TicketDraft) -> Result<TicketDraft, Failure> {
    if draft.summary.is_empty() {
        return Err(Failure::usage(
            "--summary is required",
            "Add --summary TEXT; only `create-ticket --test` works without it.",
        ));
    }
    Ok(draft)
}

async fn open_ticket(tenant: &Tenant, draft: TicketDraft) -> Result<Output, Failure> {
    let created = tenant
        .call()?
        .create_ticket(tenant.settings.clone(), draft)
        .await
        .map_err(|error| tenant.failure(error))?;
    let number = &created.ticket.number;
    let (heading, done) = match created.creation {
        Creation::Created => ("Opened:", format!("ticket {number} was opened")),
        Creation::Found => (
            "Found by its reference; nothing was opened:",
            format!("ticket {number} was found by its reference, and nothing was opened"),
        ),
    };
    Output::new(
        tenant.format,
        &created,
        |width| format!("{heading}\n{}", tables::ticket(&created.ticket, width)),
        || csv::ticket(Some(&created.ticket), Some(created.creation)),
        exit::SUCCESS,
    )
    .map(|output| output.done(done))
}

async fn ticket(tenant: &Tenant, id: String) -> Result<Output, Failure> {
    let lookup = tenant
        .call()?
        .get_ticket(tenant.settings.clone(), id)
        .await
        .map_err(|error| tenant.failure(error))?;
    let exit_code = match &lookup.ticket {
        Some(_) => exit::SUCCESS,
        None => exit::NO_SUCH_TICKET,
    };
    Output::new(
        tenant.format,
        &lookup,
        |width| match &lookup.ticket {
            Some(found) => tables::ticket(found, width),
            None => "The ticket does not exist, or these credentials cannot see it.".to_owned(),
        },
        || csv::ticket(lookup.ticket.as_ref(), None),
        exit_code,
    )
}
