//! Arguments that set what a message of the library names by its field.

const FLAGS: [(&str, &str); 6] = [
    ("`allow_hosts`", "--allow-host HOST[:PORT]"),
    ("`allow_private_networks`", "--allow-private-networks"),
    ("`certificate_authorities`", "--cacert FILE"),
    ("`contact`", "--contact ADDRESS"),
    ("`requests`", "--board ID, to ask for less at once"),
    ("`use_environment_proxy`", "--proxy-from-environment"),
];

/// The hint, and the arguments for the fields that the message names. None: neither is there.
pub(crate) fn with_flags(hint: Option<&str>, message: &str) -> Option<String> {
    let flags = FLAGS
        .iter()
        .filter(|(field, _)| message.contains(field))
        .map(|(_, flag)| format!("On the command line: {flag}."));
    let hint = hint.filter(|hint| !hint.is_empty()).map(str::to_owned);
    let parts: Vec<String> = hint.into_iter().chain(flags).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_the_library_is_explained_by_its_argument() {
        let private = "denied, unless the operator sets `allow_private_networks`";
        let cases = [
            (Some("Ask."), "denied", Some("Ask.")),
            (
                Some("Ask."),
                private,
                Some("Ask. On the command line: --allow-private-networks."),
            ),
            (
                None,
                private,
                Some("On the command line: --allow-private-networks."),
            ),
            (Some(""), "denied", None),
        ];
        for (hint, message, expected) in cases {
            assert_eq!(with_flags(hint, message).as_deref(), expected, "{message}");
        }
    }
}
