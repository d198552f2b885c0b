"""A report or an answer on disk: the whole file or nothing of it."""

from pathlib import Path

from django.core.management.base import CommandError

from foundation.whole_file import replacing


def check_folder(path: Path) -> None:
    """CommandError before any work is done, if the file could not be written."""
    if not path.absolute().parent.is_dir():
        raise CommandError(f"Cannot write {path}: there is no such folder.")


def write_whole(path: Path, text: str) -> None:
    """Write the whole file or nothing of it; CommandError says why."""
    try:
        with replacing(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
