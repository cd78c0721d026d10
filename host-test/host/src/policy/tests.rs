//! Which origins are approved, as tables.

use psa_contract::{SettingDescription, SettingSupplier};

use super::*;

fn description(vendor_domains: &[&str]) -> ConnectorDescription {
    let setting = |name: &str, kind| SettingDescription {
        name: name.to_owned(),
        label: String::new(),
        help: String::new(),
        kind,
        choices: Vec::new(),
        is_required: true,
        supplied_by: SettingSupplier::Customer,
        example: None,
    };
    ConnectorDescription {
        vendor: "Example PSA".to_owned(),
        version: "0".to_owned(),
        settings: vec![
            setting("site", SettingKind::Host),
            setting("note", SettingKind::Text),
            setting("key", SettingKind::Secret),
        ],
        permissions: Vec::new(),
        board_label: None,
        vendor_domains: vendor_domains
            .iter()
            .map(|domain| (*domain).to_owned())
            .collect(),
        ..ConnectorDescription::default()
    }
}

fn policy(vendor_domains: &[&str], settings: &[(&str, &str)], allow: &[&str]) -> Policy {
    let settings: Vec<Setting> = settings
        .iter()
        .map(|(name, value)| Setting {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        })
        .collect();
    let options = PolicyOptions {
        allow_hosts: allow.iter().map(|host| (*host).to_owned()).collect(),
        ..PolicyOptions::default()
    };
    Policy::new(&[0; 32], &description(vendor_domains), &settings, &options).expect("a policy")
}

