"""The table of what was measured, in Markdown."""

HEAD = ["Task", "Client", "Time", "CPU time", "Peak memory", "Received", "Requests", "Server's CPU time"]


def table(medians):
    """`medians`: what was measured, by task and client."""
    rows = [HEAD] + [
        cells(task if place == 0 else "", client, measured)
        for task, clients in medians.items()
        for place, (client, measured) in enumerate(clients.items())
    ]
    widths = [max(map(len, column)) for column in zip(*rows)]
    rule = ["-" * width if place < 2 else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    rows.insert(1, rule)
    return "\n".join("| " + " | ".join(aligned(row, widths)) + " |" for row in rows)


def cells(task, client, measured):
    return [
        task,
        client,
        milliseconds(measured["wall-seconds"]),
        milliseconds(measured["cpu-seconds"]),
        f"{measured['peak-bytes'] / 1e6:.0f} MB",
        f"{measured['body-bytes'] / 1e3:,.1f} kB",
        f"{measured['requests']:,.0f}",
        milliseconds(measured["server-cpu-seconds"]),
    ]


def milliseconds(seconds):
    return f"{seconds * 1000:,.0f} ms"


def aligned(row, widths):
    return [cell.ljust(width) if place < 2 else cell.rjust(width) for place, (cell, width) in enumerate(zip(row, widths))]
