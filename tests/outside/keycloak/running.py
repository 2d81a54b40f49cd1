"""One Keycloak with everything in memory: started, asked for tokens, given other keys, stopped."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from baton.maven import NotFetched, fetched
from tests.outside.keycloak import realm
from tests.ports import free_ports
from tests.waiting import until

POM: Final = Path(__file__).with_name("pom.xml")
BUILD_SECONDS: Final = 600
START_WITHIN: Final = 240.0
ADMIN: Final = "admin"
MEMORY: Final = "-Xms128m -Xmx512m"


def distribution() -> Path:
    """Where it is, ready to start; skips where it cannot be, or fails there with ``REQUIRE_KEYCLOAK=1``."""
    try:
        if shutil.which("java") is None:
            raise NotFetched("Keycloak needs `java`: install Java 17 or later and Maven.")  # noqa: TRY301 - one way out
        (home,) = fetched(POM, "keycloak", "unpack", finish=_built).glob("keycloak-*")
    except NotFetched as why:
        if os.environ.get("REQUIRE_KEYCLOAK"):
            raise
        pytest.skip(f"NO OPENID PROVIDER WAS TRIED: {why}")
    return home


def _built(folder: Path) -> None:
    """What depends on its database is worked out once, not at every start."""
    (script,) = folder.glob("keycloak-*/bin/kc.sh")
    argv = ["bash", str(script), "build", "--db=dev-mem"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS)
    if done.returncode:
        raise NotFetched(f"Keycloak could not be built: {(done.stdout + done.stderr)[-500:]}")


class Keycloak:
    """The provider of one realm, at one address."""

    def __init__(self, home: Path, log: Path) -> None:
        self._home = home
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.issuer = f"{self.url}/realms/{realm.NAME}"

    def launch(self) -> None:
        argv = ["bash", str(self._home / "bin" / "kc.sh"), "start", "--optimized", "--cache=local"]
        where = ["--http-enabled=true", "--http-host=127.0.0.1", f"--http-port={self.port}"]
        given = {"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN}
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                [*argv, *where, "--hostname-strict=false"],
                env={**os.environ, **given, "JAVA_OPTS_KC_HEAP": MEMORY},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    async def is_ready_for(self, pages: str) -> None:
        """Waits for it, and founds the realm."""
        async with httpx.AsyncClient() as client:

            async def answers() -> bool:
                assert self._process is not None
                assert self._process.poll() is None, self._log.read_text()
                try:
                    return (await client.get(f"{self.url}/realms/master")).status_code == 200
                except httpx.TransportError:
                    return False

            await until(answers, within=START_WITHIN, what="Keycloak answers")
        await self._administer("", realm.realm(pages))

    async def token(self, client: str, secret: str) -> str:
        """As the client gets it for itself (client credentials)."""
        return await self._token(realm.NAME, {"client_id": client, "client_secret": secret})

    async def signs_with_another_key(self) -> None:
        config = {"priority": ["200"], "algorithm": ["ES256"], "ecdsaEllipticCurveKey": ["P-256"]}
        key = {
            "name": "new",
            "providerId": "ecdsa-generated",
            "providerType": "org.keycloak.keys.KeyProvider",
        }
        await self._administer(f"/{realm.NAME}/components", {**key, "config": config})
        await self._administer(
            f"/{realm.NAME}", {"realm": realm.NAME, "defaultSignatureAlgorithm": "ES256"}, method="PUT"
        )

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)  # the script's Java, too; everything is in memory
            self._process.wait()
            self._process = None

    async def _administer(self, path: str, body: dict[str, Any], method: str = "POST") -> None:
        who = {"client_id": "admin-cli", "grant_type": "password", "username": ADMIN, "password": ADMIN}
        token = await self._token("master", who)
        async with httpx.AsyncClient(timeout=30, headers={"Authorization": f"Bearer {token}"}) as client:
            answer = await client.request(method, f"{self.url}/admin/realms{path}", json=body)
            assert answer.is_success, answer.text

    async def _token(self, of_realm: str, who: dict[str, str]) -> str:
        asked = {"grant_type": "client_credentials", **who}
        async with httpx.AsyncClient(timeout=30) as client:
            token = f"{self.url}/realms/{of_realm}/protocol/openid-connect/token"
            answer = await client.post(token, data=asked)
            assert answer.is_success, answer.text
            return str(answer.json()["access_token"])
