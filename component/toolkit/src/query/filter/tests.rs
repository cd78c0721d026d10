use super::*;
use psa_contract::ErrorCode;

#[test]
fn companies_are_compared_again() {
    let company = Company {
        id: "7".to_owned(),
        identifier: Some("RIVER".to_owned()),
        name: "Ärzte am Fluss".to_owned(),
        is_active: true,
        types: vec!["Customer".to_owned()],
        ..Company::default()
    };
    let inactive = Company {
        is_active: false,
        status: Some("Gone".to_owned()),
        identifier: None,
        ..company.clone()
    };
    let text = |text: &str| Some(text.to_owned());
    let texts = |texts: &str| vec![texts.to_owned()];
    let all = CompanyQuery {
        include_inactive: true,
        ..CompanyQuery::default()
    };
    let search = |search: &str| CompanyQuery {
        search: text(search),
        ..all.clone()
    };
    let with_status = CompanyQuery {
        statuses: texts("gone "),
        ..all.clone()
    };
    let with_type = |name: &str| CompanyQuery {
        types: texts(name),
        ..all.clone()
    };
    for (query, ids, expected) in [
        (CompanyQuery::default(), &[][..], [true, false]),
        (all.clone(), &[], [true, true]),
        (all.clone(), &[5, 7], [true, true]),
        (all.clone(), &[5], [false, false]),
        (search(" ärzte "), &[], [true, true]),
        (search("river"), &[], [true, false]),
        (search("lake"), &[], [false, false]),
        (with_status, &[], [false, true]),
        (with_type("customer"), &[], [true, true]),
        (with_type("custom"), &[], [false, false]),
    ] {
        let found = [&company, &inactive].map(|it| keeps_company(&query, ids, it));
        assert_eq!(found, expected, "{query:?}");
    }
}

#[test]
fn contacts_and_assets_are_compared_again() {
    let query = |email: Option<&str>| ContactQuery {
        company_id: String::new(),
        email: email.map(str::to_owned),
        limit: None,
        cursor: None,
    };
    let contact = Contact {
        emails: vec!["a@b.example".to_owned(), "c@d.example".to_owned()],
        ..Contact::default()
    };
    for (email, expected) in [
        (None, true),
        (Some(" C@d.example"), true),
        (Some("d.example"), false),
    ] {
        assert_eq!(keeps_contact(&query(email), &contact), expected);
    }
    let asset = Asset {
        name: "PC-1".to_owned(),
        ..Asset::default()
    };
    let numbered = Asset {
        serial_number: Some("X9".to_owned()),
        ..asset.clone()
    };
    for (name, serial_number, expected) in [
        (None, None, [true, true]),
        (Some("pc-1"), None, [true, true]),
        (Some("pc"), None, [false, false]),
        (None, Some("x9"), [false, true]),
        (Some("other"), Some("x9"), [false, false]),
    ] {
        let query = AssetQuery {
            company_id: String::new(),
            name: name.map(str::to_owned),
            serial_number: serial_number.map(str::to_owned),
            limit: None,
            cursor: None,
        };
        let found = [&asset, &numbered].map(|it| keeps_asset(&query, it));
        assert_eq!(found, expected, "{name:?} {serial_number:?}");
    }
}

#[test]
fn a_row_of_another_company_is_left_out_and_one_of_an_unknown_company_is_an_error() {
    let rows = |rows: &[Option<i64>]| rows_of_company("list rows", rows.to_vec(), 7, |row| *row);
    assert_eq!(rows(&[Some(7), Some(8)]).expect("rows"), [Some(7)]);
    let error = rows(&[Some(7), None]).expect_err("unknown");
    assert_eq!(error.code, ErrorCode::UnexpectedResponse);
    assert_eq!(
        error.message,
        "cannot list rows: expected every row to name its company"
    );
}

#[test]
fn a_reference_is_borne_letter_by_letter() {
    let wanted = ["a-1".to_owned(), "b-2".to_owned()];
    let read = |rows: &[Option<&str>]| {
        let rows = rows.iter().map(|row| row.map(str::to_owned)).collect();
        bearing::<Option<String>>(rows, &wanted, "ref", |row| row.as_ref())
    };
    for (rows, expected) in [
        (&[Some("a-1"), Some("b-2")][..], Ok(2)),
        (&[Some("A-1"), Some("a-1 "), Some("b-2")], Ok(1)),
        (&[Some("a-1"), None], Err("found null")),
        (&[Some("a-12")], Err("expected only")),
        (&[Some(" a-1")], Err("expected only")),
    ] {
        match (read(rows), expected) {
            (Ok(found), Ok(count)) => assert_eq!(found.len(), count, "{rows:?}"),
            (Err(fault), Err(part)) => assert!(fault.contains(part), "{fault}"),
            (found, _) => panic!("{rows:?}: {found:?}"),
        }
    }
}
