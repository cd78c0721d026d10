use super::*;

fn entered(changes: &[(&str, &str)]) -> Vec<Setting> {
    let mut pairs = vec![
        (SITE, "na.myconnectwise.net"),
        (COMPANY_ID, "acme"),
        (PUBLIC_KEY, "PublicKey1234567"),
        (PRIVATE_KEY, "PrivateKey123456"),
        (CLIENT_ID, "01234567-89ab-cdef-0123-456789abcdef"),
    ];
    for change in changes {
        pairs.retain(|pair| pair.0 != change.0);
        pairs.push(*change);
    }
    pairs
        .into_iter()
        .map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .collect()
}

#[test]
fn debug_shows_no_key() {
    let settings = Settings::parse(&entered(&[])).expect("good settings");
    let shown = format!("{settings:?}");
    assert!(shown.contains("api-na.myconnectwise.net"), "{shown}");
    for secret in ["PublicKey1234567", "PrivateKey123456", "01234567-89ab"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn secrets_are_blanked_in_every_form() {
    let settings = Settings::parse(&entered(&[])).expect("good settings");
    let text = format!(
        "PublicKey1234567 PrivateKey123456 {} 01234567-89ab-cdef-0123-456789abcdef",
        &*settings.authorization
    );
    assert_eq!(
        settings.secrets.quote(&text),
        "[secret] [secret] Basic [secret] [secret]"
    );
}

#[test]
fn the_credential_is_company_plus_public_colon_private() {
    let settings = Settings::parse(&entered(&[])).expect("good settings");
    let encoded = basic("acme+PublicKey1234567:PrivateKey123456");
    assert_eq!(&*settings.authorization, format!("Basic {encoded}"));
}

#[test]
fn what_people_paste_becomes_the_api_host() {
    for (pasted, authority) in [
        ("api-na.myconnectwise.net", "api-na.myconnectwise.net"),
        ("na.myconnectwise.net", "api-na.myconnectwise.net"),
        ("aus.myconnectwise.net", "api-aus.myconnectwise.net"),
        (
            "staging.connectwisedev.com",
            "api-staging.connectwisedev.com",
        ),
        (
            "sandbox-na.myconnectwise.net",
            "sandbox-na.myconnectwise.net",
        ),
        (
            "  https://NA.myconnectwise.net/  ",
            "api-na.myconnectwise.net",
        ),
        (
            "https://api-eu.myconnectwise.net/v4_6_release/apis/3.0/",
            "api-eu.myconnectwise.net",
        ),
        (
            "eu.myconnectwise.net/v2025_1/apis/3.0",
            "api-eu.myconnectwise.net",
        ),
        ("psa.example.com:8443", "psa.example.com:8443"),
        (
            "https://psa.example.com:443/v4_6_release",
            "psa.example.com",
        ),
        ("10.0.0.7", "10.0.0.7"),
        ("[2001:db8::5]:8443", "[2001:db8::5]:8443"),
        ("NA.myconnectwise.net.", "api-na.myconnectwise.net"),
        ("na.myconnectwise.net?x=1", "api-na.myconnectwise.net"),
        ("na.myconnectwise.net#top", "api-na.myconnectwise.net"),
        ("na.myconnectwise.net/login", "api-na.myconnectwise.net"),
        (
            "https://na.myconnectwise.net/v2025_1/ConnectWise.aspx?locale=en_US#XQAA//startscreen",
            "api-na.myconnectwise.net",
        ),
        (
            "psa.example.com/v4_6_release/services/system_io/router/openrecord.rails?recid=5",
            "psa.example.com",
        ),
        ("psa.example.com/ConnectWise.aspx", "psa.example.com"),
    ] {
        assert_eq!(
            Site::parse(pasted).map(|site| site.authority),
            Ok(authority.to_owned()),
            "{pasted:?}"
        );
    }
}

#[test]
fn what_is_no_host_is_refused_with_what_to_enter() {
    for (pasted, why) in [
        ("http://na.myconnectwise.net", "unencrypted"),
        ("ftp://na.myconnectwise.net", "scheme"),
        ("user:key@na.myconnectwise.net", "user name"),
        ("na.myconnectwise.net /", "space"),
        ("na.my\u{7}connectwise.net", "control"),
        ("na.myconnectwise.net/vendor/apis/3.0", "path"),
        ("na.myconnectwise.net/v4.6/apis/3.0", "path"),
        ("na.myconnectwise.net:0", "port"),
        ("na.myconnectwise.net:+443", "port"),
        ("na.myconnectwise.net:70000", "port"),
        ("na.myconnectwise.net:", "port"),
        ("na..net", "not a host name"),
        ("-na.net", "not a host name"),
        ("münchen.example", "not a host name"),
        ("[::1", "not a host name"),
        ("na", "region"),
        ("https://api-EU/", "region"),
        ("https://", "not a host name"),
    ] {
        let message = Site::parse(pasted).expect_err(pasted);
        assert!(message.contains(why), "{pasted:?}: {message}");
        assert!(message.contains("enter the host name only"), "{message}");
    }
}

#[test]
fn a_person_is_sent_to_the_browsers_host() {
    for (pasted, browser) in [
        ("api-na.myconnectwise.net", "na.myconnectwise.net"),
        ("psa.example.com", "psa.example.com"),
        ("api-psa.example.com", "api-psa.example.com"),
    ] {
        let site = Site::parse(pasted).expect(pasted);
        assert_eq!(site.browser_authority(), browser);
    }
}
