"""Scores, places and movement: reports/rating.py, and that double precision never contradicts it."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from reports.rating import Sum, add_up, movement, ranks, score

LARGEST = 2**26 - 1  # people; Russia has fewer
fractions = st.tuples(st.integers(0, LARGEST), st.integers(1, LARGEST))


def test_equal_scores_share_a_place_and_the_next_one_is_skipped() -> None:
    scores = {"а": Fraction(9, 10), "б": Fraction(1, 2), "в": Fraction(2, 4), "г": Fraction(1, 10), "д": None}

    found = ranks(scores)

    assert found == {"а": 1, "б": 2, "в": 2, "г": 4, "д": None}


def test_where_less_is_better_the_smallest_is_first() -> None:
    scores = {"а": Fraction(9, 10), "б": Fraction(1, 2)}

    found = ranks(scores, good_is_up=False)

    assert found == {"а": 2, "б": 1}


@given(st.dictionaries(st.integers(), st.none() | st.fractions(0, 2, max_denominator=6), max_size=12), st.randoms())
def test_order_of_input_does_not_change_places(scores: dict[int, Fraction | None], dice: object) -> None:
    shuffled = list(scores.items())
    dice.shuffle(shuffled)  # type: ignore[attr-defined]

    found = ranks(dict(shuffled))

    assert found == ranks(scores)


def test_unknown_term_is_left_out_with_its_pair_and_never_read_as_zero() -> None:
    terms = [(3, 10), (None, 8), (4, None), (0, 5)]

    found = add_up(terms)

    assert found == Sum(part=3, whole=15, counted=2, missing=2)


def test_place_without_any_data_has_no_part() -> None:
    terms = [(None, 8), (None, None)]

    found = add_up(terms)

    assert found == Sum(part=None, whole=None, counted=0, missing=2)


def test_share_over_a_hundred_percent_is_a_score_like_any_other() -> None:
    assert score(12, 10) == Fraction(6, 5)


def test_zero_or_small_whole_has_no_score() -> None:
    assert score(0, 0) is None
    assert score(3, 4, least=5) is None
    assert score(None, 9) is None


def test_movement_is_up_when_the_place_number_falls() -> None:
    assert movement(5, 2) == 3
    assert movement(2, 5) == -3
    assert movement(None, 2) is None


@given(fractions, fractions)
def test_double_precision_orders_shares_as_exact_arithmetic_does(one: tuple[int, int], other: tuple[int, int]) -> None:
    exact = (Fraction(*one) > Fraction(*other)) - (Fraction(*one) < Fraction(*other))

    floats = (one[0] / one[1] > other[0] / other[1]) - (one[0] / one[1] < other[0] / other[1])

    assert floats == exact


@given(st.integers(LARGEST // 2, LARGEST - 2))
def test_double_precision_tells_the_closest_shares_apart(whole: int) -> None:
    lower, higher = (whole - 1, whole), (whole, whole + 1)

    assert lower[0] / lower[1] < higher[0] / higher[1]


@given(fractions, st.integers(2, 50))
def test_double_precision_keeps_equal_shares_equal(one: tuple[int, int], times: int) -> None:
    part, whole = one
    assume(whole * times <= LARGEST and part * times <= LARGEST)

    assert part / whole == (part * times) / (whole * times)
