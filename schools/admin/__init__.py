"""Places and people in the admin; every page stands on `ScopedAdmin`, the rule of sight."""

from schools.admin import appointing, people, places, rollout, users

__all__ = ["appointing", "people", "places", "rollout", "users"]
