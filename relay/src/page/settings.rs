//! Step 1: the settings of a tenant, drawn from what its connector says of itself. Saving them verifies them.

use axum::extract::Path;
use maud::{Markup, html};
use psa_contract::{
    ConnectorDescription, ErrorCode, Setting, SettingDescription, SettingKind, SettingSupplier,
};

use super::fields::{Field, Problems, text};
use super::form::Entered;
use super::layout::{STEPS, done, heading};
use super::setting::{field, value_of};
use super::visit::{Answer, Trouble, Visit};
use super::{platform, verify};
use crate::service::{self, ServiceError};
use crate::tenant::Tenant;

const TITLE: &str = "Settings";

/// On to the first step that is not done, or to the last.
pub(super) async fn next_step(visit: Visit, Path(id): Path<String>) -> Answer {
    let tenant = visit.tenant(&id).await?;
    let next = STEPS.iter().zip(done(&tenant)).find(|(_, done)| !done);
    let path = next.map_or("check", |((path, _), _)| *path);
    Ok(visit.go(&format!("/tenants/{id}/{path}")))
}

pub(super) async fn show_new(visit: Visit, Path(connector): Path<String>) -> Answer {
    let form = Form::new(&visit, &connector).await?;
    Ok(visit.show(&form.title(), &form.draw(&Problems::default())))
}

pub(super) async fn save_new(
    visit: Visit,
    Path(connector): Path<String>,
    entered: Entered,
) -> Answer {
    let form = Form::new(&visit, &connector).await?;
    let name = entered.some("name").unwrap_or(form.name);
    let id = free_id(&visit, &name).await?;
    service::put_tenant(visit.office(), &id, &name, &connector).await?;
    keep_and_verify(&visit, &id, &entered).await
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let form = Form::of(&visit, &id).await?;
    Ok(visit.show(&form.title(), &form.draw(&Problems::default())))
}

pub(super) async fn save(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let tenant = visit.tenant(&id).await?;
    if let Some(name) = entered.some("name") {
        service::put_tenant(visit.office(), &id, &name, &tenant.connector).await?;
    }
    keep_and_verify(&visit, &id, &entered).await
}

pub(super) async fn delete(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let tenant = visit.tenant(&id).await?;
    if entered.text("confirm") != tenant.id {
        let path = format!("/tenants/{id}/settings");
        let text = format!("Nothing was deleted: enter {} to confirm.", tenant.id);
        return Ok(visit.go_failing(&path, text));
    }
    visit.office().store.delete_tenant(&id).await?;
    Ok(visit.go_saying("/", format!("{} was deleted.", tenant.name)))
}

/// What was entered is kept first, so that nobody enters a secret twice.
async fn keep_and_verify(visit: &Visit, id: &str, entered: &Entered) -> Answer {
    let tenant = visit.tenant(id).await?;
    let description = visit.description(&tenant.connector)?;
    let mut values = Vec::new();
    for setting in customers(&description) {
        let value = entered.text(&field_of(setting));
        let stays = value.is_empty() && setting.kind == SettingKind::Secret;
        if !stays {
            values.push((setting.name.clone(), value.to_owned()));
        }
    }
    service::put_settings(visit.office(), id, &values).await?;
    platform::keep(visit, &tenant.connector, entered).await?;
    let form = Form::of(visit, id).await?;
    let mut problems = form.missing();
    if !problems.is_empty() {
        return Ok(visit.refuse(TITLE, &form.draw(&problems)));
    }
    match verify::ask(visit, id).await? {
        Err(error) if error.code == ErrorCode::InvalidSettings => {
            problems.add_error(&error, |name| form.field_of_name(name));
            Ok(visit.refuse(TITLE, &form.draw(&problems)))
        }
        _ => Ok(visit.go(&format!("/tenants/{id}/verify"))),
    }
}

/// An id that no tenant has.
async fn free_id(visit: &Visit, name: &str) -> Result<String, Trouble> {
    let base = id_of(name, "tenant");
    let mut id = base.clone();
    let mut number = 2;
    while visit.office().store.tenant(&id).await?.is_some() {
        id = format!("{base}-{number}");
        number += 1;
    }
    Ok(id)
}

/// A name in the letters of an id, with room for a number.
pub(super) fn id_of(name: &str, otherwise: &str) -> String {
    let name = name.to_lowercase();
    let letters = name.chars().map(|letter| match letter {
        'a'..='z' | '0'..='9' => letter,
        _ => '-',
    });
    let plain: String = letters.collect();
    let words: Vec<&str> = plain.split('-').filter(|it| !it.is_empty()).collect();
    let id: String = words.join("-").chars().take(50).collect();
    if id.is_empty() {
        otherwise.to_owned()
    } else {
        id
    }
}

