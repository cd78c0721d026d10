use super::*;
use psa_contract::Setting;

fn settings() -> Settings {
    let entered = [
        ("site", "na.myconnectwise.net"),
        ("company-id", "acme"),
        ("public-key", "PublicKey1234567"),
        ("private-key", "PrivateKey123456"),
        ("client-id", "01234567-89ab-cdef-0123-456789abcdef"),
    ];
    let entered = entered.map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    });
    Settings::parse(&entered).expect("good settings")
}

/// The longest URL of the pages with these references.
fn longest_url(listing: &Listing, references: &[&str]) -> usize {
    let parts: Vec<String> = references
        .iter()
        .map(|it| format!("externalXRef=\"{it}\""))
        .collect();
    let widest = Window {
        after: Some(i64::MAX),
        through: Some(i64::MAX),
    };
    let listing = listing.clone().with(format!("({})", parts.join(" or ")));
    listing.call(widest, LARGEST_PAGE).request.url.len()
}

#[test]
fn as_many_references_share_a_request_as_its_url_has_room_for() {
    let settings = settings();
    let listing = listing(&settings);
    let mut longest = 0;
    // Whatever is left of the room, one of these lengths fills it.
    for length in 2..=100_usize {
        let first = length.min(51) - 1;
        let mut references = vec!["x".repeat(first), "z".repeat(length - first)];
        references.extend((10..59).map(|number| format!("{number}{}", "y".repeat(48))));
        let mut rest: &[String] = &references;
        for condition in conditions(&listing, &references) {
            let count = condition.matches("externalXRef").count();
            let urls = |count: usize| {
                let references: Vec<&str> = rest.iter().take(count).map(String::as_str).collect();
                longest_url(&listing, &references)
            };
            assert!(urls(count) <= LONGEST_URL_BYTES, "{length}: {count}");
            assert!(
                count == rest.len() || urls(count + 1) > LONGEST_URL_BYTES,
                "{length}: {count} of {}",
                rest.len()
            );
            longest = longest.max(urls(count));
            rest = &rest[count..];
        }
        assert!(rest.is_empty(), "{length}");
    }
    assert_eq!(longest, LONGEST_URL_BYTES, "the limit itself");
}
