//! The company whose contacts, assets or sites are listed: by its id or its name.

use clap::Args;

use crate::failure::Failure;
use crate::names;
use crate::tenant::Tenant;

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct OfCompany {
    /// The company, an id from `companies`
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    company_id: Option<String>,
    /// The company by its name or identifier
    #[arg(long, value_name = "NAME")]
    company: Option<String>,
}

impl OfCompany {
    pub(crate) async fn id(&self, tenant: &Tenant) -> Result<String, Failure> {
        match (&self.company_id, &self.company) {
            (Some(id), _) => Ok(id.clone()),
            (None, Some(name)) => names::company(tenant, name).await,
            (None, None) => Err(Failure::defect(
                "the parser let a company through that is not there",
            )),
        }
    }
}
