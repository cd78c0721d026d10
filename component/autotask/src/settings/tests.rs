use super::*;

#[test]
fn the_browsers_host_of_a_zone() {
    for (origin, expected) in [
        (
            "https://webservices14.autotask.net",
            "https://ww14.autotask.net",
        ),
        ("https://prde.autotask.net", "https://prde.autotask.net"),
        (
            "https://webservicesx.autotask.net",
            "https://webservicesx.autotask.net",
        ),
    ] {
        assert_eq!(browser_origin(origin), expected);
    }
}

#[test]
fn settings_show_no_credential() {
    let settings: Vec<Setting> = [
        (USER_NAME, "ab1c2d3e4f5@example.com"),
        (SECRET, "5e$Cret~Of#Example*Msp@25"),
        (INTEGRATION_CODE, "ABCDEFGHIJKLMNOPQRSTUVWXYZ1"),
    ]
    .map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    })
    .to_vec();
    let settings = Settings::parse(&settings).expect("good settings");
    let shown = format!("{settings:?}");
    assert!(shown.contains("ab1c2d3e4f5"), "{shown}");
    assert!(
        !shown.contains("5e$Cret") && !shown.contains("ABCDEF"),
        "{shown}"
    );
    assert_eq!(settings.origins(), ["https://*.autotask.net"]);
    assert_eq!(settings.tenant(), ["ab1c2d3e4f5@example.com"]);
}
