use super::*;

#[test]
fn a_server_and_an_application_tell_tenants_apart() {
    let settings = [
        (RESOURCE_SERVER, "https://example.halopsa.com/api"),
        (CLIENT_ID, "8f14e45f-ceea-467f-a1d5-3c1b2a9d0e77"),
        (
            CLIENT_SECRET,
            "1d2c3b4a-5e6f-4a7b-8c9d-0e1f2a3b4c5d-6a7b8c9d-0e1f-4a2b-9c3d-4e5f6a7b8c9d",
        ),
    ];
    let settings = settings.map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    });
    let settings = Settings::parse(&settings).expect("good settings");
    assert_eq!(
        settings.identity(),
        [
            "example.halopsa.com",
            "8f14e45f-ceea-467f-a1d5-3c1b2a9d0e77"
        ]
    );
}
