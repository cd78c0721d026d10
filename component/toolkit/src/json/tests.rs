use super::*;

#[derive(Debug, serde::Deserialize, PartialEq)]
struct Row {
    id: i64,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default)]
    company: Option<Inner>,
    #[serde(default, deserialize_with = "if_any")]
    info: Option<Inner>,
}

#[derive(Debug, serde::Deserialize, PartialEq)]
struct Inner {
    id: i64,
}

fn rows(body: &Body) -> Result<Vec<Row>, String> {
    let rows: Vec<Record<Row>> = read(body).map_err(|fault| fault.describe(body))?;
    Ok(rows.into_iter().map(|Record(row)| row).collect())
}

#[test]
fn a_fault_names_row_and_member() {
    for (body, expected) in [
        (r#"[{"id":1},{"name":"x"}]"#, "row 2: missing field `id`"),
        (
            r#"[{"id":1},{"id":null}]"#,
            "row 2: `id`: invalid type: null, expected i64",
        ),
        (
            "[{\"id\":1},\n {\"id\":2,\n  \"company\":{\"id\":\"x\"}}]",
            "row 2: `company.id`: invalid type: string \"x\", expected i64",
        ),
        (
            r#"[{"id":1,"name":5}]"#,
            "row 1: `name`: invalid type: integer `5`, expected a string",
        ),
        (
            r#"[5]"#,
            "row 1: invalid type: integer `5`, expected an object",
        ),
        (
            r#"[[1,"a"]]"#,
            "row 1: invalid type: sequence, expected an object",
        ),
        (r#"{"id":1}"#, "invalid type: map, expected a sequence"),
        // Not JSON as a whole: that is the fault, whatever was wrong before.
        (
            r#"[{"id":null},"#,
            "expected JSON, found JSON that is cut off after 13 bytes",
        ),
    ] {
        assert_eq!(rows(&body.into()), Err(expected.to_owned()), "{body}");
    }
    let within: Result<BTreeMap<String, Vec<Row>>, _> =
        read(&r#"{"rows":[{"id":1},{"id":"x"}]}"#.into());
    let Err(Unreadable::Unfit(fault)) = within else {
        panic!("{within:?}")
    };
    let expected = "`rows[2].id`: invalid type: string \"x\", expected i64";
    assert_eq!(fault, expected);
}

#[test]
fn what_cannot_be_shown_costs_the_one_value() {
    for (body, expected) in [
        (r#"[{"id":1,"name":"a\ud83d"}]"#.as_bytes(), "a\u{fffd}"),
        (br#"[{"id":1,"name":"\uDE00b"}]"#, "\u{fffd}b"),
        (br#"[{"id":1,"name":"\ud83d\ud83d\ude00"}]"#, "\u{fffd}😀"),
        (
            br#"[{"id":1,"name":"\ud83d\\ude00\\\ud83d"}]"#,
            "\u{fffd}\\ude00\\\u{fffd}",
        ),
        (br#"[{"id":1,"name":"\ud83d\u00e4"}]"#, "\u{fffd}ä"),
        (b"[{\"id\":1,\"name\":\"a\xffb\"}]", "a\u{fffd}b"),
        (
            b"\xef\xbb\xbf[{\"id\":1,\"name\":\"\xf0\x9f\x98\x80\"}]",
            "😀",
        ),
        (br#"[{"id":1,"name":null,"info":"x"}]"#, ""),
        (br#"[{"id":1,"other":"\ud83d"}]"#, ""),
    ] {
        let body = Body::from(body.to_vec());
        let rows = rows(&body).unwrap_or_else(|fault| panic!("{body:?}: {fault}"));
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, [expected], "{body:?}");
        assert_eq!(rows.first().and_then(|row| row.info.as_ref()), None);
    }
}

#[test]
fn a_fault_behind_half_of_a_pair_is_named_all_the_same() {
    let body = r#"[{"id":1,"name":"\ud83d"},{"id":"x"}]"#.into();
    let expected = "row 2: `id`: invalid type: string \"x\", expected i64";
    assert_eq!(rows(&body), Err(expected.to_owned()));
}
