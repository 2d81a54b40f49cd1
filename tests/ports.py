"""Ports for programs that a test starts."""

import socket
from random import randrange


def free_ports(many: int) -> int:
    """The first of so many ports in a row that are free, below those that clients are given by the system."""
    while True:
        first = randrange(10_000, 30_000)
        if all(_free(first + i) for i in range(many)):
            return first


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
