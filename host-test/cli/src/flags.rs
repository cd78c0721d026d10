//! Arguments that set what a message of the library names by its field.

const FLAGS: [(&str, &str); 6] = [
    (
        "`allow_hosts`",
        "--allow-host, with what `psa-host origins` lists, in quotes if it has a *",
    ),
    ("`allow_private_networks`", "--allow-private-networks"),
    ("`certificate_authorities`", "--cacert FILE"),
    ("`contact`", "--contact ADDRESS"),
    ("`requests`", "--board ID, to ask for less at once"),
    ("`use_environment_proxy`", "--proxy-from-environment"),
];

/// The hint, and the arguments for the fields that the message names. None: neither is there.
pub(crate) fn with_flags(hint: Option<&str>, message: &str) -> Option<String> {
    let hint = hint.filter(|hint| !hint.is_empty());
    let flags = FLAGS
        .iter()
        .filter(|(field, _)| message.contains(field))
        .map(|(_, flag)| format!("on the command line: {flag}"));
    let flags = flags.collect::<Vec<_>>().join("; ");
    match (hint, flags.is_empty()) {
        (None, true) => None,
        (None, false) => Some(flags),
        (Some(hint), true) => Some(hint.to_owned()),
        (Some(hint), false) => Some(format!("{}; {flags}", hint.trim_end_matches('.'))),
    }
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
                Some("ask"),
                private,
                Some("ask; on the command line: --allow-private-networks"),
            ),
            (
                Some("Ask."),
                private,
                Some("Ask; on the command line: --allow-private-networks"),
            ),
            (
                None,
                private,
                Some("on the command line: --allow-private-networks"),
            ),
            (Some(""), "denied", None),
        ];
        for (hint, message, expected) in cases {
            assert_eq!(with_flags(hint, message).as_deref(), expected, "{message}");
        }
    }
}
