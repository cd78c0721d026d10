//! A connector: a component, checked once and compiled once, ready for any number of calls.
//!
//! What the check proves: the component can reach HTTP and nothing else, and it answers every function of the contract
//! with the contract's types. No call is made here and no code of the component runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use psa_contract::{HTTP_INTERFACE, SERVICE_DESK_INTERFACE};
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, InstancePre, Linker};

#[cfg(feature = "cache")]
use crate::code_cache::CodeCache;
use crate::engine::{self, ConnectorEngine, EngineError, on_one_line};
use crate::functions::Functions;
use crate::linker::add_to_linker;
use crate::state::CallState;

/// A loaded connector. Cheap to clone and to share between threads; holds no tenant's data.
#[derive(Clone)]
pub struct Connector {
    pub(crate) loaded: Arc<Loaded>,
}

pub(crate) struct Loaded {
    pub(crate) engine: ConnectorEngine,
    pub(crate) prepared: InstancePre<CallState>,
    pub(crate) functions: Functions,
    digest: [u8; 32],
    imports: Vec<String>,
    exports: Vec<String>,
}

/// Why a component cannot be used as a connector.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read the connector {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not a component: damaged, a core module, or something else.
    #[error(
        "this cannot be compiled as a WebAssembly component: {0}. Package a core module as a component first"
    )]
    NotAComponent(String),
    /// The component wants more than HTTP.
    #[error(
        "the connector is refused: it imports {}, and a connector gets {HTTP_INTERFACE} and nothing else, \
         so that it can reach no file, clock, environment or socket. Build it for wasm32-unknown-unknown and \
         against this version of the interface",
        imports.join(", ")
    )]
    ForbiddenImports {
        /// The imports that are not HTTP.
        imports: Vec<String>,
    },
    /// The component does not offer this version of the interface, or offers it with other types.
    #[error("the component is not a connector for {SERVICE_DESK_INTERFACE}: {0}")]
    WrongShape(String),
    /// The engine does not work on this machine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Connector {
    /// Reads, checks and compiles a component. Takes up to some seconds in an unoptimised build of the host.
    ///
    /// # Errors
    /// [`LoadError`]: the file cannot be read, or what it holds is refused.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::from_bytes(&read(path.as_ref())?)
    }

    /// The same with compiled code from a cache, which takes a millisecond. If it is not there, it is compiled and kept
    /// for the next time.
    ///
    /// # Errors
    /// As for [`Connector::from_file`]. A cache that cannot be used is not an error.
    #[cfg(feature = "cache")]
    pub fn from_file_cached(path: impl AsRef<Path>, cache: &CodeCache) -> Result<Self, LoadError> {
        let compile = |engine: &Engine, bytes: &[u8], digest: &[u8; 32]| {
            cache.component(engine, bytes, digest)
        };
        Self::load(&read(path.as_ref())?, compile)
    }

    /// Checks and compiles a component.
    ///
    /// # Errors
    /// [`LoadError`]: what the bytes hold is refused.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LoadError> {
        Self::load(bytes, |engine, bytes, _| {
            Component::from_binary(engine, bytes)
        })
    }

    /// Checks and compiles a component on an engine of your choice.
    ///
    /// # Errors
    /// [`LoadError`]: what the bytes hold is refused, or does not fit into a slot of the engine's pool.
    pub fn from_bytes_on(engine: &ConnectorEngine, bytes: &[u8]) -> Result<Self, LoadError> {
        let component = Component::from_binary(&engine.engine, bytes)
            .map_err(|error| LoadError::NotAComponent(on_one_line(&error)))?;
        Self::of(engine, &component, Sha256::digest(bytes).into())
    }

    /// Whether its instances take slots that a pool of this crate has reserved. False on systems that deny the addresses, for
    /// components too large for a slot, and on an engine of your own.
    #[must_use]
    pub fn is_pooled(&self) -> bool {
        self.loaded.engine.is_pooled
    }

    fn load(
        bytes: &[u8],
        compile: impl Fn(&Engine, &[u8], &[u8; 32]) -> wasmtime::Result<Component>,
    ) -> Result<Self, LoadError> {
        let digest = Sha256::digest(bytes).into();
        // A component that needs more of something than a slot has is run on demand.
        if let Some(engine) = engine::pooled()
            && let Ok(component) = compile(&engine.engine, bytes, &digest)
        {
            return Self::of(engine, &component, digest);
        }
        let engine = engine::on_demand()?;
        let component = compile(&engine.engine, bytes, &digest)
            .map_err(|error| LoadError::NotAComponent(on_one_line(&error)))?;
        Self::of(engine, &component, digest)
    }

    fn of(
        engine: &ConnectorEngine,
        component: &Component,
        digest: [u8; 32],
    ) -> Result<Self, LoadError> {
        let (imports, exports) = names(&engine.engine, component);
        let forbidden: Vec<String> = imports
            .iter()
            .filter(|name| *name != HTTP_INTERFACE)
            .cloned()
            .collect();
        if !forbidden.is_empty() {
            return Err(LoadError::ForbiddenImports { imports: forbidden });
        }
        let functions = Functions::find(component).map_err(LoadError::WrongShape)?;
        let mut linker = Linker::new(&engine.engine);
        let prepared = add_to_linker(&mut linker, |state: &mut CallState| &mut state.http)
            .and_then(|()| linker.instantiate_pre(component))
            .map_err(|error| LoadError::WrongShape(on_one_line(&error)))?;
        Ok(Self {
            loaded: Arc::new(Loaded {
                engine: engine.clone(),
                prepared,
                functions,
                digest,
                imports,
                exports,
            }),
        })
    }

    /// SHA-256 of the component's bytes: two connectors are the same component if they have the same digest.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.loaded.digest
    }

    /// Names of everything the component imports: [`HTTP_INTERFACE`] or nothing.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.loaded.imports
    }

    /// Names of everything the component exports, [`SERVICE_DESK_INTERFACE`] among them.
    #[must_use]
    pub fn exports(&self) -> &[String] {
        &self.loaded.exports
    }
}

fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    std::fs::read(path).map_err(|source| LoadError::File {
        path: path.to_owned(),
        source,
    })
}

fn names(engine: &Engine, component: &Component) -> (Vec<String>, Vec<String>) {
    let component_type = component.component_type();
    let imports = component_type
        .imports(engine)
        // A type is no capability; only what can be called or instantiated is.
        .filter(|(_, import)| !matches!(import.ty, ComponentItem::Type(_)))
        .map(|(name, _)| name.to_owned())
        .collect();
    let exports = component_type
        .exports(engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    (imports, exports)
}
