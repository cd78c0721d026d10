//! Step 4: what a ticket is opened with, chosen from what the PSA has. Saving checks a sample ticket.

use axum::extract::Path;
use maud::{Markup, html};
use psa_contract::{BoardMetadata, BoardSelection, ConnectorDescription};

use super::check;
use super::fields::{Choice, Field, Problems, chooser, error_text};
use super::form::{Asked, Entered};
use super::layout::{empty, heading};
use super::visit::{Answer, Trouble, Visit};
use super::words;
use crate::alert::Severity;
use crate::policy::OnRecovery;
use crate::service::{self, ServiceError};
use crate::tenant::{Services, Tenant};

mod lists; // The PSA's lists as choosers.

use lists::Lists;

/// So many boards are shown with all their lists. Of more, one is chosen first.
const MOST_BOARDS: usize = 25;
/// The value that leaves a choice to the relay.
const AUTOMATIC: &str = "automatic";

pub(super) async fn show(visit: Visit, Path(id): Path<String>, asked: Asked) -> Answer {
    let tenant = visit.tenant(&id).await?;
    let title = format!("Services of {}", tenant.name);
    let lists = match lists(&visit, &tenant, asked.some("board")).await? {
        Ok(lists) => lists,
        Err(text) => {
            let content = html! {
                (heading(&tenant, "services"))
                p.notice.bad role="alert" { "The PSA's boards cannot be read. " (text) }
                div.buttons {
                    a.button href={ "/tenants/" (id) "/services" } { "Try again" }
                    a href={ "/tenants/" (id) "/verify" } { "To Verify Setup" }
                }
            };
            return Ok(visit.show(&title, &content));
        }
    };
    let form = Form::new(&visit, tenant, lists)?;
    let chosen = form.chosen();
    Ok(visit.show(&title, &form.draw(&chosen, &Problems::default())))
}

pub(super) async fn save(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let tenant = visit.tenant(&id).await?;
    let title = format!("Services of {}", tenant.name);
    let lists = match lists(&visit, &tenant, entered.some("board")).await? {
        Ok(lists) => lists,
        Err(text) => {
            let path = format!("/tenants/{id}/services");
            let text = format!("Nothing was saved, since the PSA's boards cannot be read. {text}");
            return Ok(visit.go_failing(&path, text));
        }
    };
    let form = Form::new(&visit, tenant, lists)?;
    let (services, problems) = form.read(&entered);
    if !problems.is_empty() {
        let chosen = |name: &str| entered.text(name).to_owned();
        return Ok(visit.refuse(&title, &form.draw(&chosen, &problems)));
    }
    service::put_services(visit.office(), &id, services).await?;
    check::ask_for_any_company(&visit, &id).await?;
    Ok(visit.go_saying(&format!("/tenants/{id}/check"), "The services were saved."))
}

/// The PSA's lists: of all boards if they are few, else of the one that was asked for or is kept.
async fn lists(
    visit: &Visit,
    tenant: &Tenant,
    board: Option<String>,
) -> Result<Result<Lists, String>, Trouble> {
    let read = async |selection| {
        let read = service::board_metadata(visit.office(), &tenant.id, selection).await;
        match read {
            Ok(metadata) => Ok(Ok(metadata)),
            Err(ServiceError::Psa(error)) => Ok(Err(error_text(&error))),
            Err(other) => Err(Trouble::from(other)),
        }
    };
    let boards = match read(BoardSelection::BoardsOnly).await? {
        Ok(metadata) => metadata,
        Err(text) => return Ok(Err(text)),
    };
    let is_there = |id: &String| boards.boards.iter().any(|it| it.id == *id);
    let board = board.filter(is_there);
    let one = board.or_else(|| tenant.services.board_id.clone().filter(is_there));
    let (selection, is_one_of_many) = match (boards.boards.len(), one) {
        (0, _) => return Ok(Ok(Lists::of(boards, None))),
        (1..=MOST_BOARDS, _) => (BoardSelection::All, None),
        (_, None) => return Ok(Ok(Lists::undecided(boards))),
        (_, Some(one)) => (BoardSelection::Only(vec![one.clone()]), Some(one)),
    };
    let metadata: BoardMetadata = match read(selection).await? {
        Ok(metadata) => metadata,
        Err(text) => return Ok(Err(text)),
    };
    Ok(Ok(Lists::of(metadata, is_one_of_many)))
}

struct Form {
    tenant: Tenant,
    description: ConnectorDescription,
    lists: Lists,
}

