"""Every search takes any text: a thousand words make no deeper query than eight, and none of them ends in a fault."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st

from schools.codes import LONGEST_SEARCH, MOST_WORDS, fold, search_words
from schools.models import School
from staff.models import StaffMember
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import person

SEARCHES = (
    "/schools/{school}/staff/?{q}",
    "/search/?{q}",
    "/country/?{q}",
    "/regions/78/?{q}",
    "/municipalities/{municipality}/?{q}",
    "/ratings/?{q}",
    "/appointments/?{q}",
    "/steps/?{q}",
    "/admin/staff/staffmember/?{q}",
    "/admin/staff/staffimport/?{q}",
    "/admin/schools/school/?{q}",
    "/admin/schools/user/?{q}",
    "/api/v1/staff/?{search}",
    "/api/v1/schools/?{search}",
    "/api/v1/regions/?{search}",
    "/api/v1/municipalities/?{search}",
)
LONG = {
    "words": "Каренина " * 1000,
    "letters": "я" * 50_000,
    "blanks": " " * 10_000,
    "wild": "%_\\'\"*" * 500,
    "zeros": "\0" * 5,
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", SEARCHES)
@pytest.mark.parametrize("text", LONG)
def test_a_search_for_anything_is_answered(cast: Cast, client_of: ClientOf, address: str, text: str) -> None:
    query = {"q": urlencode({"q": LONG[text]}), "search": urlencode({"search": LONG[text]})}
    path = address.format(school=cast.school.pk, municipality=cast.municipality.pk, **query)

    answer = client_of(cast.root).get(path)

    assert answer.status_code in ({200, 400} if path.startswith("/api/") else {200}), answer.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("found", [StaffMember.objects, School.objects])
def test_a_thousand_words_make_no_deeper_query_than_eight(cast: Cast, found: object) -> None:
    lengths = []
    for count in (MOST_WORDS, 1000):
        with CaptureQueriesContext(connection) as queries:
            list(found.all().search("ю " * count))  # type: ignore[attr-defined]
        lengths.append(queries[0]["sql"].count("LIKE"))

    assert lengths[0] == lengths[1] > 0


@pytest.mark.django_db
def test_the_page_of_a_staff_list_repeats_no_more_than_it_looked_for(cast: Cast, client_of: ClientOf) -> None:
    person(cast.school, "Каренина", "Анна")

    page = client_of(cast.sveta).get(f"/schools/{cast.school.pk}/staff/", {"q": "анна" + "я" * 5000}).content.decode()

    assert "анна" + "я" * 96 in page
    assert "я" * 97 not in page


@given(st.text(max_size=300))
def test_words_are_few_short_and_folded(text: str) -> None:
    words = search_words(text)

    assert len(words) <= MOST_WORDS
    assert len(" ".join(words)) <= 3 * LONGEST_SEARCH  # folding may lengthen: «ß» is «ss»
    assert all(fold(word) == word for word in words)
    assert "\0" not in "".join(words)
