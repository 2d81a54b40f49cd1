"""A disk that loses power: what strace saw a process write, and what of it may be there afterwards.

What was written before a file's last fsync is there; of what was written since, any sectors, in any order.
A new name is there for certain once its folder was synced.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

SECTOR: Final = 512
TRACED: Final = "openat,pwrite64,write,ftruncate,fsync,fdatasync,unlink"

_DESCRIPTOR: Final = re.compile(r"^\d+<(?P<path>[^>]*)>")
_PWRITE: Final = re.compile(r'^\d+<[^>]*>, "(?P<data>[^"]*)", \d+, (?P<at>\d+)')
_WRITE: Final = re.compile(r'^\d+<[^>]*>, "(?P<data>[^"]*)"')
_LENGTH: Final = re.compile(r"^\d+<[^>]*>, (?P<length>\d+)")
_OPENED: Final = re.compile(r"= \d+<(?P<path>[^>]*)>$")


class Call(NamedTuple):
    """``what`` is write, truncate, sync, made, removed or said; ``at`` an offset, or a length."""

    what: str
    path: str
    data: bytes = b""
    at: int = 0


def calls(trace: Path) -> Iterator[Call]:
    """In their order: a write counts from its beginning, a sync from its end."""
    unfinished: dict[str, str] = {}
    with trace.open() as lines:
        for line in lines:
            pid, _, said = line.rstrip("\n").partition(" ")
            said = said.strip()
            if said.startswith("<... "):
                said = unfinished.pop(pid, "") + said.partition("resumed>")[2]
                if not said.startswith(("fsync", "fdatasync", "openat", "unlink")):
                    continue
            elif said.endswith("<unfinished ...>"):
                unfinished[pid] = said.removesuffix("<unfinished ...>")
                if said.startswith(("fsync", "fdatasync", "openat", "unlink")):
                    continue
            call = _call(said)
            if call is not None:
                yield call


def _call(said: str) -> Call | None:
    name, _, rest = said.partition("(")
    described = _DESCRIPTOR.match(rest)
    path = _text(described["path"]) if described else ""
    match name:
        case "pwrite64" if found := _PWRITE.match(rest):
            return Call("write", path, _bytes(found["data"]), int(found["at"]))
        case "write" if rest.startswith("1<") and (found := _WRITE.match(rest)):
            return Call("said", path, _bytes(found["data"]))
        case "ftruncate" if found := _LENGTH.match(rest):
            return Call("truncate", path, at=int(found["length"]))
        case "fsync" | "fdatasync":
            return Call("sync", path)
        case "openat" if "O_CREAT" in rest and (opened := _OPENED.search(rest)):
            return Call("made", _text(opened["path"]))
        case "unlink":
            return Call("removed", _text(rest.split('"')[1]))
    return None


def _text(hexed: str) -> str:
    return _bytes(hexed).decode()


def _bytes(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", ""))


@dataclass
class File:
    synced: bytearray = field(default_factory=bytearray)
    since: list[Call] = field(default_factory=list)
    named: bool = False
    """Whether its folder was synced since it was made."""

    def sync(self) -> None:
        for call in self.since:
            _apply(self.synced, call)
        self.since.clear()

    def after_power_loss(self, chance: random.Random) -> bytes | None:
        """What may be found; ``None`` for no such file."""
        if not self.named and chance.random() < 0.5:
            return None
        kept = chance.choice([0.0, 0.1, 0.5, 0.9, 1.0])
        found = bytearray(self.synced)
        for call in chance.sample(self.since, len(self.since)) if chance.random() < 0.5 else self.since:
            if call.what == "truncate":
                if chance.random() < kept:
                    _apply(found, call)
                continue
            for start in range(0, len(call.data), SECTOR):
                if chance.random() < kept:
                    _apply(found, Call("write", "", call.data[start : start + SECTOR], call.at + start))
        return bytes(found)


class Disk:
    """Follows the calls; ``files`` are those in the folder of the store."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self.files: dict[str, File] = {}

    def follow(self, call: Call) -> None:
        if call.what == "sync" and call.path == self._folder:
            for file in self.files.values():
                file.named = True
        if not call.path.startswith(f"{self._folder}/"):
            return
        name = Path(call.path).name
        match call.what:
            case "made":
                self.files.setdefault(name, File())
            case "removed":
                self.files.pop(name, None)
            case "sync":
                self.files[name].sync()
            case "write" | "truncate":
                self.files[name].since.append(call)

    def after_power_loss(self, chance: random.Random, into: Path) -> None:
        into.mkdir()
        for name, file in self.files.items():
            found = file.after_power_loss(chance)
            if found is not None:
                (into / name).write_bytes(found)


def _apply(content: bytearray, call: Call) -> None:
    if call.what == "truncate":
        del content[call.at :]
        content.extend(bytes(call.at - len(content)))
        return
    content.extend(bytes(max(0, call.at - len(content))))
    content[call.at : call.at + len(call.data)] = call.data
