"""Places and people in the admin; every page stands on `ScopedAdmin`, the rule of sight."""

from schools.admin import appointing, changes, counters, people, places, rollout, users, webhooks

__all__ = ["appointing", "changes", "counters", "people", "places", "rollout", "users", "webhooks"]
