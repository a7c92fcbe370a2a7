"""The library of legal acts: what the portal's numbers, steps and orders rest on, and what has become of each act."""

import re
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from chats.legal_acts.kinds import (
    KIND_BY_KEY,
    STATE_BY_KEY,
    SUPERSEDED,
    UNVERIFIED,
    ActKind,
    ActState,
    Case,
    kind_choices,
    state_choices,
)
from schools import codes
from schools.scope import AnyUser, Scoped, ScopedQuerySet, sight_of
from schools.texts import quoted

WRONG_LINK = "Впишите адрес страницы целиком, с https:// или http:// — так, как он стоит в адресной строке."
LONGEST_CHAIN = 10


def check_link(link: str) -> None:
    """Refuse what does not lead to the web (no `javascript:`, no files). Raises ValidationError."""
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError as error:
        raise ValidationError(WRONG_LINK, code="invalid") from error
    if not link.startswith(("http://", "https://")):  # «HTTPS://»: the database knows the small letters only
        raise ValidationError(WRONG_LINK, code="invalid")


def on_the_web(field: str) -> Q:
    """The condition that a link is empty or leads to the web: nothing else is ever put into a page."""
    return Q(**{field: ""}) | Q(**{f"{field}__startswith": "https://"}) | Q(**{f"{field}__startswith": "http://"})


def act_search_key(kind: str, number: str, adopted_on: Any, *texts: str) -> str:
    """The folded text an act is found by: number as written, with «№» and without its dashes, kind, date, texts."""
    bare = re.sub(r"[^\w]", "", number)
    day = f"{adopted_on:%d.%m.%Y}" if adopted_on else ""
    title = KIND_BY_KEY[kind].title if kind in KIND_BY_KEY else ""
    parts = (number, f"№{number}" if number else "", "№" if number else "", bare, title, day, *texts)
    return codes.fold(" ".join(part for part in parts if part))


class LegalActQuerySet(ScopedQuerySet["LegalAct"]):
    """Acts of the country: everyone who has signed in reads them, the portal's administrator keeps them."""

    def visible_to(self, user: AnyUser) -> Self:
        """All acts for everyone signed in: they are public documents."""
        return self.all() if user.is_authenticated and user.is_active else self.none()

    def editable_by(self, user: AnyUser) -> Self:
        """Only superusers: an act is cited in the orders of the whole country."""
        return self.all() if sight_of(user).everything else self.none()

    def search(self, text: str) -> Self:
        """Acts that hold every word in number, kind, date, body, title or passage; the same on both databases."""
        found = self
        for word in codes.search_words(text):
            found = found.filter(search_key__contains=word)
        return found

    def newest_first(self) -> Self:
        """By the day of the act, those without one last."""
        return self.order_by(F("adopted_on").desc(nulls_last=True), "id")


