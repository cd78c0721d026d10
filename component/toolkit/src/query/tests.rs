use super::*;
use psa_contract::ErrorCode;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn query(selection: TicketSelection) -> TicketQuery {
    TicketQuery {
        selection,
        limit: None,
        cursor: None,
    }
}

#[test]
fn a_selection_is_read_each_once() {
    use TicketSelection::{OpenOfCompany, References};
    let ids = TicketSelection::Ids;
    for (selection, expected) in [
        (ids(texts(&["9", "7", "9"])), Selected::Ids(vec![7, 9])),
        (ids(vec![]), Selected::Ids(vec![])),
        (ids(vec!["7".to_owned(); 50]), Selected::Ids(vec![7])),
        (
            References(vec!["a".to_owned(); 50]),
            Selected::References(texts(&["a"])),
        ),
        (
            References(texts(&["b", "a", "b"])),
            Selected::References(texts(&["b", "a"])),
        ),
        (
            OpenOfCompany("250".to_owned()),
            Selected::OpenOfCompany(250),
        ),
    ] {
        let asked = tickets::<1>(Ids::AboveZero, &["a"], &query(selection)).expect("a good one");
        assert_eq!(asked.what, expected);
        assert_eq!((asked.limit, asked.after), (100, None));
    }
    let many = vec!["7".to_owned(); 51];
    for selection in [
        ids(texts(&["7", "x"])),
        ids(many.clone()),
        References(texts(&["A"])),
        References(texts(&[""])),
        References(many),
        OpenOfCompany(String::new()),
        OpenOfCompany("x".to_owned()),
    ] {
        let error = tickets::<1>(Ids::AboveZero, &["a"], &query(selection.clone()))
            .err()
            .expect("a fault");
        assert_eq!(error.code, ErrorCode::InvalidInput);
        let fields: Vec<_> = error.field_errors.iter().map(|it| &it.field).collect();
        assert_eq!(fields, [&Some("selection".to_owned())], "{selection:?}");
    }
}

#[test]
fn companies_are_named_by_their_ids_each_once() {
    let query = |ids: &[&str]| CompanyQuery {
        ids: texts(ids),
        ..CompanyQuery::default()
    };
    let asked =
        companies::<1>(Ids::AboveZero, &["a"], &query(&["9", "7", "9"])).expect("a good one");
    assert_eq!((asked.what, asked.limit), (vec![7, 9], 1_000));
    let asked = companies::<1>(Ids::AboveZero, &["a"], &query(&[])).expect("all");
    assert!(asked.what.is_empty());
    let error = companies::<1>(Ids::AboveZero, &["a"], &query(&["7", "x"]));
    let faults = error.err().expect("a fault").field_errors.clone();
    assert_eq!(faults[0].field.as_deref(), Some("ids"));
    assert!(companies::<1>(Ids::AboveZero, &["a"], &query(&["0"])).is_err());
    let asked = companies::<1>(Ids::Any, &["a"], &query(&["5", "0", "-3"]));
    assert_eq!(asked.expect("any ids").what, [-3, 0, 5]);
    let error = companies::<1>(Ids::Any, &["a"], &query(&["x"]));
    let message = error.err().expect("a fault").message.clone();
    assert!(
        message.ends_with("company ids are whole numbers"),
        "{message}"
    );
}

#[test]
fn a_selection_of_nothing_is_known() {
    for (selected, expected) in [
        (Selected::Ids(vec![]), true),
        (Selected::Ids(vec![7]), false),
        (Selected::References(vec![]), true),
        (Selected::References(texts(&["a"])), false),
        (Selected::OpenOfCompany(0), false),
    ] {
        assert_eq!(selected.is_nothing(), expected, "{selected:?}");
    }
}

#[test]
fn the_id_of_a_ticket_is_above_zero() {
    assert_eq!(ticket_id(" 7 ").ok(), Some(7));
    for text in ["", "0", "T7"] {
        let error = ticket_id(text).expect_err(text);
        assert_eq!(error.code, ErrorCode::InvalidInput);
        assert_eq!(error.field_errors[0].field.as_deref(), Some("id"));
    }
}

