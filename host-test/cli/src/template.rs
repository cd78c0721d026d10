//! `psa-host describe --template`: a settings file to fill in.

use psa_host::contract::{ConnectorDescription, SettingDescription, SettingSupplier};

use crate::text::visible;

/// TOML. Required settings are empty, so that none can be forgotten unnoticed; optional ones are comments.
pub(crate) fn template(description: &ConnectorDescription) -> String {
    let mut parts = vec![format!(
        "# Settings of the connector for {}. Fill them in, and keep the file to yourself:\n\
         # chmod 600 FILE",
        visible(&description.vendor)
    )];
    parts.extend(description.settings.iter().map(setting));
    parts.push(SEVERAL_TENANTS.to_owned());
    parts.join("\n\n")
}

const SEVERAL_TENANTS: &str = "\
# To keep several tenants in one file, put what they share above, and the rest of each under its own heading. Choose one
# with --tenant NAME:
# [tenants.NAME]";

fn setting(setting: &SettingDescription) -> String {
    let mut comment = vec![visible(&setting.label)];
    if !setting.is_required {
        comment.push("optional".to_owned());
    }
    if setting.supplied_by == SettingSupplier::Platform {
        comment.push("the same for all customers of the platform".to_owned());
    }
    let mut lines = vec![format!("# {}.", comment.join(", "))];
    lines.push(format!("# {}", visible(&setting.help)));
    if let Some(example) = &setting.example {
        lines.push(format!("# Example: {}", visible(example)));
    }
    if !setting.choices.is_empty() {
        let choices = setting.choices.iter();
        let choices: Vec<String> = choices
            .map(|choice| format!("{} ({})", visible(&choice.value), visible(&choice.label)))
            .collect();
        lines.push(format!("# One of: {}", choices.join(", ")));
    }
    let mark = if setting.is_required { "" } else { "# " };
    lines.push(format!("{mark}{} = \"\"", setting.name));
    lines.join("\n")
}
