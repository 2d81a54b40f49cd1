"""Asks the service on this machine how it is: ``python -m shared.service.healthy [/health/ready]``."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from typing import Final

WITHIN_SECONDS: Final = 4.0
OK: Final = 200


def ask(path: str, *, port: int) -> str:
    """What is wrong; empty when all is well."""
    service = HTTPConnection("127.0.0.1", port, timeout=WITHIN_SECONDS)
    try:
        service.request("GET", path)
        answer = service.getresponse()
        said = answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        return f"nobody answers on port {port}: {error}"
    finally:
        service.close()
    return "" if answer.status == OK else f"{path}: {answer.status} {said}"


if __name__ == "__main__":
    sys.exit(ask((sys.argv[1:] or ["/health/live"])[0], port=int(os.environ["PORT"])) or 0)
