//! Who asks: Basic authorization of `company+public:private`, and the client id.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::tenant::Tenant;
use crate::mock::Answer;
use crate::mock::Asked;

/// The company that the credentials name, right or wrong.
pub(super) fn company(asked: &Asked) -> Option<String> {
    let (company, _, _) = parts(asked)?;
    Some(company)
}

/// None: the keys and the client id are the tenant's. Otherwise the PSA's refusal.
pub(super) fn refusal(asked: &Asked, tenant: &Tenant) -> Option<Answer> {
    match asked.header("clientid") {
        // As users of the API report it.
        None => return Some(Answer::forbidden()),
        Some(id) if id != tenant.client_id => {
            let message = "The clientId is not registered.";
            return Some(Answer::error(400, "ConnectWiseApi", message));
        }
        Some(_) => {}
    }
    let is_right = parts(asked).is_some_and(|(_, public_key, private_key)| {
        public_key == tenant.public_key && private_key == tenant.private_key
    });
    (!is_right).then(Answer::not_authenticated)
}

/// Company, public key, private key: cut at the first plus and the first colon after it.
fn parts(asked: &Asked) -> Option<(String, String, String)> {
    let encoded = asked.header("authorization")?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (company, keys) = text.split_once('+')?;
    let (public_key, private_key) = keys.split_once(':')?;
    Some((
        company.to_owned(),
        public_key.to_owned(),
        private_key.to_owned(),
    ))
}
