"""HTTPS: what sends the requests of a connector to its PSA."""

from psa_connector.live.client import Live
from psa_connector.live.tenants import Pools

__all__ = ["Live", "Pools"]
