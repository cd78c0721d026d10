//! The operations: load the connector, ask it what it needs, make the calls, and hand back what is to be printed.

use std::path::Path;
use std::time::Duration;

use psa_host::contract::{
    BoardSelection, CompanyPage, CompanyQuery, ConnectorDescription, Creation, PermissionState,
    Setting, TicketDraft,
};
use psa_host::{Call, CallError, Connector, Limits, NoHttp, Recording, Replay};

use crate::cli::arguments::{Boards, Command, Companies, Connection};
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::{board_table, exit, settings, tables};

/// A connector that goes on for ever with new cursors is stopped here.
const MOST_PAGES: usize = 10_000;

pub(crate) async fn run(command: Command) -> Result<Output, Failure> {
    match command {
        Command::Describe(command) => describe(&command.component).await,
        Command::Origins(connection) => origins(&Tenant::open(&connection).await?).await,
        Command::Verify(connection) => verify(&Tenant::open(&connection).await?).await,
        Command::Companies(command) => {
            let tenant = Tenant::open(&command.connection).await?;
            companies(&tenant, command).await
        }
        Command::Boards(command) => {
            let tenant = Tenant::open(&command.connection).await?;
            boards(&tenant, command).await
        }
        Command::CheckTicket(command) => {
            let tenant = Tenant::open(&command.connection).await?;
            check_ticket(&tenant, command.into()).await
        }
        Command::CreateTicket(command) => {
            let tenant = Tenant::open(&command.connection).await?;
            create_ticket(&tenant, command.into()).await
        }
        Command::Ticket(command) => {
            let tenant = Tenant::open(&command.connection).await?;
            ticket(&tenant, command.id).await
        }
    }
}

/// A connector with one tenant's settings, ready for calls.
struct Tenant {
    connector: Connector,
    description: ConnectorDescription,
    settings: Vec<Setting>,
    replay: Option<Replay>,
    limits: Limits,
}

impl Tenant {
    async fn open(connection: &Connection) -> Result<Self, Failure> {
        let (connector, description) = load(&connection.component).await?;
        let settings = read_settings(&description, connection.settings.as_deref())?;
        let replay = match &connection.replay {
            None => None,
            Some(path) => Some(
                Recording::from_file(path)
                    .and_then(|recording| Replay::new(&recording, &settings))
                    .map_err(|error| {
                        Failure::usage(
                            error.to_string(),
                            "Correct the recording, or the settings it refers to.",
                        )
                    })?,
            ),
        };
        Ok(Self {
            connector,
            description,
            settings,
            replay,
            limits: Limits {
                wall_clock: Duration::from_secs(connection.timeout),
                ..Limits::default()
            },
        })
    }

    fn call(&self) -> Result<Call, Failure> {
        let replay = self.replay.clone().ok_or_else(|| {
            Failure::usage(
                "live HTTP is not built in yet",
                "Give a recording to answer from: --replay FILE.",
            )
        })?;
        Ok(self.connector.call(replay, self.limits.clone()))
    }

    /// A recording that lacks a request is no failure of the PSA, whatever the connector made of it.
    fn failure(&self, error: CallError) -> Failure {
        let unmatched = self.replay.as_ref().map(Replay::unmatched);
        match unmatched.as_deref() {
            None | Some([]) => Failure::of_call(error, Some(&self.description)),
            Some(requests) => Failure::usage(
                format!("the recording does not fit: {}", requests.join("; ")),
                "Ask for what is recorded, or add the request to the recording.",
            ),
        }
    }
}

async fn load(component: &Path) -> Result<(Connector, ConnectorDescription), Failure> {
    let connector = Connector::from_file(component).map_err(Failure::Load)?;
    let description = connector
        .call(NoHttp, Limits::default())
        .describe()
        .await
        .map_err(|error| Failure::of_call(error, None))?;
    Ok((connector, description))
}

