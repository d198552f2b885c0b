"""The floors of the house: what may not be imported where, and what lies at the top."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
FLOORS = ["foundation", "mentorship", "matching"]  # each may import itself and those before it
# The rooms of the upper floor in the order of their imports; what lies beside them may know all.
ROOMS = ["arrays", "pairing", "ranking", "lists", "emerging", "care", "registry", "evaluation"]
# What every room may ask: a community's state, and the arithmetic of a measure.
COMMON = {"matching.community", "matching.measures"}
# What the rooms have to know of the database or of rows; all else in them is pure.
SHELL = {
    *("care/lulls.py", "registry/shelf.py"),
    *(f"lists/{name}.py" for name in ("limits", "match_rows", "reach", "suggest", "wishes")),
}
PURE = [
    *sorted((HOUSE / "foundation" / "sample").glob("*.py")),
    *sorted((HOUSE / "foundation" / "activity" / "sources").glob("*.py")),
    HOUSE / "matching" / "measures.py",
    *(
        path
        for room in (*ROOMS, "cohort", "programs")
        for path in sorted((HOUSE / "matching" / room).glob("*.py"))
        if f"{room}/{path.name}" not in SHELL
    ),
]
# Whatever else is committed at the top was left there by accident; a real new file is named here.
TOP = {
    *(".ci", ".dockerignore", ".env.example", ".gitignore"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "docs"),
    *("Dockerfile", "Makefile", "compose.yaml", "manage.py", "pyproject.toml"),
    *(f"requirements{which}.{kind}" for which in ("", "-dev", "-bench") for kind in ("in", "txt")),
    *(*FLOORS, "tests"),
}


def imported(path: Path):
    """Every module that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def sources(folder: str):
    return [p for p in sorted((HOUSE / folder).rglob("*.py")) if "migrations" not in p.parts]


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_itself_and_the_floors_below(floor):
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    upward = {
        f"{path.relative_to(HOUSE)} imports {module}"
        for path in sources(floor)
        for module in imported(path)
        if module.split(".")[0] in above | {"tests"}
    }
    assert upward == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_itself_and_the_rooms_before_it(room):
    before = {f"matching.{name}" for name in ROOMS[: ROOMS.index(room) + 1]} | COMMON
    later = {
        f"{path.relative_to(HOUSE)} imports {module}"
        for path in sources(f"matching/{room}")
        for module in imported(path)
        if module.partition(".")[0] == "matching" and ".".join(module.split(".")[:2]) not in before
    }
    assert later == set()


def test_every_room_of_the_upper_floor_is_named():
    folders = {path.parent.name for path in (HOUSE / "matching").glob("*/__init__.py")}
    assert folders - {"management"} == {*ROOMS, "cohort", "programs"}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_pure_module_knows_no_django(path):
    roots = {module.split(".")[0] for module in imported(path)}
    assert roots & {"django", "celery", "rest_framework", "allauth"} == set()


def test_the_heart_of_the_product_is_among_the_pure_modules():
    names = {path.name for path in PURE}
    assert {"ranker.py", "leaders.py", "history.py", "measures.py", "protocol.py"} <= names
    assert {"stable.py", "optimal.py", "checker.py", "problem.py"} <= names


def test_every_setting_read_from_the_environment_is_explained():
    settings = (HOUSE / "foundation" / "settings.py").read_text()
    read = {
        node.args[0].value
        for node in ast.walk(ast.parse(settings))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    lines = (HOUSE / ".env.example").read_text().splitlines()
    explained = {line.partition("=")[0] for line in lines if "=" in line and line[0] != "#"}
    assert read == explained


@pytest.mark.skipif(not (HOUSE / ".git").exists(), reason="This is no checkout.")
def test_the_top_level_holds_nothing_but_the_project_s_own_files():
    command = ["git", "-c", "safe.directory=*", "-C", str(HOUSE), "ls-files", "-z"]
    tracked = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert {path.partition("/")[0] for path in tracked.split("\0") if path} - TOP == set()


def test_no_test_sees_the_repository_of_whoever_runs_the_tests():
    assert [name for name in os.environ if name.startswith("GIT_")] == []
