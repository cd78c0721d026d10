"""The tasks with the PyPI package HaloPSA, as its documents show them: py_halopsa.py SITE TASK [ARGUMENT].

What SITE holds and what each task is stands in tasks.py. Prints how many records it has in hand at the end.
"""

import json
import os
import socket
import sys

from HaloPSA import Halo

SITE, TASK, *ARGUMENT = sys.argv[1:]
PAGE = 100

with open(SITE) as file:
    site = json.load(file)

# The package makes the host out of the tenant's name, without a port: the name is found at the stand-in.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, port, *rest, **others: resolve("127.0.0.1", site["port"], *rest, **others)


def connect():
    settings = site["settings"]
    return Halo(settings["tenant"], settings["client-id"], settings["client-secret"])


# `True` would be sent as "True"; and the package adds `count=50`, which Halo ignores with pages.
def page(endpoint, number, size):
    return endpoint.search(pageinate="true", page_size=size, page_no=number, order="id", includeinactive="true")


def list_companies(client):
    companies, total, number = [], 1, 0
    while len(companies) < total:
        number += 1
        found = page(client.Clients, number, PAGE)
        total = found["record_count"]
        companies += found["clients"]
    return len(companies)


# What the package has of the reads that `verify` needs: not the lists of priorities, categories and sources, and not the
# version of the server.
def probes(client):
    endpoints = [client.Tickets, client.Clients, client.Sites, client.Users, client.Assets]
    counts = [page(endpoint, 1, 1)["record_count"] for endpoint in endpoints]
    return int(len(counts) == 5 and all(lists(client)))


def lists(client):
    return [client.Teams.search(), client.TicketTypes.search(), client.Status.search()]


def boards(client):
    teams, *_ = lists(client)
    return sum(team["forrequests"] for team in teams)


# By hand what `create-ticket` does with a reference: is there one already? If not, open it.
def open_tickets(client, number):
    opened, draft = 0, site["draft"]
    for index in range(number):
        reference = f"{draft['reference']}-{os.getpid()}-{index:06}"
        found = client.Tickets.search(third_party_id_string=reference, pageinate="true")
        if not any(ticket.get("third_party_id_string") == reference for ticket in found["tickets"]):
            ticket = client.Tickets.update(
                summary=f"Blocked domain {index}",
                client_id=int(draft["company"]),
                third_party_id_string=reference,
            )
            opened += ticket["third_party_id_string"] == reference
    return opened


TASKS = {
    "companies": list_companies,
    "companies-at-once": lambda client: len(client.Clients.get_all(includeinactive="true")),
    "verify": probes,
    "boards": boards,
    "tickets": lambda client: open_tickets(client, int(ARGUMENT[0])),
}

print(TASKS[TASK](connect()))
