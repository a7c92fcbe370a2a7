"""Useful resources: instructions, calendars, channels and dashboards, of the whole country or of one region."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse

from chats.models.library import WRONG_LINK, check_link, on_the_web
from chats.useful_links import AUDIENCES, KIND_BY_KEY, KINDS, kind_choices
from schools import codes
from schools.models import Municipality, Region, School
from schools.scope import AnyUser, Level, Paths, Scoped, ScopedQuerySet, sight_of


def resource_search_key(*texts: str) -> str:
    """The folded text a resource is found by."""
    return codes.fold(" ".join(texts))


class ResourceQuerySet(ScopedQuerySet["Resource"]):
    """Links of the country for everyone signed in, links of a region for all who are appointed anywhere in it."""

    def visible_to(self, user: AnyUser) -> Self:
        """The country's, and those of the regions of one's places; the country's observer sees them all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        sight = sight_of(user)
        if sight.country:
            return self.all()
        towns = Municipality._default_manager.filter(pk__in=sight.ids_at(Level.MUNICIPALITY)).values("region_id")
        schools = School._default_manager.filter(pk__in=sight.ids_at(Level.SCHOOL)).values("region_id")
        own = Q(region__in=sight.ids_at(Level.REGION)) | Q(region__in=towns) | Q(region__in=schools)
        return self.filter(Q(region=None) | own)

    def shown(self) -> Self:
        """Those that have not been withdrawn."""
        return self.filter(withdrawn_on=None)

    def in_order(self) -> Self:
        """By kind in the order of the list of kinds, then by title."""
        places = [When(kind=kind.key, then=Value(place)) for place, kind in enumerate(KINDS)]
        return self.order_by(Case(*places, default=Value(len(KINDS))), "title", "id")

    def search(self, text: str) -> Self:
        """Resources that hold every word in title, owner, note or address."""
        found = self
        for word in codes.search_words(text):
            found = found.filter(search_key__contains=word)
        return found


class Resource(Scoped):
    """A link worth having: what it is, whom it is for, who keeps it, when somebody last looked that it opens."""

    sight = Paths(region="region_id", changed_from=frozenset({Level.REGION}))

    key = models.SlugField("ключ", max_length=60, unique=True, null=True, blank=True, editable=False)
    region = models.ForeignKey(
        Region,
        on_delete=models.CASCADE,
        related_name="resources",
        null=True,
        blank=True,
        verbose_name="регион",
        help_text="Пусто — для всей страны.",
    )
    title = models.CharField("название", max_length=150)
    kind = models.CharField("вид", max_length=20, choices=kind_choices)
    link = models.CharField("ссылка", max_length=500, validators=[check_link])
    for_coordinators = models.BooleanField("координаторам", default=False)
    for_administrators = models.BooleanField("администраторам школ", default=False)
    for_teachers = models.BooleanField("педагогам", default=False)
    for_families = models.BooleanField("обучающимся и родителям", default=False)
    body = models.CharField("кто ведёт", max_length=150, blank=True)
    note = models.CharField("примечание", max_length=500, blank=True)
    checked_on = models.DateField("ссылку проверяли", null=True, blank=True)
    withdrawn_on = models.DateField("убран из списка", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name="кто добавил",
    )
    search_key = models.TextField("ключ поиска", editable=False)
    updated_at = models.DateTimeField("изменён", auto_now=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = "полезный ресурс"
        verbose_name_plural = "полезные ресурсы"
        ordering = ["kind", "title", "id"]
        indexes = [models.Index(fields=["updated_at"], name="resource_by_change")]
        constraints = [
            models.CheckConstraint(
                condition=on_the_web("link"),
                name="resource_link_on_the_web",
                violation_error_message=WRONG_LINK,
            ),
            models.UniqueConstraint(
                fields=["region", "link"],
                name="resource_link_once_in_region",
                violation_error_message="Такая ссылка у региона уже есть: поправьте её.",
            ),
            models.UniqueConstraint(
                fields=["link"],
                condition=Q(region=None),
                name="resource_link_once_for_the_country",
                violation_error_message="Такая ссылка в общем списке уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search key in step with what it is made of."""
        self.search_key = resource_search_key(self.title, self.body, self.note, self.link)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The list: a resource has no page of its own, it is a link."""
        return reverse("resources")

    @property
    def audiences(self) -> list[str]:
        """«педагогам», «обучающимся и родителям»: whom it is for, nobody in particular being everyone."""
        return [audience.name for audience in AUDIENCES if getattr(self, audience.field)]

    @property
    def kind_name(self) -> str:
        """«инструкция»."""
        return KIND_BY_KEY[self.kind].name
