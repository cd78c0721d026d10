//! How many requests the adapter for wasi:http sends at once: a component that does nothing but say a number. The adapter is
//! behind the connector, so it cannot ask for the connector's description.

use anyhow::{Context as _, Result};

/// What the adapter imports.
pub(crate) const INTERFACE: &str = "psa:wasi-http/pacing@0.2.0";

/// A component to put behind the adapter.
///
/// # Errors
/// None is known: the text is a component whatever the number.
pub fn pacing(concurrent_requests: u32) -> Result<Vec<u8>> {
    let text = format!(
        r#"(component
            (core module $module (func (export "number") (result i32) i32.const {concurrent_requests}))
            (core instance $core (instantiate $module))
            (func $number (result u32) (canon lift (core func $core "number")))
            (instance $own (export "concurrent-requests" (func $number)))
            (export "{INTERFACE}" (instance $own)))"#
    );
    wat::parse_str(text).context("cannot write the number of requests at once")
}
