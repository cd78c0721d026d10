//! All sources, and how another one is added.

use maud::{Markup, html};

use super::fields::{Choice, Field, Problems, chooser, text};
use super::form::{Asked, Entered};
use super::session::Notice;
use super::tables::source_table;
use super::visit::{Answer, Trouble, Visit};
use super::words;
use crate::intake::{Dialect, SourceRules};
use crate::service::{self, ServiceError};
use crate::tenant::{Source, Tenant};
use crate::text::TextRules;

pub(super) async fn show(visit: Visit, asked: Asked) -> Answer {
    let chosen = |name: &str| asked.text(name).to_owned();
    draw(&visit, &chosen, &Problems::default()).await
}

async fn draw(
    visit: &Visit,
    chosen: &(dyn Fn(&str) -> String + Send + Sync),
    problems: &Problems,
) -> Answer {
    let tenants = visit.office().store.tenants().await?;
    let sources = visit.office().store.sources().await?;
    let content = html! {
        (problems.summary())
        h1 { "Sources" }
        p { "A source is a product that sends alerts to the relay, for one tenant." }
        @if !sources.is_empty() { (table(&sources, &tenants)) }
        @if tenants.is_empty() {
            p { "Set up a tenant first: a source sends its alerts to one. " a href="/" { "To the dashboard" } }
        } @else {
            (add_form(&tenants, chosen, problems))
        }
    };
    Ok(match problems.is_empty() {
        true => visit.show("Sources", &content),
        false => visit.refuse("Sources", &content),
    })
}

fn table(sources: &[Source], tenants: &[Tenant]) -> Markup {
    let name_of = |id: &str| {
        let tenant = tenants.iter().find(|it| it.id == id);
        tenant.map_or(id.to_owned(), |it| it.name.clone())
    };
    source_table(sources, ("Tenant", "Tenant"), &|source| {
        html! { (name_of(&source.tenant)) }
    })
}

fn add_form(
    tenants: &[Tenant],
    chosen: &(dyn Fn(&str) -> String + Send + Sync),
    problems: &Problems,
) -> Markup {
    let of_tenants: Vec<Choice> = tenants
        .iter()
        .map(|it| Choice::new(&*it.id, &*it.name))
        .collect();
    let dialects = Dialect::ALL.map(|it| Choice::new(it.name(), words::dialect(it)));
    let field = |name, label, help| Field {
        name,
        label,
        help,
        is_required: true,
    };
    html! {
        section.panel aria-labelledby="add" {
            h2 id="add" { "Add a source" }
            form method="post" action="/sources" {
                (text(field("name", "Name of the product", "Example: HYAS Protect"), &chosen("name"), problems))
                (chooser(field("dialect", "It sends", "If the product has a webhook of its own, choose JSON of any shape."),
                    &dialects, &chosen("dialect"), problems))
                (chooser(field("tenant", "Tenant", "Whose tickets its alerts become."), &of_tenants, &chosen("tenant"), problems))
                div.buttons { button type="submit" { "Add the source" } }
            }
        }
    }
}

pub(super) async fn make(visit: Visit, entered: Entered) -> Answer {
    let mut problems = Problems::default();
    let name = entered.text("name");
    if name.is_empty() {
        problems.add("name", "Name of the product is required");
    }
    let dialect = Dialect::ALL
        .into_iter()
        .find(|it| it.name() == entered.text("dialect"));
    let chosen = |name: &str| entered.text(name).to_owned();
    let Some(dialect) = dialect.filter(|_| problems.is_empty()) else {
        if dialect.is_none() {
            problems.add("dialect", "Choose what it sends");
        }
        return draw(&visit, &chosen, &problems).await;
    };
    let source = Source {
        id: free_id(&visit, name).await?,
        tenant: entered.text("tenant").to_owned(),
        name: name.to_owned(),
        rules: SourceRules::of(dialect),
        text: TextRules::default(),
    };
    match service::put_source(visit.office(), &source).await {
        Ok(()) => {}
        Err(ServiceError::Missing(_)) => {
            problems.add("tenant", "There is no such tenant");
            return draw(&visit, &chosen, &problems).await;
        }
        Err(other) => return Err(other.into()),
    }
    let token = service::make_token(visit.office(), &source.id, 0).await?;
    visit.tell(Notice::Secret {
        what: format!("This is the token of {name}."),
        secret: token.0,
    });
    Ok(visit.go(&format!("/sources/{}", source.id)))
}

/// An id that no source has. It is in references, so it never changes.
async fn free_id(visit: &Visit, name: &str) -> Result<String, Trouble> {
    let base = super::settings::id_of(name, "source");
    let mut id = base.clone();
    let mut number = 2;
    while visit.office().store.source(&id).await?.is_some() {
        id = format!("{base}-{number}");
        number += 1;
    }
    Ok(id)
}