fn customers(description: &ConnectorDescription) -> impl Iterator<Item = &SettingDescription> {
    let settings = description.settings.iter();
    settings.filter(|it| it.supplied_by == SettingSupplier::Customer)
}

fn field_of(setting: &SettingDescription) -> String {
    format!("setting.{}", setting.name)
}

/// The form of a tenant that there is, or will be.
struct Form {
    tenant: Option<Tenant>,
    name: String,
    connector: String,
    description: ConnectorDescription,
    /// What is kept. Secrets are not drawn.
    kept: Vec<Setting>,
    /// Settings of the platform that are required and not there.
    platform: Vec<SettingDescription>,
}

impl Form {
    async fn new(visit: &Visit, connector: &str) -> Result<Self, Trouble> {
        let description = visit.description(connector)?;
        let tenants = visit.office().store.tenants().await?;
        let is_free = |name: &String| tenants.iter().all(|it| it.name != *name);
        let vendor = &description.vendor;
        let mut numbered = (2..).map(|number| format!("{vendor} {number}"));
        let name = Some(vendor.clone()).filter(&is_free);
        let name = name.or_else(|| numbered.find(is_free)).unwrap_or_default();
        Ok(Self {
            tenant: None,
            name,
            connector: connector.to_owned(),
            platform: platform::lacking(visit, connector, &description).await?,
            description,
            kept: Vec::new(),
        })
    }

    async fn of(visit: &Visit, id: &str) -> Result<Self, Trouble> {
        let tenant = visit.tenant(id).await?;
        let description = visit.description(&tenant.connector)?;
        let settings = visit.office().settings(&tenant).await;
        let settings = settings.map_err(ServiceError::from)?;
        Ok(Self {
            name: tenant.name.clone(),
            connector: tenant.connector.clone(),
            platform: platform::lacking(visit, &tenant.connector, &description).await?,
            kept: settings,
            tenant: Some(tenant),
            description,
        })
    }

    fn title(&self) -> String {
        format!("{TITLE} of {}", self.name)
    }

    /// Settings that are required and not there.
    fn missing(&self) -> Problems {
        let mut problems = Problems::default();
        let required = customers(&self.description).filter(|it| it.is_required);
        for setting in required {
            if value_of(&self.kept, &setting.name).is_empty() {
                problems.add(&field_of(setting), format!("{} is required", setting.label));
            }
        }
        for setting in &self.platform {
            let field = platform::field_of(setting);
            problems.add(&field, format!("{} is required", setting.label));
        }
        problems
    }

    /// The id of the field of a setting, if it is here.
    fn field_of_name(&self, name: &str) -> Option<String> {
        let settings = &mut self.description.settings.iter();
        let setting = settings.find(|it| it.name == name)?;
        (setting.supplied_by == SettingSupplier::Customer).then(|| field_of(setting))
    }

    fn draw(&self, problems: &Problems) -> Markup {
        let action = match &self.tenant {
            Some(tenant) => format!("/tenants/{}/settings", tenant.id),
            None => format!("/set-up/{}", self.connector),
        };
        let vendor = &self.description.vendor;
        html! {
            (problems.summary())
            @match &self.tenant {
                Some(tenant) => (heading(tenant, "settings")),
                None => h1 { span.over { "New tenant" } "Settings for " (vendor) },
            }
            form method="post" action=(action) {
                @for setting in customers(&self.description) {
                    (field(setting, &field_of(setting), value_of(&self.kept, &setting.name), problems))
                }
                @if !self.platform.is_empty() {
                    fieldset {
                        legend { "Asked once for the whole relay" }
                        @for setting in &self.platform {
                            (field(setting, &platform::field_of(setting), "", problems))
                        }
                    }
                }
                (text(Field {
                    name: "name",
                    label: "Name of this tenant",
                    help: "What you call it here.",
                    is_required: false,
                }, &self.name, problems))
                div.buttons {
                    button type="submit" { "Verify Setup" }
                    a href={ "/platform/" (self.connector) } { "Settings of the relay for " (vendor) }
                }
            }
            @if let Some(tenant) = &self.tenant { (self.danger(tenant, problems)) }
        }
    }

    fn danger(&self, tenant: &Tenant, problems: &Problems) -> Markup {
        html! {
            details {
                summary { "Delete this tenant" }
                form method="post" action={ "/tenants/" (tenant.id) "/delete" } {
                    p { "Its settings, sources, mappings and cases are deleted. Tickets stay in " (self.description.vendor) "." }
                    (text(Field {
                        name: "confirm",
                        label: "The id of the tenant",
                        help: &format!("Enter {} to confirm.", tenant.id),
                        is_required: true,
                    }, "", problems))
                    div.buttons { button.danger type="submit" { "Delete" } }
                }
            }
        }
    }
}
