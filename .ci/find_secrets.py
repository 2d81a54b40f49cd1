"""Secrets in this checkout, also in what git does not follow yet; what is none stands in .secrets.baseline.

A file without any is read again only when it, or something that the answer depends on, has changed.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from detect_secrets.__version__ import VERSION
from detect_secrets.core import baseline
from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.secrets_collection import SecretsCollection

BASELINE: Final = ".secrets.baseline"
NOT_READ: Final = ("*.lock", "*package-lock.json", "docs/http", "docs/events", "deploy/grafana", "*.png")
"""Locks are hashes, the rest is generated from what is read."""


def main() -> int:
    """How many were found that are not known, and known ones that are gone."""
    known = baseline.load(baseline.load_from_file(BASELINE), BASELINE)
    kept = Path(_git("rev-parse", "--git-path", "without-secrets").strip())
    clean = set(kept.read_text().split()) if kept.exists() else set()
    files = dict(_files())
    found = SecretsCollection()
    if changed := [name for name, digest in files.items() if digest not in clean]:
        found.scan_files(*changed)
    new = found - known
    kept.write_text("\n".join(digest for name, digest in files.items() if not new[name]))
    gone = [secret for name, secret in known - found if name in changed or name not in files]
    for _, secret in new:
        _say("A SECRET, or else an entry for .secrets.baseline", secret)
    for secret in gone:
        _say("No more there, and to be taken out of .secrets.baseline", secret)
    return min(len(list(new)) + len(gone), 1)


def _files() -> Iterator[tuple[str, str]]:
    """Names, each with a digest of all that the answer depends on."""
    asked = [VERSION.encode(), Path(__file__).read_bytes(), Path(BASELINE).read_bytes()]
    but = (f":!{it}" for it in NOT_READ)
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *but)
    for name in filter(None, listed.split("\0")):
        if Path(name).is_file():
            yield name, sha256(b"\0".join([*asked, name.encode(), Path(name).read_bytes()])).hexdigest()


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


def _say(what: str, secret: PotentialSecret) -> None:
    print(f"{secret.filename}:{secret.line_number}: {what}:\n{json.dumps(secret.json())}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
