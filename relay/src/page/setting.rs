//! A setting of a connector, as its kind is drawn.

use maud::Markup;
use psa_contract::{Setting, SettingDescription, SettingKind};

use super::fields::{Choice, Field, Problems, chooser, secret, text};

/// The field of a setting. A secret that is kept is said to be kept.
pub(super) fn field(
    setting: &SettingDescription,
    name: &str,
    kept: &str,
    problems: &Problems,
) -> Markup {
    let mut help = setting.help.clone();
    let is_secret = setting.kind == SettingKind::Secret;
    if is_secret && !kept.is_empty() {
        help = format!("Saved, and not shown. Leave it empty to keep it. {help}");
    } else if let Some(example) = &setting.example {
        help = format!("{help} Example: {example}");
    }
    let field = Field {
        name,
        label: &setting.label,
        help: help.trim(),
        is_required: setting.is_required,
    };
    match setting.kind {
        SettingKind::Secret => secret(field, problems),
        SettingKind::Choice => {
            let mut choices = vec![Choice::new("", "Please choose")];
            let given = setting.choices.iter();
            choices.extend(given.map(|it| Choice::new(&*it.value, &*it.label)));
            chooser(field, &choices, kept, problems)
        }
        SettingKind::Text | SettingKind::Host => text(field, kept, problems),
    }
}

/// What is kept of a setting. Empty: nothing.
pub(super) fn value_of<'a>(kept: &'a [Setting], name: &str) -> &'a str {
    let found = kept.iter().find(|it| it.name == name);
    found.map_or("", |it| &it.value)
}
