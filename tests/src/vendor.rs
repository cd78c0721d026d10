//! The vendors: what the suites know of one beside its connector as ordinary Rust. Another vendor is one more description
//! here and in `native/src/vendor.rs` and, for tests over HTTPS, a mock in `mock/<name>/`.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, anyhow};
use psa_host::Connector;
use psa_native::Native;

use crate::{bytes_built_from, source_digest, workspace};

/// A vendor's connector, and how the suites reach it.
pub struct Vendor {
    /// The core as ordinary Rust.
    pub native: Native,
    /// Its component, below `target/`.
    pub component: &'static str,
    /// The package of its crate.
    pub package: &'static str,
}

/// The connector for ConnectWise PSA.
pub const CONNECTWISE: Vendor = Vendor {
    native: psa_native::CONNECTWISE,
    component: "connectwise-psa.wasm",
    package: "connectwise-psa",
};

/// The connector for the invented vendor: the one to copy.
pub const SAMPLE: Vendor = Vendor {
    native: psa_native::SAMPLE,
    component: "sample-psa.wasm",
    package: "sample-psa",
};

/// The connector for HaloPSA.
pub const HALOPSA: Vendor = Vendor {
    native: psa_native::HALOPSA,
    component: "halopsa-psa.wasm",
    package: "halopsa-psa",
};

/// The connector for Autotask PSA.
pub const AUTOTASK: Vendor = Vendor {
    native: psa_native::AUTOTASK,
    component: "autotask-psa.wasm",
    package: "autotask-psa",
};

/// All of them.
pub const VENDORS: [&Vendor; 4] = [&CONNECTWISE, &SAMPLE, &HALOPSA, &AUTOTASK];

impl Deref for Vendor {
    type Target = Native;

    fn deref(&self) -> &Native {
        &self.native
    }
}

impl Vendor {
    /// The component that `make component` builds, compiled once in a process. One that is missing, or was built from other
    /// sources, is an error.
    ///
    /// # Errors
    /// As said.
    pub fn connector(&self) -> Result<Connector> {
        static LOADED: Mutex<BTreeMap<&str, Result<Connector, String>>> =
            Mutex::new(BTreeMap::new());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let connector = loaded.entry(self.name).or_insert_with(|| {
            self.bytes()
                .and_then(|bytes| Ok(Connector::from_bytes(&bytes)?))
                .map_err(|error| format!("{error:#}"))
        });
        connector.clone().map_err(|message| anyhow!(message))
    }

    /// The component, not loaded.
    ///
    /// # Errors
    /// As for [`Vendor::connector`].
    pub fn bytes(&self) -> Result<Vec<u8>> {
        bytes_built_from(&workspace(), self.component, &source_digest(self.package)?)
    }

    /// Where the component is.
    ///
    /// # Errors
    /// As for [`Vendor::connector`].
    pub fn component_path(&self) -> Result<PathBuf> {
        self.bytes()?;
        Ok(workspace().join("target").join(self.component))
    }
}
