"""What a source says when it cannot be read."""


class SourceError(Exception):
    """The source cannot be read: ``str()`` is one clear sentence naming the place and the cure."""
