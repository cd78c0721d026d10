//! Reading JSON as a PSA answers it: values that borrow from the body, and what a member has to be. What the members mean is
//! the connector's.
//!
//! One kind of value and not a type for each record: every record that is derived adds its own parser to everyone's sandbox,
//! and a value can say which member of which row was wrong. Absent and null are the same here, and unknown members are
//! nobody's business.
//!
//! A crate of its own because it is compiled for speed and the connector for size (`Cargo.toml` of the workspace): most of
//! what a connector computes, it computes here.
#![no_std]
// Nothing from outside may trap the component, so whatever can panic is refused by the compiler.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

extern crate alloc;

mod body;
mod fault;
mod members;
mod parse;
mod value;

pub use body::{first_byte, is_html, without_byte_order_mark};
pub use fault::Fault;
pub use members::{FromJson, Members};
pub use parse::{Document, for_each_row};
pub use value::Json;

#[cfg(test)]
mod tests;
