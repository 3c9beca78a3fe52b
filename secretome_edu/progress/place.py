"""Where progress is kept if nobody says otherwise, and whose it is on a shared server."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

from secretome_edu.progress.logs import READ_ONLY, Trouble, new_learner

VARIABLE = "SECRETOME_EDU_STORE"
LEARNER_VARIABLE = "SECRETOME_EDU_LEARNER"


def user_folder() -> Path:
    """Return the folder for the user's data; it need not exist.

    Raises
    ------
    Trouble
        The user has no home folder.
    """
    from platformdirs import user_data_dir

    try:
        folder = Path(user_data_dir("secretome_edu", appauthor=False))
    except RuntimeError:  # platformdirs 4.12 and later
        folder = Path()
    # Older ones leave "~/..." when no home is known, and take the root for an empty HOME.
    rootless = os.environ.get("HOME") == "" and not os.environ.get("XDG_DATA_HOME")
    if rootless or not folder.is_absolute():
        raise Trouble(READ_ONLY, "This user has no home folder.")
    return folder


def default_url() -> str:
    """Return the store used when ``SECRETOME_EDU_STORE`` is unset.

    In the browser (JupyterLite) only the folder of the notebooks outlives a reload, so there it is
    a file beside them.
    """
    if sys.platform == "emscripten":
        return "jsonl:secretome_edu_progress.jsonl"
    return sqlite_url(user_folder() / "progress.db")


def sqlite_url(file: Path) -> str:
    """Return the URL of a SQLite file; a question mark would end its path.

    Examples
    --------
    >>> sqlite_url(Path("/home/who?/p.db"))
    'sqlite:////home/who%3F/p.db'
    """
    return f"sqlite:///{str(file).replace('?', '%3F')}"


def sqlite_file(url: str) -> Path | None:
    """Return the file that a SQLite URL names; versions of SQLAlchemy read ``%`` differently.

    Examples
    --------
    >>> sqlite_file("sqlite:////home/who%3F/50%20p.db?timeout=3").name
    '50%20p.db'
    """
    if match := re.match(r"sqlite(?:\+\w+)?:///([^?]+)", url):
        return Path(match[1].replace("%3F", "?")).expanduser().absolute()
    return None


def shared_learner() -> str:
    """Return this person's random id for a server that many learners share.

    ``SECRETOME_EDU_LEARNER`` wins (a JupyterHub sets it); else it is made once and kept in the
    user's data folder; else it lasts for this run only.
    """
    if given := os.environ.get(LEARNER_VARIABLE, ""):
        return given
    try:
        file = user_folder() / "learner"
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("x", encoding="ascii") as new:
                new.write(new_learner())
        except FileExistsError:
            pass
        for _ in range(50):  # another tab may be about to write it
            if known := file.read_text(encoding="ascii").strip():
                return known
            time.sleep(0.02)
    except (OSError, UnicodeDecodeError, Trouble):
        pass
    return new_learner()
