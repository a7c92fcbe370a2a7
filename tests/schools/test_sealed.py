"""schools.sealed: what a copy of the database tells without FIELD_KEY."""

import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models.functions import Coalesce
from hypothesis import given
from hypothesis import strategies as st

from schools.models import StoredFile
from schools.sealed import SealedBinaryField, SealedJSONField, seal_bytes, unseal_bytes
from staff.imports import services
from staff.models import StaffImport
from tests.conftest import Cast
from tests.staff.uploads import SNILS, applied, csv_of, person, planned, undone, work

HEADERS = ("Фамилия", "Имя", "Отчество", "СНИЛС")
MARKS = ("Каренина", "Мороз", "Зимина", *SNILS, *(f"{n[:3]}-{n[3:6]}-{n[6:9]} {n[9:]}" for n in SNILS))


@given(st.binary(max_size=2000))
def test_sealed_bytes_come_back_and_never_look_alike(body: bytes) -> None:
    one, other = seal_bytes(body), seal_bytes(body)

    assert unseal_bytes(one) == unseal_bytes(memoryview(other)) == body
    assert one != other
    assert len(one) == len(body) + 29
    assert len(body) < 4 or body not in one


@pytest.mark.parametrize("place", [0, 1, 12, 13, -1])
def test_a_changed_byte_or_another_key_opens_nothing(place: int, settings: Any) -> None:
    sealed = bytearray(seal_bytes("Каренина Анна".encode()))
    sealed[place] ^= 1

    with pytest.raises(ValueError, match="FIELD_KEY"):
        unseal_bytes(bytes(sealed))
    sealed[place] ^= 1
    settings.FIELD_KEY = "another key, long enough for anything at all"
    with pytest.raises(ValueError, match="FIELD_KEY"):
        unseal_bytes(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"PK\x03\x04", b"\x01" + b"0" * 11])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(ValueError, match="FIELD_KEY"):
        unseal_bytes(sealed)


def everything_stored() -> Iterator[tuple[str, bytes]]:
    """Every value the tables of uploads and files hold, as the database keeps it; packed ones unpacked too."""
    with connection.cursor() as cursor:
        for table in ("staff_staffimport", "schools_storedfile"):
            cursor.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                yield from ((f"{table}.{name}", _bytes(value)) for name, value in zip(names, values, strict=True))


def _bytes(value: Any) -> bytes:
    if not isinstance(value, bytes | memoryview):
        return str(value).encode()
    try:
        return zlib.decompress(bytes(value))
    except zlib.error:
        return bytes(value)


@pytest.mark.django_db
def test_no_column_of_uploads_and_files_shows_a_person(cast: Cast) -> None:
    person(cast.school, "Мороз", "Олег", "Петрович", snils=SNILS[1])
    rows = [("Каренина", "Анна", "Львовна", SNILS[0]), ("Мороз", "Олег", "Юрьевич", SNILS[1]), ("Зимина", "", "", "1")]
    applied(cast.school, cast.sveta, csv_of(*rows, headers=HEADERS))
    undone(applied(cast.sibling, cast.root, csv_of(*rows[:2], headers=HEADERS)), cast.root)
    waiting = planned(cast.school, cast.sveta, csv_of(*reversed(rows), headers=HEADERS))
    work(services.fix_cells(waiting, fixes={"2:first_name": "Каренина", "2:snils": SNILS[2]}, by=cast.sveta))
    planned(cast.school, cast.sveta, csv_of(headers=("Каренина", "Мороз", SNILS[0])))  # no header: a row of cells

    shown = {
        name for name, value in everything_stored() for mark in MARKS if mark.encode() in value or mark in str(value)
    }

    assert shown == set()
    assert StaffImport.objects.get(pk=waiting.pk).fixes == {"2:first_name": "Каренина", "2:snils": SNILS[2]}
    assert "Каренина" in waiting.file.data.decode("utf-8-sig")


@pytest.mark.django_db
def test_a_sealed_file_is_read_written_and_erased_as_any_field(cast: Cast) -> None:
    file = StoredFile.objects.create(school=cast.school, shown_name="a", size=3, sha256="0" * 64, content=b"abc")

    assert StoredFile.objects.get(pk=file.pk).data == b"abc"
    assert StoredFile.objects.values_list("content", flat=True).get(pk=file.pk) == b"abc"
    assert StoredFile.objects.filter(content__isnull=False).count() == 1
    StoredFile.objects.filter(pk=file.pk).update(content=b"\0\xff")
    assert StoredFile.objects.get(pk=file.pk).data == b"\0\xff"
    StoredFile.objects.filter(pk=file.pk).update(content=Coalesce("content", None))
    assert StoredFile.objects.get(pk=file.pk).data == b"\0\xff"
    StoredFile.objects.filter(pk=file.pk).update(content=None)
    assert StoredFile.objects.get(pk=file.pk).data == b""
    assert StoredFile.objects.filter(content__isnull=True).count() == 1


@pytest.mark.parametrize("condition", [{"file__content": b"abc"}, {"fixes": {}}, {"fixes__a": 1}, {"plan_data": b""}])
def test_nothing_sealed_can_be_looked_for(condition: dict[str, Any]) -> None:
    with pytest.raises(FieldError):
        StaffImport.objects.filter(**condition)


def test_every_plan_and_file_in_the_portal_is_sealed() -> None:
    """A new table of uploads must not forget it; what is public may be listed here with a reason."""
    bare = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if (isinstance(field, models.BinaryField) and not isinstance(field, SealedBinaryField))
        or (field.name == "fixes" and not isinstance(field, SealedJSONField))
    }

    assert bare == set()
