//! Sources: how they are read, their tokens, their samples.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use psa_contract::TicketDraft;
use rand::RngExt as _;

use super::tenants::tenant_of;
use super::{Result, check_id, invalid, missing};
use crate::alert::Alert;
use crate::intake::{Reading, Request, SourceRules, read};
use crate::office::Office;
use crate::reference::{sha256_hex, ticket_reference};
use crate::store::{Capture, Token};
use crate::tenant::{PsaCompany, Source};
use crate::text::ticket_draft;

/// A secret that is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSecret(pub String);

/// What a sample would become.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// As it was read.
    pub alert: Alert,
    /// Which case it would join: `source`, `key`.
    pub key: String,
    /// Its company in the PSA. None: not mapped.
    pub company: Option<PsaCompany>,
    /// The ticket as it would be opened.
    pub draft: TicketDraft,
}

/// Makes or changes a source.
///
/// # Errors
/// The id is wrong, it is another tenant's, or a status that no sender can take for success was chosen.
pub async fn put_source(office: &Office, source: &Source) -> Result<()> {
    tenant_of(office, &source.tenant).await?;
    check_source(office, source).await?;
    Ok(office.store.put_source(source).await?)
}

/// What is wrong with a source, but for its tenant.
pub(super) async fn check_source(office: &Office, source: &Source) -> Result<()> {
    check_id(&source.id)?;
    if let Some(other) = office.store.source(&source.id).await?
        && other.tenant != source.tenant
    {
        return Err(invalid("id", "another tenant has a source with this id"));
    }
    if let Some(status) = source.rules.success_status
        && !(200..=299).contains(&status)
    {
        return Err(invalid("success-status", "a success is 200 to 299"));
    }
    Ok(())
}

/// Makes a token in one of the two places of a source. It is shown once, and the one that was in that place is no longer
/// valid.
///
/// # Errors
/// There is no such place or source.
pub async fn make_token(office: &Office, source: &str, place: u8) -> Result<NewSecret> {
    if place > 1 {
        return Err(invalid("place", "a source has the places 0 and 1"));
    }
    source_of(office, source).await?;
    // 32 characters, as PagerDuty's keys have: 192 bits.
    let token = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 24]>());
    let kept = Token {
        source: source.to_owned(),
        place,
        digest: sha256_hex(token.as_bytes()),
        created_at: office.clock.now(),
    };
    office.store.put_token(&kept).await?;
    Ok(NewSecret(token))
}

/// Makes the token in a place invalid.
///
/// # Errors
/// The store.
pub async fn revoke_token(office: &Office, source: &str, place: u8) -> Result<()> {
    Ok(office.store.delete_token(source, place).await?)
}

/// Keeps the secret with which a source signs: `whsec_` and Base64 for Standard Webhooks, any text for a plain HMAC. None: it
/// does not sign. Without a value, one is made.
///
/// # Errors
/// It is too short.
pub async fn set_signing_secret(
    office: &Office,
    source: &str,
    secret: Option<Option<&str>>,
) -> Result<Option<NewSecret>> {
    let source = source_of(office, source).await?;
    let secret = match secret {
        None => None,
        Some(None) => {
            let bytes: [u8; 32] = rand::rng().random();
            Some(format!("whsec_{}", STANDARD.encode(bytes)))
        }
        Some(Some(given)) => {
            let given = given.trim();
            if given.len() < 16 {
                return Err(invalid(
                    "secret",
                    "a signing secret has at least 16 characters",
                ));
            }
            Some(given.to_owned())
        }
    };
    let name = place(&source.id);
    let sealed = match &secret {
        Some(secret) => Some(office.vault.seal("", &name, secret)?),
        None => None,
    };
    office.store.put_setting("", &name, sealed).await?;
    Ok(secret.map(NewSecret))
}

/// The secret with which a source signs, as it was entered or made.
///
/// # Errors
/// The store, or the vault.
pub async fn signing_secret(office: &Office, source: &str) -> Result<Option<String>> {
    let name = place(source);
    let sealed = office.store.settings("").await?;
    let Some((_, sealed)) = sealed.into_iter().find(|(it, _)| *it == name) else {
        return Ok(None);
    };
    Ok(Some(office.vault.open_value("", &name, &sealed)?))
}

fn place(source: &str) -> String {
    format!("signing:{source}")
}

/// Reads a sample by rules that may not be kept yet. What is wrong with it, if it is not understood.
///
/// # Errors
/// What the sender would be told.
pub fn read_sample(
    source: &str,
    rules: &SourceRules,
    sample: &Capture,
) -> std::result::Result<Vec<Alert>, String> {
    let media_type = sample.capture.media_type.clone();
    let headers = [("content-type".to_owned(), media_type)];
    let request = Request {
        method: "POST",
        query: "",
        headers: &headers,
        body: sample.capture.body.as_bytes(),
    };
    match read(source, rules, &request) {
        Reading::Alerts { alerts, .. } => Ok(alerts),
        Reading::Nothing { why, .. } => Err(why.to_owned()),
        Reading::NotUnderstood { why, .. } => Err(why),
    }
}

/// What an alert of a source would become, by its choices that may not be kept yet.
///
/// # Errors
/// The store.
pub async fn preview(office: &Office, source: &Source, alert: Alert) -> Result<Preview> {
    let tenant = tenant_of(office, &source.tenant).await?;
    let mapping = match &alert.company {
        Some(company) => office.store.mapping(&tenant.id, company).await?,
        None => None,
    };
    let company = mapping
        .and_then(|it| it.target)
        .or_else(|| tenant.services.default_company.clone());
    let company_id = company.as_ref().map_or("", |it| &it.id);
    let reference = ticket_reference(&source.id, &alert.key, 1);
    let draft = ticket_draft(
        &alert,
        &reference,
        company_id,
        &tenant.services,
        &source.text,
    );
    Ok(Preview {
        key: alert.key.clone(),
        alert,
        company,
        draft,
    })
}

async fn source_of(office: &Office, id: &str) -> Result<Source> {
    if let Some(source) = office.store.source(id).await? {
        return Ok(source);
    }
    let known = office.store.sources().await?;
    let known: Vec<String> = known.into_iter().map(|it| it.id).collect();
    Err(missing("source", id, &known))
}
