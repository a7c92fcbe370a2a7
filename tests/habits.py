"""The repository's own habits as functions: each takes a tree and returns sentences about what breaks the habit."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

APPS = ("schools", "staff", "chats", "reports", "rollout")
DOORS = {"views", "api", "forms", "admin", "rest", "autocomplete"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SIGHTED = {"visible_to", "editable_by", "none", "model"}
NOT_YET_KNOWN = {
    ("schools/rest.py", "AccessToken"),
    ("schools/rest.py", "Appointment"),
}  # who comes with a token is known only after the look-up
SHOWN_BY_TESTS = {"styleguide.html"}  # every part in every state, for eyes; no page of the portal
LONGEST_FILE = 400


def sources(root: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the apps, migrations left out."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(root), ast.parse(path.read_text())


def templates(root: Path) -> Iterator[tuple[Path, str]]:
    """Every template with its text."""
    for path in sorted((root / "templates").rglob("*.*")):
        yield path.relative_to(root), path.read_text()


def is_door(path: Path) -> bool:
    """Whether a module answers people: views.py, api.py, views/places.py…"""
    return bool(DOORS.intersection({*path.parts[1:-1], path.stem}))


def _where(path: Path, node: ast.AST) -> str:
    return f"{path}:{getattr(node, 'lineno', 0)}"


# The rule of sight


def doors_without_sight(root: Path) -> list[str]:
    """Doors that reach for rows past visible_to and editable_by."""
    found = []
    for path, tree in sources(root):
        if not is_door(path):
            continue
        allowed = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in SIGHTED
        }
        for node in ast.walk(tree):
            if _reaches_for_rows(node) and id(node) not in allowed and not _comes_before_sight(path, node):
                found.append(f"{_where(path, node)}: rows without visible_to or editable_by")
            if _gets_a_model(node):
                found.append(f"{_where(path, node)}: get_object_or_404 of a model, not of a sighted queryset")
    return found


def _reaches_for_rows(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in MANAGERS


def _comes_before_sight(path: Path, node: ast.AST) -> bool:
    owner = getattr(node, "value", None)
    return isinstance(owner, ast.Name) and (path.as_posix(), owner.id) in NOT_YET_KNOWN


def _gets_a_model(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
        return False
    first = node.args[0]
    getter = node.func.id in {"get_object_or_404", "get_list_or_404"}
    return getter and isinstance(first, ast.Name) and first.id[:1].isupper()


def models_without_sight(models: Iterable[Any]) -> list[str]:
    """Models that neither declare `sight` nor answer visible_to by a rule of their own."""
    found = []
    for model in models:
        rule = getattr(model._default_manager, "visible_to", None) or getattr(
            model._default_manager.all(), "visible_to", None
        )
        inherited = rule is not None and rule.__qualname__.endswith("ScopedQuerySet.visible_to")
        if rule is None or (inherited and not getattr(model, "sight", None)):
            found.append(f"{model.__name__}: no rule of sight")
    return found


# Three noes, and what stands beside them


def signals(root: Path) -> list[str]:
    """Modules that import or declare signals."""
    return [
        f"{_where(path, node)}: a signal"
        for path, tree in sources(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and re.search(r"(^|\.)(signals|dispatch)$", node.module or "")
    ]


def imports_in_functions(root: Path) -> list[str]:
    """Imports hidden inside functions and classes."""
    return [
        f"{_where(path, inner)}: an import inside {node.name}"
        for path, tree in sources(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def generic_keys(root: Path) -> list[str]:
    """Generic foreign keys."""
    return [
        f"{_where(path, node)}: a generic foreign key"
        for path, tree in sources(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "GenericForeignKey"
    ]


def unnamed_migrations(root: Path) -> list[str]:
    """Migrations not named for a fact."""
    return [str(path.relative_to(root)) for path in sorted(root.glob("*/migrations/*.py")) if "_auto_" in path.name]


def direct_sends(root: Path) -> list[str]:
    """Tasks sent past the job row: only schools.jobs.send talks to the broker."""
    return [
        f"{_where(path, node)}: .{node.func.attr}("
        for path, tree in sources(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"delay", "apply_async", "send_task"}
        and path != Path("schools/jobs.py")
    ]


def foreign_weeks(root: Path) -> list[str]:
    """Formats that tell a wrong week: %W and %U are not ISO weeks, and %V belongs to %G, not to %Y."""
    found = []
    for path, tree in sources(root):
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            mixed = re.search(r"%Y\W{0,2}W?%V", text)
            if mixed or (re.search(r"%[WU]\b", text) and not text.startswith("%(")):
                found.append(f"{_where(path, node)}: {text[:40]!r}")
    return found


def undocumented_modules(root: Path) -> list[str]:
    """Modules without a first sentence on what lives in them; empty ones say nothing and need nothing."""
    return [f"{path}: no docstring" for path, tree in sources(root) if tree.body and not ast.get_docstring(tree)]


def long_modules(root: Path) -> list[str]:
    """Modules above 400 lines, which become packages."""
    lengths = {path: len((root / path).read_text().splitlines()) for path, _ in sources(root)}
    return [f"{path}: {length} lines" for path, length in lengths.items() if length > LONGEST_FILE]


# Templates and what browsers load


def unused_templates(root: Path) -> list[str]:
    """Templates that no page renders and no template builds on; «errors/{}.html» in code stands for any word."""
    named = [name for _, tree in sources(root) for name in _strings(tree)]
    named += [name for _, text in templates(root) for name in re.findall(r"""["']([\w./-]+\.\w+)["']""", text)]
    whole = {name for name in named if re.fullmatch(r"\w[\w./{}-]*\.(html|txt)", name)}
    patterns = [re.escape(name).replace(r"\{\}", r"[\w-]+") for name in whole]
    known = re.compile("|".join(patterns) or "$^")
    names = [path.relative_to("templates").as_posix() for path, _ in templates(root)]
    return [name for name in names if name not in SHOWN_BY_TESTS and not known.fullmatch(name)]


def _strings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


INLINE = re.compile(
    r"<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:|<script\b(?![^>]*(?:\ssrc=|type=\"application/(?:ld\+)?json\"))",
    re.IGNORECASE,
)


def inline_code(root: Path) -> list[str]:
    """Scripts and styles inside templates: the content security policy refuses them."""
    return [
        f"{path}:{number}: {match[0].strip()}"
        for path, text in templates(root)
        for number, line in enumerate(text.splitlines(), 1)
        if path.suffix == ".html" and (match := INLINE.search(line))
    ]


OTHER_PUPILS = re.compile(r"(?<![а-яё])учащ", re.IGNORECASE)
# Names of the deck's step and cases, and headings that other people's files may have.
AS_OTHERS_SAY = {
    "schools/steps.py": re.compile(r'(?:name|short|over_schools)="'),
    "reports/reading/step_matrix.py": re.compile("„Учащиеся“"),
    **dict.fromkeys(
        ("chats/use_cases/families.py", "schools/registers.py", "staff/columns/__init__.py",
         "staff/columns/cleaners.py", "staff/rosters/kinds.py", "staff/rosters/columns/classes.py",
         "staff/rosters/columns/guardians.py", "staff/rosters/columns/pupils.py"),
        re.compile(""),
    ),
}  # fmt: skip


def other_words_for_pupils(root: Path) -> list[str]:
    """«Учащиеся» where we speak ourselves: 273-ФЗ, and so the interface, calls them «обучающиеся»."""
    texts = [(path, (root / path).read_text()) for path, _ in sources(root)]
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in [*texts, *templates(root)]
        for number, line in enumerate(text.splitlines(), 1)
        if OTHER_PUPILS.search(line)
        and not (path.as_posix() in AS_OTHERS_SAY and AS_OTHERS_SAY[path.as_posix()].search(line))
    ]


