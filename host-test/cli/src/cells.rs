//! What is in a cell of a table or of CSV.

use psa_host::contract::Named;

pub(crate) fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// Empty if the PSA does not say.
pub(crate) fn known(is_so: Option<bool>) -> String {
    is_so.map(yes_or_no).unwrap_or_default()
}

/// The name, or the id if the PSA says no name.
pub(crate) fn name_of(named: Option<&Named>) -> String {
    let name = named.map(|named| named.name.as_ref().unwrap_or(&named.id));
    name.cloned().unwrap_or_default()
}
