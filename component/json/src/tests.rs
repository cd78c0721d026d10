use alloc::vec::Vec;

use super::*;

struct Company {
    id: i64,
    name: alloc::string::String,
    is_deleted: bool,
    types: Vec<i64>,
}

impl FromJson for Company {
    fn from_members(members: &mut Members) -> Self {
        Self {
            id: members.required_integer("id"),
            name: members.required_text("name"),
            is_deleted: members.within("flags", |flags| flags.is("deleted")),
            types: members
                .list("types")
                .values()
                .filter_map(Json::as_integer)
                .collect(),
        }
    }
}

#[test]
fn a_record_is_read_member_by_member() {
    let text =
        br#"{"other":[{"id":9,"name":"no"}],"i":8,"ideal":7,"types":[1,null,2],"name":"A \u00e9","id":5,"id":6,
        "flags":{"deleted":true}}"#;
    let document = Document::parse(text).expect("JSON");
    let company: Company = Members::read(document.value()).expect("a company");
    assert_eq!((company.id, company.name.as_str()), (5, "A é"));
    assert!(company.is_deleted);
    assert_eq!(company.types, [1, 2]);
}

#[test]
fn the_first_member_that_is_wrong_is_named() {
    for (text, fault) in [
        (r#"{"name":"A"}"#, "expected an integer in `id`, found null"),
        (
            r#"{"id":1.0,"name":"A"}"#,
            "expected an integer in `id`, found a number",
        ),
        (r#"{"id":"1"}"#, "expected an integer in `id`, found a text"),
        (
            r#"{"id":1,"name":[]}"#,
            "expected a text in `name`, found an array",
        ),
        (
            r#"{"id":1,"name":"A","flags":{"deleted":1}}"#,
            "expected a flag in `deleted`, found a number",
        ),
        (
            r#"{"id":1,"name":"A","types":{}}"#,
            "expected an array in `types`, found an object",
        ),
    ] {
        let document = Document::parse(text.as_bytes()).expect("JSON");
        let read: Result<Company, _> = Members::read(document.value());
        assert_eq!(read.err().as_deref(), Some(fault), "{text}");
    }
}

#[test]
fn each_row_is_handed_over_alone_and_what_is_no_list_is_said() {
    let rows = |text: &str| {
        let mut rows = Vec::new();
        let other = for_each_row(text.as_bytes(), &mut |row| {
            let within = row.values().map(|value| value.kind()).collect::<Vec<_>>();
            rows.push((row.kind(), within));
        });
        (other.expect("JSON"), rows)
    };
    assert_eq!(rows("[]"), (None, Vec::new()));
    let (other, found) = rows(r#"[{"a":[1,2]},["x",[true]],null,7]"#);
    assert_eq!(other, None);
    assert_eq!(
        found,
        [
            ("an object", Vec::new()),
            ("an array", ["a text", "an array"].to_vec()),
            ("null", Vec::new()),
            ("a number", Vec::new()),
        ]
    );
    for (text, kind) in [
        (r#"{"a":[1,2]}"#, "an object"),
        ("null", "null"),
        ("\"[]\"", "a text"),
    ] {
        assert_eq!(rows(text), (Some(kind), Vec::new()), "{text}");
    }
}

#[test]
fn what_is_no_json_is_named_with_its_place() {
    for (text, place, is_end) in [
        (&b""[..], "line 1 column 0", true),
        (b"[{\"a\":1},", "line 1 column 9", true),
        (b"[1]\n]", "line 2 column 1", false),
        // A letter of two bytes, of which one came.
        (b"[\n\"a\xc3", "line 2 column 3", true),
        (b"[\n\"a\xff\"]", "line 2 column 3", false),
    ] {
        let fault = Document::parse(text).err().expect("a fault");
        assert_eq!(
            (fault.place().as_str(), fault.is_end()),
            (place, is_end),
            "{text:?}"
        );
    }
    let deep = "[".repeat(200);
    let fault = Document::parse(deep.as_bytes()).err().expect("a fault");
    assert_eq!(fault.place(), "line 1 column 128");
}
