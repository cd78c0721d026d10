//! One source: the address to paste, its tokens, how it is read, what its tickets say, and what it sent.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};

use super::fields::{Field, Problems, sentence, text};
use super::form::Entered;
use super::layout::empty;
use super::session::Notice;
use super::tables::alert_table;
use super::visit::{Answer, Trouble, Visit};
use super::words::{self, mark};
use crate::intake::{CaseKey, Dialect, StatusMap};
use crate::service::{self, ServiceError};
use crate::store::{AlertFilter, Capture, Token};
use crate::tenant::Source;
use crate::text::{DetailRule, Template};

mod rules; // The form of how it is read and what its tickets say.
mod sample; // A captured body: its pointers, and the ticket it would become.

use sample::Sample;

/// How many alerts are shown.
const ALERTS: usize = 20;
/// How many bodies that were not understood are shown.
const NOT_UNDERSTOOD: usize = 5;

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let source = source_of(&visit, &id).await?;
    draw(&visit, &source, &Problems::default()).await
}

async fn source_of(visit: &Visit, id: &str) -> Result<Source, Trouble> {
    let source = visit.office().store.source(id).await?;
    Ok(source.ok_or_else(|| ServiceError::Missing(format!("there is no source {id}")))?)
}

async fn draw(visit: &Visit, source: &Source, problems: &Problems) -> Result<Response, Trouble> {
    let store = &visit.office().store;
    let tokens = store.tokens().await?;
    let tokens: Vec<Token> = tokens
        .into_iter()
        .filter(|it| it.source == source.id)
        .collect();
    let alerts = AlertFilter {
        source: Some(source.id.clone()),
        limit: Some(ALERTS),
        ..AlertFilter::default()
    };
    let alerts = store.alerts(&alerts).await?;
    let captures = store.captures(&source.id).await?;
    let sample = Sample::of(source, &captures);
    let preview = match &sample {
        Some(sample) => sample.preview(visit.office(), source).await?,
        None => None,
    };
    let is_signed = service::signing_secret(visit.office(), &source.id).await?;
    let now = visit.page.now();
    let content = html! {
        (problems.summary())
        h1 { span.over { "Source" } (source.name) }
        (address(visit, source))
        (tokens_section(visit, source, &tokens))
        (signing_section(source, is_signed.is_some()))
        section aria-labelledby="sample" {
            h2 id="sample" { "What its alerts become" }
            @match &sample {
                None => p { "Nothing has come yet. When the product has sent an alert, its fields and the ticket appear here." },
                Some(sample) => (sample.draw(preview.as_ref())),
            }
        }
        (rules::form(source, sample.as_ref(), problems))
        section aria-labelledby="alerts" {
            h2 id="alerts" { "Latest alerts" }
            @if alerts.is_empty() { p { "None yet." } } @else { (alert_table(&alerts, now)) }
        }
        (not_understood(&captures))
        (delete_form(source))
    };
    Ok(match problems.is_empty() {
        true => visit.show(&source.name, &content),
        false => visit.refuse(&source.name, &content),
    })
}

fn address(visit: &Visit, source: &Source) -> Markup {
    let base = &visit.page.options.intake_url;
    let dialect = source.rules.dialect;
    html! {
        section.panel aria-labelledby="address" {
            h2 id="address" { "Address to paste" }
            p { (words::dialect(dialect)) ". Send alerts with POST to:" }
            p { code.copy { (base) (words::path(dialect, &source.id)) } }
            p { "The token goes " (words::token_place(dialect)) "." }
            @if dialect != Dialect::Generic {
                p.help { "The same alerts are also taken at " code { (base) "/in/" (source.id) } "." }
            }
        }
    }
}

