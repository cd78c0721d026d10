//! What a host holds a connector to: the interface, the limits, and what is reported of a write. The guests are a few
//! lines of WebAssembly text each, written to misbehave.

mod backend;
mod guest;
mod limits;
mod loading;
mod writes;
