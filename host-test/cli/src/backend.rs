//! HTTP for a command: live, or from a recording; and how it is set up from the arguments.

use std::path::Path;
use std::time::Instant;

use psa_host::contract::{ConnectorDescription, Request, Setting};
use psa_host::{
    Answers, Connector, Http, HttpLimits, Live, LiveError, LiveOptions, PacingSource, Policy,
    PolicyOptions, Pools, Resolution,
};
use psa_recording::{Replay, recorded_exchanges};
use serde_json::Value;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::watch::Watch;

/// Where a command's answers come from.
#[derive(Clone)]
pub(crate) enum Source {
    Recording(Replay),
    Live(Box<LiveSource>),
}

#[derive(Clone)]
pub(crate) struct LiveSource {
    policy: Policy,
    options: LiveOptions,
    pools: Pools,
}

/// The HTTP of one call.
pub(crate) enum Backend {
    Recording(Replay, Watch),
    Live(Box<Live>),
}

impl Source {
    pub(crate) fn recording(path: &Path, settings: &[Setting]) -> Result<Self, Failure> {
        let exchanges = recorded_exchanges(path, settings).map_err(|error| {
            if is_something_else(path) {
                return Failure::usage(
                    format!("{} is neither a HAR file nor a recording", path.display()),
                    "--replay names a file that --record wrote, a HAR file of another program, or a test case. A recording is a JSON object with `docs`, `provenance` and `exchanges`; a HAR file has `log`.",
                );
            }
            let hint = match settings.is_empty() {
                _ if !path.exists() => "Name a file that --record wrote, a HAR file of another program, or a test case.",
                true => "The recording needs the settings that it was made with: name them with --settings FILE.",
                false => "Check the file, and whether the settings are those that it was made with.",
            };
            Failure::usage(error.to_string(), hint)
        })?;
        Ok(Self::Recording(Replay::of_exchanges(exchanges, settings)))
    }

    pub(crate) fn live(
        connector: &Connector,
        description: &ConnectorDescription,
        settings: &[Setting],
        policy_options: &PolicyOptions,
        options: LiveOptions,
    ) -> Result<Self, Failure> {
        let policy = Policy::new(connector.digest(), description, settings, policy_options)
            .map_err(|error| Failure::usage(error.to_string(), HINT_OF_POLICY))?;
        Ok(Self::Live(Box::new(LiveSource {
            policy,
            options,
            pools: Pools::default(),
        })))
    }

    /// The same, but of a recording nothing was asked yet.
    pub(crate) fn afresh(&self) -> Self {
        match self {
            Self::Recording(replay) => Self::Recording(replay.afresh()),
            Self::Live(_) => self.clone(),
        }
    }

    /// What serves one call.
    pub(crate) fn backend(&self, watch: &Watch) -> Result<Backend, Failure> {
        match self {
            Self::Recording(replay) => Ok(Backend::Recording(replay.clone(), watch.clone())),
            Self::Live(source) => Live::new(&source.policy, &source.options, &source.pools)
                .map(|live| Backend::Live(Box::new(live)))
                .map_err(not_set_up),
        }
    }

    /// The requests that a recording lacks.
    pub(crate) fn unmatched(&self) -> Vec<String> {
        match self {
            Self::Recording(replay) => replay.unmatched(),
            Self::Live(_) => Vec::new(),
        }
    }
}

/// Whether the file is not JSON at all, or JSON but not a recording. The parser's message would not help then.
fn is_something_else(path: &Path) -> bool {
    let Ok(bytes) = std::fs::read(path) else {
        return false;
    };
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if !text.trim_ascii_start().starts_with(b"{") {
        return true;
    }
    let json: Result<Value, _> = serde_json::from_slice(text);
    json.is_ok_and(|json| json.get("exchanges").is_none() && json.get("log").is_none())
}

impl Http for Backend {
    fn send(&mut self, requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        match self {
            Self::Live(live) => live.send(requests, deadline),
            Self::Recording(replay, watch) => {
                let answers = replay.answer(requests.clone());
                for (request, answer) in requests.iter().zip(&answers) {
                    watch.replayed(request, answer);
                }
                Box::pin(std::future::ready(answers))
            }
        }
    }
}

