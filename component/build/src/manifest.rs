//! The crate of a connector, as Cargo knows it: its manifest, its settings for this program, and its sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use serde::Deserialize;

use crate::digest::digest_of_folders;

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
    /// Further flags of the compiler.
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
                .with_context(|| format!("the workspace has no package `{name}`"))?
                .clone(),
            None => metadata
                .root_package()
                .context("this is the manifest of a workspace: name a package with `-p`")?
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

    /// Of the crate, of every crate that it takes from a folder, and of what their workspace decides.
    pub(crate) fn source_digest(&self) -> Result<String> {
        let root = self.workspace_root();
        let files = ["Cargo.toml", "Cargo.lock"].map(|name| root.join(name));
        digest_of_folders(&files, &self.source_folders()?)
    }

    fn source_folders(&self) -> Result<Vec<PathBuf>> {
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
        let mut folders = Vec::new();
        for id in seen {
            let manifest = self.metadata[id].manifest_path.as_std_path();
            match manifest.parent() {
                Some(folder) => folders.push(folder.to_owned()),
                None => bail!("`{}` is in no folder", manifest.display()),
            }
        }
        Ok(folders)
    }
}

fn settings(package: &Package) -> Result<Settings> {
    let Some(settings) = package.metadata.get("psa") else {
        return Ok(Settings::default());
    };
    serde_json::from_value(settings.clone()).with_context(|| {
        format!(
            "[package.metadata.psa] of `{}` is not understood",
            package.manifest_path
        )
    })
}
