//! What the settings of a run come from, read once: the settings file, the environment, files of one value. From it come
//! the settings of one tenant, or of each tenant of the file.

use std::ffi::OsString;
use std::path::Path;

use psa_host::contract::{ConnectorDescription, Setting};

use crate::connection::SettingSources;
use crate::connector_file::FOLDER_VARIABLE;
use crate::failure::Failure;
use crate::secret_file;
use crate::settings::{self, tenants};
use crate::text_file;
use crate::warning::warn;

pub(crate) struct Sources {
    /// The name and the text of the settings file.
    file: Option<(String, String)>,
    /// From files of one value.
    given: Vec<Setting>,
}

impl Sources {
    /// Reads everything, and warns about what looks like a mistake.
    pub(crate) fn read(
        sources: &SettingSources,
        description: &ConnectorDescription,
    ) -> Result<Self, Failure> {
        for file in secret_file::files(sources) {
            warn(secret_file::warning(file));
        }
        let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let variables = variables.filter(|name| name != FOLDER_VARIABLE);
        for variable in settings::unused_variables(&description.settings, variables) {
            warn(Some(format!(
                "the environment variable {variable} is not used: no setting of this connector has that name"
            )));
        }
        let file = match &sources.settings {
            Some(path) => Some((path.display().to_string(), settings_text(path)?)),
            None => None,
        };
        let given = secret_file::read(sources, &description.settings).map_err(wrong)?;
        Ok(Self { file, given })
    }

    /// The settings of this tenant of the file, or of the only one.
    pub(crate) fn settings(
        &self,
        description: &ConnectorDescription,
        tenant: Option<&str>,
    ) -> Result<Vec<Setting>, Failure> {
        settings::merge(
            &description.settings,
            self.file(tenant),
            &self.given,
            variable,
        )
        .map_err(wrong)
    }

    /// The names of all tenants of the file, in alphabetical order.
    pub(crate) fn tenants(&self) -> Result<Vec<String>, Failure> {
        let Some(file) = self.file(None) else {
            return Ok(Vec::new());
        };
        let is_set = |name: &str| match variable(name) {
            Some(Ok(value)) => !value.trim().is_empty(),
            other => other.is_some(),
        };
        tenants::allow_for_all(&file, &self.given, is_set).map_err(wrong)?;
        tenants::names(&file).map_err(wrong)
    }

    fn file<'a>(&'a self, tenant: Option<&'a str>) -> Option<settings::File<'a>> {
        self.file
            .as_ref()
            .map(|(name, text)| settings::File { name, text, tenant })
    }
}

fn variable(name: &str) -> Option<Result<String, OsString>> {
    std::env::var_os(name).map(OsString::into_string)
}

fn wrong(message: String) -> Failure {
    Failure::usage(message, HINT_OF_SETTINGS)
}

/// The text of a settings file.
pub(crate) fn settings_text(file: &Path) -> Result<String, Failure> {
    text_file::read(file).map_err(|error| {
        let message = format!("cannot read the settings file {}: {error}", file.display());
        Failure::usage(message, HINT_OF_SETTINGS)
    })
}

pub(crate) const HINT_OF_SETTINGS: &str = "`psa-host describe CONNECTOR --template` prints a settings file to fill in; `psa-host --help` explains where settings come from.";
