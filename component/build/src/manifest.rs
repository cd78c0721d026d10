//! The crate of a connector, as Cargo knows it: its manifest, its settings for this program, and its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId, TargetKind};
use serde::Deserialize;

use crate::digest::digest_of_sources;

/// The target that connectors are compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A connector's crate, in its workspace.
pub(crate) struct Connector {
    pub(crate) package: Package,
    pub(crate) settings: Settings,
    metadata: Metadata,
}

/// `[package.metadata.psa]` of its manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// The most bytes that the component may have: every host compiles it and keeps it.
    pub(crate) maximum_bytes: usize,
    /// The same in gzip.
    pub(crate) maximum_gzip_bytes: usize,
    /// Further flags of the compiler, for the crate itself and for making one module of all crates.
    pub(crate) rustflags: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            maximum_bytes: 500_000,
            maximum_gzip_bytes: 180_000,
            rustflags: Vec::new(),
        }
    }
}

impl Connector {
    pub(crate) fn find(manifest_path: Option<&Path>, package: Option<&str>) -> Result<Self> {
        let mut command = MetadataCommand::new();
        if let Some(path) = manifest_path {
            command.manifest_path(path);
        }
        command.other_options(["--filter-platform".to_owned(), TARGET.to_owned()]);
        let metadata = command.exec().context("cannot read the workspace")?;
        let package = match package {
            Some(name) => metadata
                .workspace_packages()
                .into_iter()
                .find(|it| it.name == name)
                .with_context(|| {
                    format!("the workspace has no package `{name}`; it has {}", names(&metadata))
                })?
                .clone(),
            None => metadata
                .root_package()
                .with_context(|| {
                    let names = names(&metadata);
                    format!("this is the manifest of a workspace: name a package with `-p`; it has {names}")
                })?
                .clone(),
        };
        let settings = settings(&package)?;
        Ok(Self {
            package,
            settings,
            metadata,
        })
    }

    pub(crate) fn workspace_root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    pub(crate) fn target_directory(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// Whether it has a library, of any kind but a macro's.
    pub(crate) fn has_library(&self) -> bool {
        let mut kinds = self.package.targets.iter().flat_map(|it| &it.kind);
        kinds.any(|kind| {
            use TargetKind::{CDyLib, DyLib, Lib, RLib, StaticLib};
            matches!(kind, CDyLib | DyLib | Lib | RLib | StaticLib)
        })
    }

    /// Every crate in a folder that Cargo told of, by its folder: of this connector and of others.
    pub(crate) fn all_local_crates(&self) -> BTreeMap<&Path, &str> {
        let packages = self.metadata.packages.iter();
        let local = packages.filter(|package| package.source.is_none());
        let folders = local.filter_map(|package| {
            let folder = package.manifest_path.as_std_path().parent()?;
            Some((folder, package.name.as_str()))
        });
        folders.collect()
    }

    /// Of the crate, of every crate that it takes from a folder, and of what their workspace decides.
    pub(crate) fn source_digest(&self) -> Result<String> {
        let root = self.workspace_root();
        let files = ["Cargo.toml", "Cargo.lock"].map(|name| root.join(name));
        digest_of_sources(&files, &self.local_crates()?)
    }

    /// The crate itself, and every crate in a folder that is compiled for it: its name and its folder.
    pub(crate) fn local_crates(&self) -> Result<Vec<(&str, &Path)>> {
        let resolve = self.metadata.resolve.as_ref();
        let nodes = &resolve.context("Cargo resolved no dependencies")?.nodes;
        let mut seen: BTreeSet<&PackageId> = BTreeSet::new();
        let mut open = vec![&self.package.id];
        while let Some(id) = open.pop() {
            let is_local = self.metadata[id].source.is_none();
            if !is_local || !seen.insert(id) {
                continue;
            }
            let node = nodes.iter().find(|node| node.id == *id);
            let dependencies = node.into_iter().flat_map(|node| &node.deps);
            let compiled = dependencies.filter(|it| {
                let mut kinds = it.dep_kinds.iter();
                kinds.any(|kind| kind.kind != DependencyKind::Development)
            });
            open.extend(compiled.map(|it| &it.pkg));
        }
        let folder_of = |id| {
            let package: &Package = &self.metadata[id];
            let manifest = package.manifest_path.as_std_path();
            let folder = manifest.parent();
            let folder =
                folder.with_context(|| format!("`{}` is not in a folder", manifest.display()));
            Ok((package.name.as_str(), folder?))
        };
        seen.into_iter().map(folder_of).collect()
    }
}

fn settings(package: &Package) -> Result<Settings> {
    let Some(settings) = package.metadata.get("psa") else {
        return Ok(Settings::default());
    };
    serde_json::from_value(settings.clone()).with_context(|| {
        format!(
            "[package.metadata.psa] of `{}` is not valid",
            package.manifest_path
        )
    })
}

/// Of the packages of a workspace.
fn names(metadata: &Metadata) -> String {
    let packages = metadata.workspace_packages();
    let names: Vec<&str> = packages.iter().map(|it| it.name.as_str()).collect();
    names.join(", ")
}
