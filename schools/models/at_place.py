"""What is said about one place, whichever its level: the place itself, and who may see and change what is said."""

from django.db import models
from django.db.models import Q

from schools.models.places import Municipality, Region, School
from schools.scope import Level, Limit, Paths, Scoped

PLACE_SIGHT = Paths(
    region=("region_id", "municipality__region_id", "school__region_id"),
    municipality=("municipality_id", "school__municipality_id"),
    school="school_id",
    changed_from=frozenset({Level.REGION, Level.MUNICIPALITY}),
)


class AtPlace(Scoped):
    """A row about a region, a municipality or a school; `level` says which of the three it names."""

    sight = PLACE_SIGHT

    level = models.PositiveSmallIntegerField("уровень", choices=[choice for choice in Level.choices if choice[0] > 1])
    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="регион"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="муниципалитет"
    )
    school = models.ForeignKey(
        School, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="школа"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(level=Level.REGION, region__isnull=False, municipality=None, school=None)
                    | Q(level=Level.MUNICIPALITY, region=None, municipality__isnull=False, school=None)
                    | Q(level=Level.SCHOOL, region=None, municipality=None, school__isnull=False)
                ),
                name="%(class)s_names_the_place_of_its_level",
            ),
        ]

    @property
    def place(self) -> Region | Municipality | School:
        """The place the row is about."""
        found = self.region or self.municipality or self.school
        assert found is not None  # the constraint above
        return found


def at(place: Region | Municipality | School) -> dict[str, object]:
    """Return the fields that name a place in a row about it: {"level": …, "school": …}."""
    if isinstance(place, Region):
        return {"level": Level.REGION, "region": place}
    if isinstance(place, Municipality):
        return {"level": Level.MUNICIPALITY, "municipality": place}
    return {"level": Level.SCHOOL, "school": place}


class OneOrNoPlace(models.Model):
    """A row that one place limits, a region, a municipality or a school; without any it reaches as far as its owner."""

    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="регион"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="муниципалитет"
    )
    school = models.ForeignKey(
        School, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="школа"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality=None, school=None)
                | Q(region=None, school=None)
                | Q(region=None, municipality=None),
                name="%(class)s_is_limited_to_one_place",
            ),
        ]

    @property
    def place(self) -> Region | Municipality | School | None:
        """The place it is limited to."""
        return self.region or self.municipality or self.school

    @property
    def limit(self) -> Limit | None:
        """The place it is limited to, as the rule of sight takes it; needs municipality and school read along."""
        if self.school is not None:
            return Limit(Level.SCHOOL, self.school.region_id, self.school.municipality_id, self.school.pk)
        if self.municipality is not None:
            return Limit(Level.MUNICIPALITY, self.municipality.region_id, self.municipality.pk)
        return Limit(Level.REGION, self.region_id) if self.region_id else None


def limited_to(place: Region | Municipality | School | None) -> dict[str, object]:
    """The field that limits a row to a place: {"school": …}; none for no place."""
    return {name: fact for name, fact in at(place).items() if name != "level"} if place is not None else {}
