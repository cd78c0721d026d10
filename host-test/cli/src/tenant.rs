//! One tenant: the connector, its settings, the source of its responses, and the recording of a run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use psa_host::contract::{ConnectorDescription, Setting};
use psa_host::{Call, CallError, CodeCache, Connector, ConnectorEngine, Limits, NoHttp};
use psa_recording::{Scrubber, Tape};

use crate::backend::{self, Source};
use crate::connection::{Connection, Format};
use crate::connector_file;
use crate::failure::Failure;
use crate::lookalike;
use crate::output::Output;
use crate::private_file;
use crate::sources::Sources;
use crate::warning::warn;
use crate::watch::Watch;

const NO_SETTINGS: &str = "no settings were found: name a settings file with --settings; `psa-host describe CONNECTOR --template` prints one to fill in";

/// More than a command makes; an agent's further calls wait. Setting up a thousand took a fifth of the time to start.
const CALLS_AT_ONCE: u32 = 32;

/// A connector with one tenant's settings, ready for calls.
#[derive(Clone)]
pub(crate) struct Tenant {
    pub(crate) connector: Connector,
    pub(crate) description: ConnectorDescription,
    pub(crate) settings: Vec<Setting>,
    pub(crate) limits: Limits,
    pub(crate) watch: Watch,
    pub(crate) format: Format,
    source: Source,
    recording: Option<Recording>,
}

/// What `--record` keeps.
#[derive(Clone)]
struct Recording {
    file: PathBuf,
    tape: Tape,
    scrubber: Scrubber,
}

impl Tenant {
    /// The only tenant of the settings, or the one that `--tenant` names.
    pub(crate) async fn open(
        connection: &Connection,
        may_take_long: bool,
    ) -> Result<Self, Failure> {
        let loading = &connection.loading;
        let (connector, description) = load(&loading.component, loading.no_cache).await?;
        let sources = Sources::read(&connection.settings, &description)?;
        let settings = sources.settings(&description, connection.settings.tenant.as_deref())?;
        let is_live = connection.recording.replay.is_none();
        if is_live && settings.is_empty() && !description.settings.is_empty() {
            warn(Some(NO_SETTINGS.to_owned()));
        }
        if !is_live && !settings.is_empty() {
            // Which setting is missing is said by the connector, not by the recording that needs its value.
            let checked = connector.call(NoHttp, Limits::default());
            let checked = checked.origins(settings.clone()).await;
            checked.map_err(|error| Failure::of_call(error, Some(&description)))?;
        }
        Self::with(connection, connector, description, settings, may_take_long)
    }

    /// With these settings.
    pub(crate) fn with(
        connection: &Connection,
        connector: Connector,
        description: ConnectorDescription,
        settings: Vec<Setting>,
        may_take_long: bool,
    ) -> Result<Self, Failure> {
        let replay = connection.recording.replay.as_deref();
        let scrubber = Scrubber::new(&description, &settings);
        let watch = Watch::new(connection.verbose, may_take_long, scrubber.clone());
        let source = match replay {
            Some(file) => Source::recording(file, &settings)?,
            None => {
                for warning in lookalike::warnings(&description, &settings) {
                    warn(Some(warning));
                }
                let options = backend::options(connection, &watch)?;
                let policy = backend::policy_options(connection);
                Source::live(&connector, &description, &settings, &policy, options)?
            }
        };
        let recording = match &connection.recording.record {
            Some(file) if is_read(file, connection) => {
                return Err(Failure::usage(
                    format!(
                        "--record would overwrite {}, which this command reads",
                        file.display()
                    ),
                    "Nothing was sent. Name another file.",
                ));
            }
            Some(file) => Some(Recording::begin(
                file,
                scrubber,
                &connection.recording.keep_in_urls,
            )?),
            None => None,
        };
        Ok(Self {
            connector,
            description,
            settings,
            limits: Limits {
                wall_clock: Duration::from_secs(connection.timeout),
                ..Limits::default()
            },
            watch,
            format: connection.shown.format(),
            source,
            recording,
        })
    }

    /// The same tenant, for a call that knows of no other: a recording answers it from the beginning.
    pub(crate) fn afresh(&self) -> Self {
        Self {
            source: self.source.afresh(),
            ..self.clone()
        }
    }

