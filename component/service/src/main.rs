//! JSON over HTTP around a connector, on the JSON edition's two functions of text. It has the settings of one tenant, which come
//! from the environment and never from a request, and keeps no state: every request is a call in a fresh instance.
//!
//! Two components, a feature each, and `build.sh` puts them around each connector: `service`, in front of it, and `recorded`,
//! which answers from a recording behind it, so that a connector can be tried without a PSA.
// What a caller sends may be anything, so whatever can panic is refused by the compiler.
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
#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "only a component is called")
)]

#[cfg(any(not(target_arch = "wasm32"), feature = "service"))]
mod api;
#[cfg(all(target_arch = "wasm32", feature = "recorded"))]
mod recorded;
#[cfg(all(target_arch = "wasm32", feature = "service"))]
mod server;
mod settings;

fn main() {}