/// A chooser of the form: its name, its label, its help, its entries.
type Row = (&'static str, String, String, Vec<Choice>);

impl Form {
    fn new(visit: &Visit, tenant: Tenant, lists: Lists) -> Result<Self, Trouble> {
        Ok(Self {
            description: visit.description(&tenant.connector)?,
            tenant,
            lists,
        })
    }

    fn board_label(&self) -> &str {
        self.description.board_label.as_deref().unwrap_or("Board")
    }

    /// What is chosen as the form is drawn for the first time.
    fn chosen(&self) -> impl Fn(&str) -> String {
        let services = &self.tenant.services;
        let is_new = *services
            == Services {
                default_company: services.default_company.clone(),
                ..Services::default()
            };
        let severity = |name: &str| {
            let severity = Severity::ALL.into_iter().find(|it| it.name() == name)?;
            services.priorities.get(&severity).cloned()
        };
        move |name| {
            let given = match name {
                "board" => self.lists.one.clone().or_else(|| services.board_id.clone()),
                "status" => services.status_id.clone(),
                "type" => services.type_id.clone(),
                "subtype" => services.subtype_id.clone(),
                "item" => services.item_id.clone(),
                "priority" => services.priority_id.clone(),
                "source" => services.source_id.clone(),
                "closing" if is_new => Some(AUTOMATIC.to_owned()),
                "reopening" if is_new => Some(AUTOMATIC.to_owned()),
                "closing" => services.closing_status_ids.first().cloned(),
                "reopening" => services.reopening_status_ids.first().cloned(),
                "recovery" => Some(recovery_name(services.on_recovery).to_owned()),
                other => other.strip_prefix("severity.").and_then(severity),
            };
            given.unwrap_or_default()
        }
    }

    /// The four of the guide.
    fn main(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        if !self.lists.metadata.boards.is_empty() {
            let help = match self.lists.one {
                None => String::new(),
                Some(_) => "To choose another one, go back to its list above.".to_owned(),
            };
            rows.push((
                "board",
                self.board_label().to_owned(),
                help,
                self.lists.boards(),
            ));
        }
        let help = "The status of a new ticket.".to_owned();
        rows.push((
            "status",
            "Status".to_owned(),
            help,
            self.lists.statuses(false),
        ));
        rows.push(("type", "Type".to_owned(), String::new(), self.lists.types()));
        let help = "Of every ticket whose severity has no priority of its own.".to_owned();
        rows.push((
            "priority",
            "Priority".to_owned(),
            help,
            self.lists.priorities(),
        ));
        rows
    }

    fn more(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut add = |name, label: &str, help: &str, choices: Vec<Choice>| {
            // The first entry says that nothing is chosen.
            if choices.len() > 1 {
                rows.push((name, label.to_owned(), help.to_owned(), choices));
            }
        };
        let lists = &self.lists;
        add("subtype", "Subtype", "", lists.subtypes());
        add("item", "Item", "", lists.items());
        add(
            "source",
            "Source",
            "Where the PSA shows that tickets come from.",
            lists.sources(),
        );
        let recovery = vec![
            Choice::new("close", "Add a note and close the ticket"),
            Choice::new("note", "Add a note"),
            Choice::new("nothing", "Do nothing"),
        ];
        add("recovery", "When the alert recovers", "", recovery);
        let closing = lists.closing(AUTOMATIC);
        add("closing", "Status that closes a ticket", "", closing);
        let help = "For an alert that fires again within a day of its end.";
        add(
            "reopening",
            "Status that reopens a ticket",
            help,
            lists.reopening(AUTOMATIC),
        );
        rows
    }

    fn draw(&self, chosen: &dyn Fn(&str) -> String, problems: &Problems) -> Markup {
        let id = &self.tenant.id;
        html! {
            (problems.summary())
            (heading(&self.tenant, "services"))
            p { "These choices come from " (self.description.vendor) ". Every ticket is opened with them." }
            @if self.lists.is_undecided || self.lists.one.is_some() { (self.board_first(chosen)) }
            @if !self.lists.is_undecided {
                (self.omissions())
                form method="post" action={ "/tenants/" (id) "/services" } {
                    @for row in self.main() { (self.row(&row, chosen, problems)) }
                    details open[!problems.is_empty()] {
                        summary { "More choices: recovery, reopening, and a priority for each severity" }
                        @for row in self.more() { (self.row(&row, chosen, problems)) }
                        fieldset {
                            legend { "Priority by severity" }
                            @for severity in Severity::ALL {
                                (self.row(&self.severity_row(severity), chosen, problems))
                            }
                        }
                    }
                    div.buttons { button type="submit" { "Save and check" } }
                }
            }
        }
    }

    fn row(&self, row: &Row, chosen: &dyn Fn(&str) -> String, problems: &Problems) -> Markup {
        let (name, label, help, choices) = row;
        let is_required = *name == "board";
        let field = Field {
            name,
            label,
            help,
            is_required,
        };
        chooser(field, choices, &chosen(name), problems)
    }

    fn severity_row(&self, severity: Severity) -> Row {
        let name = match severity {
            Severity::Critical => "severity.critical",
            Severity::High => "severity.high",
            Severity::Medium => "severity.medium",
            Severity::Low => "severity.low",
            Severity::Info => "severity.info",
        };
        let mut choices = self.lists.priorities();
        if let Some(first) = choices.first_mut() {
            *first = Choice::new("", "The priority above");
        }
        (
            name,
            words::severity(severity).to_owned(),
            String::new(),
            choices,
        )
    }

    /// Where there are many boards, one is chosen before its lists are read.
    fn board_first(&self, chosen: &dyn Fn(&str) -> String) -> Markup {
        let label = self.board_label();
        let title = format!("{label} to show");
        let field = Field {
            name: "board",
            label: &title,
            help: "Its statuses and types are read then.",
            is_required: true,
        };
        let mut field_choices = vec![Choice::new("", "Please choose")];
        let boards = self.lists.metadata.boards.iter();
        field_choices.extend(boards.map(|it| Choice::new(&*it.id, &*it.name)));
        html! {
            form.inline method="get" action={ "/tenants/" (self.tenant.id) "/services" } {
                (chooser(field, &field_choices, &chosen("board"), &Problems::default()))
                button.second type="submit" { "Show" }
            }
        }
    }

    fn omissions(&self) -> Markup {
        let omissions = &self.lists.metadata.omissions;
        if omissions.is_empty() {
            return empty();
        }
        html! {
            div.notice {
                p { "Some lists cannot be read with these credentials:" }
                ul { @for it in omissions { li { (it.part) ": " (it.message) } } }
            }
        }
    }

    /// What was chosen, and what does not fit.
    fn read(&self, entered: &Entered) -> (Services, Problems) {
        let mut problems = Problems::default();
        let before = &self.tenant.services;
        for (name, label, _, choices) in self.main().iter().chain(&self.more()) {
            let value = entered.text(name);
            if *name == "board" && value.is_empty() {
                problems.add(name, format!("{label} is required"));
            } else if !choices.iter().any(|it| it.value == value) {
                let what = "is no longer there. Choose another one";
                problems.add(name, format!("{label} {what}"));
            }
        }
        let board = entered.some("board");
        let board = board.as_deref();
        for (name, label, owner) in [
            (
                "status",
                "Status",
                self.lists.board_of_status(entered.text("status")),
            ),
            (
                "type",
                "Type",
                self.lists.board_of_type(entered.text("type")),
            ),
            (
                "closing",
                "Status that closes a ticket",
                self.lists.board_of_status(entered.text("closing")),
            ),
            (
                "reopening",
                "Status that reopens a ticket",
                self.lists.board_of_status(entered.text("reopening")),
            ),
        ] {
            if let Some(owner) = owner
                && Some(owner) != board
            {
                let own = self.lists.board_name(board.unwrap_or_default());
                let other = self.lists.board_name(owner);
                let message = format!("{label} is one of {other}. Choose one of {own}");
                problems.add(name, message);
            }
        }
        let status = entered.some("status");
        let closing = match entered.text("closing") {
            AUTOMATIC => self.lists.closing_of(board),
            chosen => chosen.to_owned(),
        };
        let reopening = match entered.text("reopening") {
            AUTOMATIC => status
                .clone()
                .unwrap_or_else(|| self.lists.usual_status_of(board)),
            chosen => chosen.to_owned(),
        };
        let priorities = Severity::ALL.into_iter().filter_map(|severity| {
            let priority = entered.some(&format!("severity.{}", severity.name()))?;
            Some((severity, priority))
        });
        let services = Services {
            board_id: entered.some("board"),
            status_id: status,
            type_id: entered.some("type"),
            subtype_id: entered.some("subtype"),
            item_id: entered.some("item"),
            priority_id: entered.some("priority"),
            priorities: priorities.collect(),
            source_id: entered.some("source"),
            closing_status_ids: in_front(&closing, &before.closing_status_ids),
            reopening_status_ids: in_front(&reopening, &before.reopening_status_ids),
            on_recovery: match entered.text("recovery") {
                "note" => OnRecovery::Note,
                "nothing" => OnRecovery::Nothing,
                _ => OnRecovery::Close,
            },
            default_company: before.default_company.clone(),
        };
        (services, problems)
    }
}

/// The one that was chosen, before those of other boards that are kept.
fn in_front(chosen: &str, kept: &[String]) -> Vec<String> {
    if chosen.is_empty() {
        return Vec::new();
    }
    let others = kept.iter().filter(|it| *it != chosen).cloned();
    std::iter::once(chosen.to_owned()).chain(others).collect()
}

fn recovery_name(on_recovery: OnRecovery) -> &'static str {
    match on_recovery {
        OnRecovery::Close => "close",
        OnRecovery::Note => "note",
        OnRecovery::Nothing => "nothing",
    }
}
