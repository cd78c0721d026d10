//! JSON Schema made from the text of the contract: of the arguments of a function, and of what it returns. The texts of the
//! schema are the contract's own.

use psa_host::contract::CONNECTOR_WIT;
use serde_json::{Map, Value, json};
use wit_parser::{Function, InterfaceId, Param, Record, Resolve, Type, TypeDefKind};

/// The contract gives parameters no text of their own.
const PARAMETERS: [(&str, &str); 4] = [
    ("asset-id", "The asset: `asset.id`."),
    ("id", "The ticket: `ticket.id`."),
    ("needed", "The operations to check. Empty: all."),
    ("ticket-id", "The ticket: `ticket.id`."),
];

/// The contract, parsed.
pub(super) struct Contract {
    resolve: Resolve,
    service_desk: InterfaceId,
}

/// In arguments, what may be absent is left out. In results every field is there, and may be null.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Arguments,
    Result,
}

impl Contract {
    /// Errors: the text is no WIT, or lacks the interface.
    pub(super) fn read() -> Result<Self, String> {
        let mut resolve = Resolve::default();
        let package = resolve
            .push_source("connector.wit", CONNECTOR_WIT)
            .map_err(|error| error.to_string())?;
        let interfaces = &resolve.packages[package].interfaces;
        let service_desk = interfaces.get("service-desk").copied();
        Ok(Self {
            service_desk: service_desk.ok_or("it has no interface `service-desk`")?,
            resolve,
        })
    }

    /// None: the contract has no such function.
    pub(super) fn function(&self, name: &str) -> Option<&Function> {
        self.resolve.interfaces[self.service_desk]
            .functions
            .get(name)
    }

    /// What a call takes, but for the settings: the fields of the query or draft, or the parameters by their names.
    pub(super) fn arguments(&self, function: &Function) -> Value {
        let parameters: Vec<&Param> = function
            .params
            .iter()
            .filter(|parameter| parameter.name != "settings")
            .collect();
        if let [parameter] = parameters[..]
            && let Some(record) = self.record(&parameter.ty)
        {
            return self.object(record, Side::Arguments);
        }
        let fields = parameters.iter().map(|parameter| {
            let name = parameter.name.as_str();
            let text = PARAMETERS.iter().find(|(known, _)| *known == name);
            (name, &parameter.ty, text.map(|(_, text)| *text))
        });
        self.object_of(fields, Side::Arguments)
    }

    /// What a call returns if it succeeds.
    pub(super) fn result(&self, function: &Function) -> Value {
        let ok = function.result.as_ref().and_then(|result| {
            let TypeDefKind::Result(result) = self.kind(result)? else {
                return None;
            };
            self.record(result.ok.as_ref()?)
        });
        ok.map_or_else(|| json!({}), |record| self.object(record, Side::Result))
    }

    fn kind(&self, of: &Type) -> Option<&TypeDefKind> {
        match of {
            Type::Id(id) => Some(&self.resolve.types[*id].kind),
            _ => None,
        }
    }

    fn record(&self, of: &Type) -> Option<&Record> {
        match self.kind(of) {
            Some(TypeDefKind::Record(record)) => Some(record),
            _ => None,
        }
    }

    fn object(&self, record: &Record, side: Side) -> Value {
        let fields = record.fields.iter();
        self.object_of(
            fields.map(|field| (&*field.name, &field.ty, field.docs.contents.as_deref())),
            side,
        )
    }

    fn object_of<'a>(
        &self,
        fields: impl Iterator<Item = (&'a str, &'a Type, Option<&'a str>)>,
        side: Side,
    ) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (name, of, text) in fields {
            let mut schema = self.schema(of, side);
            if let Some(text) = text {
                describe(&mut schema, text);
            }
            properties.insert(name.to_owned(), schema);
            if side == Side::Result || !self.may_be_absent(of) {
                required.push(name);
            }
        }
        json!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        })
    }

    /// What has a value that says nothing: none, an empty list, false.
    fn may_be_absent(&self, of: &Type) -> bool {
        matches!(
            self.kind(of),
            Some(TypeDefKind::Option(_) | TypeDefKind::List(_))
        ) || *of == Type::Bool
    }

    fn schema(&self, of: &Type, side: Side) -> Value {
        let Type::Id(id) = of else {
            return match of {
                Type::Bool => json!({"type": "boolean"}),
                Type::U8 | Type::U16 | Type::U32 => json!({"type": "integer", "minimum": 0}),
                Type::S32 => json!({"type": "integer"}),
                Type::String => json!({"type": "string"}),
                // A test finds what the contract has and this does not.
                _ => Value::Null,
            };
        };
        let definition = &self.resolve.types[*id];
        let mut schema = match &definition.kind {
            TypeDefKind::Option(inner) if side == Side::Result => {
                nullable(self.schema(inner, side))
            }
            TypeDefKind::Option(inner) => self.schema(inner, side),
            TypeDefKind::List(inner) => json!({"type": "array", "items": self.schema(inner, side)}),
            TypeDefKind::Record(record) => self.object(record, side),
            TypeDefKind::Enum(of) => {
                let cases = of.cases.iter();
                let texts = cases.clone().map(|case| {
                    let text = case.docs.contents.as_deref().unwrap_or_default();
                    format!("`{}`: {text}", case.name)
                });
                let texts: Vec<String> = texts.collect();
                let names: Vec<&str> = cases.map(|case| &*case.name).collect();
                json!({"type": "string", "enum": names, "description": texts.join("\n")})
            }
            TypeDefKind::Variant(of) => {
                let cases = of.cases.iter().map(|case| {
                    let name = &case.name;
                    let mut schema = match &case.ty {
                        None => json!({"type": "string", "const": name}),
                        Some(payload) => json!({
                            "type": "object", "properties": {name: self.schema(payload, side)},
                            "required": [name], "additionalProperties": false,
                        }),
                    };
                    describe(
                        &mut schema,
                        case.docs.contents.as_deref().unwrap_or_default(),
                    );
                    schema
                });
                json!({"anyOf": cases.collect::<Vec<Value>>()})
            }
            _ => Value::Null,
        };
        describe(
            &mut schema,
            definition.docs.contents.as_deref().unwrap_or_default(),
        );
        schema
    }
}

/// A text of the contract without the ends of its lines; its paragraphs stay.
pub(super) fn flowing(text: &str) -> String {
    let paragraphs = text.split("\n\n");
    let paragraphs: Vec<String> = paragraphs.map(|it| it.replace('\n', " ")).collect();
    paragraphs.join("\n\n")
}

/// Puts the text first. That of a field counts for more than that of its type, which still says what its cases mean.
fn describe(schema: &mut Value, text: &str) {
    let text = flowing(text);
    let before = schema.get("description").and_then(Value::as_str);
    let both = match before.filter(|before| !before.is_empty()) {
        Some(before) if !text.is_empty() => format!("{text}\n{before}"),
        Some(before) => before.to_owned(),
        None => text,
    };
    if !both.is_empty() && schema.is_object() {
        schema["description"] = Value::from(both);
    }
}

fn nullable(mut schema: Value) -> Value {
    if let Some(cases) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        cases.push(Value::Null);
    }
    let of = schema["type"].take();
    schema["type"] = json!([of, "null"]);
    schema
}
