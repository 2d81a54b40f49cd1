"""Which Kafka, and how its clients are let in."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


@dataclass(frozen=True)
class Brokers:
    """``servers`` are some of a cluster's, such as ``kafka-1:9092,kafka-2:9092``; the others are found."""

    servers: str
    protocol: Protocol = "PLAINTEXT"
    authority: Path | None = None
    """Who signs the brokers' certificates (PEM); without it, whom the system trusts."""
    certificate: Path | None = None
    """Our own (PEM), where brokers ask for one."""
    key: Path | None = None
    """Its key, where that is in a file of its own."""
    mechanism: Mechanism = "SCRAM-SHA-512"
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def signs_in(self) -> bool:
        return self.protocol.startswith("SASL")

    def client(self) -> dict[str, Any]:
        """What aiokafka's clients are made with; raises ``OSError`` where TLS cannot use a file."""
        given = {
            "bootstrap_servers": self.servers,
            "security_protocol": self.protocol,
            "ssl_context": self.tls(),
        }
        if not self.signs_in:
            return given
        return {
            **given,
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
        }

    def tls(self) -> ssl.SSLContext | None:
        """Read anew each time, so that a certificate that was renewed is used from the next connection on."""
        if not self.protocol.endswith("SSL"):
            return None
        context = ssl.create_default_context(cafile=self.authority)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context
