//! Writes the interfaces of `connector.wit` as Rust: a type for each record, enum and variant, with the text's own
//! documentation, a macro with the documentation of each function, and for connectors the call of wit-bindgen with every
//! type mapped to it. `src/lib.rs` includes them.

use std::fmt::Write as _;
use std::{env, fs, path::Path};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use wit_parser::{Docs, Resolve, Type, TypeDef, TypeDefKind};

/// Records that may hold a key: `src/lib.rs` writes their `Debug`, which does not show it.
const WITHOUT_DERIVED_DEBUG: [&str; 3] = ["request", "response", "setting"];

/// Records of which JSON may leave out any field: a field that is absent has its default.
const WITH_DEFAULT_FIELDS: [&str; 2] = ["company-query", "ticket-draft"];

fn main() {
    println!("cargo::rerun-if-changed=connector.wit");
    let mut resolve = Resolve::default();
    let (package, _) = resolve
        .push_path("connector.wit")
        .expect("connector.wit is valid WIT");
    let package = &resolve.packages[package];
    let mut types = String::new();
    let mut mapped = String::new();
    let mut function_docs = String::new();
    for (interface_name, interface) in &package.interfaces {
        let interface_name = package.name.interface_id(interface_name);
        for (name, id) in &resolve.interfaces[*interface].types {
            write_type(&mut types, &resolve, name, &resolve.types[*id]);
            let rust_name = name.to_upper_camel_case();
            let _ = writeln!(mapped, "\"{interface_name}/{name}\": crate::{rust_name},");
        }
        for (name, function) in &resolve.interfaces[*interface].functions {
            let docs = rustdoc(&function.docs).join("\n");
            let _ = writeln!(
                function_docs,
                "({}) => {{ {docs:?} }};",
                name.to_snake_case()
            );
        }
    }
    let _ = writeln!(
        types,
        "/// The text of a function in the contract, for the documentation of what calls it.
        #[macro_export]
        macro_rules! function_docs {{ {function_docs} }}"
    );
    let bindings = format!(
        "wit_bindgen::generate!({{ path: \"connector.wit\", world: \"connector\", pub_export_macro: true, \
         default_bindings_module: \"psa_contract::guest\", with: {{ {mapped} }} }});"
    );
    let out = env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR");
    let out = Path::new(&out);
    fs::write(out.join("types.rs"), types).expect("OUT_DIR can be written to");
    fs::write(out.join("guest.rs"), bindings).expect("OUT_DIR can be written to");
}

fn write_type(out: &mut String, resolve: &Resolve, name: &str, definition: &TypeDef) {
    let rust_name = name.to_upper_camel_case();
    write_docs(out, &definition.docs);
    match &definition.kind {
        TypeDefKind::Record(record) => {
            write_derives(out, "record", &record_derives(resolve, name, definition));
            out.push_str("#[serde(deny_unknown_fields)]\n");
            if WITH_DEFAULT_FIELDS.contains(&name) {
                out.push_str("#[serde(default)]\n");
            }
            let _ = writeln!(out, "pub struct {rust_name} {{");
            for field in &record.fields {
                write_docs(out, &field.docs);
                write_name(out, &field.name);
                if matches!(&field.ty, Type::Id(id) if matches!(resolve.types[*id].kind, TypeDefKind::List(_)))
                {
                    out.push_str("#[serde(default)]\n");
                }
                let rust_type = rust_type(resolve, &field.ty);
                let _ = writeln!(out, "pub {}: {rust_type},", field.name.to_snake_case());
            }
        }
        TypeDefKind::Enum(cases) => {
            write_derives(
                out,
                "enum",
                "Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash",
            );
            let _ = writeln!(out, "#[repr(u8)]\npub enum {rust_name} {{");
            for case in &cases.cases {
                write_docs(out, &case.docs);
                write_name(out, &case.name);
                let _ = writeln!(out, "{},", case.name.to_upper_camel_case());
            }
        }
        TypeDefKind::Variant(variant) => {
            write_derives(out, "variant", "Clone, Debug, PartialEq");
            let _ = writeln!(out, "pub enum {rust_name} {{");
            for case in &variant.cases {
                write_docs(out, &case.docs);
                write_name(out, &case.name);
                let payload = case.ty.as_ref().map(|it| rust_type(resolve, it));
                let payload = payload.map_or(String::new(), |it| format!("({it})"));
                let _ = writeln!(out, "{}{payload},", case.name.to_upper_camel_case());
            }
        }
        other => panic!(
            "`{name}` is a {}, which this file does not know",
            other.as_str()
        ),
    }
    out.push_str("}\n");
    if let TypeDefKind::Enum(cases) = &definition.kind {
        write_enum_names(out, &rust_name, cases);
    }
}

