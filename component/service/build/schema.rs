//! A type of the contract as a schema of JSON, in the shape that the JSON edition takes and gives.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use wit_parser::{Docs, Field, Resolve, Type, TypeDefKind, TypeId};

/// The schema of a named type. Of what a caller sends, fields that may be none, lists and flags can be left out, and nothing
/// else may be there; of what the service answers, every field is there.
pub(crate) fn of_definition(resolve: &Resolve, id: TypeId, is_sent: bool) -> Value {
    let definition = &resolve.types[id];
    let mut schema = match &definition.kind {
        TypeDefKind::Record(record) => object(resolve, record.fields.iter(), is_sent),
        TypeDefKind::Enum(cases) => {
            let described = cases.cases.iter().map(|case| {
                let text = docs(&case.docs);
                json!({"const": case.name, "description": text})
            });
            json!({"type": "string", "oneOf": described.collect::<Vec<_>>()})
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter().map(|case| {
                let mut schema = match &case.ty {
                    None => json!({"type": "string", "const": case.name}),
                    Some(ty) => json!({
                        "type": "object",
                        "properties": {case.name.clone(): of_type(resolve, ty)},
                        "required": [case.name],
                        "additionalProperties": false,
                    }),
                };
                schema["description"] = docs(&case.docs).into();
                schema
            });
            json!({"oneOf": cases.collect::<Vec<_>>()})
        }
        other => panic!(
            "a {} is a type that this file does not know",
            other.as_str()
        ),
    };
    schema["description"] = docs(&definition.docs).into();
    schema
}

/// An object with these members.
pub(crate) fn object<'a>(
    resolve: &Resolve,
    fields: impl Iterator<Item = &'a Field>,
    is_sent: bool,
) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        let mut schema = of_type(resolve, &field.ty);
        schema["description"] = docs(&field.docs).into();
        properties.insert(field.name.clone(), schema);
        if !is_sent || !may_be_left_out(resolve, &field.ty) {
            required.push(field.name.as_str());
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "required": required});
    if is_sent {
        schema["additionalProperties"] = false.into();
    }
    schema
}

/// Whether JSON that a caller sends may lack a value of this type.
pub(crate) fn may_be_left_out(resolve: &Resolve, ty: &Type) -> bool {
    match ty {
        Type::Bool => true,
        Type::Id(id) => matches!(
            resolve.types[*id].kind,
            TypeDefKind::Option(_) | TypeDefKind::List(_)
        ),
        _ => false,
    }
}

/// The schema of a type where it is used.
pub(crate) fn of_type(resolve: &Resolve, ty: &Type) -> Value {
    match ty {
        Type::Bool => json!({"type": "boolean"}),
        Type::String => json!({"type": "string"}),
        Type::U16 => json!({"type": "integer", "minimum": 0, "maximum": u16::MAX}),
        Type::U32 => json!({"type": "integer", "minimum": 0, "maximum": u32::MAX}),
        Type::S32 => json!({"type": "integer", "minimum": i32::MIN, "maximum": i32::MAX}),
        Type::Id(id) => match &resolve.types[*id].kind {
            TypeDefKind::List(inner) => json!({"type": "array", "items": of_type(resolve, inner)}),
            TypeDefKind::Option(inner) => {
                json!({"anyOf": [of_type(resolve, inner), {"type": "null"}]})
            }
            _ => {
                let name = resolve.types[*id].name.as_deref().unwrap_or_default();
                json!({"$ref": format!("#/components/schemas/{name}")})
            }
        },
        other => panic!("{other:?} is a type that this file does not know"),
    }
}

/// The named types that a type is made of, itself included.
pub(crate) fn reachable(resolve: &Resolve, ty: &Type, found: &mut BTreeSet<String>) {
    let Type::Id(id) = ty else { return };
    let definition = &resolve.types[*id];
    if let Some(name) = &definition.name {
        found.insert(name.clone());
    }
    match &definition.kind {
        TypeDefKind::List(inner) | TypeDefKind::Option(inner) => reachable(resolve, inner, found),
        TypeDefKind::Record(record) => {
            for field in &record.fields {
                reachable(resolve, &field.ty, found);
            }
        }
        TypeDefKind::Variant(variant) => {
            for ty in variant.cases.iter().filter_map(|case| case.ty.as_ref()) {
                reachable(resolve, ty, found);
            }
        }
        _ => {}
    }
}

/// The contract's own words.
pub(crate) fn docs(docs: &Docs) -> String {
    docs.contents
        .as_deref()
        .unwrap_or_default()
        .trim()
        .to_owned()
}
