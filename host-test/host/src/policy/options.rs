//! What an operator may set of the policy. Nothing is enforced here.

use psa_contract::Pacing;

/// What a policy allows beyond its defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyOptions {
    /// Origins beside those approved by default: `psa.example.com`, `psa.example.com:8443`, or `https://` before either.
    /// `*.psa.example.com` allows any one label: for a PSA that tells by its first answer which host serves a tenant. So
    /// what a connector lists in `origins` can be entered as it is, once somebody has approved it.
    pub allow_hosts: Vec<String>,
    /// Whether a connector may reach addresses that are not globally routable: a server in the operator's own network.
    pub allow_private_networks: bool,
    /// How fast the calls of a tenant send. Default: as its connector advises.
    pub pacing: PacingSource,
}

/// How fast all calls of a tenant together send in this process: at most so many requests at once, and at most so many
/// within any window of time. A tenant is a component with all of its settings, over one `Pools`.
///
/// A request waits for its turn within the time of its call; if that ends first, it is `timed-out` and was not sent. Requests
/// that are sent again count too. Once a call has sent a write, its further requests count but do not wait, so that no
/// look-up of a write in doubt comes too late: only these can pass the limits, and those after them wait for longer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PacingSource {
    /// What the connector's description advises.
    #[default]
    Connector,
    /// This instead, for a tenant whose limits are known to be others. 0 counts as 1, a window of 0 seconds as none.
    Fixed(Pacing),
    /// No pacing: something else keeps the limits, or none are there.
    Off,
}
