"""What events told of a pull request or issue. Pure; the order in which they come does not matter.

Every value is a latest, an earliest or a once-told one, so an older event that comes late changes
nothing that a younger one told better.
"""

from dataclasses import asdict, dataclass

from foundation.activity.sources.record import EventRecord


@dataclass
class Told:
    """Times are seconds UTC, None what nobody told.

    ``title`` as of ``title_at``; ``open_at`` and ``closed_at``: the latest moment at which it was
    said to be so; ``closing_at``: the latest closing; ``unmerged_at``: the latest moment at which
    it was said to be closed without a merge; ``merged_at``: the merge, by GitHub's own word;
    ``is_labelled``: it bears the label ``Merged``.
    """

    title: str = ""
    title_at: int | None = None
    open_at: int | None = None
    closed_at: int | None = None
    closing_at: int | None = None
    unmerged_at: int | None = None
    merged_at: int | None = None
    is_labelled: bool = False

    def learn(self, event: EventRecord) -> None:
        at = event.at
        if event.title:
            known = (-1 if self.title_at is None else self.title_at, self.title)
            self.title_at, self.title = max(known, (at, event.title))
        if event.state == "open":
            self.open_at = _latest(self.open_at, at)
        if event.state == "closed":
            self.closed_at = _latest(self.closed_at, at)
            is_closing = event.kind.startswith(("closed_", "merged_"))
            self.closing_at = _latest(
                self.closing_at, event.closed_at or (at if is_closing else None)
            )
            if event.is_merged is False:
                self.unmerged_at = _latest(self.unmerged_at, at)
        if event.is_merged:
            self.merged_at = _earliest(self.merged_at, event.merged_at or event.closed_at or at)
        self.is_labelled = self.is_labelled or bool(event.has_merged_label)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None and self._since_open(self.closed_at)

    def is_merged(self, *, by_label: bool) -> bool | None:
        """Whether it was merged, None where that is not told; ``by_label`` believes the label."""
        if self.merged_at is not None or (by_label and self.is_labelled and self.is_closed):
            return True
        told = self.unmerged_at is not None and self._since_open(self.unmerged_at)
        return False if told and self.is_closed else None

    def landed_at(self, *, by_label: bool) -> int | None:
        if self.merged_at is not None or not self.is_merged(by_label=by_label):
            return self.merged_at
        return self.closed_at if self.closing_at is None else self.closing_at

    def _since_open(self, at: int) -> bool:
        return self.open_at is None or at >= self.open_at

    def as_json(self) -> dict:
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}


def _latest(*moments: int | None) -> int | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _earliest(*moments: int | None) -> int | None:
    return min((moment for moment in moments if moment is not None), default=None)
