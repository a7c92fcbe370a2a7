"""The register's pages and REST: what each person may do there, refusals in words, a constant number of queries."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from schools.models import Municipality, Reconciliation, School, SchoolChange, Succession
from schools.models.registers import ReconcileStage
from tests.conftest import Cast, ClientOf
from tests.schools.lists import Line, csv_bytes, school_lines, table_of
from tests.schools.reconciliations import applied, board, decided, planned, registered, work


@pytest.fixture
def lines() -> list[Line]:
    """Twelve schools of St Petersburg."""
    return school_lines(12, "78")


@pytest.fixture
def found(cast: Cast, lines: list[Line]) -> Reconciliation:
    """A planned reconciliation: one telephone differs, one school is new, ours of the cast are only ours."""
    registered(cast.region, lines)
    changed = [lines[0] | {"phone": "8 (900) 000-99-99"}, *lines[1:], school_lines(13, "78")[12]]
    return planned(cast.region, cast.nina, csv_bytes(table_of(changed)))


def sent(client: Client, found: Reconciliation, **data: Any) -> Any:
    """What the page answers to a form."""
    return client.post(reverse("reconciliation_act", args=[found.pk]), data)


def text_of(response: Any) -> str:
    """A page's text with plain spaces."""
    return response.content.decode().replace("\u00a0", " ").replace("\u2009", " ")


# The register


def test_region_uploads_a_list_and_waits_on_its_page(cast: Cast, client_of: ClientOf, lines: list[Line]) -> None:
    file = SimpleUploadedFile("перечень.csv", csv_bytes(table_of(lines)))

    response = client_of(cast.nina).post("/register/", {"file": file, "scope": "part"})

    made = Reconciliation.objects.get()
    assert response.status_code == 302
    assert response["Location"] == made.get_absolute_url()
    assert made.summary == {"partial": True}
    page = client_of(cast.nina).get(made.get_absolute_url())
    assert "Сверяем перечень" in text_of(page)
    assert work(made).stage == ReconcileStage.PLANNED


@pytest.mark.parametrize(
    "data, words",
    [({}, "Выберите файл"), ({"file": SimpleUploadedFile("x.csv", b"")}, "пустой")],
    ids=["none", "empty"],
)
def test_upload_without_a_file_says_what_to_do(
    cast: Cast, client_of: ClientOf, data: dict[str, Any], words: str
) -> None:
    response = client_of(cast.nina).post("/register/", {"scope": "whole", **data})

    assert response.status_code == 422
    assert words in text_of(response)
    assert not Reconciliation.objects.exists()


def test_municipality_looks_and_does_not_upload(cast: Cast, client_of: ClientOf) -> None:
    School.objects.filter(pk=cast.school.pk).update(reconciled_on=timezone.localdate())
    School.objects.filter(pk=cast.sibling.pk).update(reconciled_on=timezone.localdate(), reconciled_note="частная")
    client = client_of(cast.marat)

    page = client.get("/register/?show=all")
    explained = client.get("/register/?show=explained")

    assert "2 из 2 школ сверены" in text_of(page)
    assert cast.cousin.short_name not in text_of(page)
    assert "частная" in text_of(explained)
    assert client.post("/register/", {"scope": "whole"}).status_code == 403


def test_root_chooses_a_region(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.root)

    choice, chosen = client.get("/register/"), client.get("/register/?region=47")

    assert "Выберите регион" in text_of(choice)
    assert "Ленинградская область" in text_of(chosen)
    assert "0 из 1 школы" in text_of(chosen)


def test_our_register_is_read_back_as_a_list(cast: Cast, client_of: ClientOf, lines: list[Line]) -> None:
    registered(cast.region, lines)
    data = b"".join(client_of(cast.nina).get("/register/ours.xlsx"))  # type: ignore[arg-type]

    found = planned(cast.region, cast.nina, data)

    counts = board(found).counts()
    assert counts["same"].total == 15
    assert sum(count.total for count in counts.values()) == 15


# The plan


