"""Which areas, languages and topics a change speaks of. Pure: a change in, weighted names out.

Everything is read off the change alone, so profiles can be added to and rebuilt alike.
"""

import re
import sys
from functools import lru_cache
from itertools import chain

MAX_DEPTH = 3
LONGEST = 200  # letters of a name that a row holds
MAX_NAMES = 30  # of one kind from one change: the heaviest ones
TAG = re.compile(r"\[([A-Za-z][\w .+/-]{1,29})\]")
SCOPE = re.compile(
    r"^(?:feat|fix|docs|chore|refactor|test|perf|ci|build)?\(?([a-z][\w/-]{1,29})\)?:\s"
)
WORD = re.compile(r"[a-z][a-z0-9_+-]{3,29}")
PLAIN_SCOPES = frozenset(
    [
        "feat",
        "fix",
        "docs",
        "chore",
        "refactor",
        "test",
        "tests",
        "perf",
        "ci",
        "build",
        "revert",
        "wip",
        "bug",
    ]
)

LANGUAGE_ENDINGS: dict[str, tuple[str, ...]] = {
    "Python": (".py", ".pyi", ".pyx"),
    "C++": (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"),
    "C": (".c", ".h"),
    "CUDA": (".cu", ".cuh"),
    "Rust": (".rs",),
    "Go": (".go",),
    "Java": (".java",),
    "Kotlin": (".kt", ".kts"),
    "Swift": (".swift",),
    "Objective-C": (".m", ".mm"),
    "JavaScript": (".js", ".jsx", ".mjs"),
    "TypeScript": (".ts", ".tsx"),
    "Shell": (".sh", ".bash"),
    "Jupyter": (".ipynb",),
    "Markdown": (".md",),
    "reStructuredText": (".rst",),
    "HTML": (".html",),
    "CSS": (".css", ".scss"),
    "YAML": (".yml", ".yaml"),
    "CMake": (".cmake", "CMakeLists.txt"),
    "Assembly": (".s", ".asm"),
    "Metal": (".metal",),
    "GLSL": (".glsl", ".glslh"),
    "Starlark": (".bzl", "BUCK", "TARGETS", "BUILD"),
    "Ruby": (".rb",),
    "R": (".r",),
    "Julia": (".jl",),
    "Scala": (".scala",),
    "SQL": (".sql",),
    "Terraform": (".tf",),
    "Protocol Buffers": (".proto",),
}
_BY_ENDING = {ending: name for name, endings in LANGUAGE_ENDINGS.items() for ending in endings}


@lru_cache(maxsize=65_536)
def areas_of_path(path: str) -> tuple[str, ...]:
    """The folders a path lies in, outermost first, three deep: ``a``, ``a/b``, ``a/b/c``.

    Those that ``area_called`` gives one name are one area.
    """
    folder, slash, _ = path.rpartition("/")
    return _areas_of_folder(folder) if slash else ()


@lru_cache(maxsize=16_384)
def _areas_of_folder(folder: str) -> tuple[str, ...]:
    """Kept apart: as many files as lie in a folder share its areas."""
    parts = folder.split("/", MAX_DEPTH)[:MAX_DEPTH]
    joined = ("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    return tuple(dict.fromkeys(map(area_called, joined)))


def area_called(folder: str) -> str:
    """The name under which the area of a folder is kept."""
    return folder[:LONGEST]


@lru_cache(maxsize=65_536)
def language_of_path(path: str) -> str:
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return _BY_ENDING.get(dot + ending.lower() if stem else name, "") or _BY_ENDING.get(name, "")


@lru_cache(maxsize=65_536)
def _words_of_path(path: str) -> tuple[str, ...]:
    """Names of folders and of the file, without what follows a dot."""
    return tuple({sys.intern(part.partition(".")[0]) for part in path.lower().split("/")})


def areas(paths: list[str], path_count: int | None = None) -> dict[str, float]:
    """Area → its share of the touched paths, so that a sweep over all weighs little in each.

    ``path_count`` says how many were touched where ``paths`` are only the first of them.
    """
    return _shares(list(chain.from_iterable(map(areas_of_path, paths))), paths, path_count)


def languages(paths: list[str], path_count: int | None = None) -> dict[str, float]:
    """Language → its share of the touched paths, as for ``areas``."""
    return _shares(list(filter(None, map(language_of_path, paths))), paths, path_count)


def _shares(names: list[str], paths: list[str], path_count: int | None) -> dict[str, float]:
    """The names told most often, and their shares."""
    touched = max(len(paths), path_count or 0)
    if len(paths) == 1:  # most changes: each name is told once
        return dict.fromkeys(names[:MAX_NAMES], 1 / touched)
    counts = dict.fromkeys(names, 0)
    for name in names:
        counts[name] += 1
    heaviest = sorted(counts, key=counts.__getitem__, reverse=True)[:MAX_NAMES]
    return {name: counts[name] / touched for name in heaviest}


def topics(subject: str, paths: list[str]) -> dict[str, float]:
    """Tags of the subject, its scope, and its words that are folder or file names of the change."""
    found = {tag.strip().lower() for tag in TAG.findall(subject)} if "[" in subject else set()
    if ":" in subject and (scope := SCOPE.match(subject)) and scope.group(1) not in PLAIN_SCOPES:
        found.add(scope.group(1))
    if paths and (words := set(WORD.findall(subject.lower()))):
        found |= words.intersection(chain.from_iterable(map(_words_of_path, paths[:100])))
    return dict.fromkeys(sorted(found)[:MAX_NAMES], 1.0)
