"""What a site must not have: missing or unexecuted notebooks, broken links, foreign requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from secretome_edu.authoring.notebooks import LINK, read, source
from secretome_edu.ui.findings import Finding
from secretome_edu.ui.html_reader import HtmlReader
from secretome_edu.ui.messages import CourseError

RULES = {
    "B01": "a notebook is missing",
    "B02": "a notebook is not readable",
    "B03": "a cell has not been executed",
    "B04": "a stored output is an error",
    "B05": "a link in a notebook leads nowhere",
    "B06": "a link in a built page leads nowhere",
    "B07": "a built page asks another host for something",
    "B08": "the builder warned",
    "B09": "a wheel is not to be had",
    "B10": "a file of the course is missing",
    "B11": "a stored output would run something in a reader's browser",
}
_CSS_ADDRESS = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^\s"')]+)""")


_RUN = {"script", "iframe", "object", "embed", "base", "meta", "link", "form"}


class SiteError(CourseError):
    """A site that is not built, with everything that is wrong with it."""

    def __init__(self, what: str, found: Iterable[Finding]):
        self.findings = sorted(set(found))
        lines = "\n".join(f"  {finding}" for finding in self.findings)
        count = len(self.findings)
        things = "thing" if count == 1 else "things"
        super().__init__(f"{what} was not built; {count} {things} to repair:\n{lines}")


# -- before the build --------------------------------------------------------------------------


def check_notebooks(paths: Iterable[Path], papers: Iterable[str] = ()) -> list[Finding]:
    """Return what keeps these notebooks from being a book; empty if nothing does.

    Links to other sites are looked at for their form only: a build needs no network.

    Parameters
    ----------
    paths : iterable of Path
        The notebooks of the book; they may link to each other,
    papers : iterable of str, optional
        and to these other pages of the book, named from the folder above.

    Examples
    --------
    >>> [finding.code for finding in check_notebooks([Path("17_not_there.ipynb")])]
    ['B01']
    """
    paths = list(paths)
    names = {path.name for path in paths} | {f"../{paper}" for paper in papers}
    return [finding for path in paths for finding in _notebook(path, names)]


def _notebook(path: Path, names: set[str]) -> list[Finding]:
    if not path.is_file():
        remedy = "the manifest calls it ready; write it, or set its status to planned."
        return [Finding(path.name, "B01", f"there is no such notebook; {remedy}")]
    try:
        cells = [(c.get("id", f"cell {n}"), c) for n, c in enumerate(read(path)["cells"], 1)]
        return [
            Finding(f"{path.name}, {name}", code, message)
            for name, cell in cells
            for code, message in _cell(cell, names)
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [Finding(path.name, "B02", "this is no notebook; restore it from the repository.")]


def _cell(cell: Mapping[str, Any], names: set[str]) -> list[tuple[str, str]]:
    text = source(dict(cell))
    if cell["cell_type"] == "code":
        if text.strip() and cell["execution_count"] is None:
            return [("B03", "this cell has not been executed; run refresh.")]
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            return [("B04", "the stored output is an error; repair the cell and run refresh.")]
        return [("B11", said) for output in cell["outputs"] for said in _runs(output)]
    addresses = (address for _, _, address in LINK.findall(text))
    return [("B05", said) for address in addresses if (said := _wrong_address(address, names))]


class _Running(HtmlReader):
    """Collects what a browser would run; the course's outputs hold none of it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _RUN:
            self.found.append(f"the stored output holds <{tag}>; run refresh.")
        for name, value in attrs:
            address = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or address.startswith(("javascript:", "vbscript:")):
                self.found.append(f"the stored output holds <{tag} {name}=...>; run refresh.")


def _runs(output: Mapping[str, Any]) -> list[str]:
    reader = _Running()
    data = output.get("data", {})
    for kind in ("text/html", "image/svg+xml"):
        reader.feed("".join(data.get(kind, "")))
    reader.close()
    return reader.found + [
        f"the stored output holds {kind}; run refresh." for kind in data if "javascript" in kind
    ]


def _wrong_address(address: str, names: set[str]) -> str:
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return "" if parts.hostname else f"the link {address!r} names no host."
    if parts.scheme == "mailto" or (not parts.path and parts.fragment):
        return ""
    if parts.scheme or unquote(parts.path) not in names:
        return f"the link {address!r} leads to no notebook of the book; link to a file beside it."
    return ""


# -- after the build ---------------------------------------------------------------------------


@dataclass
class _Page(HtmlReader):
    """The ids a page has, the places it leads to and what a browser fetches to show it."""

    ids: set[str] = field(default_factory=set)
    leads_to: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        for name in {"src", "href", "data", "poster", "action"} & set(given):
            followed = tag in ("a", "area", "form")
            (self.leads_to if followed else self.loads).add(given[name].strip())
        for choice in filter(None, given.get("srcset", "").split(",")):
            self.loads.add(choice.split()[0])
        self.loads |= set(_CSS_ADDRESS.findall(given.get("style", "")))


def check_pages(site: Path) -> list[Finding]:
    """Return the links of built pages that lead nowhere and what they fetch from other hosts.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    """
    pages = {}
    for path in sorted(site.rglob("*.html")):
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        pages[path.resolve()] = page
    found = [
        Finding(path.relative_to(site.resolve()).as_posix(), code, message)
        for path, page in pages.items()
        for code, message in _faults(path, page, pages)
    ]
    for path in sorted(site.rglob("*.css")):
        for address in _CSS_ADDRESS.findall(path.read_text(encoding="utf-8")):
            where = path.relative_to(site).as_posix()
            found.append(Finding(where, "B07", f"it loads {address}; store a copy in the site."))
    return found


def _faults(path: Path, page: _Page, pages: Mapping[Path, _Page]) -> list[tuple[str, str]]:
    found = []
    for address in sorted(page.leads_to | page.loads):
        parts = urlsplit(address)
        if parts.scheme == "data":
            continue
        if parts.scheme or parts.netloc:
            if address in page.loads:
                found.append(("B07", f"it loads {address}; store a copy in the site."))
        elif not _there(path, parts.path, parts.fragment, pages):
            found.append(("B06", f"{address!r} is not there."))
    return found


def _there(path: Path, to: str, fragment: str, pages: Mapping[Path, _Page]) -> bool:
    target = (path.parent / unquote(to)).resolve() if to else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return False
    return not fragment or target not in pages or unquote(fragment) in pages[target].ids
