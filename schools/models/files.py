"""Uploaded files, sealed in the database so that web and workers share nothing; uploads go after KEEP_FILES_DAYS."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils import timezone

from schools.models.places import Region, School
from schools.scope import BELOW_COUNTRY, Paths, Scoped, ScopedQuerySet
from schools.sealed import SealedBinaryField

MAX_SHOWN_NAME = 120


class StoredFile(Scoped):
    """The immutable bytes of an upload, known by their SHA-256; the name is only shown, never used as a path."""

    sight = Paths(
        region=("school__region_id", "region_id"),
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
    )

    school = models.ForeignKey(
        School, on_delete=models.CASCADE, null=True, blank=True, related_name="files", verbose_name="школа"
    )
    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="files", verbose_name="регион"
    )
    shown_name = models.CharField("имя файла", max_length=MAX_SHOWN_NAME)
    size = models.PositiveIntegerField("байт")
    sha256 = models.CharField("отпечаток", max_length=64)
    content = SealedBinaryField("содержимое", null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто загрузил",
    )
    uploaded_at = models.DateTimeField("загружен", default=timezone.now)
    is_document = models.BooleanField("документ, не стирается", default=False, db_default=False)

    objects = ScopedQuerySet["StoredFile"].as_manager()

    class Meta:
        verbose_name = "загруженный файл"
        verbose_name_plural = "загруженные файлы"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def data(self) -> bytes:
        """The bytes; empty once the file has been erased by its term."""
        return bytes(self.content or b"")


def printable_name(name: str) -> str:
    """Return an upload's name as it may be shown: no path, no control or direction characters, cut to fit."""
    tail = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(sign for sign in tail if sign.isprintable()).strip() or "файл"
    return clean if len(clean) <= MAX_SHOWN_NAME else f"{clean[: MAX_SHOWN_NAME - 9]}…{clean[-8:]}"


def fingerprint(data: bytes) -> str:
    """SHA-256 of the bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()
