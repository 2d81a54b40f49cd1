"""Settings of which Kafka, and how we are let in there."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from shared.kafka.brokers import Brokers, Mechanism, Protocol


class KafkaSettings(BaseSettings):
    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    kafka_security_protocol: Protocol = "PLAINTEXT"
    """``SSL``: over TLS. ``SASL_SSL``: over TLS, and with a user's name. ``SASL_PLAINTEXT``: with the name
    alone, where nobody else is on the network."""
    kafka_ssl_cafile: Path | None = None
    """Who signs the brokers' certificates (PEM); without it, whom the system trusts."""
    kafka_ssl_certfile: Path | None = None
    """Our own certificate (PEM), where brokers ask for one; read again with each connection."""
    kafka_ssl_keyfile: Path | None = None
    """Its key, where that is not in the same file; not locked by a password."""
    kafka_sasl_mechanism: Mechanism = "SCRAM-SHA-512"
    kafka_sasl_username: str = ""
    kafka_sasl_password: SecretStr = SecretStr("")
    kafka_replication: int = Field(default=1, ge=1)
    """On how many brokers a topic that is made here is kept."""
    kafka_instance_id: str = ""
    """Names this worker among those of its service, so that it takes its partitions up again after a crash
    without waiting for its old self to be missed, and sends webhooks again; empty for one without a name."""

    @model_validator(mode="after")
    def _can_be_let_in(self) -> Self:
        brokers = self.brokers()
        if brokers.signs_in and not (brokers.user and brokers.password):
            raise ValueError(
                f"KAFKA_SECURITY_PROTOCOL={brokers.protocol}: it needs KAFKA_SASL_USERNAME and _PASSWORD"
            )
        try:
            brokers.tls()
        except OSError as error:
            raise ValueError(f"KAFKA_SSL_CAFILE, _CERTFILE or _KEYFILE: {error}") from error
        return self

    def brokers(self) -> Brokers:
        return Brokers(
            self.kafka_bootstrap_servers,
            protocol=self.kafka_security_protocol,
            authority=self.kafka_ssl_cafile,
            certificate=self.kafka_ssl_certfile,
            key=self.kafka_ssl_keyfile,
            mechanism=self.kafka_sasl_mechanism,
            user=self.kafka_sasl_username,
            password=self.kafka_sasl_password.get_secret_value(),
        )
