"""The shortest path of a place as facts: what the page, its file and REST tell of it, each in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.conf import settings

from reports.indicators import COMPOSITE, INDICATOR_BY_KEY, Indicator
from reports.models import RatingRow
from reports.paths import Gain, Path, Term, Weighed, exact, gains, place_after, shortest
from reports.reading import rows as read
from reports.reading.breakdowns import Subject
from reports.reading.figures import Figure, Row, figure
from reports.reading.weeks import Chosen
from schools.scope import Level, Sight

NOT_COUNTED = ("Данных за неделю ещё нет", "Путь появится, когда неделю подсчитают.")


@dataclass(frozen=True, slots=True)
class Way:
    """A subject's path with what it was found from."""

    level: Level
    terms: dict[int, Term]
    path: Path
    target: Fraction

    @property
    def unmeasured(self) -> list[int]:
        """Places without data: they are in neither part nor whole."""
        return [pk for pk, term in self.terms.items() if term.part is None or term.whole is None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of the way from a figure to its target.

    `refusal` is (title, why) where there is no path to be told. A sum has a `way` and the `place` it would give (None
    where there is none, or it is not the reader's to probe); a score has `gains` and what they leave lacking.
    """

    shown: Figure
    refusal: tuple[str, str] | None = None
    way: Way | None = None
    place: int | None = None
    gains: Sequence[Gain] = ()
    left: Fraction = Fraction(0)

    @property
    def target(self) -> float | None:
        """The share it goes to."""
        return self.shown.target


def answer(subject: Subject, indicator: Indicator, chosen: Chosen, asked: float | None, *, sight: Sight) -> Answer:
    """The way to the share asked for, or to the target that is set; four queries at most. The week must be counted."""
    assert chosen.rating is not None
    current = chosen.rating.pk
    rows = read.place_rows(subject.level, subject.place_id, [(chosen.week, current)])
    goals = read.targets(chosen.week, subject.region.pk if subject.region else None, subject.level)
    target = goals[indicator.number] if asked is None else asked
    row = rows.get((current, indicator.number))
    shown = figure(row, indicator, target, subject.level)
    why = refusal(shown, subject)
    if why or target is None or row is None:
        return Answer(shown, why)
    if indicator == COMPOSITE:
        found, left = gains(_weighed(rows, chosen), exact(target))
        return Answer(shown, gains=found, left=left)
    way = find(subject, row, indicator, chosen, exact(target))
    may_count = asked is None or sees_peers(subject, sight)
    return Answer(shown, way=way, place=place_given(subject, row, way, chosen, may_count=may_count))


def refusal(shown: Figure, subject: Subject) -> tuple[str, str] | None:
    """(title, why) where there is no path to be told; None where there is."""
    indicator = shown.indicator
    if shown.part is None or shown.whole is None:
        return "Показатель не измерен", "Сначала нужны данные: без них неизвестно, сколько не хватает."
    if shown.whole == 0:
        return "Показатель сюда не относится", "Делить не на что, поэтому и пути нет."
    if shown.share is None:
        return "Людей мало", "Путь указывал бы на отдельных людей, поэтому портал его не показывает."
    if not indicator.good_is_up:
        return "Здесь лучше меньше", "Кратчайший путь считается для показателей, которые должны расти."
    if shown.target is None:
        return "Цель не задана", "Напишите, к какой доле искать путь."
    if indicator.base <= subject.level < Level.SCHOOL:
        return "Показатель не складывается из школ", "Его даёт само место, ниже разложить нечего."
    return None


def find(subject: Subject, row: Row, indicator: Indicator, chosen: Chosen, target: Fraction) -> Way:
    """The shortest path of a place: through its schools, the country's through its regions; one query."""
    least = settings.SMALL_NUMBER if indicator.counts_people else 1
    level = level_below(subject, indicator)
    if subject.level == Level.SCHOOL:
        terms = [Term(subject.place_id, row.part, row.whole)]
    else:
        terms = _terms(subject, indicator, chosen, level)
    path = shortest(row.part or 0, row.whole or 0, target, terms, least=least)
    return Way(level, {term.place_id: term for term in terms}, path, target)


def level_below(subject: Subject, indicator: Indicator) -> Level:
    """Whose rows a place's number is taken apart into."""
    if subject.level == Level.COUNTRY:
        return Level.REGION
    return Level.SCHOOL if subject.level == Level.SCHOOL else indicator.base


def _terms(subject: Subject, indicator: Indicator, chosen: Chosen, level: Level) -> list[Term]:
    places = {Level.REGION: "region", Level.MUNICIPALITY: "municipality"}
    within = {places[subject.level]: subject.place_id} if subject.level in places else {}
    found = RatingRow._default_manager.filter(rating=chosen.rating, indicator=indicator.number, level=level, **within)
    return [Term(*values) for values in found.values_list(*Term._fields)]


def sees_peers(subject: Subject, sight: Sight) -> bool:
    """Whether the rows a place is compared with are the reader's: a school's neighbours are not its own."""
    region = subject.region.pk if subject.region else 0
    return subject.level < Level.SCHOOL or sight.country or region in sight.region_ids


def place_given(subject: Subject, row: Row, way: Way, chosen: Chosen, *, may_count: bool) -> int | None:
    """The place the path gives if nobody else moves; None where there is none or its peers are not to be probed."""
    if row.rank is None or way.path.short or not way.path.need or not may_count:
        return None
    peers = RatingRow._default_manager.filter(
        rating=chosen.rating, indicator=row.indicator, level=subject.level, rank__isnull=False
    )
    if subject.region is not None and subject.level > Level.REGION:
        peers = peers.filter(region=subject.region)
    others = peers.exclude(place_id=subject.place_id).values_list("part", "whole")
    known = [(part, whole) for part, whole in others if part is not None and whole is not None]
    return place_after(known, (row.part or 0) + way.path.need, row.whole or 0)


def _weighed(rows: dict[tuple[int, int], Row], chosen: Chosen) -> list[Weighed]:
    """The indicators a place's score was made of."""
    rating = chosen.rating
    terms = []
    for key, weight in (rating.weights if rating else {}).items():
        row = rows.get((rating.pk if rating else 0, INDICATOR_BY_KEY[key].number)) if key in INDICATOR_BY_KEY else None
        if row is not None and row.part is not None and row.whole is not None:
            terms.append(Weighed(key, int(weight), row.part, row.whole))
    return terms
