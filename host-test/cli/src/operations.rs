//! The operations: load the connector, ask it what it needs, call it, and return what to print.

use clap::CommandFactory as _;
use clap::builder::PossibleValuesParser;
use psa_host::NoHttp;
use psa_host::contract::BoardSelection;

use crate::arguments::{Arguments, Boards, Command, Describe};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::output::Output;
use crate::tenant::{Tenant, load};
use crate::{
    assets, attach, board_table, case, close, companies, conform, conform_host, connector_file,
    contacts, create, csv, exit, find, mcp, note, scrub, sites, status, tables, template, verify,
    verify_all,
};

pub(crate) async fn run(command: Command) -> Result<Output, Failure> {
    match command {
        Command::Describe(command) => describe(&command).await,
        Command::Origins(connection) => origins(&connection).await,
        Command::Verify(command) if command.all_tenants => verify_all::run(&command).await,
        Command::Verify(command) => verify::run(command).await,
        Command::Companies(command) => {
            let tenant = Tenant::open(&command.connection, true).await?;
            tenant.end(companies::run(&tenant, command).await)
        }
        Command::Boards(command) => {
            let tenant = Tenant::open(&command.connection, true).await?;
            tenant.end(boards(&tenant, command).await)
        }
        Command::CheckTicket(command) => create::check(command).await,
        Command::CreateTicket(command) => create::create(command).await,
        Command::Ticket(command) => {
            let tenant = Tenant::open(&command.connection, false).await?;
            tenant.end(ticket(&tenant, command.ticket.get()).await)
        }
        Command::Find(command) => {
            let tenant = Tenant::open(&command.connection, true).await?;
            tenant.end(find::run(&tenant, command).await)
        }
        Command::Note(command) => {
            let (connection, draft) = note::draft(command)?;
            let tenant = Tenant::open(&connection, false).await?;
            tenant.end(note::run(&tenant, draft).await)
        }
        Command::Status(command) => {
            let tenant = Tenant::open(&command.connection, false).await?;
            tenant.end(status::run(&tenant, command).await)
        }
        Command::Close(command) => {
            let tenant = Tenant::open(&command.connection, false).await?;
            tenant.end(close::close(&tenant, command).await)
        }
        Command::Reopen(command) => {
            let tenant = Tenant::open(&command.connection, false).await?;
            tenant.end(close::reopen(&tenant, command).await)
        }
        Command::Contacts(command) => {
            let tenant = Tenant::open(&command.connection, true).await?;
            tenant.end(contacts::run(&tenant, command).await)
        }
        Command::Assets(command) => {
            let tenant = Tenant::open(&command.connection, true).await?;
            tenant.end(assets::run(&tenant, command).await)
        }
        Command::Sites(command) => {
            let tenant = Tenant::open(&command.connection, true).await?;
            tenant.end(sites::run(&tenant, command).await)
        }
        Command::Attach(command) => {
            let tenant = Tenant::open(&command.connection, false).await?;
            tenant.end(attach::run(&tenant, command).await)
        }
        Command::Mcp(command) => mcp::run(command).await,
        Command::Case(command) => case::run(command),
        Command::Scrub(command) => scrub::run(&command).await,
        Command::Conform(command) => conform::run(command).await,
        Command::ConformHost(command) => conform_host::run(command).await,
        Command::Completions { shell } => Ok(Output::of_text(completions(shell))),
        Command::Share { folder } => psa_release::write_share(Arguments::command(), &folder)
            .map(|()| Output::of_text(String::new()))
            .map_err(|error| {
                let message = format!("cannot write to `{}`: {error}", folder.display());
                Failure::usage(message, "name a folder that you may write to")
            }),
    }
}

/// The script that a shell reads. It offers the connectors that are there now.
fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    let mut command = with_connectors(Arguments::command());
    clap_complete::generate(shell, &mut command, "psa-host", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

fn with_connectors(command: clap::Command) -> clap::Command {
    // The parser takes names that last as long as the program, which ends after this.
    let names = connector_file::names().into_iter();
    let names: Vec<&'static str> = names.map(|name| &*name.leak()).collect();
    if names.is_empty() {
        return command;
    }
    command.mut_subcommands(|command| {
        command.mut_args(|argument| {
            if argument.get_id() == "component" {
                argument.value_parser(PossibleValuesParser::new(names.iter().copied()))
            } else {
                argument
            }
        })
    })
}

async fn describe(command: &Describe) -> Result<Output, Failure> {
    let (_, description) = load(&command.loading.component, command.loading.no_cache).await?;
    if command.template {
        return Ok(Output::of_text(template::template(&description)));
    }
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
        || csv::tickets(&lookup.ticket, None),
        exit_code,
    )
}
