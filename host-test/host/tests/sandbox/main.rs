//! What a host holds a connector to: the interface, the limits, what it may send, and what is reported of a write. The
//! guests are a few lines of WebAssembly text each, written to misbehave.

mod asking;
mod backend;
mod denied;
mod egress;
mod engines;
mod guest;
mod limits;
mod loading;
mod slots;
mod writes;
