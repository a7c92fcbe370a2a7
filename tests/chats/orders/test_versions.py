"""What changed between two versions of a text: whole lines, words within lines, nothing for equal texts (pure)."""

from hypothesis import given
from hypothesis import strategies as st

from chats.orders.versions import difference

TEXTS = st.lists(st.sampled_from(["1. Назначить.", "2. Назначить до {срок}.", "3. Контроль.", ""]), max_size=6).map(
    "\n".join
)


def test_equal_texts_have_no_difference() -> None:
    assert difference("1. А\n2. Б", "1. А\n2. Б") == []


def test_changed_word_is_marked_within_its_line() -> None:
    gone, new = difference("1. Назначить Зимину до 1 декабря.", "1. Назначить Мороз до 1 декабря.")

    assert (gone.kind, [words for words, changed in gone.pieces if changed]) == ("gone", ["Зимину"])
    assert (new.kind, [words for words, changed in new.pieces if changed]) == ("new", ["Мороз"])


def test_line_that_has_nothing_in_common_is_another_line() -> None:
    gone, new = difference("1. Контроль оставляю за собой.", "Во исполнение письма")

    assert not any(changed for _, changed in (*gone.pieces, *new.pieces))


def test_added_and_removed_lines_stand_between_those_kept() -> None:
    assert [(line.kind, line.text) for line in difference("а\nб\nв", "а\nв\nг")] == [
        ("kept", "а"), ("gone", "б"), ("kept", "в"), ("new", "г"),
    ]  # fmt: skip


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_difference(before: str, after: str) -> None:
    lines = difference(before, after)

    if before != after:
        assert [line.text for line in lines if line.kind != "new"] == before.splitlines()
        assert [line.text for line in lines if line.kind != "gone"] == after.splitlines()