class LegalAct(Scoped):
    """A legal act as an order cites it, what it says in our words, and its fate; empty facts are not known to us."""

    key = models.SlugField(
        "ключ", max_length=60, unique=True, help_text="Латиницей: по нему на акт ссылаются показатели, этапы и приказы."
    )
    kind = models.CharField("вид", max_length=20, choices=kind_choices)
    body = models.CharField(
        "кем издан", max_length=300, blank=True, help_text="Как в заголовке: «Минпросвещения России»."
    )
    body_genitive = models.CharField(
        "кем издан, в родительном падеже",
        max_length=300,
        blank=True,
        help_text="«Правительства Российской Федерации»; пусто — если название не склоняется.",
    )
    adopted_on = models.DateField("дата", null=True, blank=True)
    number = models.CharField("номер", max_length=60, blank=True, help_text="Без знака №.")
    title = models.CharField(
        "название",
        max_length=700,
        blank=True,
        help_text="Без внешних кавычек. У протокола и соглашения — продолжение: «с …».",
    )
    state = models.CharField("состояние", max_length=20, choices=state_choices, default=UNVERIFIED.key)
    state_note = models.TextField("что известно о судьбе", max_length=1000, blank=True)
    in_force_on = models.DateField("действует с", null=True, blank=True)
    lost_force_on = models.DateField("утратил силу", null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="supersedes", null=True, blank=True, verbose_name="чем заменён"
    )
    amends = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="amended_by", null=True, blank=True, verbose_name="что изменяет"
    )
    passage = models.TextField("главное, своими словами", max_length=2000, blank=True)
    gives = models.TextField("что даёт порталу", max_length=1000, blank=True)
    link = models.CharField("ссылка", max_length=500, blank=True, validators=[check_link])
    source = models.CharField("откуда сведения", max_length=300, blank=True)
    checked_on = models.DateField("сведения проверены", null=True, blank=True)
    search_key = models.TextField("ключ поиска", editable=False)
    updated_at = models.DateTimeField("изменён", auto_now=True)

    objects = LegalActQuerySet.as_manager()

    class Meta:
        verbose_name = "правовой акт"
        verbose_name_plural = "нормативная база"
        ordering = ["-adopted_on", "id"]
        indexes = [models.Index(fields=["updated_at"], name="legal_act_by_change")]
        constraints = [
            models.CheckConstraint(
                condition=on_the_web("link"),
                name="legal_act_link_on_the_web",
                violation_error_message=WRONG_LINK,
            ),
            models.CheckConstraint(
                condition=Q(lost_force_on=None) | Q(in_force_on=None) | Q(lost_force_on__gte=F("in_force_on")),
                name="legal_act_ends_after_it_begins",
                violation_error_message="Акт не может утратить силу раньше, чем вступил в неё.",
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("id")) & ~Q(amends=F("id")),
                name="legal_act_is_not_its_own_successor",
                violation_error_message="Акт не может заменять или изменять сам себя.",
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search key in step with what it is made of."""
        self.search_key = act_search_key(
            self.kind, self.number, self.adopted_on, self.body, self.body_genitive, self.title, self.passage
        )
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The act's page."""
        return reverse("legal_act", args=[self.key])

    def clean(self) -> None:
        """A number is written without «№»; a superseded act names its successor; successors make no circle."""
        self.number = self.number.removeprefix("№").strip()
        mistakes: dict[str, Any] = {}
        if self.state == SUPERSEDED.key and self.superseded_by is None:
            mistakes["superseded_by"] = "Выберите акт, которым этот заменён, или другое состояние."
        elif self in self.successors(LONGEST_CHAIN):
            mistakes["superseded_by"] = "Получается круг: выбранный акт сам заменён этим."
        if self.adopted_on and self.adopted_on > timezone.localdate():
            mistakes["adopted_on"] = "Акта с такой датой ещё нет: проверьте год."
        if mistakes:
            raise ValidationError(mistakes)

    @property
    def kind_facts(self) -> ActKind:
        """The kind with its case forms."""
        return KIND_BY_KEY[self.kind]

    @property
    def state_facts(self) -> ActState:
        """The state with its glyph."""
        return STATE_BY_KEY[self.state]

    @property
    def heading(self) -> str:
        """«Распоряжение Минпросвещения России от 01.09.2021 № Р-210»; whole, where there is neither number nor date."""
        text = self.requisites() if self.number or self.adopted_on else self.cited()
        return f"{text[:1].upper()}{text[1:]}"

    def requisites(self, case: Case = Case.NOMINATIVE) -> str:
        """Kind, body, date and number as an order names them; what is not known is left out."""
        return " ".join(part for part in (self._opening(case), self._day_and_number()) if part)

    def cited(self, case: Case = Case.NOMINATIVE) -> str:
        """The act as the text of an order cites it (ГОСТ Р 7.0.97: kind, body, date, number, title), kind in a case.

        «приказом Минцифры России от 15.07.2022 № 542/1 «О мероприятиях …»» for Case.INSTRUMENTAL.
        """
        tail = self._day_and_number()
        title = quoted(self.title) if self.kind_facts.is_quoted else self.title
        parts = (self._opening(case), tail, title) if self.kind_facts.is_quoted else (self._opening(case), title, tail)
        return " ".join(part for part in parts if part)

    def _opening(self, case: Case) -> str:
        kind = self.kind_facts
        body = (self.body_genitive or self.body) if kind.names_body else ""
        return f"{kind.form(case)} {body}".strip()

    def _day_and_number(self) -> str:
        if self.kind_facts.is_standard:
            return self.number
        day = f"от {self.adopted_on:%d.%m.%Y}" if self.adopted_on else ""
        return f"{day} № {self.number}".strip() if self.number else day

    @property
    def may_be_cited(self) -> bool:
        """Whether an order may rest on it: it has not lost force and its requisites are all known."""
        return not self.state_facts.is_over and not self.unknown()

    def unknown(self) -> list[str]:
        """Names of the requisites nobody has checked yet: an order must not cite the act before they are."""
        names = {"adopted_on": "дата", "number": "номер", "title": "название"}
        return [names[field] for field in self.kind_facts.requisites if not getattr(self, field)]

    def successors(self, most: int) -> "list[LegalAct]":
        """What superseded it, what superseded that, and so on; at most so many, a query each."""
        found: list[LegalAct] = []
        act = self.superseded_by
        while act is not None and act not in found and len(found) < most:
            found.append(act)
            act = act.superseded_by
        return found
