"""Keycloak, a real OpenID provider, on this machine."""
