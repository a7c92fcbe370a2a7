"""Counters of what happens too often: tries to sign in, requests counted while the cache is away."""

from django.db import models

from schools.scope import Paths, Scoped, ScopedQuerySet


class Counter(Scoped):
    """How often something happened in its present window; keys are digests, nobody is named (schools/counters.py)."""

    sight = Paths()

    key = models.CharField("отпечаток ключа", max_length=64, primary_key=True)
    number = models.PositiveIntegerField("сколько раз")
    ends_at = models.PositiveBigIntegerField("до какого момента", help_text="Секунды от 1970 года.")

    objects = ScopedQuerySet["Counter"].as_manager()

    class Meta:
        verbose_name = "счётчик"
        verbose_name_plural = "счётчики"

    def __str__(self) -> str:
        return f"{self.key[:8]}…"