OUTSIDE = re.compile(
    r"(?:\bsrc=|<link[^>]*\bhref=|\burl\(|@import\s|\bimport\s*\(?)\s*[\"']?(?:https?:)?//[\w.-]+", re.IGNORECASE
)


def outside_hosts(root: Path) -> list[str]:
    """Scripts, styles, pictures and fonts that a page would load from another host."""
    pages = [(path, text) for path, text in templates(root)]
    assets = [(path.relative_to(root), path.read_text()) for path in _assets(root)]
    return [f"{path}: {match[0]}" for path, text in pages + assets for match in OUTSIDE.finditer(text)]


def lost_source_maps(root: Path) -> list[str]:
    """Assets that name a source map which is not there: collecting static files for production stops at it."""
    return [f"{path.relative_to(root)}" for path in _assets(root) if "sourceMappingURL=" in path.read_text()]


def _assets(root: Path) -> list[Path]:
    return [path for path in sorted((root / "static").rglob("*")) if path.suffix in {".js", ".css", ".svg"}]


# Lists


def repeated(items: Iterable[Any], *keys: str) -> list[str]:
    """Values of a data file's keys that occur more than once."""
    entries = list(items)
    return [
        f"{key}={value!r} {count} times"
        for key in keys
        for value, count in Counter(getattr(entry, key) for entry in entries).items()
        if count > 1
    ]


def loose_requirements(root: Path) -> list[str]:
    """Requirements without an exact version, without a comment that says what for, or at odds with constraints.txt."""
    fixed = dict(line.split("==") for line in (root / "constraints.txt").read_text().split() if "==" in line)
    found = []
    for path in sorted(root.glob("requirements*.txt")):
        for line in path.read_text().splitlines():
            if not line.strip() or line.startswith(("#", "-")):
                continue
            match = re.fullmatch(r"([\w-]+)(?:\[[\w,-]+\])?==([\w.]+)\s+# \S.+", line)
            if match is None:
                found.append(f"{path.name}: «{line}» is not «name==version  # what for»")
            elif fixed.get(match[1].lower()) != match[2]:
                found.append(f"{path.name}: {match[1]} is {fixed.get(match[1].lower())} in constraints.txt")
    return found


TREE_HABITS: tuple[Callable[[Path], list[str]], ...] = (
    doors_without_sight,
    signals,
    imports_in_functions,
    generic_keys,
    unnamed_migrations,
    direct_sends,
    foreign_weeks,
    undocumented_modules,
    long_modules,
    unused_templates,
    inline_code,
    other_words_for_pupils,
    outside_hosts,
    lost_source_maps,
    loose_requirements,
)