def test_lines_are_filtered_and_told(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    client = client_of(cast.nina)
    url = found.get_absolute_url()

    whole, ours, nothing = client.get(url), client.get(f"{url}?kind=ours"), client.get(f"{url}?q=нетакой")

    assert "Совпало 11 из 13 строк" in text_of(whole)
    assert "+7 900 000-99-99" in text_of(whole)
    assert cast.cousin.short_name in text_of(ours)
    assert "Под этот отбор ничего не подходит" in text_of(nothing)


def test_button_in_the_list_takes_and_takes_back(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    client = client_of(cast.nina)

    taken = sent(client, found, quick="r2:take", back="?kind=differs")
    assert taken["Location"].endswith("?kind=differs")
    assert board(found).decisions["r2"]["fields"] == {"phone": "take"}
    sent(client, found, quick="r2:undo")

    assert board(found).decisions == {}


def test_line_is_decided_on_its_page(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    client = client_of(cast.nina)
    page = text_of(client.get(f"{found.get_absolute_url()}r2/"))
    refused = sent(client, found, line="r2", do="fields", **{"field-phone": "keep"})
    assert refused.status_code == 409
    assert "почему оставляем своё" in text_of(refused)

    sent(client, found, line="r2", do="fields", reason="номер старый", **{"field-phone": "keep"})

    assert "Что отличается" in page
    assert board(found).decisions["r2"]["reason"] == "номер старый"


def fields_of(response: Any, name: str) -> dict[str, str]:
    """What stands in the fields of a name, by their id."""
    inputs = re.findall(r"<input [^>]*>", response.content.decode())
    attributes = [dict(re.findall(r'(\S+)="([^"]*)"', each)) for each in inputs]
    return {each["id"]: each["value"] for each in attributes if each.get("name") == name}


def test_refused_form_keeps_its_own_words_and_gives_them_to_no_other(
    cast: Cast, client_of: ClientOf, found: Reconciliation
) -> None:
    client = client_of(cast.nina)
    key = f"s{cast.cousin.pk}"

    refused = sent(client, found, line=key, form="close", do="close", reason="приказ № 5", on="1066-01-01")

    assert refused.status_code == 409
    assert fields_of(refused, "reason") == {"reason-explain": "", "reason-close": "приказ № 5"}
    assert fields_of(refused, "on") == {"on-close": "1066-01-01"}


def test_reason_of_a_decision_stands_in_the_form_that_made_it(
    cast: Cast, client_of: ClientOf, found: Reconciliation
) -> None:
    key = f"s{cast.cousin.pk}"
    decided(found, cast.nina, {"line": key, "do": "explain", "reason": "частная"})

    page = client_of(cast.nina).get(f"{found.get_absolute_url()}{key}/")

    assert fields_of(page, "reason") == {"reason-explain": "частная", "reason-close": ""}


def test_refused_form_keeps_what_was_chosen_and_found(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    client = client_of(cast.nina)
    merged = {"do": "merge", "form": "merge", "find": "гимназия", "school": cast.sibling.pk, "kind": "renamed"}
    chosen = {"do": "fields", "form": "fields", "field-phone": "keep"}

    ours = sent(client, found, line=f"s{cast.cousin.pk}", on="", reason="слита", **merged).content.decode()
    row = sent(client, found, line="r2", **chosen).content.decode()

    assert f'name="school" value="{cast.sibling.pk}" checked' in ours
    assert 'name="kind" value="renamed" checked' in ours
    assert 'name="field-phone" value="keep" checked' in row


def test_school_a_person_named_herself_is_told_so_until_she_takes_it_back(
    cast: Cast, client_of: ClientOf, found: Reconciliation
) -> None:
    client, address = client_of(cast.nina), found.get_absolute_url()
    assert "указали вы" not in text_of(client.get(f"{address}?state=all"))

    sent(client, found, line="r14", form="found", do="link", school=cast.cousin.pk, all="take")
    listed, line = text_of(client.get(f"{address}?state=all")), text_of(client.get(f"{address}r14/"))
    sent(client, found, line="r14", do="", form="undo")
    after = text_of(client.get(f"{address}r14/"))

    assert re.search(rf"{cast.cousin.short_name}<span[^>]*>.*?указали вы", listed)
    assert "указали вы" in line
    assert "указали вы" not in after


def test_school_is_found_by_words_and_merged_into(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    client = client_of(cast.nina)
    key = f"s{cast.cousin.pk}"
    page = text_of(client.get(f"{found.get_absolute_url()}{key}/?find=гимназия"))
    assert "Гимназия № 2" in page

    sent(client, found, line=key, do="merge", school=cast.sibling.pk, on="2026-09-01", kind="merged")
    applied(found, cast.nina)

    assert Succession.objects.get().successor == cast.sibling


def test_many_are_decided_with_one_button(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    client = client_of(cast.nina)
    refused = sent(client, found, bulk="explain", kind="ours", back="?kind=ours")
    assert refused.status_code == 409
    assert "Напишите причину" in text_of(refused)

    sent(client, found, bulk="explain", kind="ours", reason="подведомственные")

    assert board(found).counts()["ours"].open == 0


def test_field_chosen_for_many_stays_chosen_while_the_reason_is_asked_for(
    cast: Cast, client_of: ClientOf, lines: list[Line]
) -> None:
    registered(cast.region, lines)
    changed = [line | {"phone": "8 (900) 000-99-99"} for line in lines]
    found = planned(cast.region, cast.nina, csv_bytes(table_of(changed)))

    refused = sent(client_of(cast.nina), found, bulk="keep", kind="differs", field="phone", back="?kind=differs")

    assert refused.status_code == 409
    assert '<option value="phone" selected>' in refused.content.decode()


def test_confirming_leads_to_the_outcome(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    client = client_of(cast.nina)
    sent(client, found, quick="r2:take")
    sent(client, found, quick="r14:add")

    response = sent(client, found, apply="1")
    assert "Вносим" in text_of(client.get(response["Location"]))
    work(found)
    page = text_of(client.get(response["Location"]))

    assert "Сверено 13 школ" in page
    assert "1 карточка изменена, 1 школа добавлена" in page
    assert "3 строки остались без решения" in page


def test_unresolved_lines_are_a_spreadsheet(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    data = client_of(cast.nina).get(reverse("reconciliation_open", args=[found.pk])).content

    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.values)  # type: ignore[union-attr]

    assert rows[0][:3] == ("Что", "Строка перечня", "В перечне")
    assert [row[0] for row in rows[1:]].count("только у нас") == 3
    assert len(rows) == 1 + 5


def test_refused_list_lets_columns_be_chosen(cast: Cast, client_of: ClientOf, lines: list[Line]) -> None:
    registered(cast.region, lines)
    data = csv_bytes([["Как зовётся", "Число"], *[[line["full_name"], line["inn"]] for line in lines]])
    found = planned(cast.region, cast.nina, data)
    client = client_of(cast.nina)
    page = text_of(client.get(found.get_absolute_url()))

    sent(client, found, mapping="1", **{"column-0": "full_name", "column-1": "inn"})

    assert "Скажите, что в столбцах" in page
    assert board(work(found)).counts()["same"].total == 12


def test_discarded_reconciliation_may_begin_again(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    client = client_of(cast.nina)
    sent(client, found, discard="1")
    assert "В реестре ничего не изменилось" in text_of(client.get(found.get_absolute_url()))

    response = sent(client, found, anew="1")

    assert response["Location"] != found.get_absolute_url()
    assert Reconciliation.objects.count() == 2


def test_only_the_regions_own_people_act(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    for person in (cast.marat, cast.sveta, cast.observer, cast.stranger):
        assert sent(client_of(person), found, quick="r2:take").status_code == 404

    assert board(found).decisions == {}


def test_back_never_leads_away(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    response = sent(client_of(cast.nina), found, quick="r2:take", back="https://evil.example/")

    assert response["Location"] == found.get_absolute_url()


def test_number_of_queries_does_not_grow_with_schools_and_lines(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    client.get("/register/")
    counts: list[dict[str, int]] = []
    for size in (8, 80):
        lines = school_lines(size, "78", seed=size)
        for line in lines:
            line["municipality"] = f"Район {len(line['full_name']) % size}"
        registered(cast.region, lines)
        shown = [line | {"phone": "8 (900) 000-99-99"} for line in lines]
        found = planned(cast.region, cast.nina, csv_bytes(table_of(shown)))
        url = found.get_absolute_url()
        addresses = {"register": "/register/?show=all", "plan": url, "line": f"{url}r2/?find=школа"}
        counts.append({name: _asked(client, address) for name, address in addresses.items()})
        decided(found, cast.nina, {"line": "r2", "do": "fields", "fields": "take"})
        counts[-1]["outcome"] = _asked(client, applied(found, cast.nina).get_absolute_url())

    assert Municipality.objects.filter(region=cast.region).count() > 10
    assert {name: count for name, count in counts[1].items() if count > counts[0][name]} == {}


def _asked(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# REST

API = "/api/v1/reconciliations/"


def test_list_goes_through_rest_from_upload_to_writing(
    cast: Cast, client: Client, token_of: Callable[..., dict[str, str]], lines: list[Line]
) -> None:
    registered(cast.region, lines)
    headers = token_of(cast.nina, reconciles=True)
    changed = [lines[0] | {"phone": "8 (900) 000-99-99"}, *lines[1:]]
    file = SimpleUploadedFile("перечень.csv", csv_bytes(table_of(changed)))
    made = client.post(API, {"file": file, "region": "78"}, headers=headers)
    assert made.status_code == 201, made.content
    address = f"{API}{made.json()['id']}/"
    work(Reconciliation.objects.get())

    shown = client.get(f"{address}lines/?kind=differs", headers=headers).json()
    answer = client.post(
        f"{address}decide/",
        json.dumps(
            [
                {"line": "r2", "do": "fields", "fields": "take"},
                {"line": "r3", "do": "add"},
                {"line": "r2", "do": "fields", "fields": {"phone": "both"}},
                {"what": 1},
            ]
        ),
        content_type="application/json",
        headers=headers,
    ).json()
    applying = client.post(f"{address}apply/", headers=headers)
    work(Reconciliation.objects.get())
    after = client.get(address, headers=headers).json()
    changes = client.get(f"/api/v1/school-changes/?reconciliation={after['id']}", headers=headers).json()

    assert shown["results"][0]["diffs"][0]["theirs"] == "+79000009999"
    assert [each["error"] is None for each in answer["results"]] == [True, False, False, False]
    assert applying.status_code == 202
    assert (after["stage"], after["rows"], after["kinds"]["same"]) == ("applied", 12, 11)
    assert [(each["field"], each["new"]) for each in changes["results"]] == [("phone", "+79000009999")]


def test_token_without_the_right_only_reads(
    cast: Cast, client: Client, token_of: Callable[..., dict[str, str]], found: Reconciliation
) -> None:
    headers = token_of(cast.nina, loads_staff=True)
    body = json.dumps([{"line": "r2", "do": "fields", "fields": "take"}])

    read = client.get(f"{API}{found.pk}/lines/", headers=headers)
    write = client.post(f"{API}{found.pk}/decide/", body, content_type="application/json", headers=headers)

    assert (read.status_code, write.status_code) == (200, 403)
    assert board(found).decisions == {}


@pytest.mark.parametrize(
    "query, words",
    [("kind=what", "differs"), ("page=0", "числ"), ("what=1", "Такого параметра нет"), ("state=x", "open")],
)
def test_mistyped_filter_of_lines_is_refused(
    cast: Cast, client: Client, token_of: Callable[..., dict[str, str]], found: Reconciliation, query: str, words: str
) -> None:
    response = client.get(f"{API}{found.pk}/lines/?{query}", headers=token_of(cast.nina))

    assert response.status_code == 400
    assert words in response.content.decode()


def test_region_of_others_is_refused_in_words(
    cast: Cast, client: Client, token_of: Callable[..., dict[str, str]], lines: list[Line]
) -> None:
    file = SimpleUploadedFile("перечень.csv", csv_bytes(table_of(lines)))

    response = client.post(API, {"file": file, "region": "47"}, headers=token_of(cast.nina, reconciles=True))

    assert response.status_code == 400
    assert "Такого региона нет среди ваших" in response.content.decode()


def test_country_reads_changes_but_not_who_is_director(
    cast: Cast, client: Client, token_of: Callable[..., dict[str, str]]
) -> None:
    SchoolChange.objects.create(school=cast.school, field="director_name", new="Каренина Ольга Семёновна")
    SchoolChange.objects.create(school=cast.school, field="phone", new="+79000000001")

    answer = client.get("/api/v1/school-changes/", headers=token_of(cast.observer)).json()
    own = client.get("/api/v1/school-changes/", headers=token_of(cast.sveta)).json()

    assert [each["field"] for each in answer["results"]] == ["phone"]
    assert own["count"] == 2


def test_schools_say_whether_they_are_reconciled(
    cast: Cast, client: Client, token_of: Callable[..., dict[str, str]]
) -> None:
    School.objects.filter(pk=cast.school.pk).update(reconciled_on="2026-11-20", reconciled_note="частная")

    answer = client.get("/api/v1/schools/?reconciled=true", headers=token_of(cast.nina)).json()

    assert [(each["id"], each["reconciled_note"]) for each in answer["results"]] == [(cast.school.pk, "частная")]
