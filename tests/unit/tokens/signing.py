"""An OpenID provider's side: keys made in the test, and tokens signed with them."""

import json
import time
from collections.abc import Mapping
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER: Final = "https://id.example.com/realms/sales"
AUDIENCE: Final = "baton"

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class Signer:
    """One key of the provider, under its name."""

    def __init__(self, kid: str = "k1", algorithm: str = "RS256", key: Private | None = None) -> None:
        self.kid = kid
        self.algorithm = algorithm
        self.key = key or _made(algorithm)

    def published(self, **more: Any) -> dict[str, Any]:
        """As it stands in the provider's JWKS."""
        match self.key:
            case rsa.RSAPrivateKey():
                public = RSAAlgorithm.to_jwk(self.key.public_key())
            case ec.EllipticCurvePrivateKey():
                public = ECAlgorithm.to_jwk(self.key.public_key())
            case ed25519.Ed25519PrivateKey():
                public = OKPAlgorithm.to_jwk(self.key.public_key())
        return {**json.loads(public), "kid": self.kid, "alg": self.algorithm, "use": "sig", **more}

    def token(self, *, headers: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A good one, but for what is said; a claim that is None is left out."""
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": [AUDIENCE, "account"], "sub": "p-wang", "role": "sales"}
        said = {**usual, "iat": now, "exp": now + 300, **claims}
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(kept, self.key, self.algorithm, headers={"kid": self.kid, **(headers or {})})


def _made(algorithm: str) -> Private:
    match algorithm:
        case "ES256":
            return ec.generate_private_key(ec.SECP256R1())
        case "EdDSA":
            return ed25519.Ed25519PrivateKey.generate()
        case _:
            return rsa.generate_private_key(public_exponent=65537, key_size=2048)
