"""What a failed run says: one clear sentence for the page, and the traceback for who repairs it."""

import json
import re
import traceback

from foundation.said import Kept, keep_of

SENTENCE_CHARACTERS = 500
TAIL_CHARACTERS = 4000
PASSWORD_IN_URL = re.compile(r"(?<=://)[^/@\s]+(?=@)")


def sentence(error: BaseException) -> str:
    """The first line of the error's own words; the kind of error where the words say too little."""
    lines = str(error).strip().splitlines()
    words = lines[0] if lines else ""
    if " " not in words:
        words = f"{type(error).__name__}: {words}".rstrip(": ")
    return _without_secrets(words)[:SENTENCE_CHARACTERS]


def tail(error: BaseException) -> str:
    """The end of the traceback, where the cause stands."""
    return _without_secrets("".join(traceback.format_exception(error)))[-TAIL_CHARACTERS:]


def kept(error: BaseException) -> Kept:
    """What the error says with its gaps open, for readers of other languages; [] if nothing."""
    return json.loads(_without_secrets(json.dumps(keep_of(error), ensure_ascii=False)))


def _without_secrets(text: str) -> str:
    return PASSWORD_IN_URL.sub("…", text)
