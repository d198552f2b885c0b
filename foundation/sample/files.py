"""Which files a change touches; what is in them when the repository begins."""

from random import Random

from .projects import Area, Plan

OWN_HABIT = 0.55  # share of changes in the files that a person has come to know best
BESIDE = 0.45  # share of changes that also touch the second file of the same stem
LICENCE = "Apache License, Version 2.0. See https://www.apache.org/licenses/LICENSE-2.0\n"
COMMENT = {"rs": "//", "cpp": "//", "h": "//", "cu": "//", "cuh": "//", "ts": "//", "css": "/*"}


class Tree:
    """The files of a project as they come to be; knows every path that exists."""

    def __init__(self, plan: Plan, rng: Random):
        self.plan = plan
        self.rng = rng
        self.paths: dict[str, None] = {}
        self._favourites: dict[tuple[str, str], list[int]] = {}

    def start(self) -> list[str]:
        """The first files: those every project has, and the first half of each area."""
        first = ["README.md", "LICENSE", "CHANGELOG.md", self.plan.manifest]
        for area in self.plan.areas.values():
            half = (len(area.stems) + 1) // 2
            first += [area.path(0, stem) for stem in range(half)]
        return self._know(first)

    def touch(self, area: Area, author: str) -> tuple[str, list[str]]:
        """A stem, and one to six paths of the area that the author changes."""
        count = self.rng.choices((1, 2, 3), weights=(62, 28, 10))[0]
        paths: list[str] = []
        for _ in range(count):
            stem = self._stem(area, author)
            pattern = 0 if self.rng.random() < 0.7 else self.rng.randrange(len(area.patterns))
            paths.append(area.path(pattern, stem))
            if self.rng.random() < BESIDE:
                paths.append(area.path(len(area.patterns) - 1, stem))
        if self.rng.random() < 0.06:
            paths.append("CHANGELOG.md")
        return area.stems[stem], self._know(paths)

    def sweep(self, share: float) -> list[str]:
        """A share of all files there are, at least one."""
        known = list(self.paths)
        return self.rng.sample(known, max(1, round(share * len(known))))

    def add(self, path: str) -> list[str]:
        """One file, new or not."""
        return self._know([path])

    def _stem(self, area: Area, author: str) -> int:
        """A stem by position: often one of the two that are the author's own."""
        own = self._favourites.setdefault((area.slug, author), [])
        if len(own) < 2:
            own.append(self.rng.randrange(len(area.stems)))
        if self.rng.random() < OWN_HABIT:
            return self.rng.choice(own)
        weights = [1 / (1 + place) for place in range(len(area.stems))]
        return self.rng.choices(range(len(area.stems)), weights=weights)[0]

    def _know(self, paths: list[str]) -> list[str]:
        unique = list(dict.fromkeys(paths))
        self.paths.update(dict.fromkeys(unique))
        return unique


def content(plan: Plan, path: str, notes: list[str]) -> str:
    """The text of a file after the changes of those subjects, the newest last."""
    if path == "LICENSE":
        return LICENCE + "".join(f"\n# {note}" for note in notes[1:])
    suffix = path.rpartition(".")[2]
    if suffix == "md":
        head = f"# {plan.name}\n\n{plan.description}\n"
        return head + "".join(f"\n- {note}" for note in notes[-12:]) + "\n"
    mark = COMMENT.get(suffix, "#")
    end = " */" if mark == "/*" else ""
    lines = [f"{path.rpartition('/')[2]} of {plan.name}", *notes[-8:]]
    return "".join(f"{mark} {line}{end}\n" for line in lines)
