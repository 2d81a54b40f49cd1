"""Bearer tokens (JWT): our own, and those of an OpenID provider."""
