"""A cohort from a file: JSON in, a cast out; what is wrong is one sentence that names the place.

    {"projects": [{"id": "keel", "places": 2, "mentors": ["mo"], "co_mentors": ["pia"]}],
     "mentors":  [{"id": "mo", "places": 3, "prefers": ["ada", ["ben", "cyd"]],
                   "hours": [8, 9, 10], "languages": ["English"]}],
     "mentees":  [{"id": "ada",
                   "wishes": ["keel", ["mast", "jib"], {"project": "helm", "mentor": "mo"}],
                   "hours": [9, 10], "languages": ["English", "French"]}],
     "scores":   [{"mentee": "ada", "mentor": "mo", "score": 0.8}],
     "rules":    {"min_hours": 2, "common_language": true,
                  "pins": [{"mentee": "ada", "project": "keel", "mentor": "mo"}],
                  "forbidden": [{"mentee": "ben", "mentor": "mo"}], "conflicts": []}}

Lists order, the dearest first; a list within a list is a tie. Hours are hours of the day in UTC.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from foundation.people.tongues import folded
from matching.cohort.cast import Cast, Mentee, Mentor, Pair, Project, Rules, Wish

MOST_PEOPLE, MOST_PROJECTS, MOST_OPTIONS = 50_000, 20_000, 3_000_000
MOST_PLACES = 100_000


class Unreadable(ValueError):
    """One sentence: where, what is wrong, and what would be right."""


def read_cast(told: Any) -> Cast:
    """Raises Unreadable."""
    if not isinstance(told, Mapping):
        raise Unreadable("The file holds no object: write {“projects”: […], …}.")
    _known(told, {"projects", "mentors", "mentees", "scores", "rules"}, "The file")
    rows = {name: _rows(told, name) for name in ("projects", "mentors", "mentees")}
    names = {name: _ids(rows[name], name) for name in rows}
    projects = [_project(row, f"projects[{n}]", names) for n, row in enumerate(rows["projects"])]
    scores = _scores(told.get("scores", []), names)
    teams = {project.key: project.mentors for project in projects}
    mentees = [
        _mentee(row, f"mentees[{n}]", names, teams, scores) for n, row in enumerate(rows["mentees"])
    ]
    mentors = [_mentor(row, f"mentors[{n}]", names) for n, row in enumerate(rows["mentors"])]
    _not_too_many(mentees, teams)
    rules = _rules(told.get("rules", {}), names)
    return Cast(tuple(mentees), tuple(mentors), tuple(projects), rules)


def _rows(told: Mapping, name: str) -> list:
    rows = told.get(name)
    if not isinstance(rows, list) or not rows:
        raise Unreadable(f"“{name}” is no list with something in it: name at least one.")
    most = MOST_PROJECTS if name == "projects" else MOST_PEOPLE
    if len(rows) > most:
        raise Unreadable(f"{len(rows)} {name} are too many: at most {most} are assigned at once.")
    return rows


def _ids(rows: list, name: str) -> set[str]:
    ids: set[str] = set()
    for number, row in enumerate(rows):
        place = f"{name}[{number}]"
        if not isinstance(row, Mapping):
            raise Unreadable(f"{place} is no object: write {{“id”: …}}.")
        key = row.get("id")
        if not isinstance(key, str) or not key:
            raise Unreadable(f"{place} has no “id”: give it one, as text.")
        if key in ids:
            raise Unreadable(f"{place} has the id “{key}” of another one: rename or drop it.")
        ids.add(key)
    return ids


def _known(row: Mapping, names: set[str], place: str) -> None:
    for name in row:
        if name not in names:
            raise Unreadable(f"{place} has an unknown “{name}”: known are {_listed(names)}.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _project(row: Mapping, place: str, names: Mapping) -> Project:
    _known(row, {"id", "places", "mentors", "co_mentors"}, place)
    places = row.get("places")
    return Project(
        row["id"],
        _named(row.get("mentors", []), f"{place}.mentors", names, "mentors"),
        None if places is None else _number(places, f"{place}.places", MOST_PLACES),
        _named(row.get("co_mentors", []), f"{place}.co_mentors", names, "mentors"),
    )


def _mentor(row: Mapping, place: str, names: Mapping) -> Mentor:
    _known(row, {"id", "places", "prefers", "hours", "languages"}, place)
    prefers = _ranked(row.get("prefers", []), f"{place}.prefers")
    ranks = {_name(key, at, names, "mentees"): rank for key, rank, at in prefers}
    return Mentor(
        row["id"],
        _number(row.get("places", 1), f"{place}.places", MOST_PLACES),
        ranks,
        **_self_said(row, place),
    )


def _mentee(row: Mapping, place: str, names: Mapping, teams: Mapping, scores: Mapping) -> Mentee:
    _known(row, {"id", "wishes", "hours", "languages"}, place)
    wishes = [
        wish
        for told, rank, at in _ranked(row.get("wishes", []), f"{place}.wishes")
        for wish in _wishes(row["id"], told, rank, at, names, teams, scores)
    ]
    return Mentee(row["id"], tuple(wishes), **_self_said(row, place))


def _wishes(who: str, told, rank: int, place: str, names, teams, scores) -> Iterable[Wish]:
    """A wish; one for each mentor of the project when their scores are known."""
    wish = told if isinstance(told, Mapping) else {"project": told}
    _known(wish, {"project", "mentor"}, place)
    project = _name(wish.get("project"), place, names, "projects")
    mentor = wish.get("mentor")
    if mentor is not None and mentor not in teams[project]:
        raise Unreadable(f"{place}: “{mentor}” is no mentor of “{project}”: add them there.")
    for one in teams[project] if mentor is None and scores else (mentor,):
        yield Wish(project, rank, one, scores.get((who, one)))


def _scores(told: Any, names: Mapping) -> dict[tuple[str, str], float]:
    scores = {}
    for place, row in _objects(told, "scores", {"mentee", "mentor", "score"}):
        pair = _pair(row, place, names)
        score = row.get("score")
        if isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 <= score <= 1:
            raise Unreadable(f"{place}.score is {score!r}: write a number from 0 to 1.")
        scores[pair.mentee, pair.mentor] = float(score)
    return scores


def _rules(told: Any, names: Mapping) -> Rules:
    if not isinstance(told, Mapping):
        raise Unreadable("“rules” is no object: write {“min_hours”: 2, …}.")
    _known(told, {"min_hours", "common_language", "pins", "forbidden", "conflicts"}, "rules")
    common = told.get("common_language", False)
    if not isinstance(common, bool):
        raise Unreadable("rules.common_language is neither true nor false.")

    def pairs(name: str) -> tuple[Pair, ...]:
        rows = _objects(told.get(name, []), f"rules.{name}", {"mentee", "mentor", "project"})
        return tuple(_pair(row, place, names) for place, row in rows)

    pins = pairs("pins")
    for number, pin in enumerate(pins):
        if pin.project is None:
            raise Unreadable(f"rules.pins[{number}] names no project: a pin needs one.")
    return Rules(
        min_hours=_number(told.get("min_hours", 0), "rules.min_hours", 24),
        common_language=common,
        pins=pins,
        forbidden=pairs("forbidden"),
        conflicts=pairs("conflicts"),
    )


def _pair(row: Mapping, place: str, names: Mapping) -> Pair:
    project = row.get("project")
    return Pair(
        _name(row.get("mentee"), f"{place}.mentee", names, "mentees"),
        _name(row.get("mentor"), f"{place}.mentor", names, "mentors"),
        None if project is None else _name(project, f"{place}.project", names, "projects"),
    )


def _objects(told: Any, name: str, fields: set[str]) -> Iterable[tuple[str, Mapping]]:
    for number, row in enumerate(_list(told, name)):
        place = f"{name}[{number}]"
        if not isinstance(row, Mapping):
            raise Unreadable(f"{place} is no object: write {{“mentee”: …, “mentor”: …}}.")
        _known(row, fields, place)
        yield place, row


def _list(told: Any, place: str) -> list:
    if not isinstance(told, list):
        raise Unreadable(f"{place} is no list: write […].")
    return told


def _ranked(told: Any, place: str) -> Iterable[tuple[Any, int, str]]:
    """(what, rank from 1, place); a list within the list is a tie."""
    for number, entry in enumerate(_list(told, place)):
        tie = entry if isinstance(entry, list) else [entry]
        for one in tie:
            yield one, number + 1, f"{place}[{number}]"


def _name(key: Any, place: str, names: Mapping, kind: str) -> str:
    if not isinstance(key, str) or key not in names[kind]:
        raise Unreadable(f"{place}: “{key}” stands nowhere in “{kind}”: add it there or drop it.")
    return key


def _named(told: Any, place: str, names: Mapping, kind: str) -> tuple[str, ...]:
    keys = [_name(key, f"{place}[{n}]", names, kind) for n, key in enumerate(_list(told, place))]
    return tuple(dict.fromkeys(keys))


def _number(told: Any, place: str, most: int) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told <= most:
        raise Unreadable(f"{place} is {told!r}: write a whole number from 0 to {most}.")
    return told


def _self_said(row: Mapping, place: str) -> dict:
    hours = [
        _number(hour, f"{place}.hours[{n}]", 23)
        for n, hour in enumerate(_list(row.get("hours", []), f"{place}.hours"))
    ]
    languages = _list(row.get("languages", []), f"{place}.languages")
    for number, language in enumerate(languages):
        if not isinstance(language, str):
            raise Unreadable(f"{place}.languages[{number}] is {language!r}: write a name.")
    return {"hours": frozenset(hours), "languages": folded(",".join(languages))}


def _not_too_many(mentees: list[Mentee], teams: Mapping) -> None:
    options = sum(
        1 if wish.mentor else len(teams[wish.project]) for one in mentees for wish in one.wishes
    )
    if options > MOST_OPTIONS:
        raise Unreadable(
            f"The wishes come to {options} pairs of a mentee and a mentor: at most "
            f"{MOST_OPTIONS} are assigned at once, so shorten the lists of wishes."
        )
