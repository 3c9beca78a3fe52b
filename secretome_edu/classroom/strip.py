"""Banks without keys, to hand out as an exam: what is asked, and nothing that answers.

A bank is built up from what may be seen, not thinned out from what may not, so a field that is
added to the questions later stays out by itself. The order of options follows from the item, as
on screen: the author's order and ids, which can give a key away, do not leave the house either.
What is written is then searched for every secret of the bank (``quiz.leaks``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from secretome_edu.quiz.bank import Bank, bank_slugs, load_bank, read_bank
from secretome_edu.quiz.items import Item
from secretome_edu.quiz.layout import Layout
from secretome_edu.quiz.leaks import leaks
from secretome_edu.quiz.variants import realize, seeds_of
from secretome_edu.ui.messages import BadValue, CourseError

_ROLES = ("options", "reasons", "rows", "choices", "steps")


def asked(item: Item) -> dict[str, Any]:
    """Return what a learner is asked, in every variant: no key, no feedback, no misconception.

    Examples
    --------
    >>> item = load_bank("soluble_factors").item("q-ido")
    >>> sorted(asked(item)), len(asked(item)["variants"][0]["options"])
    (['id', 'pool', 'type', 'variants'], 4)
    """
    return {
        "id": item.id,
        "type": item.type,
        "pool": item.pool,
        "variants": [_variant(realize(item, seed), seed) for seed in seeds_of(item)],
    }


def _variant(whole: Item, seed: int | None) -> dict[str, Any]:
    layout = Layout(whole)
    public = layout.public()
    found: dict[str, Any] = {"seed": seed} if seed is not None else {}
    found["stem"] = whole.stem
    for role in _ROLES:
        if role in layout.texts:
            found[role] = layout.texts[role]
    if "reason_stem_text" in public:
        found["reason_stem"] = public["reason_stem_text"]
    if public.get("unit"):
        found["unit"] = public["unit"]
    if whole.media:
        found["media"] = [{"file": media.file, "alt": media.alt} for media in whole.media]
    return found


def strip_bank(bank: Bank, pools: Iterable[str] = ()) -> dict[str, Any]:
    """Return a bank without keys.

    Parameters
    ----------
    bank : Bank
    pools : iterable of str, optional
        Only these pools; all but predictions if omitted.

    Raises
    ------
    CourseError
        Something of the key would have been left in it.
    """
    wanted = set(pools)
    items = [
        item
        for item in bank.items
        if (item.pool in wanted if wanted else item.type != "prediction")
    ]
    stripped = {
        "stripped": 1,
        "bank": bank.bank,
        "title": bank.title,
        "items": [asked(item) for item in items],
    }
    found = leaks(json.dumps(stripped, ensure_ascii=False), items)
    if found:
        raise CourseError(
            f"The bank {bank.bank} was not written, as it would give away: " + "; ".join(found)
        )
    return stripped


def strip_keys(
    out: str | Path, banks: Iterable[str | Path] = (), pools: Iterable[str] = ()
) -> list[Path]:
    """Write banks without keys into a folder; return the files.

    Parameters
    ----------
    out : path
        A folder, made if it does not exist. Files of the same name must be stripped banks.
    banks : iterable of str or path, optional
        Slugs, or paths of YAML files. Default: all of the course.
    pools : iterable of str, optional
        See `strip_bank`.

    Raises
    ------
    CourseError
        A bank cannot be read, or a file would be overwritten that is no stripped bank.
    """
    folder = Path(out)
    stripped = [strip_bank(_bank(name), pools) for name in (list(banks) or bank_slugs())]
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for bank in stripped:
            path = folder / f"{bank['bank']}.exam.yaml"
            if path.exists() and "stripped: 1" not in path.read_text(encoding="utf-8")[:200]:
                raise BadValue(f"{path} is not a stripped bank, so it is not overwritten.")
            path.write_text(
                yaml.safe_dump(bank, sort_keys=False, allow_unicode=True, width=100),
                encoding="utf-8",
            )
            paths.append(path)
    except OSError as problem:
        raise CourseError(f"{folder} cannot be written: {problem.strerror}.") from None
    return paths


def _bank(name: str | Path) -> Bank:
    return load_bank(str(name)) if str(name) in bank_slugs() else read_bank(name)
