"""How a backtest's methods, slices and failures are called on a page."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

TASK_WORDS = {
    "mentors": _("Who should mentor"),
    "leaders": _("Who is growing into a leader"),
    "programs": _("Mentors for programs"),
}
# In the order of a page: a database may keep the keys of a report in another one.
METHOD_WORDS = {
    "history": _("what really happened"),
    "served": _("what we show"),
    "served_shared": _("what we show, with the load shared"),
    "shipped": _("the model that travels"),
    "random": _("by chance"),
    "review_count": _("all reviews ever"),
    "recency": _("recent reviews"),
    "affinity": _("who reviewed them before"),
    "path_overlap": _("reviews of the same files"),
    "hybrid": _("a mix of simple rules"),
    "logistic": _("logistic regression"),
    "gradient_boosting": _("gradient boosting"),
    "lambdamart": _("LambdaMART"),
    "leave_one_project_out": _("learned in the other projects"),
    "commits_90d": _("commits of 90 days"),
    "commits_365d": _("commits of a year"),
    "active_weeks_180d": _("active weeks"),
    "days_since_activity": _("days since the last activity"),
}
SLICE_WORDS = {
    "all": _("everybody"),
    "newcomers": _("newcomers"),
    "first_change": _("first change ever"),
    "under_3": _("fewer than three changes"),
    "lagged": _("reviews known a week later"),
    "new_mentors": _("mentors with few reviews before"),
    "area_divided": _("projects divided by area"),
    "star_shaped": _("projects where one or two review"),
    "mentored": _("mentors named in the history"),
}
FAILURE_WORDS = {
    "not_installed": _("left out: its library is not installed"),
    "too_little_to_learn_from": _("too little to learn from: recent reviews stood in"),
    "no_reviewed_change": _("no change in it was reviewed"),
    "no_query_in_test_period": _("nothing was reviewed in the part that is tested"),
    "no_newcomer_query": _("no newcomer’s change was reviewed in the part that is tested"),
    "nobody_asked_about": _("nobody was active there without being core"),
    "nobody_became_core": _("nobody became core, so order cannot be judged"),
    "everybody_became_core": _("everybody became core, so order cannot be judged"),
}
POOL_WORDS = {
    "served": _("what we show"),
    "protocol": _("active within 180 days"),
}
PROJECT = "project:"


def in_order(names: Iterable[str], words: dict[str, str]) -> list[str]:
    """The known names in the order of their words, then the others by name."""
    places = {name: place for place, name in enumerate(words)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def words_of_tasks() -> dict[str, str]:
    return {task: gettext(words) for task, words in TASK_WORDS.items()}


def task_words(task: str) -> str:
    return _said(TASK_WORDS, task)


def method_words(method: str) -> str:
    return _said(METHOD_WORDS, method)


def slice_words(name: str) -> str:
    return name.removeprefix(PROJECT) if name.startswith(PROJECT) else _said(SLICE_WORDS, name)


def pool_words(name: str) -> str:
    return _said(POOL_WORDS, name)


def failure_words(code: str) -> str:
    return _said(FAILURE_WORDS, code)


def _said(words: dict[str, str], code: str) -> str:
    return gettext(words[code]) if code in words else code.replace("_", " ")
