"""What is kept of an erased spelling: hashes under a key that outlives every process."""

import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings

from foundation.people.addresses import fold, read_address

KEY_FILE = "tombstone.key"


def tombstone_key() -> str:
    """The key of the setting; without one, that of a file, which is made when it is first needed.

    The file begins with ``SECRET_KEY``, under which older tombstones were made, and stays as it is
    when that changes.
    """
    return settings.TOMBSTONE_KEY or _kept_key(settings.VAR_DIR / KEY_FILE)


@cache
def _kept_key(path: Path) -> str:
    if not path.exists():
        # Written aside and linked: of two processes one wins, and nobody reads half a key.
        handle, fresh = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(settings.SECRET_KEY)
        with suppress(FileExistsError):
            os.link(fresh, path)
        os.unlink(fresh)
    return path.read_text().strip()


def tombstone_digest(trait: str) -> str:
    return hmac.new(tombstone_key().encode(), trait.encode(), hashlib.sha256).hexdigest()


def digests_of(key: str, email: str, login: str, github_id: int | None) -> list[str]:
    """The hashes under which a spelling is remembered once it is erased.

    Another name on the same address, or another address of the same account, is the same person.
    """
    traits = [key]
    if email:
        address = read_address(email)
        traits.append(f"email:{fold(email)}")
        login, github_id = login or address.login or "", github_id or address.github_id
    if login:
        traits.append(f"login:{login.casefold()}")
    if github_id:
        traits.append(f"github:{github_id}")
    return [tombstone_digest(trait) for trait in traits]