pub(crate) fn policy_options(connection: &Connection) -> PolicyOptions {
    let arguments = &connection.live;
    PolicyOptions {
        allow_hosts: arguments.allow_host.clone(),
        allow_private_networks: arguments.allow_private_networks,
        pacing: if arguments.no_pacing {
            PacingSource::Off
        } else {
            PacingSource::Connector
        },
    }
}

/// Nothing is reused while recording, so that the recording contains every request.
pub(crate) fn options(connection: &Connection, watch: &Watch) -> Result<LiveOptions, Failure> {
    let arguments = &connection.live;
    let certificate_authorities = arguments
        .cacert
        .iter()
        .map(|path| certificate_authority(path))
        .collect::<Result<_, _>>()?;
    let resolve = arguments
        .resolve
        .iter()
        .map(|text| {
            Resolution::parse(text).map_err(|problem| {
                Failure::usage(
                    format!("--resolve: {problem}"),
                    "For example: --resolve psa.example.com:443:192.0.2.7",
                )
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(LiveOptions {
        limits: HttpLimits {
            in_flight: arguments.in_flight.into(),
            ..HttpLimits::default()
        },
        certificate_authorities,
        resolve,
        use_environment_proxy: arguments.proxy_from_environment,
        contact: arguments.contact.clone(),
        ignore_reuse: connection.recording.record.is_some(),
        observer: Some(watch.observer()),
        ..LiveOptions::default()
    })
}

fn certificate_authority(path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::usage(
            format!("cannot read {shown}: {error}"),
            "--cacert names a PEM file with the certificate of an authority.",
        )
    })?;
    String::from_utf8(bytes).map_err(|error| {
        // How a certificate in DER begins: a sequence whose length has two bytes.
        let hint = if error.as_bytes().starts_with(&[0x30, 0x82]) {
            format!("It is in DER form. Convert it: openssl x509 -inform der -in {shown} -out authority.pem")
        } else {
            "--cacert names a PEM file, which is text.".to_owned()
        };
        Failure::usage(format!("{shown} is not a PEM file"), hint)
    })
}

const HINT_OF_POLICY: &str = "For example: --allow-host psa.example.com:8443";

fn not_set_up(error: LiveError) -> Failure {
    let hint = match &error {
        LiveError::CertificateAuthorities(_) => {
            "Correct the file that --cacert names, or install the system's certificates (package ca-certificates)."
        }
        LiveError::Contact(_) => "Such as --contact https://platform.example",
        LiveError::Proxy { .. } => "Or leave out --proxy-from-environment, to connect directly.",
        _ => "Use --replay with a recording to find out whether everything else works.",
    };
    Failure::usage(error.to_string(), hint)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;
    use psa_recording::Scrubber;

    use super::*;

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        connection: Connection,
    }

    #[test]
    fn a_recording_reuses_nothing_and_pacing_is_the_connectors_unless_it_is_off() {
        let watch = Watch::new(
            false,
            false,
            Scrubber::new(&ConnectorDescription::default(), &[]),
        );
        for (argument, ignores_reuse, pacing) in [
            (None, false, PacingSource::Connector),
            (Some("--record=run.har"), true, PacingSource::Connector),
            (Some("--no-pacing"), false, PacingSource::Off),
        ] {
            let line = ["psa-host", "connector.wasm"].into_iter().chain(argument);
            let arguments = Arguments::parse_from(line);
            let Ok(options) = options(&arguments.connection, &watch) else {
                panic!("{argument:?}");
            };
            assert_eq!(options.ignore_reuse, ignores_reuse, "{argument:?}");
            let policy = policy_options(&arguments.connection);
            assert_eq!(policy.pacing, pacing, "{argument:?}");
        }
    }

    #[test]
    fn a_certificate_that_is_not_pem_is_refused_with_what_to_do() {
        let folder = std::env::temp_dir().join(format!("psa-host-cacert-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        for (bytes, part) in [
            (&b"\x30\x82\x02\x58\x30\xff"[..], "openssl x509 -inform der"),
            (b"\xff\xfe", "names a PEM file"),
        ] {
            let path = folder.join("authority.crt");
            fs::write(&path, bytes).expect("a file");
            let refused = certificate_authority(&path)
                .err()
                .map(|failure| failure.json());
            let refused = refused.expect("it is not PEM");
            assert!(refused.contains(part), "{refused}");
        }
        fs::remove_dir_all(folder).expect("the folder");
    }
}
