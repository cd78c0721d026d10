"""Fetches every page of companies and throws it away: what the server and TLS alone take. bare_loop.py SITE CA [FIELDS].

One connection, one request after another, nothing parsed. Prints how many rows it asked for.
"""

import base64
import http.client
import json
import ssl
import sys
from urllib.parse import urlencode

SITE, CA, *FIELDS = sys.argv[1:]


def headers(settings):
    keys = f"{settings['company-id']}+{settings['public-key']}:{settings['private-key']}"
    credential = base64.b64encode(keys.encode()).decode()
    return {"authorization": f"Basic {credential}", "clientId": settings["client-id"]}


def pages(settings):
    connection = http.client.HTTPSConnection(settings["site"], context=ssl.create_default_context(cafile=CA))
    buffer = bytearray(1 << 20)
    page, is_last = 0, False
    while not is_last:
        page += 1
        query = {"page": page, "pageSize": 1000} | {"fields": fields for fields in FIELDS}
        connection.request("GET", f"/v4_6_release/apis/3.0/company/companies?{urlencode(query)}", headers=headers(settings))
        response = connection.getresponse()
        assert response.status == 200, response.status
        while response.readinto(buffer):
            pass
        is_last = 'rel="next"' not in response.headers["link"]
    return page * 1000


with open(SITE) as file:
    print(pages(json.load(file)["settings"]))
