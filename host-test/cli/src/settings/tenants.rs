//! A settings file of several tenants: what they share comes first, then each has a table of its own, `[tenants.NAME]`.

use psa_host::contract::Setting;
use toml::{Table, Value};

use super::{File, parse, variable_name};

const TENANTS: &str = "tenants";

/// The names of the tenants, in alphabetical order. Empty: the file has the settings of one tenant.
pub(crate) fn names(file: &File<'_>) -> Result<Vec<String>, String> {
    let tenants = split(parse(file)?)
        .map_err(|problem| in_file(file, &problem))?
        .1;
    Ok(tenants.into_iter().map(|(name, _)| name).collect())
}

/// The settings of the file's tenant: its own win over the shared ones.
pub(super) fn of_tenant(table: Table, tenant: Option<&str>) -> Result<Table, String> {
    let (mut shared, tenants) = split(table)?;
    let names: Vec<&str> = tenants.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(", ");
    match tenant {
        None if tenants.is_empty() => Ok(shared),
        None => Err(format!("name one of its tenants with --tenant: {names}")),
        Some(tenant) if tenants.is_empty() => Err(format!(
            "it has no tenants, so there is no `{tenant}`: a tenant begins with the line [tenants.NAME]"
        )),
        Some(tenant) => {
            let own = tenants.into_iter().find(|(name, _)| name == tenant);
            let (_, own) =
                own.ok_or_else(|| format!("it has no tenant `{tenant}`; its tenants: {names}"))?;
            shared.extend(own);
            Ok(shared)
        }
    }
}

/// If every tenant is asked for, what comes from outside the file holds for all of them. It must not replace what a tenant
/// has of its own: the keys of one would go to the site of another.
pub(crate) fn allow_for_all(
    file: &File<'_>,
    given: &[Setting],
    is_set: impl Fn(&str) -> bool,
) -> Result<(), String> {
    let (_, tenants) = split(parse(file)?).map_err(|problem| in_file(file, &problem))?;
    for (tenant, own) in tenants {
        for name in own.keys() {
            let is_given = given.iter().any(|given| given.name == *name);
            let variable_name = variable_name(name);
            if is_given || is_set(&variable_name) {
                let source = if is_given {
                    "an argument"
                } else {
                    &variable_name
                };
                return Err(format!(
                    "{source} sets `{name}` for every tenant, but `{tenant}` has its own: remove one of them"
                ));
            }
        }
    }
    Ok(())
}

/// The shared settings, and those of each tenant.
fn split(mut table: Table) -> Result<(Table, Vec<(String, Table)>), String> {
    let tenants = match table.remove(TENANTS) {
        None => Table::new(),
        Some(Value::Table(tenants)) => tenants,
        Some(_) => {
            return Err(format!(
                "`{TENANTS}` must have a table for each tenant, [{TENANTS}.NAME]"
            ));
        }
    };
    let tenants = tenants.into_iter().map(|(name, own)| match own {
        Value::Table(own) => Ok((name, own)),
        _ => Err(format!(
            "each tenant must be a table, [{TENANTS}.NAME], and one is not"
        )),
    });
    Ok((table, tenants.collect::<Result<_, _>>()?))
}

fn in_file(file: &File<'_>, problem: &str) -> String {
    format!("{}: {problem}", file.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "client-id = 'shared'\nsite = 'a'\n[tenants.acme]\nsite = 'b'\n[tenants.harbor]\nkey = 's3cret'";

    #[test]
    fn a_tenant_has_its_own_settings_over_the_shared_ones() {
        type Case<'a> = (&'a str, Option<&'a str>, Settings<'a>);
        type Settings<'a> = Result<&'a [(&'a str, &'a str)], &'a str>;
        let cases: &[Case<'_>] = &[
            ("site = 'a'", None, Ok(&[("site", "a")])),
            ("site = 'a'", Some("acme"), Err("it has no tenants")),
            (FILE, None, Err("--tenant: acme, harbor")),
            (
                FILE,
                Some("acme"),
                Ok(&[("client-id", "shared"), ("site", "b")]),
            ),
            (
                FILE,
                Some("harbor"),
                Ok(&[("client-id", "shared"), ("key", "s3cret"), ("site", "a")]),
            ),
            (
                FILE,
                Some("Acme"),
                Err("no tenant `Acme`; its tenants: acme, harbor"),
            ),
            ("tenants = 's3cret'", Some("acme"), Err("[tenants.NAME]")),
            (
                "[tenants]\nacme = 's3cret'",
                Some("acme"),
                Err("[tenants.NAME], and one is not"),
            ),
        ];
        for (text, tenant, expected) in cases {
            let table = toml::from_str(text).expect("TOML");
            match (of_tenant(table, *tenant), expected) {
                (Ok(table), Ok(expected)) => {
                    let found: Vec<(&str, &str)> = table
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.as_str().expect("text")))
                        .collect();
                    assert_eq!(found, *expected, "{tenant:?} of {text}");
                }
                (Err(message), Err(part)) => {
                    assert!(
                        message.contains(part) && !message.contains("s3cret"),
                        "{message}"
                    );
                }
                (found, _) => panic!("{tenant:?} of {text}: {found:?}"),
            }
        }
    }

    #[test]
    fn nothing_from_outside_replaces_what_one_of_all_tenants_has_of_its_own() {
        let file = File {
            name: "f.toml",
            text: FILE,
            tenant: None,
        };
        assert_eq!(
            names(&file),
            Ok(vec!["acme".to_owned(), "harbor".to_owned()])
        );
        for (given, variable, expected) in [
            (None, None, None),
            // Shared by all.
            (Some("client-id"), Some("PSA_CLIENT_ID"), None),
            (
                Some("site"),
                None,
                Some("an argument sets `site` for every tenant, but `acme`"),
            ),
            (
                None,
                Some("PSA_KEY"),
                Some("PSA_KEY sets `key` for every tenant, but `harbor`"),
            ),
        ] {
            let given: Vec<Setting> = given
                .map(|name| Setting {
                    name: name.to_owned(),
                    value: "s3cret".to_owned(),
                })
                .into_iter()
                .collect();
            let allowed = allow_for_all(&file, &given, |name: &str| variable == Some(name));
            match expected {
                None => assert_eq!(allowed, Ok(())),
                Some(part) => assert!(allowed.is_err_and(|message| {
                    message.contains(part) && !message.contains("s3cret")
                })),
            }
        }
    }
}
