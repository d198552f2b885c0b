"""What a protocol says of a past that is too thin for it."""

from foundation.said import Told


class TooLittle(Told, ValueError):
    """There is too little to test on, or to learn from; ``str()`` says what is missing."""
