//! What the standard library's prelude has and the core library's lacks.

pub(crate) use alloc::borrow::ToOwned;
#[cfg(test)]
pub(crate) use alloc::format;
pub(crate) use alloc::string::{String, ToString};
pub(crate) use alloc::vec;
pub(crate) use alloc::vec::Vec;
