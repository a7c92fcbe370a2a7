"""Documents that prove something: kept by place, and not erased with the uploads, those of roadmaps included."""

import datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from schools import migrations, papers
from schools.models import Roadmap, StoredFile
from schools.retention import forget_old_files
from tests.conftest import Cast
from tests.papers import PDF

pytestmark = pytest.mark.django_db


def later() -> datetime.datetime:
    """A moment after the term of everything that is there."""
    return timezone.now() + datetime.timedelta(days=settings.KEEP_FILES_DAYS + 1)


@pytest.mark.parametrize(
    "name, kept", [("school", ("school", None)), ("municipality", (None, "region")), ("region", (None, "region"))]
)
def test_document_is_kept_with_its_school_or_its_region(
    cast: Cast, name: str, kept: tuple[str | None, str | None]
) -> None:
    file = papers.keep_paper(name="карта.pdf", data=PDF, by=cast.nina, place=getattr(cast, name))

    assert (file.school, file.region) == tuple(getattr(cast, one) if one else None for one in kept)
    assert (file.is_document, file.data, file.size) == (True, PDF, len(PDF))


def test_document_of_a_roadmap_outlives_the_term_of_uploads(cast: Cast) -> None:
    file = papers.keep_paper(name="карта.pdf", data=PDF, by=cast.nina, place=cast.region)
    upload = StoredFile.objects.create(region=cast.region, shown_name="реестр.xlsx", size=1, sha256="0", content=b"x")

    assert forget_old_files(later()) == 1

    file.refresh_from_db()
    upload.refresh_from_db()
    assert (file.data, upload.data) == (PDF, b"")


def test_documents_kept_before_there_was_a_mark_are_marked_by_the_migration(cast: Cast) -> None:
    facts = {"region": cast.region, "size": 1, "sha256": "0", "content": PDF}
    document = StoredFile.objects.create(shown_name="карта.pdf", **facts)
    StoredFile.objects.create(shown_name="реестр.xlsx", **facts)
    Roadmap.objects.create(region=cast.region, title="Дорожная карта", file=document)
    Roadmap.objects.create(region=cast.region, title="Без файла")

    name = next(Path(migrations.__file__).parent.glob("*_documents_outlive_uploads.py")).stem
    import_module(f"schools.migrations.{name}").mark(apps, None)

    assert [file.shown_name for file in StoredFile.objects.filter(is_document=True)] == ["карта.pdf"]
    assert forget_old_files(later()) == 1
