//! What a person does and sees at each PSA, as data.

use super::hand::Counts;
use super::places::Psa;

/// The set-up of one PSA.
pub(crate) struct Flow {
    /// As the page calls it.
    pub(crate) vendor: &'static str,
    /// The name of the tenant in addresses, and of its pictures.
    pub(crate) tenant: &'static str,
    /// What is typed, by label: which setting it is. Those of the platform, too.
    pub(crate) settings: &'static [(&'static str, &'static str)],
    /// The settings that nobody may see.
    pub(crate) secrets: &'static [&'static str],
    /// A company as its alerts name it, which the PSA has under the same name.
    pub(crate) company: &'static str,
    /// The default company, and what is searched for it.
    pub(crate) searched: &'static str,
    pub(crate) default_company: &'static str,
    /// What is chosen, by label.
    pub(crate) choices: [(&'static str, &'static str); 4],
    /// The number of its first ticket.
    pub(crate) ticket: &'static str,
}

pub(crate) const CONNECTWISE: Flow = Flow {
    vendor: "ConnectWise PSA",
    tenant: "connectwise-psa",
    settings: &[
        ("Site", "site"),
        ("Company ID", "company-id"),
        ("Public Key", "public-key"),
        ("Private Key", "private-key"),
        ("Client ID", "client-id"),
    ],
    secrets: &["private-key", "client-id"],
    company: "Riverside Dental of examplemsp",
    searched: "Harbor",
    default_company: "Harbor Freight Lines",
    choices: [
        ("Service Board", "Security Alerts"),
        ("Status", "New (Security Alerts"),
        ("Type", "Incident (Security Alerts"),
        ("Priority", "Priority 3"),
    ],
    ticket: "7001",
};

pub(crate) const HALO: Flow = Flow {
    vendor: "HaloPSA",
    tenant: "halopsa",
    settings: &[
        ("Resource Server", "resource-server"),
        ("Tenant", "tenant"),
        ("Client ID", "client-id"),
        ("Client Secret", "client-secret"),
    ],
    secrets: &["client-id", "client-secret"],
    company: "Client 900",
    searched: "Client 80",
    default_company: "Client 801",
    choices: [
        ("Team", "Security"),
        ("Status", "New"),
        ("Type", "Incident"),
        ("Priority", "Low"),
    ],
    ticket: "9499",
};

pub(crate) const AUTOTASK: Flow = Flow {
    vendor: "Autotask PSA",
    tenant: "autotask-psa",
    settings: &[
        ("Username (Key)", "user-name"),
        ("Password (Secret)", "secret"),
        ("API Tracking Identifier", "integration-code"),
    ],
    secrets: &["secret", "integration-code"],
    company: "Riverside Dental",
    searched: "Harbor",
    default_company: "Harbor Legal LLP",
    choices: [
        ("Queue", "Monitoring Alert"),
        ("Status", "New"),
        ("Type", "Security"),
        ("Priority", "Medium"),
    ],
    ticket: "T20260504.7001",
};

impl Flow {
    pub(crate) fn of(psa: &Psa) -> &'static Self {
        match psa {
            Psa::ConnectWise(_) => &CONNECTWISE,
            Psa::Halo(_) => &HALO,
            Psa::Autotask(_) => &AUTOTASK,
        }
    }

    /// What it costs beside the mapping of companies. At no PSA is it more than at ConnectWise.
    pub(crate) fn costs(&self) -> Counts {
        Counts {
            typed: self.settings.len(),
            chosen: self.choices.len(),
            switched: 1,
            pressed: 6,
        }
    }
}