fn tokens_section(visit: &Visit, source: &Source, tokens: &[Token]) -> Markup {
    let id = &source.id;
    let now = visit.page.now();
    html! {
        section.panel aria-labelledby="tokens" {
            h2 id="tokens" { "Tokens" }
            p { "A source has two tokens, so that one can be replaced while the other still works. A token is shown once." }
            @for place in 0..2_u8 {
                @let token = tokens.iter().find(|it| it.place == place);
                @let name = if place == 0 { "First token" } else { "Second token" };
                div.token {
                    p {
                        strong { (name) } ": "
                        @match token {
                            Some(token) => { "made " (words::time(token.created_at, now)) },
                            None => "none",
                        }
                    }
                    div.buttons {
                        form method="post" action={ "/sources/" (id) "/token" } {
                            input type="hidden" name="place" value=(place);
                            button.second type="submit" {
                                @if token.is_some() { "Replace the " (name.to_lowercase()) } @else { "Make the " (name.to_lowercase()) }
                            }
                        }
                        @if token.is_some() {
                            form method="post" action={ "/sources/" (id) "/revoke" } {
                                input type="hidden" name="place" value=(place);
                                button.second type="submit" { "Revoke the " (name.to_lowercase()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn signing_section(source: &Source, is_signed: bool) -> Markup {
    let id = &source.id;
    html! {
        details {
            summary { "Signed alerts: " @if is_signed { "a signing secret is set" } @else { "no signing secret" } }
            p { "A product that signs its alerts needs no token: a signature of Standard Webhooks, or the HMAC-SHA256 of the body." }
            form.inline method="post" action={ "/sources/" (id) "/signing" } {
                (super::fields::secret(Field {
                    name: "secret",
                    label: "Signing secret of the product",
                    help: "Leave it empty to have one made, which is shown once.",
                    is_required: false,
                }, &Problems::default()))
                button.second type="submit" { "Set the signing secret" }
            }
            @if is_signed {
                form method="post" action={ "/sources/" (id) "/signing" } {
                    input type="hidden" name="remove" value="yes";
                    div.buttons { button.second type="submit" { "Remove the signing secret" } }
                }
            }
        }
    }
}

fn not_understood(captures: &[Capture]) -> Markup {
    let wrong = captures.iter().filter(|it| !it.capture.is_understood);
    let wrong: Vec<&Capture> = wrong.take(NOT_UNDERSTOOD).collect();
    if wrong.is_empty() {
        return empty();
    }
    html! {
        section aria-labelledby="wrong" {
            h2 id="wrong" { "Not understood" }
            @for it in wrong {
                details {
                    summary { (words::moment(it.at)) ": " (sentence(&it.capture.why)) }
                    pre tabindex="0" { (it.capture.body) }
                }
            }
        }
    }
}

fn delete_form(source: &Source) -> Markup {
    html! {
        details {
            summary { "Delete this source" }
            form method="post" action={ "/sources/" (source.id) "/delete" } {
                p { "Its tokens stop working at once. Its cases and tickets stay." }
                div.buttons { button.danger type="submit" { "Delete" } }
            }
        }
    }
}

pub(super) async fn save(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let before = source_of(&visit, &id).await?;
    let (source, problems) = read(&before, &entered);
    if !problems.is_empty() {
        return draw(&visit, &source, &problems).await;
    }
    match service::put_source(visit.office(), &source).await {
        Ok(()) => Ok(visit.go_saying(&format!("/sources/{id}"), "The source was saved.")),
        Err(ServiceError::Invalid { message, .. }) => {
            let mut problems = Problems::default();
            problems.add("success", sentence(&message));
            draw(&visit, &source, &problems).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The source as it was entered, and what is wrong with that.
fn read(before: &Source, entered: &Entered) -> (Source, Problems) {
    let mut problems = Problems::default();
    let mut source = before.clone();
    if let Some(name) = entered.some("name") {
        source.name = name;
    }
    let mut pointer = |name: &str| {
        let pointer = entered.some(name)?;
        if !pointer.starts_with('/') {
            problems.add(
                name,
                format!("{pointer} is not a JSON Pointer: begin it with a slash, such as /domain"),
            );
        }
        Some(pointer)
    };
    let fields = &mut source.rules.fields;
    fields.key = ["key.0", "key.1", "key.2"]
        .into_iter()
        .filter_map(&mut pointer)
        .collect();
    fields.summary = pointer("summary");
    fields.description = pointer("description");
    fields.severity = pointer("severity");
    fields.company = pointer("company");
    fields.occurred_at = pointer("occurred-at");
    fields.link = pointer("link");
    fields.status = pointer("status").map(|pointer| StatusMap {
        pointer,
        recovered: words_of(entered.text("recovered")),
        acknowledged: words_of(entered.text("acknowledged")),
    });
    source.rules.case_key = match entered.text("case-key") {
        "group" => CaseKey::Group,
        _ => CaseKey::Alert,
    };
    source.rules.company = entered.some("fixed-company");
    source.rules.success_status = None;
    if let Some(status) = entered.some("success") {
        match status.parse() {
            Ok(status) => source.rules.success_status = Some(status),
            Err(_) => problems.add("success", format!("{status} is not a status such as 200")),
        }
    }
    let mut template = |name: &str| {
        let text = entered.some(name)?;
        match Template::parse(&text) {
            Ok(template) => Some(template),
            Err(error) => {
                problems.add(name, sentence(&error.to_string()));
                None
            }
        }
    };
    source.text.summary = template("text.summary");
    source.text.description = template("text.description");
    source.text.link = template("text.link");
    source.text.details = details(entered);
    (source, problems)
}

/// The fields that were ticked, in the order of their numbers. None: the usual ones.
fn details(entered: &Entered) -> Option<Vec<DetailRule>> {
    if !entered.is_ticked("choose-details") {
        return None;
    }
    let mut chosen: Vec<(u32, DetailRule)> = entered
        .all("detail")
        .map(|field| {
            let order = entered.text(&format!("order.{field}")).parse();
            let rule = DetailRule {
                label: entered
                    .some(&format!("label.{field}"))
                    .filter(|it| it != field),
                field: field.to_owned(),
            };
            (order.unwrap_or(u32::MAX), rule)
        })
        .collect();
    chosen.sort_by_key(|(order, _)| *order);
    Some(chosen.into_iter().map(|(_, rule)| rule).collect())
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    words.map(str::to_owned).collect()
}

fn place(entered: &Entered) -> u8 {
    u8::from(entered.text("place") == "1")
}

pub(super) async fn make_token(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let source = source_of(&visit, &id).await?;
    let token = service::make_token(visit.office(), &id, place(&entered)).await?;
    visit.tell(Notice::Secret {
        what: format!("This is the new token of {}.", source.name),
        secret: token.0,
    });
    Ok(visit.go(&format!("/sources/{id}")))
}

pub(super) async fn revoke_token(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    source_of(&visit, &id).await?;
    service::revoke_token(visit.office(), &id, place(&entered)).await?;
    Ok(visit.go_saying(&format!("/sources/{id}"), "The token no longer works."))
}

pub(super) async fn signing(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let path = format!("/sources/{id}");
    let source = source_of(&visit, &id).await?;
    let given = entered.some("secret");
    let secret = match entered.is_ticked("remove") {
        true => None,
        false => Some(given.as_deref()),
    };
    match service::set_signing_secret(visit.office(), &id, secret).await {
        Ok(Some(made)) if given.is_none() => {
            visit.tell(Notice::Secret {
                what: format!("This is the signing secret of {}.", source.name),
                secret: made.0,
            });
            Ok(visit.go(&path))
        }
        Ok(_) => Ok(visit.go_saying(&path, "The signing secret was saved.")),
        Err(ServiceError::Invalid { message, .. }) => {
            Ok(visit.go_failing(&path, sentence(&message)))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn delete(visit: Visit, Path(id): Path<String>) -> Answer {
    let source = source_of(&visit, &id).await?;
    visit.office().store.delete_source(&id).await?;
    Ok(visit.go_saying("/sources", format!("{} was deleted.", source.name)))
}

/// What a template, a mark and a field of one line share here.
fn line(name: &str, label: &str, help: &str, value: &str, problems: &Problems) -> Markup {
    let field = Field {
        name,
        label,
        help,
        is_required: false,
    };
    text(field, value, problems)
}

/// Whether something was chosen.
fn chosen_mark(is_chosen: bool) -> Markup {
    match is_chosen {
        true => mark("good", "Understood"),
        false => mark("bad", "Not understood"),
    }
}
