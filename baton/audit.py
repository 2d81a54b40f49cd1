"""`baton audit`: an export of the ledger, and what offline verification finds in it."""

import gzip
import zlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Annotated, BinaryIO, Final, cast

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from baton.asking import LOCAL, Directly, Key, To, asking_service, fail, print_json, say
from baton.remote import Remote
from shared.audit.page import public_key
from shared.audit.verification import Finding, Verification
from shared.events.catalogue import SERVICES

app = typer.Typer(no_args_is_help=True, help="Prove that no stored event was changed.")

Service = Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")]

UNFINISHED: Final = ".unfinished"
LONGEST_LINE: Final = 16 * 1024 * 1024
MOST_TOLD: Final = 100


@app.command()
def newest(service: Service, to: To = LOCAL, data: Key = None, directly: Directly = False) -> None:
    """The newest page's hash and the public key: to be noted down by somebody else."""

    async def run(remote: Remote) -> None:
        print_json(await remote.get(service, "/audit"))

    asking_service(service, to, data, run, directly=directly)


@app.command()
def export(
    service: Annotated[str, typer.Option(help=f"One of {', '.join(SERVICES)}.")],
    file: Annotated[Path, typer.Option("--output", "-o", help="A new file; `.gz` is compressed.")],
    to: To = LOCAL,
    data: Key = None,
    directly: Directly = False,
) -> None:
    """Write every page of the ledger, and the events it seals, as JSON lines."""
    if file.exists():
        fail(f"{file} is there already: an export is a new file.")
    unfinished = file.with_name(f"{file.name}{UNFINISHED}")

    async def run(remote: Remote) -> None:
        with _opened(unfinished, "wb", packed=_packed(file)) as out:
            async for piece in remote.pieces(service, "/audit/export"):
                out.write(piece)
        unfinished.rename(file)

    try:
        asking_service(service, to, data, run, directly=directly)
    except OSError as error:
        fail(f"{file} was not written: {error.strerror or error}.")
    finally:
        unfinished.unlink(missing_ok=True)
    say(f"{file} has the ledger of {service}.")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="An export.")],
    key: Annotated[list[str], typer.Option(help="The public key; several where it was changed.")],
    at_least: Annotated[
        list[str] | None, typer.Option(help="The hash of a page that was noted down; it must be there.")
    ] = None,
) -> None:
    """Find every event that was changed, removed, inserted or moved since it was sealed; needs no service."""
    verification = Verification(_keys(key), witnessed=[one.lower() for one in at_least or ()])
    found = 0
    for finding in _findings(file, verification):
        found += 1
        if found <= MOST_TOLD:
            say(f"{finding.kind}: {finding.what}")
    if found > MOST_TOLD:
        say(f"and {found - MOST_TOLD:,} more")
    say(f"{verification.service or 'nobody'}: {verification.events:,} events, {verification.pages:,} pages.")
    say(f"The last page is of {verification.last_sealed_at or 'never'}: {verification.last_hash}")
    if found:
        fail(f"{file} is not what was sealed: {found:,} findings.")
    say(f"{file} is what was sealed.")


def _findings(file: Path, verification: Verification) -> Iterator[Finding]:
    try:
        with _opened(file, "rb", packed=_packed(file)) as lines:
            while line := lines.readline(LONGEST_LINE):
                yield from verification.line(line)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Finding("cut off", f"{file} cannot be unpacked to its end: {error}")
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror or error}.")
    yield from verification.end()


def _keys(texts: Collection[str]) -> Sequence[Ed25519PublicKey]:
    try:
        return [public_key(text) for text in texts]
    except ValueError:
        fail("A public key has 64 hexadecimal digits, as `baton audit newest` prints it.")


def _packed(file: Path) -> bool:
    return file.suffix == ".gz"


def _opened(file: Path, mode: str, *, packed: bool) -> BinaryIO:
    return cast("BinaryIO", gzip.open(file, mode, 6) if packed else file.open(mode))
