//! An operator at the command line: a settings file, the stand-in's authority, and `psa-host` as a child process.

use std::path::PathBuf;
use std::process::Command;

use psa_host::Resolution;
use psa_host::contract::Setting;
use psa_tests::mock::OTHER_NAME;
use psa_tests::mock::connectwise::Server;

use crate::program::{Run, command, component_path, ended, scratch, settings_file};

use super::COMPANY;

/// What an operator types who has a server in a network of their own.
pub(super) struct Operator {
    pub(super) settings: Vec<Setting>,
    pub(super) settings_file: PathBuf,
    /// The arguments that let a connector reach the stand-in.
    pub(super) live: Vec<String>,
    pub(super) variables: Vec<(&'static str, String)>,
}

impl Operator {
    /// Of the tenant [`COMPANY`], by the server's other name, which only an override leads to. The name of the files is
    /// the test's own.
    pub(super) fn of(server: &Server, name: &str) -> Self {
        let site = format!("{OTHER_NAME}:{}", server.address.port());
        let settings = server.tenant(COMPANY, |tenant| tenant.settings(&site));
        let authority = scratch(&format!("{name}.pem"), &server.ca_pem);
        Self {
            settings_file: settings_file(name, &settings),
            settings,
            live: vec![
                format!("--cacert={}", authority.display()),
                format!("--resolve={site}:{}", server.address.ip()),
                "--allow-private-networks".to_owned(),
            ],
            variables: Vec::new(),
        }
    }

    /// The same operator with another value of a setting.
    pub(super) fn with(mut self, setting: &str, value: &str) -> Self {
        for known in &mut self.settings {
            if known.name == setting {
                value.clone_into(&mut known.value);
            }
        }
        let name = self.settings_file.file_stem().expect("a name");
        settings_file(&name.to_string_lossy(), &self.settings);
        self
    }

    /// The same operator who leaves out the arguments that begin like this.
    pub(super) fn without(mut self, argument: &str) -> Self {
        self.live.retain(|other| !other.starts_with(argument));
        self
    }

    /// Runs a command with this tenant's settings against the server.
    pub(super) fn run(&self, words: &[&str]) -> Run {
        self.run_from(&self.live, words)
    }

    /// Runs a command with this tenant's settings and what answers it.
    pub(super) fn run_from(&self, source: &[String], words: &[&str]) -> Run {
        ended(self.command(source, words))
    }

    /// The same, not yet started.
    pub(super) fn command(&self, source: &[String], words: &[&str]) -> Command {
        let mut arguments = vec![words[0].to_owned(), component_path()];
        if words[0] != "describe" {
            arguments.push(format!("--settings={}", self.settings_file.display()));
            arguments.extend_from_slice(source);
        }
        arguments.extend(words[1..].iter().map(|&word| word.to_owned()));
        command(&arguments, &self.variables)
    }
}

/// The server's other name with its address.
pub(super) fn override_of(server: &Server) -> Resolution {
    Resolution {
        host: OTHER_NAME.to_owned(),
        port: server.address.port(),
        addresses: vec![server.address.ip()],
    }
}
