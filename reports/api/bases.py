"""What a record of REST rests on: the key of an act, the place in it, and its page in the library."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from schools.bases import Basis


class BasisSerializer(serializers.Serializer[Any]):
    """An act something rests on: its key in `/api/v1/legal-acts/`, the point that is meant, its page."""

    act = serializers.CharField(label="ключ акта")
    point = serializers.CharField(allow_blank=True, label="место в акте")
    url = serializers.SerializerMethodField(label="адрес в нормативной базе")

    def get_url(self, basis: Basis) -> str:
        """«/library/r-210/»."""
        return reverse("legal_act", args=[basis.act])


def bases_field() -> Any:
    """The field of a record; files leave it out, for it says the same in every row."""
    return BasisSerializer(many=True, read_only=True, label="основание в нормативной базе", style={"in_files": False})