#[test]
fn a_page_of_ids_starts_after_the_cursor_and_ends_at_the_limit() {
    let page = |limit: u32, cursor: Option<&str>| {
        of_company::<1>(
            Ids::AboveZero,
            "list",
            &["a"],
            "250",
            &[],
            Some(limit),
            cursor,
        )
        .expect("a page")
    };
    let first = page(2, None);
    assert_eq!(first.start(), None);
    assert_eq!(first.ahead(&[3, 5, 9], 2), (vec![3, 5], Some(5)));
    assert_eq!(first.next_cursor(None), None);
    let cursor = first.next_cursor(Some(5)).expect("a cursor");
    let second = page(2, Some(&cursor));
    assert_eq!(second.start(), Some(5));
    assert_eq!(second.ahead(&[3, 5, 9], 2), (vec![9], None));
    assert_eq!(second.ahead(&[6, 9], 2), (vec![6, 9], None));
    assert_eq!(second.ahead(&[6, 9], 1), (vec![6], Some(6)));
}

#[test]
fn a_list_by_page_numbers_goes_on_at_its_place() {
    let page = |cursor: Option<&str>| {
        of_company::<2>(Ids::AboveZero, "list", &["a"], "250", &[], None, cursor).expect("a page")
    };
    let first = page(None);
    assert_eq!(first.start(), None);
    assert_eq!(first.next_cursor(None), None);
    let place = Place { page: 3, after: 9 };
    let cursor = first.next_cursor(Some(place)).expect("a cursor");
    assert_eq!(page(Some(&cursor)).start(), Some(place));
    assert_eq!(page(Some(&cursor)).ahead(&[3, 9, 12], 5), (vec![12], None));
    // Nobody was given this one.
    let cursor = first.fingerprint.cursor(&[-3, 9]);
    let place = Place { page: 0, after: 9 };
    assert_eq!(page(Some(&cursor)).start(), Some(place));
}

#[test]
fn a_cursor_is_good_for_its_own_list_only() {
    let list = |function: &str, email: Option<&str>, cursor: Option<&str>| {
        let filters = [("email", email)];
        of_company::<1>(
            Ids::AboveZero,
            function,
            &["a"],
            "250",
            &filters,
            Some(7),
            cursor,
        )
    };
    let first = list("list-contacts", Some("a@b.example"), None).expect("a page");
    assert_eq!((first.what, first.limit), (250, 7));
    let cursor = first.fingerprint.cursor(&[9]);
    let next = list("list-contacts", Some("a@b.example"), Some(&cursor)).expect("a page");
    assert_eq!(next.after, Some([9]));
    // Spaces around an id make no other query.
    let filters = [("email", Some("a@b.example"))];
    let spaced = of_company::<1>(
        Ids::AboveZero,
        "list-contacts",
        &["a"],
        " 250 ",
        &filters,
        None,
        Some(&cursor),
    );
    assert_eq!(spaced.expect("a page").after, Some([9]));
    let open_of = |company: &str, cursor: Option<String>| {
        let selection = TicketSelection::OpenOfCompany(company.to_owned());
        let query = TicketQuery {
            cursor,
            ..query(selection)
        };
        tickets::<1>(Ids::AboveZero, &["a"], &query).expect("a page")
    };
    let open = open_of("250", None).next_cursor(Some(9));
    assert_eq!(open_of(" 250 ", open).start(), Some(9));
    for (function, email, field) in [
        ("list-sites", Some("a@b.example"), "cursor"),
        ("list-contacts", None, "cursor"),
        ("list-contacts", Some(" "), "email"),
    ] {
        let error = list(function, email, Some(&cursor)).err().expect("a fault");
        let mut fields = error
            .field_errors
            .iter()
            .filter_map(|it| it.field.as_deref());
        assert!(fields.any(|it| it == field), "{error:?}");
    }
}

#[test]
fn company_zero_is_a_company_where_ids_may_be_any() {
    let list = |ids, id| of_company::<1>(ids, "list-sites", &["a"], id, &[], None, None);
    assert_eq!(list(Ids::Any, "0").expect("a company").what, 0);
    assert_eq!(list(Ids::Any, "-3").expect("a company").what, -3);
    assert!(list(Ids::Any, "x").is_err());
    assert!(list(Ids::AboveZero, "0").is_err());
    let query = TicketQuery {
        selection: TicketSelection::OpenOfCompany("0".to_owned()),
        limit: None,
        cursor: None,
    };
    let found = tickets::<1>(Ids::Any, &["a"], &query).expect("a company");
    assert_eq!(found.what, Selected::OpenOfCompany(0));
    assert!(tickets::<1>(Ids::AboveZero, &["a"], &query).is_err());
}
