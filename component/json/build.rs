//! Writes from `connector.wit` what the front needs: the calls of wit-bindgen with every type mapped to the contract's own,
//! and a function that reads the arguments of each function, calls it, and writes its result.

use std::fmt::Write as _;
use std::{env, fs, path::Path};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use wit_parser::{Function, Resolve, Type, TypeDefKind};

const CONTRACT: &str = "../../wit/connector.wit";

fn main() {
    println!("cargo::rerun-if-changed={CONTRACT}");
    println!("cargo::rerun-if-changed=json.wit");
    let mut resolve = Resolve::default();
    let (package, _) = resolve
        .push_path(CONTRACT)
        .expect("the contract is valid WIT");
    let package = &resolve.packages[package];
    // Each world has one interface of the contract, whose types are mapped to the contract's own.
    let bindings = |world: &str, interface: &str| {
        let id = package.name.interface_id(interface);
        let types = resolve.interfaces[package.interfaces[interface]]
            .types
            .keys();
        let mapped: String = types
            .map(|name| {
                format!(
                    "\"{id}/{name}\": psa_contract::{}, ",
                    name.to_upper_camel_case()
                )
            })
            .collect();
        format!(
            "wit_bindgen::generate!({{ path: [\"{CONTRACT}\", \"json.wit\"], world: \"psa:connector-json/{world}\", \
             generate_all, with: {{ {mapped} }} }});"
        )
    };
    let service_desk = package.interfaces["service-desk"];
    let functions = resolve.interfaces[service_desk].functions.values();
    let mut arms = String::new();
    for function in functions {
        write_arm(&mut arms, &resolve, function);
    }
    let dispatch = format!(
        "pub(crate) fn dispatch(function: &str, arguments: &str) -> Result<String, String> {{
            match function {{ {arms} _ => Err(unsupported(function)) }}
        }}"
    );
    let out = env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR");
    let out = Path::new(&out);
    for (file, text) in [
        (
            "front.rs",
            format!("{}\n{dispatch}", bindings("front", "service-desk")),
        ),
        ("back.rs", bindings("back", "http")),
    ] {
        fs::write(out.join(file), text).expect("OUT_DIR can be written to");
    }
}

/// Of a function: a type for its arguments, and the call.
fn write_arm(out: &mut String, resolve: &Resolve, function: &Function) {
    let (mut fields, mut given) = (String::new(), String::new());
    for parameter in &function.params {
        let name = parameter.name.to_snake_case();
        if is_list(resolve, &parameter.ty) {
            fields.push_str("#[serde(default)] ");
        }
        let _ = writeln!(
            fields,
            "#[serde(rename = {:?})] {name}: {},",
            parameter.name,
            rust_type(resolve, &parameter.ty)
        );
        let _ = write!(given, "&arguments.{name}, ");
    }
    let rust_name = function.name.to_snake_case();
    let can_fail = function.result.as_ref().is_some_and(
        |ty| matches!(ty, Type::Id(id) if matches!(resolve.types[*id].kind, TypeDefKind::Result(_))),
    );
    let answer = if can_fail { "answer" } else { "result" };
    let _ = writeln!(
        out,
        "{:?} => {{
            #[derive(serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Arguments {{ {fields} }}
            #[allow(unused_variables, reason = \"a function without parameters\")]
            let arguments: Arguments = read(function, arguments)?;
            {answer}(psa::connector::service_desk::{rust_name}({given}))
        }}",
        function.name
    );
}

fn is_list(resolve: &Resolve, ty: &Type) -> bool {
    matches!(ty, Type::Id(id) if matches!(resolve.types[*id].kind, TypeDefKind::List(_)))
}

fn rust_type(resolve: &Resolve, ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Id(id) => match &resolve.types[*id].kind {
            TypeDefKind::List(inner) => format!("Vec<{}>", rust_type(resolve, inner)),
            _ => {
                let name = resolve.types[*id].name.as_deref().unwrap_or_default();
                format!("psa_contract::{}", name.to_upper_camel_case())
            }
        },
        other => panic!("{other:?} is a type of a parameter that this file does not know"),
    }
}
