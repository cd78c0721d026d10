//! The settings of the tenant, from the environment: `PSA_PRIVATE_KEY` is `private-key`, as for the command line.

use psa_contract::Setting;

const PREFIX: &str = "PSA_";

/// The token that callers have to send. It is not a setting of the connector.
pub(crate) const TOKEN: &str = "PSA_SERVICE_TOKEN";

/// All that the environment holds, in its order: the connector refuses what it does not know.
pub(crate) fn settings(environment: &[(String, String)]) -> Vec<Setting> {
    let variables = environment.iter().filter(|(name, _)| name != TOKEN);
    variables
        .filter_map(|(name, value)| {
            let name = name.strip_prefix(PREFIX)?;
            Some(Setting {
                name: name.to_lowercase().replace('_', "-"),
                value: value.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_with_the_prefix_are_settings_but_for_the_token() {
        let environment = [
            ("PATH", "/bin"),
            ("PSA_PRIVATE_KEY", " k "),
            ("PSA_SERVICE_TOKEN", "t"),
            ("PSA_SITE", "a.example"),
            ("PSA_SITE", "b.example"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let found: Vec<(String, String)> = settings(&environment)
            .into_iter()
            .map(|setting| (setting.name, setting.value))
            .collect();
        let expected = [
            ("private-key", " k "),
            ("site", "a.example"),
            ("site", "b.example"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(found, expected);
    }
}