    pub(crate) fn call(&self) -> Result<Call, Failure> {
        let backend = self.source.backend(&self.watch)?;
        let limits = self.limits.clone();
        Ok(match &self.recording {
            Some(recording) => self.connector.call(recording.tape.around(backend), limits),
            None => self.connector.call(backend, limits),
        })
    }

    /// If the recording lacks a request, that is the failure, whatever the connector returned.
    pub(crate) fn failure(&self, error: CallError) -> Failure {
        let unmatched = self.source.unmatched();
        if unmatched.is_empty() {
            return Failure::of_call(error, Some(&self.description));
        }
        // The first in full; of the others, which request it was.
        let details = unmatched
            .iter()
            .enumerate()
            .map(|(index, complaint)| match index {
                0 => complaint.clone(),
                _ => complaint.split(": ").take(2).collect::<Vec<_>>().join(": "),
            });
        Failure::Usage {
            message: "the recording does not match".to_owned(),
            details: details.collect(),
            hint: "Use the arguments and settings of the recorded run (a case holds them), or add the request to the recording.".to_owned(),
        }
    }

    /// Ends the run: what was recorded is written, of a failure too. That it cannot be written never hides an outcome.
    pub(crate) fn end(&self, outcome: Result<Output, Failure>) -> Result<Output, Failure> {
        self.watch.end();
        let written = self.recording.as_ref().map(Recording::end);
        match (outcome, written) {
            (Ok(output), Some(Err(message))) => {
                warn(Some(message));
                Ok(output)
            }
            (Err(failure), Some(Err(message))) => {
                warn(Some(message));
                Err(failure)
            }
            (outcome, _) => outcome,
        }
    }
}

/// Whether the command reads this file: its settings or keys must not be lost.
fn is_read(file: &Path, connection: &Connection) -> bool {
    let sources = &connection.settings;
    let component = connector_file::of(&connection.loading.component).ok();
    let inputs = [
        component.as_ref(),
        sources.settings.as_ref(),
        sources.private_key_file.as_ref(),
        connection.recording.replay.as_ref(),
    ];
    let Ok(file) = file.canonicalize() else {
        return false;
    };
    let mut inputs = inputs.into_iter().flatten();
    inputs.any(|input| input.canonicalize().is_ok_and(|input| input == file))
}

impl Recording {
    /// Makes the file at once, so that nothing is asked which could then not be kept.
    fn begin(file: &Path, mut scrubber: Scrubber, kept: &[String]) -> Result<Self, Failure> {
        for name in kept {
            scrubber = scrubber.keep_in_urls(name).map_err(|problem| {
                let hint = "Give --keep-in-urls a setting that is not secret, such as company-id.";
                Failure::usage(problem, hint)
            })?;
        }
        private_file::write(file, "").map_err(|error| {
            Failure::usage(
                format!("cannot write the recording {}: {error}", file.display()),
                "Nothing was sent. Name a file in a folder that you can write to.",
            )
        })?;
        Ok(Self {
            file: file.to_owned(),
            tape: Tape::default(),
            scrubber,
        })
    }

    fn end(&self) -> Result<(), String> {
        let file = self.file.display();
        let archive = self
            .tape
            .to_har(&self.scrubber)
            .map_err(|error| format!("the recording was not written: {error}"))?;
        private_file::write(&self.file, &archive)
            .map_err(|error| format!("the recording {file} was not written: {error}"))
    }
}

pub(crate) async fn load(
    component: &Path,
    no_cache: bool,
) -> Result<(Connector, ConnectorDescription), Failure> {
    let file = connector_file::of(component)?;
    ConnectorEngine::set_up_shared(CALLS_AT_ONCE);
    let cache = CodeCache::of_the_user().filter(|_| !no_cache);
    let connector = match &cache {
        Some(cache) => Connector::from_file_cached(&file, cache),
        None => Connector::from_file(&file),
    }
    .map_err(|error| Failure::load(&file, &error))?;
    let description = connector
        .call(NoHttp, Limits::default())
        .describe()
        .await
        .map_err(|error| Failure::of_call(error, None))?;
    Ok((connector, description))
}
