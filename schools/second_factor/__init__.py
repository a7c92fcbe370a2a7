"""The second factor of signing in: codes of an authenticator app, recovery codes, and the gate that asks for them."""
