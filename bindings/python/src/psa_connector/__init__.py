"""Tickets in ConnectWise PSA, HaloPSA and Autotask PSA, through sandboxed connectors.

    from psa_connector import Connector, TicketDraft

    tenant = Connector("connectwise").tenant(settings)
    created = tenant.create_ticket(TicketDraft(company_id="250", summary="Blocked domain", reference="alert-4711"))

Types and functions are those of the contract, `wit/connector.wit`."""

from psa_connector import contract
from psa_connector.connector import AsyncTenant, CallCancelled, Connector, Tenant
from psa_connector.contract import *  # noqa: F403
from psa_connector.errors import CallError, HostError, PolicyError, RecordingError, Stopped, Trapped
from psa_connector.http import Http, NoHttp
from psa_connector.json_form import from_json, to_json
from psa_connector.live import Pools
from psa_connector.options import HttpLimits, Limits, Options, Retries, Timeouts
from psa_connector.recording import Recording, Replay

__all__ = [
    "AsyncTenant",
    "CallCancelled",
    "CallError",
    "Connector",
    "Http",
    "HttpLimits",
    "HostError",
    "Limits",
    "NoHttp",
    "Options",
    "PolicyError",
    "Pools",
    "Recording",
    "RecordingError",
    "Replay",
    "Retries",
    "Stopped",
    "Tenant",
    "Timeouts",
    "Trapped",
    "from_json",
    "to_json",
]
__all__ += contract.__all__
