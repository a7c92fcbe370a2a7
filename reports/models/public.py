"""What a region has opened to everybody: its published rating, without a login."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from schools.models import Region
from schools.scope import Level, Paths, Scoped, ScopedQuerySet


class PublicRating(Scoped):
    """A region whose published rating anybody may read; without a row it is for those with an appointment alone."""

    sight = Paths(region="region_id", seen_from=frozenset({Level.REGION}), changed_from=frozenset({Level.REGION}))

    region = models.OneToOneField(Region, on_delete=models.CASCADE, related_name="public_rating", verbose_name="регион")
    shows_schools = models.BooleanField("и рейтинг школ", default=False)
    opened_at = models.DateTimeField("открыт", default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто"
    )

    objects = ScopedQuerySet["PublicRating"].as_manager()

    class Meta:
        verbose_name = "открытый рейтинг"
        verbose_name_plural = "открытые рейтинги"

    def __str__(self) -> str:
        return str(self.region)

    @property
    def levels(self) -> list[Level]:
        """The levels anybody may read."""
        return [Level.MUNICIPALITY, Level.SCHOOL] if self.shows_schools else [Level.MUNICIPALITY]
