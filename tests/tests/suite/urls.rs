//! Whatever is entered and asked for, what is sent stays a request to the site: the URL is ASCII, its query says what was
//! meant, and no text breaks out of a condition.

use connectwise_psa::{ConnectWise, Settings};
use proptest::prelude::*;
use psa_host::contract::{
    BoardSelection, CompanyQuery, OriginList, Request, Response, Setting, TicketDraft,
};
use psa_host::refusal;
use psa_recording::Input;
use psa_tests::{CONNECTWISE, few, settings};
use psa_toolkit::ServiceDesk as _;

/// What is sent where every list is empty, and which origins are named for it. None: the settings are refused.
fn sent(settings: &[Setting], input: &Input) -> Option<(Vec<String>, Vec<Request>)> {
    let origins = origins_of(settings)?;
    let mut sent = Vec::new();
    let mut send = |requests: &[Request]| {
        sent.extend_from_slice(requests);
        let empty = Response {
            status: 200,
            body: "[]".into(),
            ..Response::default()
        };
        requests.iter().map(|_| Ok(empty.clone())).collect()
    };
    let _ = CONNECTWISE.call_natively(settings, input, &mut send);
    Some((origins.origins, sent))
}

/// Text with what is special to URLs, to conditions and to Unicode more often than chance has it.
fn text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        any::<char>(),
        prop::sample::select(
            "\"'\\*%_[]()&=#?/+;:@ \r\n\t\0\u{7f}\u{85}\u{200b}\u{202e}é日😀aZ0"
                .chars()
                .collect::<Vec<_>>()
        ),
        prop::char::range('a', 'z'),
    ];
    prop::collection::vec(letter, 0..24).prop_map(String::from_iter)
}

fn query() -> impl Strategy<Value = CompanyQuery> {
    (
        prop::option::of(text()),
        prop::collection::vec(1_u32..2_000_000_000, 0..3),
        any::<bool>(),
        prop::collection::vec(text(), 0..3),
        prop::collection::vec(text(), 0..3),
        prop::option::of(any::<u32>()),
    )
        .prop_map(
            |(search, ids, include_inactive, statuses, types, limit)| CompanyQuery {
                search,
                ids: ids.iter().map(u32::to_string).collect(),
                include_inactive,
                statuses,
                types,
                limit,
                cursor: None,
            },
        )
}

/// A reference of the letters that are allowed.
fn reference() -> impl Strategy<Value = String> {
    let letters: Vec<char> = "abcxyz019.:-".chars().collect();
    prop::collection::vec(prop::sample::select(letters), 1..=50).prop_map(String::from_iter)
}

fn changed(name: &str, value: &str) -> Vec<Setting> {
    let mut settings = settings();
    settings.retain(|setting| setting.name != name);
    settings.push(Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    });
    settings
}

