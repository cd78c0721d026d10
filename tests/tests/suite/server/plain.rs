//! A plain HTTP client, and requests with a tenant's credentials.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_tests::mock::connectwise::Server;
use psa_tests::mock::{self, Service};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, Response};
use serde_json::Value;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{API, COMPANY};

/// A client that trusts the server and nobody else, and follows nothing.
pub(super) fn client<S: Service>(server: &mock::Server<S>) -> Client {
    builder(&server.ca_pem).build().expect("a client")
}

/// One that trusts this authority.
pub(super) fn builder(ca_pem: &str) -> ClientBuilder {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(ca_pem.as_bytes()).expect("PEM");
    roots.add(certificate).expect("an authority");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
}

/// A request with the tenant's credentials.
pub(super) fn with_credentials(server: &Server, request: RequestBuilder) -> RequestBuilder {
    let (keys, client_id) = server.tenant(COMPANY, |tenant| {
        let (company, public) = (&tenant.company_id, &tenant.public_key);
        let keys = format!("{company}+{public}:{}", tenant.private_key);
        (keys, tenant.client_id.clone())
    });
    request
        .header("authorization", format!("Basic {}", STANDARD.encode(keys)))
        .header("clientid", client_id)
}

pub(super) async fn get(server: &Server, path: &str, query: &[(&str, &str)]) -> (u16, Value) {
    let response = read(server, path, query).await;
    let status = response.status().as_u16();
    (status, json_of(response).await)
}

pub(super) async fn read(server: &Server, path: &str, query: &[(&str, &str)]) -> Response {
    let mut url = reqwest::Url::parse(&format!("{}{API}{path}", server.origin)).expect("a URL");
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    let request = with_credentials(server, client(server).get(url));
    request.send().await.expect("a response")
}

/// Opens a ticket.
pub(super) async fn post(server: &Server, body: &Value) -> (u16, Value) {
    write(server, Method::POST, "/service/tickets", body).await
}

pub(super) async fn write(
    server: &Server,
    method: Method,
    path: &str,
    body: &Value,
) -> (u16, Value) {
    let request = client(server)
        .request(method, format!("{}{API}{path}", server.origin))
        .header("content-type", "application/json")
        .body(body.to_string());
    let request = with_credentials(server, request);
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    (status, json_of(response).await)
}

/// Null where the body is no JSON.
pub(super) async fn json_of(response: Response) -> Value {
    let body = response.bytes().await.expect("a body");
    serde_json::from_slice(&body).unwrap_or(Value::Null)
}

pub(super) fn ids(rows: &Value) -> Vec<i64> {
    let rows = rows.as_array().expect("rows");
    rows.iter().filter_map(|row| row["id"].as_i64()).collect()
}

/// Code, field and message of what was refused: of its first inner error, if it has any.
pub(super) fn refusal(body: &Value) -> (String, String, String) {
    let error = body["errors"].get(0).unwrap_or(body);
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    (text("code"), text("field"), text("message"))
}
