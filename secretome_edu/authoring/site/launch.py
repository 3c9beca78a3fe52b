"""Links that open one lesson live: JupyterLite, Binder, Colab, a class's JupyterHub.

The addresses come from ``launch.yaml`` or the command line; without one there is no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from pydantic import BaseModel

from secretome_edu.authoring.notebooks import FOLDER
from secretome_edu.course import markdown
from secretome_edu.ui.messages import BadValue
from secretome_edu.ui.yaml_file import read_yaml

_NAME = re.compile(r"(?!\.+$)[\w.-]+")
_BRANCH = re.compile(r"(?![-/.])(?!.*(?:\.\.|//|/$))[\w./-]+")


class _Channel(BaseModel, extra="forbid"):
    title: str
    about: str


class _File(BaseModel, extra="forbid"):
    repository: str
    branch: str
    hub: str
    lite: str
    channels: dict[str, _Channel]


class Places(NamedTuple):
    """Checked addresses without a slash at the end; an empty one is not known."""

    repository: str = ""
    branch: str = "main"
    hub: str = ""
    lite: str = ""


NOWHERE = Places()


class Link(NamedTuple):
    """Where one notebook opens, and the name a reader knows the place by."""

    channel: str
    title: str
    address: str


@cache
def _file() -> _File:
    return read_yaml(Path(__file__).with_suffix(".yaml"), _File)


def places(
    repository: str | None = None,
    branch: str | None = None,
    hub: str | None = None,
    lite: str | None = None,
) -> Places:
    """Return where the course is, as ``launch.yaml`` says or as given.

    Parameters
    ----------
    repository, hub, lite : str, optional
        Web addresses; empty for none.
    branch : str, optional
        A branch, tag or commit.

    Raises
    ------
    BadValue
        If one is no address, or the branch has no possible name.

    Examples
    --------
    >>> places("https://github.com/owner/course.git/", hub="https://hub.example/").hub
    'https://hub.example'
    """
    file = _file()
    repository = file.repository if repository is None else repository
    branch = file.branch if branch is None else branch
    if not _BRANCH.fullmatch(branch):
        raise BadValue(f"{branch!r} is no name of a branch; name one with --branch, as in main.")
    return Places(
        _repository(repository.strip()),
        branch,
        _address("--hub", file.hub if hub is None else hub),
        _address("--lite", file.lite if lite is None else lite),
    )


def _repository(text: str) -> str:
    address = _address("--repository", text).removesuffix(".git")
    names = urlsplit(address).path.split("/")[1:]
    count_is_right = len(names) == 2 if _on_github(address) else len(names) >= 2
    if address and not (count_is_right and all(map(_NAME.fullmatch, names))):
        raise BadValue(
            f"--repository {text!r} is no repository; write it as https://github.com/OWNER/NAME."
        )
    return address


def _address(option: str, text: str) -> str:
    if not (text := text.strip()):
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port  # a port that is no number is noticed when it is read
    except ValueError:
        host, parts = None, SplitResult("", "", "", "", "")
    plain = not (parts.query or parts.fragment or parts.username or re.search(r"[\s<>\"']", text))
    if parts.scheme not in ("http", "https") or not host or not plain:
        raise BadValue(
            f"{option} {text!r} is no web address; write it as https://host/path, without "
            "a question mark, # or password."
        )
    return text.rstrip("/")


def _on_github(repository: str) -> bool:
    return urlsplit(repository).hostname in ("github.com", "www.github.com")


def links(where: Places, notebook: str) -> list[Link]:
    """Return the links that open a notebook of the course, one for each place that is known.

    Parameters
    ----------
    where : Places
    notebook : str
        Its file name.

    Examples
    --------
    >>> here = Places("https://github.com/owner/course")
    >>> [link.channel for link in links(here, "05_paracrine_reach.ipynb")]
    ['binder', 'colab']
    """
    path = f"{FOLDER.name}/{notebook}"
    found = {
        "lite": _lite(where, notebook),
        "binder": _binder(where, path),
        "colab": _colab(where, path),
        "hub": _hub(where, path),
    }
    return [
        Link(name, channel.title, found[name])
        for name, channel in _file().channels.items()
        if found[name]
    ]


def _lite(where: Places, notebook: str) -> str:
    return where.lite and f"{where.lite}/lab/index.html?{_query(path=notebook)}"


def _binder(where: Places, path: str) -> str:
    if not where.repository:
        return ""
    if _on_github(where.repository):
        spec = f"gh{urlsplit(where.repository).path}/{quote(where.branch)}"
    else:
        spec = f"git/{quote(where.repository, safe='')}/{quote(where.branch, safe='')}"
    return f"https://mybinder.org/v2/{spec}?{_query(labpath=path)}"


def _colab(where: Places, path: str) -> str:
    if not _on_github(where.repository):  # Colab fetches from nowhere else
        return ""
    place = f"{urlsplit(where.repository).path}/blob/{quote(where.branch)}/{quote(path)}"
    return f"https://colab.research.google.com/github{place}"


def _hub(where: Places, path: str) -> str:
    if not (where.hub and where.repository):
        return ""
    folder = where.repository.rpartition("/")[2]  # nbgitpuller names the learner's copy so
    query = _query(repo=where.repository, branch=where.branch, urlpath=f"lab/tree/{folder}/{path}")
    return f"{where.hub}/hub/user-redirect/git-pull?{query}"


def _query(**values: str) -> str:
    return urlencode(values, quote_via=quote, safe="")


def install_line(where: Places) -> str:
    """Return the notebook line that installs the course from its repository."""
    return f"%pip install -q git+{where.repository}@{where.branch}"


def about(where: Places) -> list[str]:
    """Return for every place that is known one sentence that tells a reader what to expect."""
    channels = _file().channels
    known = [link.channel for link in links(where, "any.ipynb")]
    said = {name: channels[name].about.format(install=install_line(where)) for name in known}
    return [f"**{_capital(channels[name].title)}** {words}" for name, words in said.items()]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def table(where: Places, titles: Iterable[tuple[str, str]]) -> str:
    """Return a Markdown table of lessons and links, for a learning platform's page.

    Parameters
    ----------
    where : Places
    titles : iterable of (title, notebook)

    Raises
    ------
    BadValue
        If no place is known.
    """
    rows = [(title, links(where, notebook)) for title, notebook in titles]
    if not rows or not rows[0][1]:
        raise BadValue(
            "No address is known; say where the course is with --repository, --lite, or "
            "--hub together with --repository."
        )
    heads = ["Lesson", *(_capital(link.title) for link in rows[0][1])]
    cells = ([title, *(f"[open]({link.address})" for link in found)] for title, found in rows)
    return "\n".join(markdown.table(heads, cells))
