"""Places and people in the admin; every page stands on `ScopedAdmin`, the rule of sight."""

from schools.admin import people, places, rollout, users

__all__ = ["people", "places", "rollout", "users"]
