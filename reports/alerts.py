"""What is watched for changes, by which rule a change is told from chance, and the words of it (pure)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from reports.indicators import INDICATOR_BY_KEY, Indicator

# Shares of people, schools, classes or chats that mean something at every level. No score (a sum of shares moves with
# its weights) and nothing entered monthly or by hand: between two entries it stands still, then jumps by itself.
WATCHED: tuple[Indicator, ...] = tuple(
    INDICATOR_BY_KEY[key]
    for key in (
        "staff_active",
        "staff_profile",
        "staff_confirmed",
        "r210_10",
        "classes_with_chat",
        "chats_present",
        "myschool_active",
    )
)

# All of these are ours; k = 0.5 σ and h = 5 σ are the textbook's for a shift of one σ (Montgomery, «Introduction to
# Statistical Quality Control», 9.1): by chance alone such a sum is over h once in several hundred weeks.
WEEKS = 26  # working weeks looked at: half a school year and more
LOOK_BACK = 40  # weeks they are looked for in: 26 and the summer
LEAST = 8  # measured weeks: half of them say what is usual, half whether it has changed
WATCHED_WEEKS = 8  # the newest, at most: an older change is what is usual by now
SLACK = 2  # k = σ ÷ 2
DECISION = 5  # h = 5 σ
MILLION = 1_000_000  # shares are whole millionths, so that both engines come to the same sums
FLOOR = 10_000  # σ is a percentage point at least: less than that is nobody's news
RANGE = 1128  # thousandths: the mean of moving ranges is 1.128 σ (d₂ of two)
# Agresti and Coull: two yeses and two noes are added before the error of a share is taken. Without them it is zero at
# 0 % and 100 %, and a school of ten would cry wolf over one person.
ADDED = 2

METHOD = (
    (
        "Чего ожидаем",
        f"Смотрим до {WEEKS} рабочих недель, каникулы не в счёт. Последние, до {WATCHED_WEEKS}, проверяем; по более "
        "ранним считаем среднее и прямую, по которой показатель шёл. Ни рост, который продолжается прежним ходом, ни "
        f"рост, который остановился, — не новость. Меньше {LEAST} измеренных недель — изменений не ищем.",
    ),
    (
        "Какой разброс обычен",
        "σ — средняя разность соседних недель, делённая на 1,128. Она не меньше случайной ошибки доли при таком числе "
        "людей и не меньше 1 п. п., поэтому малая школа не тревожит из-за одного человека.",
    ),
    (
        "Когда это изменение",
        "Отклонения складываем неделя за неделей за вычетом половины σ (CUSUM). Сумма больше "
        f"{DECISION} σ, и последняя неделя с той же стороны — это изменение, а не случай. "
        "Пороги — наше определение, ни один акт их не задаёт.",
    ),
    (
        "Чего здесь нет",
        "Недель без данных и на проверке: они пропущены, а не приняты за ноль. Мест, где людей меньше порога. "
        "И двух изменений сразу: если было и лучше, и хуже, остаётся то, на чьей стороне последняя неделя.",
    ),
)


class Break(NamedTuple):
    """Holidays: of a region, or of the whole country (None)."""

    region_id: int | None
    starts_on: date
    ends_on: date


BREAK_DAYS = 3  # of a week that make it no working week, as on the charts


def is_off(each: Break, monday: date, sunday: date) -> bool:
    """Whether holidays take so much of a week that nobody is expected to move in it."""
    return (min(each.ends_on, sunday) - max(each.starts_on, monday)).days + 1 >= BREAK_DAYS


def off_regions(breaks: Iterable[Break], monday: date, sunday: date) -> set[int | None]:
    """The regions whose holidays a week is; None among them is the whole country."""
    return {each.region_id for each in breaks if is_off(each, monday, sunday)}