fn read_settings(
    description: &ConnectorDescription,
    file: Option<&Path>,
) -> Result<Vec<Setting>, Failure> {
    let hint = "`psa-host describe COMPONENT` lists the settings.";
    let text = file
        .map(|path| {
            std::fs::read_to_string(path).map_err(|error| {
                let message = format!("cannot read the settings file {}: {error}", path.display());
                Failure::usage(message, hint)
            })
        })
        .transpose()?;
    let name = file
        .map(|path| path.display().to_string())
        .unwrap_or_default();
    let file = text
        .as_deref()
        .map(|text| settings::File { name: &name, text });
    settings::merge(&description.settings, file, |name| {
        std::env::var_os(name).map(std::ffi::OsString::into_string)
    })
    .map_err(|message| Failure::usage(message, hint))
}

async fn describe(component: &Path) -> Result<Output, Failure> {
    let (_, description) = load(component).await?;
    Output::new(
        &description,
        tables::description(&description),
        exit::SUCCESS,
    )
}

async fn origins(tenant: &Tenant) -> Result<Output, Failure> {
    let origins = tenant
        .connector
        .call(NoHttp, tenant.limits.clone())
        .origins(tenant.settings.clone())
        .await
        .map_err(|error| tenant.failure(error))?;
    Output::new(&origins, tables::lines(&origins), exit::SUCCESS)
}

async fn verify(tenant: &Tenant) -> Result<Output, Failure> {
    let verification = tenant
        .call()?
        .verify(tenant.settings.clone())
        .await
        .map_err(|error| tenant.failure(error))?;
    let is_missing = verification
        .checks
        .iter()
        .any(|check| check.state == PermissionState::Missing);
    let exit_code = if is_missing || !verification.is_complete {
        exit::PERMISSION_MISSING
    } else {
        exit::SUCCESS
    };
    Output::new(
        &verification,
        tables::verification(&verification, &tenant.description),
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
        limit: command.limit,
        cursor: command.cursor,
    };
    let mut all = CompanyPage {
        companies: Vec::new(),
        next_cursor: None,
    };
    for _ in 0..MOST_PAGES {
        let page = tenant
            .call()?
            .list_companies(tenant.settings.clone(), query.clone())
            .await
            .map_err(|error| tenant.failure(error))?;
        all.companies.extend(page.companies);
        all.next_cursor = page.next_cursor;
        if !command.all || all.next_cursor.is_none() {
            return Output::new(&all, tables::companies(&all), exit::SUCCESS);
        }
        if all.next_cursor == query.cursor {
            return Err(Failure::defect(
                "the connector gave the same cursor twice, so the listing has no end",
            ));
        }
        query.cursor.clone_from(&all.next_cursor);
    }
    Err(Failure::defect(format!(
        "the listing has no end: {MOST_PAGES} pages were read"
    )))
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
        &metadata,
        board_table::metadata(&metadata, label),
        exit::SUCCESS,
    )
}

async fn check_ticket(tenant: &Tenant, draft: TicketDraft) -> Result<Output, Failure> {
    let objections = tenant
        .call()?
        .check_ticket(tenant.settings.clone(), draft)
        .await
        .map_err(|error| tenant.failure(error))?;
    let exit_code = if objections.is_empty() {
        exit::SUCCESS
    } else {
        exit::OBJECTIONS
    };
    Output::new(&objections, tables::objections(&objections), exit_code)
}

async fn create_ticket(tenant: &Tenant, draft: TicketDraft) -> Result<Output, Failure> {
    let created = tenant
        .call()?
        .create_ticket(tenant.settings.clone(), draft)
        .await
        .map_err(|error| tenant.failure(error))?;
    let heading = match created.creation {
        Creation::Created => "Opened:",
        Creation::Found => "Found by its reference, nothing opened:",
    };
    let text = format!("{heading}\n{}", tables::ticket(&created.ticket));
    Output::new(&created, text, exit::SUCCESS)
}

async fn ticket(tenant: &Tenant, id: String) -> Result<Output, Failure> {
    let ticket = tenant
        .call()?
        .get_ticket(tenant.settings.clone(), id)
        .await
        .map_err(|error| tenant.failure(error))?;
    match &ticket {
        Some(found) => Output::new(&ticket, tables::ticket(found), exit::SUCCESS),
        None => {
            let text = "There is no such ticket, or these credentials may not see it.".to_owned();
            Output::new(&ticket, text, exit::NO_SUCH_TICKET)
        }
    }
}
