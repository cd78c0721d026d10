//! Writes from `connector.wit` what the service serves: the `OpenAPI` document, and the names of the functions that take settings.

mod document; // The document.
mod schema; // A type of the contract as a schema.

use std::{env, fs, path::Path};

use wit_parser::Resolve;

const CONTRACT: &str = "../../wit/connector.wit";

fn main() {
    println!("cargo::rerun-if-changed={CONTRACT}");
    println!("cargo::rerun-if-changed=build");
    let mut resolve = Resolve::default();
    let (package, _) = resolve
        .push_path(CONTRACT)
        .expect("the contract is valid WIT");
    let interface = resolve.packages[package].interfaces["service-desk"];
    let takes_settings = |function: &&wit_parser::Function| {
        let mut parameters = function.params.iter();
        parameters.any(|it| it.name == document::SETTINGS)
    };
    let functions = resolve.interfaces[interface].functions.values();
    let functions: Vec<&str> = functions
        .filter(takes_settings)
        .map(|it| it.name.as_str())
        .collect();
    let out = env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR");
    let out = Path::new(&out);
    for (file, text) in [
        (
            "openapi.json",
            document::document(&resolve, interface).to_string(),
        ),
        ("takes_settings.rs", format!("&{functions:?}")),
    ] {
        fs::write(out.join(file), text).expect("OUT_DIR can be written to");
    }
}