#[test]
fn only_what_was_typed_or_its_vendors_domain_or_what_is_allowed_is_approved() {
    /// Vendor domains, the typed site, allowed hosts, the URL, whether it is approved.
    type Case<'a> = (&'a [&'a str], &'a str, &'a [&'a str], &'a str, bool);
    let cloud: &[&str] = &["cloud.example", "cloud-dev.example"];
    let cases: &[Case<'_>] = &[
        // Exactly what was typed, in whatever form it was pasted.
        (
            &[],
            "psa.acme.example",
            &[],
            "https://psa.acme.example/x?y",
            true,
        ),
        (
            &[],
            " HTTPS://PSA.acme.example/v4/apis/ ",
            &[],
            "https://psa.acme.example/",
            true,
        ),
        (
            &[],
            "psa.acme.example:8443",
            &[],
            "https://psa.acme.example:8443/",
            true,
        ),
        (
            &[],
            "psa.acme.example:8443",
            &[],
            "https://psa.acme.example/",
            false,
        ),
        (
            &[],
            "psa.acme.example",
            &[],
            "https://psa.acme.example:8443/",
            false,
        ),
        (
            &[],
            "psa.acme.example",
            &[],
            "https://psa.acme.example:443/",
            true,
        ),
        (&[], "psa.acme.example", &[], "https://acme.example/", false),
        (
            &[],
            "psa.acme.example",
            &[],
            "https://x.psa.acme.example/",
            false,
        ),
        (
            &[],
            "psa.acme.example",
            &[],
            "https://psa.acme.example.evil.example/",
            false,
        ),
        (
            &[],
            "psa.acme.example",
            &[],
            "https://psa.acme.example./",
            false,
        ),
        (
            &[],
            "bücher.example",
            &[],
            "https://xn--bcher-kva.example/",
            true,
        ),
        (&[], "192.0.2.7", &[], "https://192.0.2.7/", true),
        (&[], "192.0.2.7", &[], "https://0xc0000207/", true),
        (&[], "192.0.2.7", &[], "https://192.0.2.8/", false),
        (
            &[],
            "[2001:db8::1]:8443",
            &[],
            "https://[2001:db8:0::1]:8443/",
            true,
        ),
        // The vendor's cloud, where it also covers what was typed.
        (
            cloud,
            "na.cloud.example",
            &[],
            "https://api-na.cloud.example/",
            true,
        ),
        (
            cloud,
            "na.cloud.example",
            &[],
            "https://cloud.example/",
            true,
        ),
        (
            cloud,
            "na.cloud.example",
            &[],
            "https://a.b.cloud.example/",
            true,
        ),
        (
            cloud,
            "na.cloud.example",
            &[],
            "https://api-na.cloud.example:8443/",
            false,
        ),
        (
            cloud,
            "na.cloud.example:8443",
            &[],
            "https://api-na.cloud.example:8443/",
            true,
        ),
        (
            cloud,
            "na.cloud.example",
            &[],
            "https://evilcloud.example/",
            false,
        ),
        (
            cloud,
            "na.cloud.example",
            &[],
            "https://cloud.example.evil.example/",
            false,
        ),
        (
            cloud,
            "na.cloud.example",
            &[],
            "https://na.cloud-dev.example/",
            false,
        ),
        (
            cloud,
            "psa.acme.example",
            &[],
            "https://na.cloud.example/",
            false,
        ),
        // Domains that are nobody's own cover nothing, nor do addresses.
        (
            &["example"],
            "na.cloud.example",
            &[],
            "https://evil.example/",
            false,
        ),
        (
            &["co.uk"],
            "psa.acme.co.uk",
            &[],
            "https://evil.co.uk/",
            false,
        ),
        (
            &["com.au"],
            "psa.acme.com.au",
            &[],
            "https://evil.com.au/",
            false,
        ),
        // Both domains give names to their customers.
        (
            &["azurewebsites.net"],
            "acme.azurewebsites.net",
            &[],
            "https://evil.azurewebsites.net/",
            false,
        ),
        (
            &["s3.dualstack.eu-west-1.amazonaws.com"],
            "acme.s3.dualstack.eu-west-1.amazonaws.com",
            &[],
            "https://evil.s3.dualstack.eu-west-1.amazonaws.com/",
            false,
        ),
        (
            &["公司.cn"],
            "psa.公司.cn",
            &[],
            "https://evil.xn--55qx5d.cn/",
            false,
        ),
        // A short domain of a company, which is on no list.
        (&["hp.eu"], "psa.hp.eu", &[], "https://api.hp.eu/", true),
        (&["0.2.7"], "192.0.2.7", &[], "https://193.0.2.7/", false),
        (
            &["*.cloud.example"],
            "na.cloud.example",
            &[],
            "https://eu.cloud.example/",
            false,
        ),
        (
            &[""],
            "na.cloud.example",
            &[],
            "https://evil.example/",
            false,
        ),
        // What the operator allows.
        (
            &[],
            "na.cloud.example",
            &["b.example"],
            "https://b.example/",
            true,
        ),
        (
            &[],
            "na.cloud.example",
            &["b.example:8443"],
            "https://b.example/",
            false,
        ),
        (
            &[],
            "na.cloud.example",
            &["https://b.example:8443"],
            "https://b.example:8443/",
            true,
        ),
        // Nothing usable was typed.
        (cloud, "", &[], "https://na.cloud.example/", false),
        (
            cloud,
            "user@na.cloud.example",
            &[],
            "https://na.cloud.example/",
            false,
        ),
        (cloud, "*", &[], "https://na.cloud.example/", false),
    ];
    for (domains, site, allow, url, expected) in cases {
        let policy = policy(domains, &[("site", site)], allow);
        let authority = Authority::of(&Url::parse(url).expect("a URL")).expect("a host");
        assert_eq!(policy.approves(&authority), *expected, "{site} {url}");
    }
}

#[test]
fn only_settings_of_kind_host_approve() {
    let policy = policy(
        &[],
        &[
            ("note", "a.example"),
            ("unknown", "b.example"),
            ("key", "c.example"),
        ],
        &[],
    );
    for host in ["a.example", "b.example", "c.example"] {
        let authority = Authority::typed(host).expect("a host");
        assert!(!policy.approves(&authority), "{host}");
    }
}

#[test]
fn a_host_to_allow_that_is_none_is_an_error() {
    for host in ["", "a b", "*.example", "user@a.example", "a.example:99999"] {
        let options = PolicyOptions {
            allow_hosts: vec![host.to_owned()],
            ..PolicyOptions::default()
        };
        let found = Policy::new(&[0; 32], &description(&[]), &[], &options);
        assert!(matches!(found, Err(PolicyError::AllowedHost(_))), "{host}");
    }
}

