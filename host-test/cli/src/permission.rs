//! Permissions for people.

use psa_host::contract::{ConnectorDescription, Permission};

/// Where an administrator sets it, and to what.
pub(crate) fn place_of(permission: &Permission) -> String {
    let path = permission.path.join(" > ");
    match &permission.level {
        Some(level) => format!("{path}: {level}"),
        None => path,
    }
}

/// The permission with this id, if the connector describes it.
pub(crate) fn described<'a>(
    id: &str,
    description: &'a ConnectorDescription,
) -> Option<&'a Permission> {
    let mut permissions = description.permissions.iter();
    permissions.find(|permission| permission.id == id)
}
