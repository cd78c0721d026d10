//! Guests through the live backend: what one may send arrives, what one may not does not, and one without an end is
//! stopped. Which requests are denied is in `denied.rs`.

use std::sync::{Arc, Mutex};

use psa_host::contract::{
    ConnectorDescription, Request, Setting, SettingDescription, SettingKind, SettingSupplier,
};
use psa_host::{
    CallError, Connector, Event, LimitReached, Limits, Live, LiveOptions, Observer, Policy,
    PolicyOptions, Pools, Resolution, refusal,
};

use crate::asking::{ASK, Listener, guest_that_asks};
use crate::guest::LOOP;

/// What the operator typed as the site, beside a port.
pub(crate) const SITE: &str = "psa.test";

/// A live backend under a policy, and what the operator was told.
pub(crate) struct Egress {
    pub(crate) listener: Listener,
    pub(crate) policy_options: PolicyOptions,
    pub(crate) options: LiveOptions,
    pools: Pools,
    told: Arc<Mutex<Vec<String>>>,
}

impl Egress {
    /// The site is approved and is this machine, which may be reached: only the rule that is tried stands in the way.
    pub(crate) fn open() -> Self {
        let listener = Listener::start();
        let told = Arc::new(Mutex::new(Vec::new()));
        let telling = Arc::clone(&told);
        let mut options = LiveOptions {
            resolve: vec![Resolution {
                host: SITE.to_owned(),
                port: listener.address.port(),
                addresses: vec![listener.address.ip()],
            }],
            observer: Some(Observer::new(move |event| {
                if let Event::Finished {
                    answer: Err(failure),
                    ..
                } = event
                {
                    telling
                        .lock()
                        .expect("no panic")
                        .push(failure.message.clone());
                }
            })),
            ..LiveOptions::default()
        };
        options.retries.per_request = 0;
        Self {
            listener,
            policy_options: PolicyOptions {
                allow_private_networks: true,
                ..PolicyOptions::default()
            },
            options,
            pools: Pools::default(),
            told,
        }
    }

    /// Beside the site, these hosts may be reached at the listener's port.
    pub(crate) fn allowing(mut self, hosts: &[&str]) -> Self {
        let port = self.listener.address.port();
        let hosts = hosts.iter().map(|host| format!("{host}:{port}"));
        self.policy_options.allow_hosts.extend(hosts);
        self
    }

    /// As it is by default: no addresses of private networks.
    pub(crate) fn without_private_networks(mut self) -> Self {
        self.policy_options.allow_private_networks = false;
        self
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/", self.listener.address.port())
    }

    fn live(&self) -> Live {
        let description = ConnectorDescription {
            vendor: "Example PSA".to_owned(),
            version: "0".to_owned(),
            settings: vec![SettingDescription {
                name: "site".to_owned(),
                label: String::new(),
                help: String::new(),
                kind: SettingKind::Host,
                choices: Vec::new(),
                is_required: true,
                supplied_by: SettingSupplier::Customer,
                example: None,
            }],
            ..ConnectorDescription::default()
        };
        let settings = [Setting {
            name: "site".to_owned(),
            value: format!("{SITE}:{}", self.listener.address.port()),
        }];
        let policy =
            Policy::new(&[0; 32], &description, &settings, &self.policy_options).expect("a policy");
        Live::new(&policy, &self.options, &self.pools).expect("a backend")
    }

    /// What a guest says that sends this request: the message of a denial, unless it was none.
    async fn said(&self, request: &Request) -> Result<String, CallError> {
        let guest = guest_that_asks(request, "");
        let connector = Connector::from_bytes(&guest).expect("a connector");
        let call = connector.call(self.live(), Limits::default());
        Ok(call.origins(Vec::new()).await?.origins.concat())
    }

    /// The request is denied for this rule, and nothing arrives. What the contract forbids the backend does not see; of
    /// everything else the operator hears the same.
    pub(crate) async fn assert_denied(&self, request: &Request, rule: &str) {
        let name = format!("{} {} {:?}", request.method, request.url, request.headers);
        let said = match self.said(request).await {
            Ok(said) => said,
            Err(error) => panic!("{name}: not denied: {error}"),
        };
        assert!(said.contains(rule), "{name}: {said}");
        let told = self.told.lock().expect("no panic").pop();
        let expected = refusal(request).is_none().then_some(&said);
        assert_eq!(told.as_ref(), expected, "{name}");
        assert_eq!(self.listener.connections(), 0, "{name}");
    }
}

pub(crate) fn request(method: &str, url: &str, headers: &[(&str, &str)]) -> Request {
    Request {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Request::default()
    }
}

/// Otherwise the silence of the listener in the tests below would show nothing.
#[tokio::test]
async fn a_request_that_breaks_no_rule_arrives() {
    let egress = Egress::open();
    let headers = [("Accept", "*/*"), ("X-Name", "B\u{fc}cher")];
    let said = egress
        .said(&request("GET", &egress.url(SITE), &headers))
        .await;
    assert!(said.is_err(), "it was denied: {said:?}");
    assert_eq!(egress.listener.connections(), 1);

    let literal = Egress::open().allowing(&["127.0.0.1"]);
    let said = literal
        .said(&request("GET", &literal.url("127.0.0.1"), &[]))
        .await;
    assert!(said.is_err(), "it was denied: {said:?}");
    assert_eq!(literal.listener.connections(), 1);
}

#[tokio::test]
async fn a_guest_that_sends_and_then_goes_on_without_end_is_stopped() {
    let grow = "(loop (drop (memory.grow (i32.const 16))) (br 0))";
    // What it is told goes to the same place each time, so that its memory does not end first.
    let ask = format!("(loop (global.set $free (i32.const 65536)) {ASK} (br 0))");
    let limits = Limits {
        fuel: 5_000_000,
        memory_bytes: 8 << 20,
        requests: 5,
        ..Limits::default()
    };
    let computing = LimitReached::Computing { fuel: 5_000_000 };
    for (then, limit, connections) in [
        (LOOP, computing, 1),
        (grow, LimitReached::Memory { bytes: 8 << 20 }, 1),
        (&ask, computing, 5),
    ] {
        let egress = Egress::open();
        let request = request("GET", &egress.url(SITE), &[]);
        let guest = guest_that_asks(&request, &format!("{ASK} {then}"));
        let connector = Connector::from_bytes(&guest).expect("a connector");
        let call = connector.call(egress.live(), limits.clone());
        match call.verify(Vec::new(), Vec::new()).await {
            Err(CallError::Stopped { limit: reached, .. }) => assert_eq!(reached, limit),
            other => panic!("{then}: {other:?}"),
        }
        assert_eq!(egress.listener.connections(), connections, "{then}");
    }
}
