"""Who reviews a change: mostly the people of the area, with noise as in real life."""

from random import Random

from .careers import Stint

EARLY_CHANGES = 10
MENTOR_WEIGHT = 60.0
STAR_WEIGHT = 85.0  # from here on: the one person who reviews everything
MENTOR_PATIENCE = 1.4  # mentors and those who grow take more of the newcomers' changes
FAMILIAR = 0.12  # share of changes that go to whoever reviewed the author last
ANYBODY = 0.07  # share that goes to any reviewer of the project, whatever the area
CROWD_WEIGHT = 0.6  # of a trusted colleague of the area who is not among its reviewers


class ReviewDesk:
    """Chooses reviewers in time order; remembers who reviewed whom last."""

    def __init__(self, stints: list[Stint], rng: Random):
        self.stints = stints
        self.rng = rng
        self.last: dict[str, str] = {}

    def choose(self, author: str, area: str, months_left: float, *, earlier: int) -> list[str]:
        """One reviewer or two, none now and then; ``earlier`` is the author's changes so far."""
        weights = self._weights(author, area, months_left, early=earlier < EARLY_CHANGES)
        own_weight = weights.pop(author, 0.0)
        if not weights or self.rng.random() < _alone(own_weight, earlier):
            return []
        chosen = [self._pick(author, weights)]
        weights.pop(chosen[0], None)
        if weights and self.rng.random() < 0.22:
            chosen.append(self._draw(weights))
        self.last[author] = chosen[0]
        return chosen

    def _pick(self, author: str, weights: dict[str, float]) -> str:
        dice = self.rng.random()
        familiar = self.last.get(author)
        if dice < FAMILIAR and familiar in weights:
            return familiar
        if dice > 1 - ANYBODY:
            return self.rng.choice(list(weights))
        return self._draw(weights)

    def _draw(self, weights: dict[str, float]) -> str:
        return self.rng.choices(list(weights), weights=list(weights.values()))[0]

    def _weights(self, author: str, area: str, months_left: float, *, early: bool) -> dict:
        """Weight by reviewer; everybody trusted in the project has at least a little."""
        weights: dict[str, float] = {}
        for stint in self.stints:
            trust = stint.trust(months_left)
            if trust <= 0 or not stint.reviews:
                continue
            weight = stint.reviews.get(area, CROWD_WEIGHT) * trust
            helps = stint.career == "rising" or weight >= MENTOR_WEIGHT
            weights[stint.person] = weight * (MENTOR_PATIENCE if early and helps else 1.0)
        return weights


def _alone(own_weight: float, earlier: int) -> float:
    """The share of changes that land without a review: of the star most, of a stranger few."""
    if own_weight >= STAR_WEIGHT:
        return 0.75
    return 0.12 if own_weight > 0 or earlier > 40 else 0.02
