"""Publishing a counted week: hashing, freezing, superseding, verifying, and what a new revision changed."""

import hashlib
import json

from django.db import connection, models, transaction
from django.utils import timezone

from reports.confirming import open_recounted
from reports.counting import engine
from reports.events import week_published
from reports.models import CaseWeek, ChangeAlert, Rating, RatingPlace, RatingRow, RatingState, SchoolWeek, UsageRule
from schools.bulk import on_postgres
from schools.feed.telling import tell_of_rating
from schools.models import Change, User
from schools.scope import Level
from schools.texts import number
from schools.webhooks.services import announce

_CHUNK = 5000


class PublishRefused(ValueError):
    """A revision cannot be published; the text is a Russian sentence that says what to do."""


@transaction.atomic
def publish(rating: Rating, *, by: User | None = None) -> Rating:
    """Freeze a draft and make it the week's standing revision; return what stands afterwards.

    A draft equal to the published revision is discarded, and that revision is returned: nothing has changed.
    Raises PublishRefused unless it is a draft of a week that is over, counted after its end.
    """
    if not engine.hold_week(rating.week):
        raise PublishRefused(f"Неделю {rating.iso_week} прямо сейчас считает кто-то ещё. Подождите минуту и повторите.")
    draft = Rating.objects.filter(pk=rating.pk, state=RatingState.DRAFT).first()
    _check(draft, rating)
    digest = fingerprint(rating)
    standing = Rating.objects.filter(week=rating.week, state=RatingState.PUBLISHED).first()
    if standing is not None and standing.sha256 == digest:
        rating.delete()
        return standing
    if standing is not None:
        Rating.objects.filter(pk=standing.pk).update(state=RatingState.SUPERSEDED)
        ChangeAlert.objects.filter(rating=standing).delete()  # told of numbers that stand no more
        _tell(Change.Event.SUPERSEDED, standing, standing.sha256)
        open_recounted(standing, rating, by=by)
    Rating.objects.filter(pk=rating.pk).update(
        state=RatingState.PUBLISHED, sha256=digest, published_at=timezone.now(), published_by=by
    )
    published = Rating.objects.get(pk=rating.pk)
    announce(week_published(published))
    _tell(Change.Event.PUBLISHED, rating, digest)
    return published


def _tell(event: str, rating: Rating, digest: str) -> None:
    """Tell the feed of changes."""
    address = f"/api/v1/ratings/{rating.iso_week}/?revision={rating.revision}"
    tell_of_rating(event, str(rating.iso_week), {"revision": rating.revision, "sha256": digest, "rating": address})


def _check(draft: Rating | None, asked: Rating) -> None:
    if draft is None:
        raise PublishRefused(f"{asked} уже не черновик: опубликованное не меняется. Подсчитайте неделю заново.")
    week = draft.iso_week
    if not week.is_over(timezone.now()):
        raise PublishRefused(
            f"Неделя {week} ещё идёт: опубликовать её можно с понедельника {week.closes_at:%d.%m.%Y} (по Москве)."
        )
    if draft.counted_at < week.closes_at:
        raise PublishRefused(
            f"Черновик подсчитан до конца недели {week}. Подсчитайте неделю ещё раз, потом публикуйте."
        )


def verify(rating: Rating) -> bool:
    """Tell whether a published revision still has the rows, the names, the rule and the week it was published with."""
    return bool(rating.sha256) and fingerprint(rating) == rating.sha256


def fingerprint(rating: Rating) -> str:
    """Return SHA-256 (hexadecimal) of the canonical text of a revision: its week, rule, wide rows, rating rows, names.

    The same on both engines; it knows neither the revision's number nor its reason: an equal recount has an equal hash.
    """
    head = f"{rating.iso_week}\n{_rule_text(rating.rule)}\n{_choices_text(rating)}"
    kinds = {"W": SchoolWeek, "R": RatingRow, "P": RatingPlace, "C": CaseWeek}
    lines = " UNION ALL ".join(_lines(model, kind) for kind, model in kinds.items())
    return _hash_in_postgres(head, lines, rating.pk) if on_postgres() else _hash_in_python(head, lines, rating.pk)


def _rule_text(rule: UsageRule) -> str:
    return (
        f"{int(rule.administrator_required)}|{rule.filled_share:.3f}|{rule.active_teachers}"
        f"|{rule.active_share:.3f}|{rule.active_chats}"
    )


