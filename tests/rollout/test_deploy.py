"""The shape of a production installation as its files describe it; no container is started here."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
QUEUES = {"imports", "weeks"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    found: dict[str, Any] = described["services"]
    return found


def test_every_part_is_there(services: dict[str, Any]) -> None:
    assert set(services) == {
        "database",
        "queue",
        "cache",
        "migrate",
        "web",
        "worker-imports",
        "worker-weeks",
        "beat",
        "proxy",
    }


def test_queue_never_forgets_and_cache_may(services: dict[str, Any]) -> None:
    queue, cache = (" ".join(services[name]["command"]) for name in ("queue", "cache"))

    assert "--maxmemory-policy noeviction" in queue
    assert "--appendonly yes" in queue
    assert "--maxmemory-policy allkeys-lru" in cache
    assert services["web"]["environment"]["REDIS_URL"] != services["web"]["environment"]["CACHE_URL"]


def test_workers_serve_every_queue_between_them(services: dict[str, Any]) -> None:
    workers = [service["command"] for service in services.values() if "worker" in service.get("command", [])]

    served = [command[command.index("-Q") + 1] for command in workers]

    assert sorted(served) == sorted(QUEUES)
    assert all("prefork" in command for command in workers)  # time limits work in no other pool


def test_nothing_inside_is_open_to_the_outside(services: dict[str, Any]) -> None:
    open_to_all = {name for name, service in services.items() if service.get("ports")}

    assert open_to_all == {"proxy"}


def test_our_processes_can_write_nothing_but_scratch(services: dict[str, Any]) -> None:
    ours = [service for service in services.values() if service.get("image", "").startswith("portal:")]

    assert len(ours) == 5
    for service in ours:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["environment"]["PORTAL_MODE"] == "production"
    assert re.search(r"^USER portal$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_files_that_are_mounted_exist(services: dict[str, Any]) -> None:
    mounted = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])]
    files = [name for name in mounted if name.startswith("./") and "certificates" not in name]

    assert files
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_proxy_overwrites_what_a_visitor_says_of_himself() -> None:
    text = (ROOT / "deploy/nginx.conf.template").read_text()

    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in text
    assert "$proxy_add_x_forwarded_for" not in text


def test_example_of_the_environment_names_every_variable_compose_asks_for() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^#? ?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert asked - named == set()


def test_example_of_the_environment_names_every_variable_settings_read() -> None:
    settings = (ROOT / "rollout/settings.py").read_text()
    read = set(re.findall(r"""(?:env\.\w+|_required)\(\s*"(\w+)""", settings))
    example = (ROOT / ".env.example").read_text()

    assert {name for name in read if not re.search(rf"\b{name}\b", example)} == set()


def test_secrets_stay_out_of_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()

    assert {".env", ".git", "var"} <= set(ignored)
