"""The settings of a service, from the environment; the same names everywhere."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from shared.kafka.settings import KafkaSettings
from shared.projections.runner import CACHED_ENTITIES
from shared.service.tokens.settings import Secret, TokenSettings

ROLES: Final = ("api", "stream", "relay")

Network = IPv4Network | IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """``10.1.0.0/16,fd12::/48`` as networks; raises ``ValueError``."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


class Settings(TokenSettings, KafkaSettings):
    """Every field is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    eventstore_url: str = "sqlite:///data/{service}/events.db"
    """``sqlite:///path`` or ``kurrentdb://…`` / ``esdb://…``; ``{service}`` stands for the service's name."""
    database_url: str = "sqlite:///data/{service}/read.db"
    """Where read models live: ``sqlite:///path`` or ``postgresql+psycopg://…``."""
    keys_url: str = "sqlite:///data/{service}/keys.db"
    """Where the keys of personal data are kept, as durable as the events: ``sqlite:///path`` or
    ``postgresql+psycopg://…``. What is sealed with them is lost with them."""
    cached_entities: int = Field(default=CACHED_ENTITIES, ge=0)
    """How many deals, orders and the like the read models keep in memory, where the next event finds them;
    the others are read again when something happens to them. It, and not their number, decides the memory.
    A rebuild keeps as many again, in each of its processes."""
    roles: str = ",".join(ROLES)
    """What this process does of the service's work: ``api`` answers, ``stream`` takes events into read
    models, reacts and keeps times, ``relay`` publishes. Apart only with a store and databases on servers."""
    drain_seconds: float = Field(default=0, ge=0, le=20)
    """Told to stop, a process says that it is not ready and goes on answering for so long, so that balancers
    send nobody any more."""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    master_key: SecretStr = Field(min_length=32)
    """Seals the keys of personal data and makes the secrets of webhooks; at least 32 characters. Keep a copy:
    without it what is sealed is lost."""
    audit_key: Secret = SecretStr("")
    """Signs the ledger of the audit, at least 32 characters; where it is empty, ``MASTER_KEY`` does."""
    requests_a_minute: int = Field(default=120_000, ge=0)
    """So many may one token ask of one process of a service; 0 for no limit."""
    most_connections: int = Field(default=4000, ge=1)
    """So many may be connected to one process; the files it may open (``ulimit -n``) must be more."""
    most_streams: int = Field(default=2000, ge=1)
    """So many boards may follow one process (`/live`)."""
    streams_a_token: int = Field(default=100, ge=1)
    """So many event streams may one token hold open at one process."""
    arrives_within_seconds: float = Field(default=20, gt=0)
    """So long a request may take to arrive, body and all; a slower one is answered 408."""
    business_timezone: str = "Asia/Shanghai"
    """Decides which day a moment belongs to, in numbers and on pages."""
    currency: str = Field(default="CNY", pattern="^[A-Z]{3}$")
    """Names the unit of an amount where there is none yet: on a board, and where one is typed at the desk."""
    customers_url: str = "http://127.0.0.1:8081"
    orders_url: str = "http://127.0.0.1:8082"
    performance_url: str = "http://127.0.0.1:8080"
    coordination_url: str = "http://127.0.0.1:8083"
    wallboard_dir: Path | None = None
    """The built wallboard and desk; when set, performance serves them at ``/`` and ``/desk/``. Pages of
    ``performance_url`` may ask every service from a browser."""
    wallboard_token: bool = False
    """Give every visitor of ``/session`` a token that may only read boards (for a trusted network)."""
    payment_terms_days: int = Field(default=30, ge=0, le=365)
    lead_recycle_days: int = Field(default=7, ge=1, le=365)
    """A lead that nobody contacts for so long goes back to the public pool 公海."""
    award_grace_hours: int = Field(default=24, ge=0, le=720)
    """Champions 销售冠军 (their amounts in ``currency``) are named so long after their period has ended."""
    verify_every_hours: int = Field(default=24, ge=0, le=24 * 365)
    """How often every read model is compared with a rebuild from the log, at low priority; 0 for never."""
    webhook_inside: str = ""
    """Networks that webhooks may reach though they are inside, such as ``10.1.0.0/16,fd12::/48``; all others
    inside are refused, as is what is not https outside."""
    otel_exporter_otlp_endpoint: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Traces are sent to the collector at this address (OTLP over HTTP, such as ``http://collector:4318``);
    empty for none. ``OTEL_TRACES_SAMPLER`` and the like are the SDK's own."""
    log_format: str = Field(default="json", pattern="^(json|console)$")

    @field_validator("webhook_inside")
    @classmethod
    def _of_networks(cls, text: str) -> str:
        networks(text)
        return text

    @field_validator("roles")
    @classmethod
    def _known(cls, text: str) -> str:
        roles = {role.strip() for role in text.split(",")}
        if unknown := roles - {*ROLES}:
            raise ValueError(f"{', '.join(sorted(unknown)) or 'nothing'} is no role: {', '.join(ROLES)} are")
        return ",".join(role for role in ROLES if role in roles)

    @model_validator(mode="after")
    def _whole_where_files_are_kept(self) -> Self:
        kept = ("eventstore_url", "database_url", "keys_url")
        files = [name.upper() for name in kept if getattr(self, name).startswith("sqlite")]
        if files and self.roles != ",".join(ROLES):
            raise ValueError(f"{', '.join(files)}: files cannot be shared, so one process has all roles")
        return self

    @model_validator(mode="after")
    def _signs_what_it_gives(self) -> Self:
        if self.wallboard_token and not self.token_secrets():
            raise ValueError("WALLBOARD_TOKEN: it is signed with TOKEN_SECRET, and there is none")
        return self

    def plays(self, role: str) -> bool:
        return role in self.roles.split(",")

    def audit_secret(self) -> str:
        return self.audit_key.get_secret_value() or self.master_key.get_secret_value()

    def inside(self) -> tuple[Network, ...]:
        return networks(self.webhook_inside)

    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.business_timezone)

    def store_of(self, service: str) -> str:
        return self.eventstore_url.replace("{service}", service)

    def database_of(self, service: str) -> str:
        return self.database_url.replace("{service}", service)

    def keys_of(self, service: str) -> str:
        return self.keys_url.replace("{service}", service)

    def pages(self) -> str:
        """The origin (RFC 6454) of the pages that performance serves, such as ``http://127.0.0.1:8080``."""
        scheme, _, rest = self.performance_url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    def urls(self) -> dict[str, str]:
        return {
            "customers": self.customers_url,
            "orders": self.orders_url,
            "performance": self.performance_url,
            "coordination": self.coordination_url,
        }
