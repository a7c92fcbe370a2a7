"""Codes, phones and e-mails: what is accepted, what is mended, what is refused and in which words."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools import codes
from schools.codes import Cleaned

CLEANERS = (
    codes.clean_inn,
    codes.clean_kpp,
    codes.clean_ogrn,
    codes.clean_okpo,
    codes.clean_oktmo,
    codes.clean_snils,
    codes.clean_phone,
    codes.clean_mobile,
    codes.clean_email,
)
Cleaner = Callable[[str], Cleaned[str]]
TYPED = st.text(alphabet="0123456789 -()+.,@eEеabАО«»'доб.\u00a0\u0301\u200b—", max_size=24)


def _code(cleaned: Cleaned[str]) -> str:
    return cleaned.problem.code if cleaned.problem else ""


@pytest.mark.parametrize("inn", ["7707083893", "6907006968", "5720010403", "6605006658", "0707007498", " 7707 083893 "])
def test_real_inn_is_accepted(inn: str) -> None:
    cleaned = codes.clean_inn(inn)

    assert cleaned == Cleaned(inn.replace(" ", ""))


@pytest.mark.parametrize(
    "ogrn", ["1027700132195", "1026901606610", "1025700696383", "1026600707000", "1027700132195.0"]
)
def test_real_ogrn_is_accepted(ogrn: str) -> None:
    cleaned = codes.clean_ogrn(ogrn)

    assert cleaned == Cleaned(ogrn.removesuffix(".0"))


@pytest.mark.parametrize("okpo", ["00032537", "02066687"])
def test_real_okpo_is_accepted(okpo: str) -> None:
    cleaned = codes.clean_okpo(okpo)

    assert cleaned == Cleaned(okpo)


@pytest.mark.parametrize(
    ("clean", "text"),
    [
        (codes.clean_inn, "7707083894"),
        (codes.clean_ogrn, "1027700132196"),
        (codes.clean_okpo, "00032538"),
        (codes.clean_snils, "112-233-445 96"),
        (codes.clean_snils, "11223344594"),
    ],
)
def test_wrong_check_digit_is_a_mistake_that_names_the_document(clean: Cleaner, text: str) -> None:
    cleaned = clean(text)

    assert cleaned.value == ""
    assert cleaned.is_mistaken
    assert _code(cleaned) == "check_digit"
    assert "проверьте по документу" in (cleaned.problem.message if cleaned.problem else "")


@pytest.mark.parametrize(
    ("clean", "text", "restored"),
    [
        (codes.clean_inn, "707007498", "0707007498"),
        (codes.clean_inn, "707007498.0", "0707007498"),
        (codes.clean_snils, "8765430300", "08765430300"),
        (codes.clean_okpo, "32537", "00032537"),
        (codes.clean_oktmo, "1701000", "01701000"),
    ],
)
def test_zero_lost_by_excel_is_put_back_and_reported(clean: Cleaner, text: str, restored: str) -> None:
    cleaned = clean(text)

    assert cleaned.value == restored
    assert not cleaned.is_mistaken
    assert _code(cleaned) == "zeros_restored"


def test_zero_is_not_put_before_digits_typed_with_hyphens() -> None:
    cleaned = codes.clean_snils("87-654-303 00")

    assert _code(cleaned) == "length"


@pytest.mark.parametrize("clean", [codes.clean_inn, codes.clean_ogrn, codes.clean_snils, codes.clean_phone])
@pytest.mark.parametrize("text", ["7.70708E+09", "7,70708E+09", "1e10"])
def test_number_cut_by_excel_is_refused(clean: Cleaner, text: str) -> None:
    cleaned = clean(text)

    assert cleaned.value == ""
    assert _code(cleaned) == "scientific"


@pytest.mark.parametrize(
    "snils",
    [
        "112-233-445 95",
        "087-654-303 00",
        "001-148-559 99",
        "001-138-589 00",
        "001-058-829 00",
        "001-048-859 01",
        "004-996-979 00",
        "004-997-976 00",
        "004-998-973 01",
        "269-999-579 00",
    ],
)
def test_snils_at_every_edge_of_the_check_is_accepted(snils: str) -> None:
    cleaned = codes.clean_snils(snils)

    assert cleaned == Cleaned(snils.replace("-", "").replace(" ", ""))


def test_snils_up_to_001_001_998_is_not_checked() -> None:
    oldest, first_checked = codes.clean_snils("001-001-998 77"), codes.clean_snils("001-001-999 77")

    assert oldest.value == "00100199877"
    assert first_checked.is_mistaken


def test_zeros_are_no_code() -> None:
    found = {_code(codes.clean_snils("000-000-000 00")), _code(codes.clean_inn("0000000000"))}

    assert found == {"zeros"}


def test_snils_is_shown_whole_or_masked() -> None:
    shown = codes.format_snils("11223344595"), codes.mask_snils("11223344595"), codes.mask_snils("")

    assert shown == ("112-233-445 95", "***-***-445 95", "")


def test_kpp_may_hold_latin_capitals() -> None:
    cleaned = codes.clean_kpp("7701ab001")

    assert cleaned == Cleaned("7701AB001")


@pytest.mark.parametrize(
    "text",
    [
        "+79210000012",
        "89210000012",
        "79210000012",
        "9210000012",
        "8 (921) 000-00-12",
        "+7 921 000 00 12",
        "8-921-000-00-12",
        "+7(921)0000012",
        "моб. 8 921 000 00 12",
        "89210000012.0",
        "8\u00a0921\u00a0000‑00‑12",
    ],
)
def test_phone_in_any_usual_form_is_the_same_number(text: str) -> None:
    cleaned = codes.clean_mobile(text)

    assert cleaned == Cleaned("+79210000012")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8 (921) 000-12", "short"),
        ("8921000001", "short"),
        ("112", "not_phone"),
        ("+375 29 000-00-00", "foreign_phone"),
        ("8 (121) 000-00-12", "phone_code"),
        ("спросить у завуча", "not_phone"),
        ("892100000123", "long"),
    ],
)
def test_what_is_not_a_russian_number_is_a_mistake(text: str, code: str) -> None:
    cleaned = codes.clean_phone(text)

    assert cleaned.value == ""
    assert _code(cleaned) == code


def test_missing_digits_are_counted() -> None:
    cleaned = codes.clean_phone("8 (921) 000-12")

    assert cleaned.problem is not None
    assert cleaned.problem.message.startswith("Не хватает двух цифр")


def test_landline_is_fine_for_a_school_and_a_warning_for_a_person() -> None:
    school, person = codes.clean_phone("8 (48238) 9-62-19"), codes.clean_mobile("8 (48238) 9-62-19")

    assert school == Cleaned("+74823896219")
    assert person.value == "+74823896219"
    assert _code(person) == "landline"


@pytest.mark.parametrize(
    ("text", "code"), [("8 (812) 000-00-12 доб. 34", "extension"), ("8 921 000-00-12; 8 921 000-00-13", "several")]
)
def test_what_is_left_out_of_a_phone_is_reported(text: str, code: str) -> None:
    cleaned = codes.clean_phone(text)

    assert cleaned.value.endswith("0000012")
    assert _code(cleaned) == code


def test_phone_is_shown_with_spaces_and_hyphens() -> None:
    shown = codes.format_phone("+79000003177")

    assert shown == "+7 900 000-31-77"


@pytest.mark.parametrize(
    ("text", "value"),
    [(" Ivanova@School.RU ", "ivanova@school.ru"), ("<a@b.ru>", "a@b.ru"), ("a@школа.рф", "a@школа.рф"), ("нет", "")],
)
def test_email_is_lowered_and_trimmed(text: str, value: str) -> None:
    cleaned = codes.clean_email(text)

    assert cleaned == Cleaned(value)


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("ivаnova@school.ru", "cyrillic_email", "ivanova@school.ru"),
        ("ivanova@school,ru", "email_signs", "ivanova@school.ru"),
        ("ivanova.school.ru", "not_email", None),
        ("жанна@school.ru", "cyrillic_email", None),
    ],
)
def test_wrong_email_is_a_mistake_with_a_hint(text: str, code: str, suggestion: str | None) -> None:
    cleaned = codes.clean_email(text)

    assert cleaned.value == ""
    assert cleaned.problem is not None
    assert (cleaned.problem.code, cleaned.problem.suggestion) == (code, suggestion)


@pytest.mark.parametrize(
    "text", ["Семёнова–Ким  Анна", "СЕМЕНОВА-КИМ\u00a0АННА", "семе\u0308нова—ким анна", "семёнова-ким\u200b анна\n"]
)
def test_fold_makes_spellings_of_a_name_equal(text: str) -> None:
    folded = codes.fold(text)

    assert folded == "семенова-ким анна"


@pytest.mark.parametrize("clean", CLEANERS)
@given(text=st.one_of(st.text(max_size=40), TYPED))
def test_cleaning_twice_is_cleaning_once(clean: Cleaner, text: str) -> None:
    once = clean(text)

    twice = clean(once.value)

    assert twice.value == once.value
    assert not twice.is_mistaken
    assert not (once.is_mistaken and once.value)


@pytest.mark.parametrize("clean", CLEANERS)
@given(text=st.one_of(st.text(max_size=40), TYPED))
def test_suggestion_is_itself_clean(clean: Cleaner, text: str) -> None:
    problem = clean(text).problem

    suggestion = problem.suggestion if problem else None

    assert suggestion is None or not clean(suggestion).is_mistaken


@given(text=st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = codes.fold(text)

    assert codes.fold(folded) == folded


@given(text=st.text())
def test_tidy_text_is_tidy(text: str) -> None:
    tidied = codes.tidy(text)

    assert codes.tidy(tidied) == tidied