fn write_enum_names(out: &mut String, rust_name: &str, cases: &wit_parser::Enum) {
    let mut all = String::new();
    let mut names = String::new();
    let mut numbers = String::new();
    for (number, case) in cases.cases.iter().enumerate() {
        let rust_case = case.name.to_upper_camel_case();
        let _ = write!(all, "Self::{rust_case}, ");
        let _ = writeln!(names, "Self::{rust_case} => {:?},", case.name);
        let _ = writeln!(numbers, "{number} => Self::{rust_case},");
    }
    let _ = writeln!(
        out,
        "impl {rust_name} {{
            /// Every case, in the order of the contract.
            pub const ALL: &[Self] = &[{all}];

            /// The name in the contract.
            #[must_use]
            pub fn name(self) -> &'static str {{ match self {{ {names} }} }}

            /// The case with this number in the contract. For wit-bindgen, which hands over numbers of cases only.
            #[cfg(feature = \"guest\")]
            #[doc(hidden)]
            #[must_use]
            pub fn _lift(number: u8) -> Self {{ match number {{ {numbers} _ => Self::ALL[0] }} }}
        }}"
    );
}

fn record_derives(resolve: &Resolve, name: &str, definition: &TypeDef) -> String {
    let mut derives = "Clone, PartialEq".to_owned();
    if !WITHOUT_DERIVED_DEBUG.contains(&name) {
        derives += ", Debug";
    }
    if has_default(resolve, definition) {
        derives += ", Default";
    }
    derives
}

/// Whether every field has a value that means nothing was said.
fn has_default(resolve: &Resolve, definition: &TypeDef) -> bool {
    match &definition.kind {
        TypeDefKind::Option(_) | TypeDefKind::List(_) => true,
        TypeDefKind::Record(record) => record.fields.iter().all(|field| match field.ty {
            Type::Id(id) => has_default(resolve, &resolve.types[id]),
            _ => true,
        }),
        // `src/lib.rs` has its default: empty.
        TypeDefKind::Variant(_) => definition.name.as_deref() == Some("body"),
        _ => false,
    }
}

fn write_derives(out: &mut String, kind: &str, derives: &str) {
    let _ = writeln!(
        out,
        "#[derive({derives}, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = \"wasmtime\", derive(wasmtime::component::ComponentType, wasmtime::component::Lift, \
         wasmtime::component::Lower))]
        #[cfg_attr(feature = \"wasmtime\", component({kind}))]"
    );
}

/// The name in the contract is also the name in JSON.
fn write_name(out: &mut String, name: &str) {
    let _ = writeln!(
        out,
        "#[serde(rename = {name:?})]\n#[cfg_attr(feature = \"wasmtime\", component(name = {name:?}))]"
    );
}

fn write_docs(out: &mut String, docs: &Docs) {
    for line in rustdoc(docs) {
        let _ = writeln!(out, "/// {line}");
    }
}

/// The lines of a text. Rustdoc would take brackets for links.
fn rustdoc(docs: &Docs) -> Vec<String> {
    let lines = docs.contents.as_deref().unwrap_or_default().lines();
    lines
        .map(|line| line.replace('[', "\\[").replace(']', "\\]"))
        .collect()
}

fn rust_type(resolve: &Resolve, ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::U16 => "u16".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::S32 => "i32".to_owned(),
        Type::String => "String".to_owned(),
        Type::Id(id) => {
            let definition = &resolve.types[*id];
            match &definition.kind {
                TypeDefKind::Option(inner) => format!("Option<{}>", rust_type(resolve, inner)),
                TypeDefKind::List(inner) => format!("Vec<{}>", rust_type(resolve, inner)),
                TypeDefKind::Tuple(tuple) => {
                    let types: Vec<String> = tuple
                        .types
                        .iter()
                        .map(|it| rust_type(resolve, it))
                        .collect();
                    format!("({})", types.join(", "))
                }
                _ => definition
                    .name
                    .as_deref()
                    .unwrap_or_default()
                    .to_upper_camel_case(),
            }
        }
        other => panic!("{other:?} is a type that this file does not know"),
    }
}
