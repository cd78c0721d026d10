//! Puts two components around a connector: one in front, which exports what the whole does and calls the connector, and one
//! behind, which answers what the connector sends by an import of one function of text. Nothing of the three is changed.

use anyhow::{Context as _, Result, bail};
use wasm_encoder::{
    Alias, ComponentBuilder, ComponentExportKind, ComponentTypeRef, ComponentValType, InstanceType,
    PrimitiveValType,
};
use wasmparser::{Validator, WasmFeatures};

use crate::packaging::{EXPORT, ONLY_IMPORT, edge};

/// The composed component.
///
/// # Errors
/// One of the three does not import and export what it must, or the result is not valid.
pub fn compose(front: &[u8], connector: &[u8], back: &[u8]) -> Result<Vec<u8>> {
    let exported = only(edge(front)?.exports).context("the component in front")?;
    let imported = only(edge(back)?.imports).context("the component behind")?;
    let mut whole = ComponentBuilder::default();
    let mut import_type = InstanceType::new();
    let text = ComponentValType::Primitive(PrimitiveValType::String);
    import_type
        .ty()
        .function()
        .params([("requests", text)])
        .result(Some(text));
    import_type.export("send", ComponentTypeRef::Func(0));
    let import_type = whole.type_instance(None, &import_type);
    let mut given = whole.import(&imported, ComponentTypeRef::Instance(import_type));
    // From the back to the front: each takes what the one before gave.
    for (component, takes, gives) in [
        (back, imported.as_str(), ONLY_IMPORT),
        (connector, ONLY_IMPORT, EXPORT),
        (front, EXPORT, exported.as_str()),
    ] {
        let component = whole.component_raw(None, component);
        let arguments = [(takes, ComponentExportKind::Instance, given)];
        let instance = whole.instantiate(None, component, arguments);
        given = whole.alias(
            None,
            Alias::InstanceExport {
                instance,
                kind: ComponentExportKind::Instance,
                name: gives,
            },
        );
    }
    whole.export(&exported, ComponentExportKind::Instance, given, None);
    let whole = whole.finish();
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(&whole)
        .context("the three components do not fit together")?;
    Ok(whole)
}

fn only(names: Vec<String>) -> Result<String> {
    match <[String; 1]>::try_from(names) {
        Ok([name]) => Ok(name),
        Err(names) => bail!("must have one edge to the host, and has {}", names.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_single_edge_or_does_not_fit_is_refused() {
        let empty = wasm_encoder::Component::new().finish();
        let error = compose(&empty, &empty, &empty).unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "the component in front: must have one edge to the host, and has 0"
        );
        assert!(compose(b"not wasm", &empty, &empty).is_err());
        let front = exporting("front");
        let error = compose(&front, &empty, &empty).unwrap_err().to_string();
        assert!(error.contains("the component behind"), "{error}");
        let error = compose(&front, &empty, &importing("back")).unwrap_err();
        assert!(error.to_string().contains("do not fit"), "{error:#}");
    }

    fn exporting(name: &str) -> Vec<u8> {
        let mut component = ComponentBuilder::default();
        let exports: [(&str, ComponentExportKind, u32); 0] = [];
        let instance = component.instantiate_exports(None, exports);
        component.export(name, ComponentExportKind::Instance, instance, None);
        component.finish()
    }

    fn importing(name: &str) -> Vec<u8> {
        let mut component = ComponentBuilder::default();
        let nothing = component.type_instance(None, &InstanceType::new());
        component.import(name, ComponentTypeRef::Instance(nothing));
        component.finish()
    }
}
