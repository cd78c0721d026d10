//! The JSON edition of a connector: the contract in two functions of text (`json.wit`), for hosts whose bindings convert
//! value by value. It is the connector, unchanged, between two small components: `front` takes a call and gives its result,
//! `back` hands on what the connector sends. `build.sh` builds both and puts them around each connector.
//!
//! In scope: text into the contract's types, and back. Out of scope: everything that a connector or a host decides.
// What a host hands in may be anything, so whatever can panic is refused by the compiler.
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

#[cfg(any(test, feature = "front"))]
mod arguments;
#[cfg(all(target_arch = "wasm32", feature = "back"))]
mod back;
#[cfg(all(target_arch = "wasm32", feature = "front"))]
mod front;
#[cfg(any(test, feature = "back"))]
mod wire;

/// As in a connector: a call lives for milliseconds, and nothing is given back.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: mini_alloc::MiniAlloc = mini_alloc::MiniAlloc::INIT;

fn main() {}
