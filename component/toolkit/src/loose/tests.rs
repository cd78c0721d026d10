use super::*;
use crate::json;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Team {
    id: Whole,
    name: Text,
    reference: TextOnly,
    inactive: Flag,
    tags: Maybe<Vec<String>>,
}

impl Row for Team {
    fn id(&self) -> i64 {
        self.id.0.unwrap_or(0)
    }
}

impl Listed for Team {
    const MEMBERS: &'static [&'static str] = &["results", "teams"];
}

#[test]
fn a_member_is_read_as_far_as_it_can_be() {
    for (text, expected) in [
        ("{}", Team::default()),
        (
            r#"{"id": 18.0, "name": "A", "inactive": true, "tags": ["x"]}"#,
            Team {
                id: Whole(Some(18)),
                name: Text(Some("A".to_owned())),
                reference: TextOnly(None),
                inactive: Flag(Some(true)),
                tags: Maybe(Some(vec!["x".to_owned()])),
            },
        ),
        (
            r#"{"id": -0.0, "name": " "}"#,
            Team {
                id: Whole(Some(0)),
                ..Team::default()
            },
        ),
        (
            r#"{"id": 1.5, "name": ["A"], "inactive": "no", "tags": {}}"#,
            Team::default(),
        ),
        (
            r#"{"name": 7, "inactive": null}"#,
            Team {
                name: Text(Some("7".to_owned())),
                ..Team::default()
            },
        ),
        (
            r#"{"reference": "7"}"#,
            Team {
                reference: TextOnly(Some("7".to_owned())),
                ..Team::default()
            },
        ),
        (r#"{"reference": 7}"#, Team::default()),
        (r#"{"reference": " "}"#, Team::default()),
        (
            r#"{"id": "-8", "inactive": 0}"#,
            Team {
                id: Whole(Some(-8)),
                inactive: Flag(Some(false)),
                ..Team::default()
            },
        ),
        (
            r#"{"id": "", "inactive": "true"}"#,
            Team {
                inactive: Flag(Some(true)),
                ..Team::default()
            },
        ),
        (
            r#"{"id": 1e300, "name": null, "tags": [1]}"#,
            Team::default(),
        ),
        (r#"{"id": 9e15}"#, Team::default()),
        (r#"{"id": "nan"}"#, Team::default()),
        (r#"{"id": "inf", "inactive": 2}"#, Team::default()),
    ] {
        let team: Team = json::read(&text.into()).expect(text);
        assert_eq!(team, expected, "{text}");
    }
    assert_eq!(
        [-1, 0, 7].map(|id| Whole(Some(id)).id()),
        [None, None, Some(7)]
    );
    assert_eq!(Whole(Some(7)).id_text(), Some("7".to_owned()));
    assert_eq!(Text(None).or_empty(), "");
    assert!(Flag(Some(true)).is_set() && !Flag(None).is_set());
}

#[test]
fn a_list_is_bare_or_in_an_envelope() {
    for (text, ids, total) in [
        (r#"[{"id": 1}, {"id": 2.0}]"#, vec![1, 2], None),
        ("[]", vec![], None),
        (
            r#"{"page_no": 1, "teams": [{"id": 3}], "record_count": 717.0, "more": {}}"#,
            vec![3],
            Some(717),
        ),
        (r#"{"teams": [], "record_count": -1}"#, vec![], None),
        (r#"{"results": [{"id": 4}], "teams": null}"#, vec![4], None),
    ] {
        let rows: Rows<Team> = json::read(&text.into()).expect(text);
        let found: Vec<i64> = rows.rows.iter().map(Row::id).collect();
        assert_eq!((found, rows.total), (ids, total), "{text}");
    }
    for text in [
        "{}",
        "7",
        "null",
        r#"{"clients": []}"#,
        r#"{"teams": null}"#,
        r#"{"teams": {}}"#,
        "[[1]]",
        "[{}]",
        r#"[{"id": "x"}]"#,
        r#"{"teams": [{"id": 0}]}"#,
    ] {
        assert!(json::read::<Rows<Team>>(&text.into()).is_err(), "{text}");
    }
}

#[test]
fn a_list_that_is_none_is_told_what_was_expected() {
    let expected = "`results` or `teams`";
    for (text, start) in [
        ("{}", "missing field"),
        (
            "7",
            "invalid type: integer `7`, expected an array, or an object with",
        ),
    ] {
        match json::read::<Rows<Team>>(&text.into()) {
            Err(json::Unreadable::Unfit(fault)) => {
                assert!(fault.contains(start) && fault.contains(expected), "{fault}");
            }
            other => panic!("{other:?}"),
        }
    }
}
