"""A host for `psa-host conform-host`: makes the calls that it asks for, and prints their results."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from psa_connector import Connector, Options, Retries, Tenant, Timeouts
from psa_connector.contract import CompanyQuery, ConnectorError, TicketDraft
from psa_connector.errors import CallError
from psa_connector.json_form import to_json


def shown(call: Callable[[], Any]) -> Any:
    """A result as JSON, or an error with its code."""
    try:
        return to_json(call())
    except ConnectorError as error:
        return {"error": {"code": to_json(error.code), "message": error.message}}
    except CallError as error:
        # Nothing was written, as this class says of all others.
        return {"error": {"code": "unavailable", "message": str(error)}}


def main() -> None:
    probe = Connector(os.environ["PSA_PROBE"], cache=None)
    options = Options(
        # The server is on this machine.
        allow_private_networks=True,
        certificate_authorities=[Path(os.environ["PSA_CERTIFICATE"]).read_text("ascii")],
        # So that the run is short.
        timeouts=Timeouts(connect=2.0, request=3.0),
        retries=Retries(first_pause=0.001),
    )

    def tenant(variable: str) -> Tenant:
        return probe.tenant(json.loads(os.environ[variable]), options)

    first, other = tenant("PSA_SETTINGS"), tenant("PSA_OTHER_SETTINGS")
    draft = TicketDraft(company_id="1", summary="Probe")
    results = [shown(lambda: first.list_companies(CompanyQuery()))]
    # At the same time: each call has an instance of its own.
    with ThreadPoolExecutor(2) as pool:
        results += pool.map(shown, [lambda: first.create_ticket(draft), lambda: other.get_ticket("1")])
    for result in results:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
