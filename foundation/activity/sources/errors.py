"""What a source says when it cannot be read."""

from foundation.said import Told


class SourceError(Told):
    """The source cannot be read: ``str()`` is one clear sentence naming the place and the cure."""
