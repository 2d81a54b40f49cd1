"""`baton events`: the public contract, as a list, a schema or an AsyncAPI document."""

import inspect

from rich.table import Table

from shared.events.catalogue import EVENTS, topic
from shared.events.event import Event


def listed() -> Table:
    table = Table(title=f"{len(EVENTS)} events", title_justify="left", box=None, pad_edge=False)
    for heading in ("event", "topic", "what it says"):
        table.add_column(heading, no_wrap=heading != "what it says")
    for name, event in EVENTS.items():
        table.add_row(name, topic(event.service), _first_line(event))
    return table


def _first_line(event: type[Event]) -> str:
    """Its own docstring, not one it inherits; else its fields."""
    told = event.__doc__ if "__doc__" in vars(event) and event.__doc__ else ""
    return inspect.cleandoc(told).partition("\n")[0] or ", ".join(event.model_fields)
