"""Real odd files of other projects, and ordinary files spoilt at random: a workbook or a sentence, nothing else."""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from schools.sheets import SheetError, Workbook, read_workbook
from tests.schools import hostile

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "spreadsheets"
SEED = int(os.environ.get("SHEETS_SEED", "20261124"))
MUTATIONS = int(os.environ.get("SHEETS_MUTATIONS", "500"))
# Codes that are right for a file which two other readers open: what is in it is not for us, or there is nothing in it.
RIGHTLY_REFUSED = {"macros", "external_links", "connections", "too_many_columns", "empty"}

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared data is not beside the repository")


def outcome(data: bytes) -> str | Workbook:
    """The workbook, or the code of a refusal whose sentence is Russian."""
    try:
        return read_workbook(data)
    except SheetError as error:
        refusal = error
    assert refusal.message.endswith("."), refusal.message
    assert any("а" <= letter <= "я" for letter in refusal.message)
    return refusal.code


def corpus() -> Iterator[dict[str, str]]:
    with (CORPUS / "manifest.csv").open(encoding="utf-8") as manifest:
        yield from csv.DictReader(manifest)


@needs_corpus
@pytest.mark.corpus
def test_every_file_of_the_corpus_is_a_workbook_or_a_sentence() -> None:
    counts: Counter[str] = Counter()
    wrong = []

    for entry in corpus():
        result = outcome((CORPUS / entry["file"]).read_bytes())
        counts[result if isinstance(result, str) else f"opened {result.kind}"] += 1
        if entry["verdict"] == "both_ok" and isinstance(result, str) and result not in RIGHTLY_REFUSED:
            wrong.append((entry["file"], result))

    print(dict(counts))  # noqa: T201
    assert wrong == []
    assert sum(counts.values()) >= 434
    assert sum(count for name, count in counts.items() if name.startswith("opened")) >= 360


@pytest.mark.timeout(300)
def test_ordinary_files_spoilt_at_random_are_a_workbook_or_a_sentence() -> None:
    counts: Counter[str] = Counter()

    for name, data in hostile.mutations(MUTATIONS, SEED):
        try:
            result = outcome(data)
        except Exception as error:
            raise AssertionError(f"seed {SEED}, file {name}") from error
        counts[result if isinstance(result, str) else f"opened {result.kind}"] += 1

    print(SEED, dict(counts))  # noqa: T201
    assert sum(counts.values()) == MUTATIONS
    assert len(counts) > 3
