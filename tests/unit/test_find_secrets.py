"""What `make scan` finds in a checkout; no secret stands here in one piece, or it would find this file."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHANCE = sha256(b"by chance").digest()
SECRETS: Mapping[str, str] = {
    "AWS Access Key": "AKIA" + "QYLPMN5HHHFPZAM2",
    "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "Secret Keyword": "password" + ' = "nobody-guesses-it"',
    "Hex High Entropy String": f'it = "{CHANCE.hex()}"',
    "Base64 High Entropy String": f'it = "{b64encode(CHANCE).decode()}"',
    "Basic Auth Credentials": "postgresql://baton:" + "nobody-guesses-it@db/baton",
    "JSON Web Token": ".".join(
        b64encode(part).decode() for part in (b'{"alg":"HS256"}', b'{"sub":"boss"}', CHANCE)
    ),
}
every_kind = pytest.mark.parametrize("kind", SECRETS)


class Checkout:
    """A repository of the test's own, with the baseline of Baton's but nothing in it that is known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        self.knows()

    def has(self, file: str, text: str) -> None:
        (self.folder / file).write_text(f"a line before\n{text}\n")

    def knows(self, *entries: Mapping[str, str]) -> None:
        baseline = json.loads((ROOT / ".secrets.baseline").read_text())
        results = {entry["filename"]: [entry] for entry in entries}
        (self.folder / ".secrets.baseline").write_text(json.dumps({**baseline, "results": results}))

    def scan(self) -> tuple[int, list[dict[str, str]]]:
        """The exit code, and the entries that would make each secret a known one."""
        argv = [sys.executable, str(ROOT / ".ci/find_secrets.py")]
        done = subprocess.run(argv, cwd=self.folder, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, [
            json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")
        ]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@every_kind
def test_a_secret_is_found_in_a_new_file_and_in_one_that_had_none(checkout: Checkout, kind: str) -> None:
    checkout.has("old.py", "nothing")
    assert checkout.scan() == (0, [])
    checkout.has("old.py", SECRETS[kind])
    checkout.has("new.py", SECRETS[kind])
    code, found = checkout.scan()
    assert code == 1
    assert {(it["filename"], it["type"]) for it in found} >= {("old.py", kind), ("new.py", kind)}


def test_a_secret_that_stays_is_found_every_time(checkout: Checkout) -> None:
    checkout.has("a.py", SECRETS["AWS Access Key"])
    first = checkout.scan()
    assert first[0] == 1
    assert checkout.scan() == first


def test_what_is_known_to_be_none_is_known_in_its_file_alone(checkout: Checkout) -> None:
    checkout.has("a.py", SECRETS["AWS Access Key"])
    [entry] = checkout.scan()[1]
    checkout.knows(entry)
    assert checkout.scan() == (0, [])
    (checkout.folder / "a.py").rename(checkout.folder / "b.py")
    code, said = checkout.scan()
    assert code == 1
    assert {it["filename"] for it in said} == {"a.py", "b.py"}


def test_it_is_found_again_when_nobody_knows_it_any_more(checkout: Checkout) -> None:
    checkout.has("a.py", SECRETS["AWS Access Key"])
    [entry] = checkout.scan()[1]
    checkout.knows(entry)
    assert checkout.scan() == (0, [])
    checkout.knows()
    assert checkout.scan() == (1, [entry])


def test_what_is_known_and_gone_is_to_be_taken_out(checkout: Checkout) -> None:
    checkout.has("a.py", SECRETS["AWS Access Key"])
    [entry] = checkout.scan()[1]
    checkout.knows(entry)
    checkout.has("a.py", "nothing")
    code, [said] = checkout.scan()
    assert code == 1
    assert said["hashed_secret"] == entry["hashed_secret"]


def test_what_git_ignores_is_not_read(checkout: Checkout) -> None:
    checkout.has(".gitignore", "data/")
    (checkout.folder / "data").mkdir()
    checkout.has("data/a.py", SECRETS["AWS Access Key"])
    assert checkout.scan() == (0, [])
