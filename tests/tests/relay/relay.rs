//! The program with a tenant of ConnectWise.

use std::ops::{Deref, DerefMut};

use psa_tests::mock::connectwise::Server;

use super::places::{connectwise_place, connectwise_server};
use super::program::{Options, Program};

pub(crate) use super::places::COMPANY;
pub(crate) use super::program::accept;

pub(crate) struct Relay {
    program: Program,
    pub(crate) server: Server,
}

impl Relay {
    /// With a tenant, and a source for each dialect, under these times.
    pub(crate) fn set_up(timing: &str) -> Self {
        Self::with(&Options {
            timing,
            ..Options::default()
        })
    }

    pub(crate) fn with(options: &Options<'_>) -> Self {
        let server = connectwise_server();
        let program = Program::set_up(&connectwise_place(&server), options);
        Self { program, server }
    }
}

impl Deref for Relay {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.program
    }
}

impl DerefMut for Relay {
    fn deref_mut(&mut self) -> &mut Program {
        &mut self.program
    }
}