def _choices_text(rating: Rating) -> str:
    """Whose figures the indicators take and the weights of the score; nothing where nothing was chosen."""
    chosen = {"feeds": rating.feeds, "weights": rating.weights}
    return "".join(f"{name}|{json.dumps(value, sort_keys=True)}\n" for name, value in chosen.items() if value)


# Columns as the first published weeks were hashed; one added since is named in a row's line, and only where it says
# something: what was published before it came keeps its hash.
_FIRST_COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    SchoolWeek: (
        "platform", "school_id", "municipality_id", "region_id", "in_scope", "declared_teachers", "staff", "teachers",
        "names_in_order", "profiles", "confirmed", "active", "active_all", "classes", "classes_with_chat", "chats",
        "active_chats", "administrators", "registered", "filled", "uses",
    ),
}  # fmt: skip


def _lines(model: type[models.Model], kind: str) -> str:
    """Return a query of a revision's rows as lines of text: whole numbers and names, which both engines write alike."""
    columns = [str(field.column) for field in model._meta.concrete_fields if field.name != "rating"]
    first = _FIRST_COLUMNS.get(model, tuple(columns))
    text = " || '|' || ".join(f"COALESCE(CAST({column} AS text), '')" for column in first)
    for column in sorted(set(columns) - set(first)):
        text += f" || COALESCE('|{column}=' || CAST({column} AS text), '')"
    return f"SELECT '{kind}|' || {text} AS line FROM {model._meta.db_table} WHERE rating_id = %(rating)s"  # noqa: S608


def _hash_in_postgres(head: str, lines: str, pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT encode(sha256(convert_to(
                %(head)s || COALESCE(string_agg(line, chr(10) ORDER BY line COLLATE "C"), ''), 'UTF8')), 'hex')
                FROM ({lines}) rows""",  # noqa: S608  column names of our own models
            {"head": head, "rating": pk},
        )
        return str(cursor.fetchone()[0])


def _hash_in_python(head: str, lines: str, pk: int) -> str:
    """SQLite runs inside this process: its rows are hashed as they come, in chunks."""
    digest = hashlib.sha256(head.encode())
    separator = b""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line FROM ({lines}) ORDER BY line", {"rating": pk})  # noqa: S608
        while chunk := cursor.fetchmany(_CHUNK):
            digest.update(separator + "\n".join(line for (line,) in chunk).encode())
            separator = b"\n"
    return digest.hexdigest()


def changes_between(old: Rating, new: Rating) -> dict[Level, int]:
    """Return how many rows and names differ between two revisions, by level: values, places, cases; added and gone."""
    columns = "indicator, level, place_id, part, whole, schools, missing, rank, ranked, local_rank, local_ranked"
    rows = f"SELECT {columns} FROM reports_ratingrow WHERE rating_id"  # noqa: S608
    names = "SELECT level, place_id, code, name FROM reports_ratingplace WHERE rating_id"
    cases = (
        "SELECT use_case, level, place_id, expected, present, schools, complete FROM reports_caseweek WHERE rating_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT level, count(*) FROM (
                SELECT indicator, level, place_id FROM ({rows} = %(old)s EXCEPT {rows} = %(new)s) gone
                UNION SELECT indicator, level, place_id FROM ({rows} = %(new)s EXCEPT {rows} = %(old)s) come
                UNION SELECT -use_case, level, place_id FROM ({cases} = %(old)s EXCEPT {cases} = %(new)s) gone
                UNION SELECT -use_case, level, place_id FROM ({cases} = %(new)s EXCEPT {cases} = %(old)s) come
                UNION SELECT 0, level, place_id FROM ({names} = %(new)s EXCEPT {names} = %(old)s) renamed
                WHERE EXISTS (SELECT 1 FROM reports_ratingplace WHERE rating_id = %(old)s)
            ) changed GROUP BY level""",  # noqa: S608
            {"old": old.pk, "new": new.pk},
        )
        return {Level(level): count for level, count in cursor.fetchall()}


def summary(rating: Rating) -> str:
    """Say how many rows a revision has at each level: «Строк: страна — 6, регион — 534, …»."""
    found = dict(RatingRow.objects.filter(rating=rating).values_list("level").annotate(count=models.Count("*")))
    return "Строк: " + ", ".join(f"{level.label} — {number(found.get(level, 0))}" for level in Level) + "."
