"""How one signs in at the pages: by the wallboard's own token, at the provider, or by a token one brings."""

from typing import Any, Final

from shared.service.settings import Settings
from tests.service_app import SECRET, bearer
from tests.unit.performance.asking import NOBODY, Service, problem

PROVIDER: Final = {"oidc_issuer": "https://id.example.com/realms/sales", "oidc_client_id": "baton-pages"}
TOLD: Final = {"issuer": PROVIDER["oidc_issuer"], "client_id": "baton-pages", "scope": "openid"}


def _set(service: Service, **given: Any) -> None:
    app = service.client._transport.app  # type: ignore[attr-defined]  # the transport that `serving` made
    app.state.settings = Settings.model_validate({"token_secret": SECRET, "master_key": SECRET, **given})


async def _session(service: Service) -> Any:
    return (await service.client.get("/session", headers=NOBODY)).json()


async def test_no_token_is_handed_out_unless_it_is_allowed(service: Service) -> None:
    problem(await service.client.get("/session", headers=NOBODY), 404)


async def test_where_it_is_allowed_the_wallboard_gets_a_token_that_may_only_read(service: Service) -> None:
    _set(service, wallboard_token=True)
    session = await _session(service)
    assert session["provider"] is None
    reader = {"Authorization": f"Bearer {session['token']}"}
    assert (await service.client.get("/kpis", headers=reader)).status_code == 200
    team = {"name": "East", "department": "sales"}
    problem(await service.post("/teams", team, **reader), 403)
    assert (await service.post("/teams", team, **bearer("manager"))).status_code == 201


async def test_pages_learn_where_people_sign_in(service: Service) -> None:
    _set(service, **PROVIDER)
    assert await _session(service) == {"token": None, "provider": TOLD}
    _set(service, **PROVIDER, wallboard_token=True)
    session = await _session(service)
    assert (session["provider"], bool(session["token"])) == (TOLD, True)


async def test_a_provider_that_does_not_know_the_pages_is_none_to_them(service: Service) -> None:
    _set(service, oidc_issuer=PROVIDER["oidc_issuer"])
    problem(await service.client.get("/session", headers=NOBODY), 404)


async def test_everybody_may_ask_who_they_are(service: Service) -> None:
    asked = await service.client.get("/me", headers=bearer("finance", person="xu-fang"))
    assert asked.json() == {"id": "xu-fang", "role": "finance", "department": None}
    problem(await service.client.get("/me", headers=NOBODY), 401)
