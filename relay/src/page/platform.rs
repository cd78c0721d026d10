//! Settings that the platform has for all tenants of a connector: asked once.

use axum::extract::Path;
use maud::html;
use psa_contract::{
    ConnectorDescription, Setting, SettingDescription, SettingKind, SettingSupplier,
};

use super::fields::Problems;
use super::form::Entered;
use super::setting::{field, value_of};
use super::visit::{Answer, Trouble, Visit};
use crate::service::{self, ServiceError};

pub(super) async fn show(visit: Visit, Path(connector): Path<String>) -> Answer {
    let description = visit.description(&connector)?;
    let kept = kept(&visit, &connector).await?;
    let title = format!("Settings of the relay for {}", description.vendor);
    let problems = Problems::default();
    let content = html! {
        h1 { (title) }
        p { "These are the same for every tenant of " (description.vendor) "." }
        @if platforms(&description).next().is_none() {
            p { "There are none." }
        } @else {
            form method="post" action={ "/platform/" (connector) } {
                @for setting in platforms(&description) {
                    (field(setting, &field_of(setting), value_of(&kept, &setting.name), &problems))
                }
                div.buttons { button type="submit" { "Save" } }
            }
        }
    };
    Ok(visit.show(&title, &content))
}

pub(super) async fn save(visit: Visit, Path(connector): Path<String>, entered: Entered) -> Answer {
    let description = visit.description(&connector)?;
    keep(&visit, &connector, &entered).await?;
    for setting in platforms(&description) {
        // What is not secret is shown, so whoever empties it means it.
        let is_emptied = entered.text(&field_of(setting)).is_empty();
        if is_emptied && setting.kind != SettingKind::Secret {
            service::put_platform_setting(visit.office(), &connector, &setting.name, "").await?;
        }
    }
    let text = "The settings of the relay were saved. Verify each tenant again.";
    Ok(visit.go_saying("/", text))
}

/// Keeps those that were entered.
pub(super) async fn keep(visit: &Visit, connector: &str, entered: &Entered) -> Result<(), Trouble> {
    let description = visit.description(connector)?;
    for setting in platforms(&description) {
        if let Some(value) = entered.some(&field_of(setting)) {
            service::put_platform_setting(visit.office(), connector, &setting.name, &value).await?;
        }
    }
    Ok(())
}

/// Those that are required and not there.
pub(super) async fn lacking(
    visit: &Visit,
    connector: &str,
    description: &ConnectorDescription,
) -> Result<Vec<SettingDescription>, Trouble> {
    let kept = kept(visit, connector).await?;
    let required = platforms(description).filter(|it| it.is_required);
    let lacking = required.filter(|it| value_of(&kept, &it.name).is_empty());
    Ok(lacking.cloned().collect())
}

pub(super) fn field_of(setting: &SettingDescription) -> String {
    format!("platform.{}", setting.name)
}

fn platforms(description: &ConnectorDescription) -> impl Iterator<Item = &SettingDescription> {
    let settings = description.settings.iter();
    settings.filter(|it| it.supplied_by == SettingSupplier::Platform)
}

async fn kept(visit: &Visit, connector: &str) -> Result<Vec<Setting>, Trouble> {
    let settings = visit.office().platform_settings(connector, &[]).await;
    Ok(settings.map_err(ServiceError::from)?)
}
