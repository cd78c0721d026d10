use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::SettingDescription;

use super::*;
use crate::har::replace::Context;
use crate::placeholder::{Placeholders, REMOVED};

fn setting(name: &str, value: &str) -> Setting {
    Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

fn settings() -> Vec<Setting> {
    vec![
        setting("site", "psa.example"),
        setting("company-id", "acme"),
        setting("private-key", "s3/cr\"é t"),
        setting("client-id", "6f1b7a52"),
        setting("pin", "123"),
    ]
}

fn description() -> ConnectorDescription {
    let described = |name: &str, kind: SettingKind| SettingDescription {
        name: name.to_owned(),
        label: String::new(),
        help: String::new(),
        kind,
        choices: Vec::new(),
        is_required: false,
        supplied_by: SettingSupplier::Customer,
        example: None,
    };
    ConnectorDescription {
        vendor: String::new(),
        version: String::new(),
        settings: vec![
            described("site", SettingKind::Host),
            described("company-id", SettingKind::Text),
            described("private-key", SettingKind::Secret),
            described("client-id", SettingKind::Secret),
            described("pin", SettingKind::Secret),
        ],
        permissions: Vec::new(),
        board_label: None,
        vendor_domains: Vec::new(),
        ..ConnectorDescription::default()
    }
}

fn scrubber() -> Scrubber {
    Scrubber::new(&description(), &settings())
}

/// Expands as reading an archive does.
fn expanded(text: &str) -> String {
    let mut all = settings();
    all.push(setting("removed", REMOVED));
    all.push(setting("open-brace", "{"));
    all.push(setting("close-brace", "}"));
    Placeholders::new(&all).expand(text).expect("placeholders")
}

#[test]
fn every_form_of_a_value_becomes_its_placeholder_and_comes_back() {
    let pair = STANDARD.encode("acme+pub:s3/cr\"é t");
    let braces = STANDARD.encode("{\"key\": \"s3/cr\\\"é t\", \"id\": {\"x\": \"6f1b7a52\"}}");
    let cases = [
        ("nothing of it", "nothing of it"),
        ("s3/cr\"é t", "{{private-key}}"),
        ("a6f1b7a52b", "a{{client-id}}b"),
        (
            "/x?key=s3%2Fcr%22%C3%A9%20t&y",
            "/x?key={{percent:{{private-key}}}}&y",
        ),
        (
            r#"{"key": "s3/cr\"é t"}"#,
            r#"{"key": "{{json:{{private-key}}}}"}"#,
        ),
        (
            &format!("Basic {pair}"),
            "Basic {{base64:{{company-id}}+pub:{{private-key}}}}",
        ),
        (
            "acme, acmes and acme_x/acme",
            "{{company-id}}, acmes and {{company-id}}_x/{{company-id}}",
        ),
        ("123 psa.example", "123 psa.example"),
        (
            "{{private-key}}",
            "{{open-brace}}{{open-brace}}private-key}}",
        ),
        ("{6f1b7a52}{", "{{open-brace}}{{client-id}}}{"),
        ("[{\"a\":{}}]", "[{\"a\":{}}]"),
        (
            &braces,
            "{{base64:{{open-brace}}\"key\": \"{{json:{{private-key}}}}\", \"id\": {{open-brace}}\"x\": \"{{client-id}}\"{{close-brace}}{{close-brace}}}}",
        ),
    ];
    for (text, expected) in cases {
        let cleaned = scrubber().text(text, Context::default());
        assert_eq!(cleaned, expected, "{text}");
        assert_eq!(expanded(&cleaned), text);
        let again = Context {
            has_placeholders: true,
            ..Context::default()
        };
        assert_eq!(scrubber().text(&cleaned, again), cleaned, "again");
    }
}

#[test]
fn other_spellings_leave_no_value_either() {
    let secret = "s3/cr\"é t";
    let url_safe = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("é?{secret}"));
    let cases = [
        "s3%2fcr%22%c3%a9%20t".to_owned(),
        "key=s3%2Fcr%22%C3%A9+t&x".to_owned(),
        r#"s3\/cr\"\u00e9 t"#.to_owned(),
        r"\u0073\u0033/cr\u0022\u00E9\u0020t".to_owned(),
        "%73%33%2Fcr%22%C3%A9%20t".to_owned(),
        url_safe,
        STANDARD
            .encode(format!("{secret} and more"))
            .replace('=', "%3D"),
    ];
    for text in cases {
        let cleaned = scrubber().text(&format!("<{text}>"), Context::default());
        assert!(cleaned.contains("{{private-key}}"), "{text}: {cleaned}");
        assert!(!cleaned.contains(&text), "{text}: {cleaned}");
    }
}

#[test]
fn without_settings_what_looks_like_credentials_goes() {
    let cases = [
        (
            "Authorization: Basic YTpi",
            "Authorization: Basic {{removed}}",
        ),
        ("Basic%20YTpi", "Basic%20{{removed}}"),
        (
            "https://me:pass@a.example/",
            "https://{{removed}}@a.example/",
        ),
        ("Bearer 0123456789abcdef", "Bearer {{removed}}"),
        ("Basic training", "Basic training"),
    ];
    for (text, expected) in cases {
        assert_eq!(Scrubber::default().text(text, Context::default()), expected);
    }
}

#[test]
fn a_name_of_the_account_may_stay_in_urls_and_a_secret_may_not() {
    let kept = scrubber().keep_in_urls("company-id").expect("no secret");
    let url = "https://psa.example/info/acme?x=6f1b7a52";
    assert_eq!(
        kept.url(url),
        "https://psa.example/info/acme?x={{client-id}}"
    );
    assert_eq!(kept.text("acme", Context::default()), "{{company-id}}");
    for (name, part) in [
        ("private-key", "is secret"),
        ("site", "has no value"),
        ("x", "has no value"),
    ] {
        let problem = scrubber().keep_in_urls(name).err().unwrap_or_default();
        assert!(problem.contains(part), "{name}: {problem}");
    }
}

#[test]
fn braces_around_a_value_hide_nothing() {
    let cases = [
        ("{{6f1b7a52}}", "{{client-id}}"),
        ("{{x6f1b7a52}}", "{{x{{client-id}}"),
        ("{{base64:a:6f1b7a52}}", "{{base64:a:{{client-id}}}}"),
        ("{{percent:{{private-key}}}}", "{{percent:{{private-key}}}}"),
        ("{{private-key}}", "{{private-key}}"),
        ("{{open", "{{open"),
    ];
    let context = Context {
        has_placeholders: true,
        ..Context::default()
    };
    for (text, expected) in cases {
        assert_eq!(scrubber().text(text, context), expected, "{text}");
    }
}
