"""The tasks with the PyPI package pyconnectwise, as its documents show them: py_connectwise.py SITE TASK [ARGUMENT].

What SITE holds and what each task is stands in tasks.py. Prints how many records it has in hand at the end.
"""

import json
import sys

from pyconnectwise import ConnectWiseManageAPIClient

SITE, TASK, *ARGUMENT = sys.argv[1:]


def connect():
    with open(SITE) as file:
        settings = json.load(file)["settings"]
    client = ConnectWiseManageAPIClient(
        settings["company-id"],
        settings["site"],
        settings["client-id"],
        settings["public-key"],
        settings["private-key"],
        codebase="v4_6_release",
    )
    # This version keeps only the code base that it has looked up itself; given one, it lacks the attribute.
    client.codebase = "v4_6_release"
    return client


def list_companies(client, parameters):
    return len(list(client.company.companies.paginated(1, 1000, parameters).all()))


def first_company(client):
    return len(client.company.companies.get(params={"pageSize": 1}))


def probes(client):
    one = {"fields": "id,name", "pageSize": 1}
    client.system.my_security.get(params={"pageSize": 1000})
    client.company.companies.get(params={"fields": "id,identifier,name", "pageSize": 1})
    boards = client.service.info.boards.get(params={"pageSize": 1000})
    client.service.priorities.get(params={"pageSize": 1})
    client.service.tickets.get(params={"fields": "id,summary", "pageSize": 1})
    client.company.companies.count.get()
    client.system.info.get()
    board = client.service.boards.id(boards[0].id)
    board.statuses.get(params=one)
    board.types.get(params=one)
    return int(len(boards) > 0)


def boards(client):
    whole = {"pageSize": 1000}
    client.service.priorities.get(params=whole)
    lists = []
    for found in client.service.info.boards.get(params=whole):
        board = client.service.boards.id(found.id)
        lists.append(
            (
                board.statuses.get(params=whole),
                board.types.get(params=whole),
                board.subtypes.get(params=whole),
                board.items.get(params=whole),
                board.type_sub_type_item_associations.get(params=whole),
            )
        )
    return len(lists)


def open_tickets(client, number):
    opened = 0
    for index in range(number):
        ticket = {"summary": f"Blocked domain {index}", "company": {"id": 3}, "board": {"id": 1}}
        opened += client.service.tickets.post(ticket).id > 0
    return opened


TASKS = {
    "companies": lambda client: list_companies(client, None),
    "companies-fields": lambda client: list_companies(client, {"fields": ARGUMENT[0]}),
    "first-company": first_company,
    "probes": probes,
    "boards": boards,
    "tickets": lambda client: open_tickets(client, int(ARGUMENT[0])),
}

print(TASKS[TASK](connect()))
