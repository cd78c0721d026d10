//! From the core module that the compiler makes to the component that hosts load, and how to tell whether a component
//! on disk was built from the sources beside it. The steps live in `packaging`, the digest of the sources in `digest`.
//! Nothing here compiles anything: each component's `build.sh` does.

mod digest;
mod packaging;

pub use digest::{DIGEST_SECTION, embedded_digest, source_digest};
pub use packaging::{Component, MAXIMUM_COMPONENT_BYTES, ONLY_IMPORT, component_imports, package};
