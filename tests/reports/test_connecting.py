"""The texts that show programs the way to the rating work as they stand: on the page and in the notebook."""

import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import pytest
from django.test import Client

from reports.connecting import TOKEN, WAYS
from schools.models import User
from tests.conftest import Cast, make_week

WEEK = "2026-W46"
NOTEBOOK = Path(__file__).parents[2] / "docs" / "rating.ipynb"
TEXTS = {way.key: way for way in WAYS}


@pytest.fixture
def portal(
    transactional_db: None, reference_data: None, cast: Cast, token_of: Any, live_server: Any
) -> tuple[str, str]:
    """The address of a running portal with a published week, and a token."""
    make_week({school: {} for school in (cast.school, cast.sibling, cast.cousin, cast.foreign)}, WEEK)
    return live_server.url, token_of(cast.observer)["Authorization"].removeprefix("Bearer ")


def filled(key: str, portal: tuple[str, str]) -> str:
    """A text of the page with the address, the week and the token put in."""
    address, token = portal
    return TEXTS[key].filled(address, WEEK).replace(TOKEN, token)


def opened(address: str, token: str) -> bytes:
    """What the address answers."""
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        body: bytes = answer.read()
    return body


def test_notebook_runs_from_top_to_bottom(portal: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_ADDRESS", portal[0])
    monkeypatch.setenv("PORTAL_TOKEN", portal[1])
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    names: dict[str, Any] = {}

    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)

    assert isinstance(names["schools"], pandas.DataFrame)
    assert len(names["schools"]) == 4
    assert len(names["feed"]["results"]) == 4
    assert all(cell["cell_type"] != "code" or cell["outputs"] == [] for cell in cells)


def test_pandas_text_runs(portal: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}

    exec(compile(filled("pandas", portal), "pandas", "exec"), names)

    assert len(names["schools"]) == 4
    assert len(names["regions"]) > 2
    assert "place.name" in capsys.readouterr().out


@pytest.mark.parametrize("key, addresses", [("curl", 4), ("datalens", 1)])
def test_every_address_of_a_text_answers(portal: tuple[str, str], key: str, addresses: int) -> None:
    found = re.findall(r"http://[^\s\"]+", filled(key, portal))

    assert len(found) == addresses
    assert all(opened(address, portal[1]) for address in found)


def test_power_query_asks_for_what_it_reads(portal: tuple[str, str]) -> None:
    text = filled("excel", portal)
    path = re.search(r'RelativePath = "(.+?)"', text)
    query = re.findall(r"(\w+) = \"(\w+)\"", text[text.index("Query = [") : text.index("],")])
    assert path is not None
    table = opened(f"{portal[0]}/{path[1]}?" + "&".join("=".join(pair) for pair in query), portal[1]).decode()

    named = re.findall(r'\{"([\w.]+)", (?:Int64\.Type|type number)\}', text)

    assert dict(query) == {"level": "school", "format": "csv", "dialect": "comma"}
    assert len(named) == 4
    assert set(named) < set(table.splitlines()[0].split(","))


def test_page_shows_every_text_and_no_token(cast: Cast, client_of: Callable[[User | None], Client]) -> None:
    page = client_of(cast.nina).get("/connect/").content.decode()

    assert all(f'id="text-{way.key}"' in page for way in WAYS)
    assert page.count(TOKEN) > 4
    assert "АДРЕС_ПОРТАЛА" not in page
