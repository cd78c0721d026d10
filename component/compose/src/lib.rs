//! Puts components together: what one imports and the next one exports is connected, and the rest of what they import remains
//! for the host. None of them is changed.
//!
//! A crate of its own, so that a build of the connectors alone compiles nothing of what composing needs.

mod pacing;

use anyhow::{Context as _, Result, ensure};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, plug};

pub use pacing::pacing;

/// The composed component, from the one in front, whose exports it has, to the one behind.
///
/// # Errors
/// There are none, one is not a component, or does not export what the one before it imports; or the adapter for wasi:http is
/// not told how many requests it may send at once, by [`pacing()`] behind it.
pub fn compose(from_front_to_back: &[Vec<u8>]) -> Result<Vec<u8>> {
    let (last, others) = from_front_to_back
        .split_last()
        .context("there is nothing to put together")?;
    let whole = others
        .iter()
        .rev()
        .try_fold(last.clone(), |behind, before| plugged(before, behind))?;
    let lacks_pacing = psa_build::edge(&whole)?
        .imports
        .iter()
        .any(|import| import == pacing::INTERFACE);
    ensure!(
        !lacks_pacing,
        "the adapter for wasi:http has to know how many requests it may send at once: add `--concurrent-requests` with what \
         the connector's description advises, or 16 if it advises nothing"
    );
    Ok(whole)
}

fn plugged(front: &[u8], behind: Vec<u8>) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let mut add = |name: &str, bytes: Vec<u8>| {
        let package = Package::from_bytes(name, None, bytes, graph.types_mut())
            .context("it is not a component")?;
        anyhow::Ok(graph.register_package(package)?)
    };
    let front = add("front", front.to_vec())?;
    let behind = add("behind", behind)?;
    plug(&mut graph, vec![behind], front)
        .context("a component does not export what the one before it imports")?;
    graph
        .encode(EncodeOptions::default())
        .context("the components do not fit together")
}

#[cfg(test)]
mod tests {
    use psa_build::edge;

    use super::*;

    #[test]
    fn what_fits_is_connected_and_the_rest_is_left_to_the_host() {
        let front = component(&["a:a/a", "a:a/other"], "a:a/front");
        let behind = component(&["a:a/b"], "a:a/a");
        let whole = compose(&[front, behind, component(&["a:a/c"], "a:a/b")]).expect("a component");
        let mut edge = edge(&whole).expect("a component");
        edge.imports.sort();
        assert_eq!(edge.imports, ["a:a/c", "a:a/other"]);
        assert_eq!(edge.exports, ["a:a/front"]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let error = |components: &[Vec<u8>]| format!("{:#}", compose(components).unwrap_err());
        assert_eq!(error(&[]), "there is nothing to put together");
        let front = component(&["a:a/a"], "a:a/front");
        let found = error(&[front.clone(), b"not wasm".to_vec()]);
        assert!(found.starts_with("it is not a component"), "{found}");
        let found = error(&[front, component(&[], "a:a/b")]);
        assert!(found.contains("does not export what"), "{found}");
    }

    #[test]
    fn the_adapter_is_told_how_many_requests_it_may_send_at_once() {
        let adapter = component(&[pacing::INTERFACE, "a:a/outside"], "a:a/http");
        let connector = component(&["a:a/http"], "a:a/desk");
        let parts = [connector, adapter];
        let error = format!("{:#}", compose(&parts).unwrap_err());
        assert!(error.contains("--concurrent-requests"), "{error}");
        for number in [1, u32::MAX] {
            let [connector, adapter] = parts.clone();
            let whole = compose(&[connector, adapter, pacing(number).expect("a component")]);
            let imports = edge(&whole.expect("a component"))
                .expect("a component")
                .imports;
            assert_eq!(imports, ["a:a/outside"]);
        }
    }

    fn component(imports: &[&str], export: &str) -> Vec<u8> {
        let imports: String = imports
            .iter()
            .map(|import| format!("(import \"{import}\" (instance))"))
            .collect();
        let text =
            format!("(component {imports} (instance $own) (export \"{export}\" (instance $own)))");
        wat::parse_str(text).expect("a component")
    }
}
