//! Alert in, ticket out: takes alerts of any product, and opens, notes and closes tickets through a connector of
//! `psa:connector`. Nothing that was accepted is lost, and no case gets two tickets.
//!
//! The pure core has neither input nor output, nor a clock: [`alert`], [`intake`] (what senders send), [`case`] (the state
//! machine), [`policy`] (its timing), [`text`] (what a ticket says), [`reference`](mod@reference). Around it: [`store`] keeps everything,
//! [`secrets`] encrypts what must not be read, [`worker`] makes the calls, [`service`] is what a page or a command does,
//! [`serve`] listens for alerts, [`page`] is where people set it up, and [`configuration`] is the file of settings.
//!
//! Out of scope: anything about a vendor of a PSA, which is the connector's; and the command line, which is the binary's.
#![deny(missing_docs)]

pub mod alert;
pub mod case;
pub mod clock;
pub mod configuration;
pub mod connectors;
pub mod demo;
pub mod desk;
pub mod intake;
pub mod office;
pub mod page;
pub mod policy;
pub mod reference;
pub mod secrets;
pub mod serve;
pub mod service;
pub mod start;
pub mod store;
pub mod tenant;
pub mod text;
pub mod time;
pub mod worker;

/// The contract's types, as they appear here.
pub use psa_contract as contract;
