//! The `OpenAPI` document that the service serves, against the contract: every function, type, field and case, with its text.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use psa_recording::Replay;
use psa_tests::{CONNECTWISE, workspace};
use serde_json::{Value, json};
use wit_parser::{Docs, Resolve, Type, TypeDefKind};

use crate::built::host;
use crate::replayed::Replayed;

/// The document that the service serves.
pub(crate) fn built() -> Value {
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.worker_threads(1).build().expect("a runtime");
    let served = std::thread::spawn(move || {
        let nothing = Arc::new(Replayed::new(Replay::default()));
        let host = host(&CONNECTWISE, nothing).expect("a service");
        let request = http::Request::get("http://service.example/openapi.json");
        let request = request.body(Full::<Bytes>::default()).expect("a request");
        runtime.block_on(host.ask(request)).expect("a document")
    });
    let answered = served.join().expect("an answer");
    assert_eq!(answered.status, 200);
    assert_eq!(answered.headers["content-type"], "application/json");
    answered.body
}

#[test]
fn the_document_has_all_of_the_contract_with_its_text() {
    let document = built();
    let contract = workspace().join("wit/connector.wit");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(&contract).expect("the contract");
    let interface = resolve.packages[package].interfaces["service-desk"];
    let interface = &resolve.interfaces[interface];

    let paths = document["paths"].as_object().expect("paths");
    assert_eq!(paths.len(), interface.functions.len());
    for (name, function) in &interface.functions {
        let operation = &paths[&format!("/v1/{name}")]["post"];
        assert_eq!(operation["description"], text(&function.docs), "{name}");
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let parameters = function.params.iter().map(|it| it.name.as_str());
        let parameters: Vec<&str> = parameters.filter(|name| *name != "settings").collect();
        assert_eq!(names(&body["properties"]), sorted(parameters), "{name}");
        let result = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let reference = result["$ref"].as_str().unwrap_or_default();
        assert!(
            document
                .pointer(reference.trim_start_matches('#'))
                .is_some(),
            "{name}: {result}"
        );
        assert!(
            operation["responses"]["default"]["$ref"].is_string(),
            "{name}"
        );
    }

    let schemas = document["components"]["schemas"]
        .as_object()
        .expect("schemas");
    assert_eq!(schemas.len(), interface.types.len());
    for (name, id) in &interface.types {
        let definition = &resolve.types[*id];
        let schema = &schemas[name];
        assert_eq!(schema["description"], text(&definition.docs), "{name}");
        match &definition.kind {
            TypeDefKind::Record(record) => {
                let fields = record.fields.iter().map(|it| it.name.as_str());
                assert_eq!(
                    names(&schema["properties"]),
                    sorted(fields.collect()),
                    "{name}"
                );
                for field in &record.fields {
                    let found = &schema["properties"][&field.name];
                    assert_eq!(
                        found["description"],
                        text(&field.docs),
                        "{name}.{}",
                        field.name
                    );
                    let may_be_null = is_option(&resolve, &field.ty);
                    assert_eq!(
                        found.get("anyOf").is_some(),
                        may_be_null,
                        "{name}.{}",
                        field.name
                    );
                }
            }
            TypeDefKind::Enum(cases) => {
                let cases = cases
                    .cases
                    .iter()
                    .map(|case| json!({"const": case.name, "description": text(&case.docs)}));
                assert_eq!(schema["oneOf"], cases.collect::<Value>(), "{name}");
            }
            TypeDefKind::Variant(variant) => {
                let cases = variant
                    .cases
                    .iter()
                    .zip(schema["oneOf"].as_array().expect("cases"));
                for (case, found) in cases {
                    let is_named =
                        found["const"] == *case.name || found["required"] == json!([case.name]);
                    assert!(is_named, "{name}: {found}");
                }
            }
            other => panic!("{name} is a {}", other.as_str()),
        }
    }
}

#[test]
fn what_a_caller_sends_can_leave_out_what_the_service_takes_without_it() {
    let document = built();
    let required = |name: &str| document["components"]["schemas"][name]["required"].clone();
    assert_eq!(required("ticket-draft"), json!(["company-id", "summary"]));
    assert_eq!(required("company-query"), json!([]));
    assert_eq!(required("ticket-lookup"), json!(["ticket"]));
    let more = |name: &str| document["components"]["schemas"][name]["additionalProperties"].clone();
    assert_eq!(
        (more("ticket-draft"), more("ticket")),
        (json!(false), Value::Null)
    );
}

fn text(docs: &Docs) -> Value {
    let text = docs.contents.as_deref().expect("everything has a text");
    text.trim().into()
}

fn is_option(resolve: &Resolve, ty: &Type) -> bool {
    matches!(ty, Type::Id(id) if matches!(resolve.types[*id].kind, TypeDefKind::Option(_)))
}

fn names(object: &Value) -> Vec<&str> {
    let names = object.as_object().expect("an object").keys();
    sorted(names.map(String::as_str).collect())
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}
