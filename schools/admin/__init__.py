"""Places and people in the admin; every page stands on `ScopedAdmin`, the rule of sight."""

from schools.admin import appointing, counters, people, places, rollout, users, webhooks

__all__ = ["appointing", "counters", "people", "places", "rollout", "users", "webhooks"]