proptest! {
    #![proptest_config(few(300))]

    #[test]
    fn any_search_is_a_request_to_the_site(query in query()) {
        let (origins, requests) = sent(&settings(), &Input::ListCompanies(query)).expect("good settings");
        for request in &requests {
            check_url(&origins, request)?;
        }
    }

    #[test]
    fn any_text_of_a_setting_is_refused_or_stays_in_its_place(
        name in prop::sample::select(vec!["site", "company-id", "public-key", "private-key", "client-id", "api-version"]),
        value in text(),
        company in "[!-~]{1,20}",
    ) {
        for settings in [changed(name, &value), changed("company-id", &company)] {
            for input in [Input::Verify(Vec::new()), Input::ListBoardMetadata(BoardSelection::All), Input::GetTicket(value.clone())] {
                let Some((origins, requests)) = sent(&settings, &input) else { continue };
                for request in &requests {
                    check_url(&origins, request)?;
                }
            }
        }
    }

    /// `Cannot route` makes the connector put the company's id into a path.
    #[test]
    fn the_company_in_a_path_is_one_segment(company in "[!-~]{1,20}") {
        let settings = changed("company-id", &company);
        let Some(origins) = origins_of(&settings) else { return Ok(()) };
        let mut urls = Vec::new();
        let mut send = |requests: &[Request]| {
            urls.extend(requests.iter().map(|request| request.url.clone()));
            let gateway = Response { status: 404, body: "Cannot route. Codebase/company is invalid.".into(), ..Response::default() };
            requests.iter().map(|_| Ok(gateway.clone())).collect()
        };
        let _ = CONNECTWISE.call_natively(&settings, &Input::Verify(Vec::new()), &mut send);
        let prefix = format!("{}/login/companyinfo/", origins.origins[0]);
        let asked = urls.iter().find_map(|url| url.strip_prefix(&prefix)).expect("the look-up of the company");
        prop_assert!(!asked.contains(['/', '?', '#', '%']) || asked.split('%').skip(1).all(is_escape), "{asked}");
        prop_assert!(!asked.contains(['/', '?', '#']), "{asked}");
        prop_assert_eq!(decoded(asked), company);
    }

    #[test]
    fn a_search_comes_out_of_the_query_as_it_went_in(search in text(), status in text(), kind in text()) {
        let query = CompanyQuery {
            search: Some(search.clone()),
            statuses: vec![status.clone()],
            types: vec![kind.clone()],
            ..CompanyQuery::default()
        };
        let (_, requests) = sent(&settings(), &Input::ListCompanies(query)).expect("good settings");
        let conditions = member(&requests[0], "conditions").unwrap_or_default();
        let child_conditions = member(&requests[0], "childConditions").unwrap_or_default();
        let search = search.trim();
        if !search.is_empty() {
            let pattern: String = search.chars().map(|letter| if is_special_in_a_pattern(letter) { '*' } else { letter }).collect();
            let expected = format!("(name like \"*{pattern}*\" or identifier like \"*{pattern}*\")");
            prop_assert!(conditions.contains(&expected), "{conditions}\n{expected}");
        }
        for (text, field, found) in [(&status, "status/name", &conditions), (&kind, "types/name", &child_conditions)] {
            let comparison = format!("{field}=\"{}\"", text.trim());
            let can_be_quoted = !text.chars().any(|letter| letter.is_control() || "\"'\\*".contains(letter));
            prop_assert_eq!(found.contains(&comparison), can_be_quoted, "{}", found);
        }
        for text in [&conditions, &child_conditions] {
            prop_assert!(is_balanced(text), "{text}");
        }
    }

    #[test]
    fn a_reference_is_looked_up_as_it_is(reference in reference()) {
        let draft = TicketDraft {
            company_id: "250".to_owned(),
            summary: "Blocked".to_owned(),
            reference: Some(reference.clone()),
            ..TicketDraft::default()
        };
        let (origins, requests) = sent(&settings(), &Input::CreateTicket(draft)).expect("good settings");
        check_url(&origins, &requests[0])?;
        prop_assert_eq!(member(&requests[0], "conditions"), Some(format!("externalXRef=\"{reference}\"")));
    }
}

fn origins_of(settings: &[Setting]) -> Option<OriginList> {
    let settings = Settings::parse(settings).ok()?;
    Some(ConnectWise::origins(&settings))
}

/// Within the origins named; nothing in it that a host, a proxy or a log would read as something else.
fn check_url(origins: &[String], request: &Request) -> Result<(), TestCaseError> {
    let url = &request.url;
    let inside = |origin: &String| {
        url.strip_prefix(origin.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
    };
    prop_assert!(origins.iter().any(inside), "{url} is not at {origins:?}");
    prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{url}");
    prop_assert!(!url.contains(['@', '#', '\\', '"', '<', '>']), "{url}");
    prop_assert!(url.split('%').skip(1).all(is_escape), "{url}");
    prop_assert!(refusal(request).is_none(), "{:?}", refusal(request));
    if let Some(conditions) = member(request, "conditions") {
        prop_assert!(is_balanced(&conditions), "{conditions}");
    }
    for setting in settings() {
        let is_secret = setting.name.ends_with("-key") || setting.name == "client-id";
        prop_assert!(!is_secret || !url.contains(&setting.value), "{url}");
    }
    Ok(())
}

/// After a percent sign.
fn is_escape(rest: &str) -> bool {
    rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
}

/// A member of the query, decoded.
fn member(request: &Request, name: &str) -> Option<String> {
    let (_, query) = request.url.split_once('?')?;
    form_urlencoded::parse(query.as_bytes())
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.into_owned())
}

fn decoded(text: &str) -> String {
    let as_query = format!("x={}", text.replace('+', "%2B"));
    let (_, value) = form_urlencoded::parse(as_query.as_bytes())
        .next()
        .expect("a value");
    value.into_owned()
}

fn is_special_in_a_pattern(letter: char) -> bool {
    letter.is_control() || "\"'\\*%_[]".contains(letter)
}

/// Every quote opens or closes a text of the connector's own: no other is in it, and nothing that could escape one.
fn is_balanced(conditions: &str) -> bool {
    let outside: Vec<&str> = conditions.split('"').step_by(2).collect();
    let own_words = |part: &&str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b" ()=<>/,".contains(&byte))
    };
    conditions.matches('"').count().is_multiple_of(2)
        && !conditions.contains(['\\', '\''])
        && outside.iter().all(own_words)
}