#[test]
fn a_star_allows_one_label_and_no_more() {
    let policy = policy(
        &[],
        &[],
        &["https://*.cloud.example", "*.other.example:8443"],
    );
    for (url, expected) in [
        ("https://zone5.cloud.example/a", true),
        ("https://ZONE5.cloud.example:443/", true),
        ("https://cloud.example/", false),
        ("https://a.zone5.cloud.example/", false),
        ("https://zone5.cloud.example:8443/", false),
        ("https://evilcloud.example/", false),
        ("https://zone5.cloud.example.evil.example/", false),
        ("https://zone5.other.example:8443/", true),
        ("https://zone5.other.example/", false),
    ] {
        assert_eq!(policy.admitted(url).is_ok(), expected, "{url}");
    }
    let origins = ["https://*.cloud.example", "https://*.example"].map(str::to_owned);
    assert_eq!(policy.not_approved(&origins), origins[1..]);
    for host in ["*.com", "*.co.uk", "*.", "*.*.cloud.example", "*.10.0.0.7"] {
        let options = PolicyOptions {
            allow_hosts: vec![host.to_owned()],
            ..PolicyOptions::default()
        };
        let found = Policy::new(&[0; 32], &description(&[]), &[], &options);
        assert!(found.is_err(), "{host}");
    }
}

#[test]
fn origins_that_would_be_denied_are_named_before_the_call() {
    let policy = policy(&["cloud.example"], &[("site", "na.cloud.example")], &[]);
    let origins: Vec<String> = [
        "https://api-na.cloud.example",
        "https://*.cloud.example",
        "https://*.eu.cloud.example",
        "https://*.example",
        "http://api-na.cloud.example",
        "https://evil.example",
    ]
    .map(str::to_owned)
    .to_vec();
    assert_eq!(policy.not_approved(&origins), origins[3..]);
}

#[test]
fn secrets_are_masked_as_they_are_encoded_and_in_lower_case() {
    let policy = policy(&[], &[("key", "S3cret/+?"), ("note", "shown")], &[]);
    assert_eq!(
        policy.without_secrets("s3cret/+?/shown?a=S3cret/+?&b=S3cret%2F%2B%3F"),
        "{{key, lower case}}/shown?a={{key}}&b={{key, encoded}}"
    );
}

#[test]
fn a_request_is_checked_against_the_contract_the_origin_and_its_address() {
    let policy = policy(
        &[],
        &[("site", "psa.example"), ("key", "s3cret-key")],
        &["10.0.0.1", "[::1]", "8.8.8.8"],
    );
    for (method, url, part) in [
        ("GET", "https://psa.example/x", ""),
        ("GET", "https://8.8.8.8/", ""),
        ("get", "https://psa.example/", "upper-case"),
        ("GET", "http://psa.example/", "https://"),
        (
            "GET",
            "https://psa.example:8443/",
            "add `psa.example:8443`, or what `origins` lists for it, to `allow_hosts`",
        ),
        ("GET", "https://evil.example/", "not approved"),
        ("GET", "https://evil.example\\.psa.example/", "not approved"),
        ("GET", "https://s3cret-key.example/", "{{key}}"),
        ("GET", "https://10.0.0.1/", "`allow_private_networks`"),
        ("GET", "https://0x0a000001/", "10.0.0.1, a private address"),
        ("GET", "https://[::1]/", "`allow_private_networks`"),
    ] {
        let request = Request {
            method: method.to_owned(),
            url: url.to_owned(),
            ..Request::default()
        };
        match policy.check(&request) {
            Ok(()) => assert!(part.is_empty(), "{method} {url} was allowed"),
            Err(failure) => {
                let message = &failure.message;
                assert_eq!(failure.kind, psa_contract::FailureKind::Denied, "{url}");
                assert!(
                    !part.is_empty() && message.contains(part) && !message.contains("s3cret-key"),
                    "{method} {url}: {message}"
                );
            }
        }
    }
}
