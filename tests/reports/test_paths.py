"""The shortest path: reports/paths.py against every set of schools there is."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from reports.paths import Term, Weighed, exact, gains, lack_of, needed, place_after, shortest

schools = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6)
shares = st.integers(0, 1000).map(lambda thousandths: Fraction(thousandths, 1000))


def terms_of(pairs: list[tuple[int, int]]) -> list[Term]:
    return [Term(number, part, whole) for number, (part, whole) in enumerate(pairs, start=1)]


@given(schools, shares, st.integers(1, 4))
def test_no_smaller_set_of_schools_reaches_the_target(
    pairs: list[tuple[int, int]], target: Fraction, least: int
) -> None:
    terms = terms_of(pairs)
    part, whole = (sum(column) for column in zip(*pairs, strict=True))

    found = shortest(part, whole, target, terms, least=least)

    open_to_it = [term for term in terms if (term.whole or 0) >= least]
    fewest = next(
        (
            size
            for size in range(len(open_to_it) + 1)
            for chosen in combinations(open_to_it, size)
            if part + sum(lack_of(term) for term in chosen) >= target * whole
        ),
        None,
    )
    if fewest is None:
        assert found.short > 0
    else:
        assert found.short == 0
        assert len(found.stops) == fewest


@given(schools, shares)
def test_the_people_asked_for_are_just_enough_and_not_one_too_many(
    pairs: list[tuple[int, int]], target: Fraction
) -> None:
    terms = terms_of(pairs)
    part, whole = (sum(column) for column in zip(*pairs, strict=True))

    found = shortest(part, whole, target, terms)

    assert found.people + found.short == found.need
    assert all(0 < stop.people <= stop.lack == lack_of(terms[stop.place_id - 1]) for stop in found.stops)
    if not found.short:
        assert part + found.people >= target * whole
        assert found.people == 0 or part + found.people - 1 < target * whole


@given(schools, shares, st.randoms())
def test_the_order_of_the_schools_changes_nothing(pairs: list[tuple[int, int]], target: Fraction, dice: object) -> None:
    shuffled = terms_of(pairs)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]

    assert shortest(3, 40, target, shuffled) == shortest(3, 40, target, terms_of(pairs))


def test_a_school_that_was_not_measured_and_one_too_small_are_no_stops() -> None:
    terms = [Term(1, None, 90), Term(2, 5, None), Term(3, 0, 4), Term(4, 10, 30)]

    found = shortest(10, 34, Fraction(1), terms, least=5)

    assert [stop.place_id for stop in found.stops] == [4]
    assert (found.need, found.short) == (24, 4)


def test_a_school_above_its_whole_lacks_nobody() -> None:
    assert lack_of(Term(1, 12, 10)) == 0


def test_others_that_would_do_as_well_as_the_last_are_counted() -> None:
    terms = [Term(number, 0, 1) for number in range(1, 6)]

    found = shortest(5, 10, Fraction(7, 10), terms)

    assert [stop.place_id for stop in found.stops] == [1, 2]
    assert found.alike == 3


def test_a_tenth_of_ten_is_one_though_no_double_is_a_tenth() -> None:
    assert needed(0, 10, exact(0.1)) == 1
    assert needed(0, 20, exact(0.55)) == 11
    assert needed(0, 1000, exact(0.307)) == 307


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=8), st.integers(0, 9), st.integers(1, 9))
def test_the_place_counts_those_strictly_better(peers: list[tuple[int, int]], part: int, whole: int) -> None:
    found = place_after(peers, part, whole)

    assert found == 1 + len([1 for one, of in peers if Fraction(one, of) > Fraction(part, whole)])


weighed = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3)


def score_of(terms: list[Weighed], more: tuple[int, ...]) -> Fraction:
    counted = [(term, extra) for term, extra in zip(terms, more, strict=True) if term.whole]
    weights = sum(term.weight for term, _ in counted)
    shares_of = [term.weight * min(Fraction(term.part + n, term.whole), Fraction(1)) for term, n in counted]
    return sum(shares_of, Fraction(0)) / weights if weights else Fraction(0)


@given(weighed, shares)
def test_the_steepest_indicators_reach_the_score_when_it_can_be_reached(
    rows: list[tuple[int, int, int]], target: Fraction
) -> None:
    terms = [Weighed(f"i{n}", weight, part, whole) for n, (weight, part, whole) in enumerate(rows)]

    found, left = gains(terms, target)

    by_key = {gain.key: gain for gain in found}
    takes = tuple(by_key[term.key].take if term.key in by_key else 0 for term in terms)
    assert all(gain.take <= gain.lack for gain in found)
    assert [gain.by_one for gain in found] == sorted((gain.by_one for gain in found), reverse=True)
    assert left == max(target - score_of(terms, takes), Fraction(0)) if found else True
    assert (left == 0) == (score_of(terms, (3, 3, 3)[: len(terms)]) >= target) if found else True


@given(weighed, shares)
def test_one_more_person_gives_the_score_what_is_said(rows: list[tuple[int, int, int]], target: Fraction) -> None:
    terms = [Weighed(f"i{n}", weight, part, whole) for n, (weight, part, whole) in enumerate(rows)]
    nobody = (0,) * len(terms)

    for gain in gains(terms, target)[0]:
        one = tuple(int(term.key == gain.key) for term in terms)
        if gain.lack:
            assert score_of(terms, one) - score_of(terms, nobody) == gain.by_one
