"""A new lesson from the template: files that follow every rule, with words to replace."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Template

from secretome_edu.authoring.keys import update_keys
from secretome_edu.authoring.notebooks import FOLDER, normalize, write
from secretome_edu.authoring.readme import update_readme
from secretome_edu.authoring.refresh import refresh
from secretome_edu.course.manifest import MANIFEST, manifest
from secretome_edu.ui.messages import BadValue

PACKAGE = Path(__file__).resolve().parents[1]
TEMPLATE = Path(__file__).with_name("template")


def make(slug: str, title: str | None = None, question: str | None = None) -> list[Path]:
    """Write manifest entry, bank, exercises and notebook of a lesson; return the files.

    Parameters
    ----------
    slug : str
        Lowercase words joined by underscores; a planned lesson of this slug becomes ready.
    title, question : str, optional
        For the heading and the header; as planned where they are left out.

    Raises
    ------
    BadValue
        If the slug is not one, the lesson exists, or title or question is not one line; nothing
        is written then.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", slug):
        raise BadValue(f"{slug!r} is no slug; use lowercase words joined by _, such as my_lesson.")
    entries = {entry.slug: entry for entry in manifest().lessons}
    planned = entries.get(slug)
    if title is None:
        title = planned.title if planned else slug.replace("_", " ").capitalize()
    if question is None:
        question = planned.question if planned else "What is the driving question?"
    for line in (title, question):
        if not line.strip() or len(line.splitlines()) > 1:
            raise BadValue(f"{line!r}: the title and the question are one line each.")
    if planned and planned.status == "ready":
        raise BadValue(f"There is a lesson {slug!r} already; choose another slug.")
    number = planned.number if planned else max(e.number for e in entries.values()) + 1
    words = {
        "slug": slug,
        "number": str(number),
        "place": f"{number:02d}",
        "part": json.dumps(planned.part if planned else "More"),
        "objective": _objective(slug.partition("_")[0] if planned else slug),
        "title": title,
        "question": question,
    }
    quoted = {**words, "title": json.dumps(title), "question": json.dumps(question)}
    files = {
        PACKAGE / "quiz" / "banks" / f"{slug}.yaml": _fill("bank.yaml", quoted) + _items(words),
        PACKAGE / "exercises" / f"{slug}.yaml": _fill("exercises.yaml", quoted),
        PACKAGE / "exercises" / f"{slug}.py": _fill("exercises.py.txt", words),
    }
    notebook = FOLDER / f"{words['place']}_{slug}.ipynb"
    for path in (*files, notebook):
        if path.exists():
            raise BadValue(f"{path.name} exists already; choose another slug or move it away.")
    before = MANIFEST.read_text(encoding="utf-8")
    try:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
        _enter(slug, _fill("entry.yaml", quoted), planned=planned is not None)
        write(notebook, normalize(_notebook(words)))
        manifest.cache_clear()
        refresh([notebook])
    except BaseException:
        for path in (*files, notebook):
            path.unlink(missing_ok=True)
        MANIFEST.write_text(before, encoding="utf-8")
        manifest.cache_clear()
        raise
    update_readme()
    update_keys()
    return [*files, MANIFEST, notebook]


def _objective(wanted: str) -> str:
    """Return what the ids of the objectives begin with: letters only, and not another lesson's."""
    taken = {id.partition(".")[0] for id in manifest().objective_ids()}
    free = re.sub(r"[^a-z_]", "", wanted).strip("_")
    while free in taken:
        free += "_new"
    return free


def _fill(name: str, words: dict[str, str]) -> str:
    return Template((TEMPLATE / name).read_text(encoding="utf-8")).substitute(words)


def _enter(slug: str, entry: str, planned: bool) -> None:
    text = MANIFEST.read_text(encoding="utf-8")
    line = re.compile(rf"^  - \{{slug: {slug},.*\n", re.M)
    text = line.sub(lambda _: entry, text) if planned else text.rstrip("\n") + "\n\n" + entry
    MANIFEST.write_text(text, encoding="utf-8")


def _notebook(words: dict[str, str]) -> dict:
    prefix = words["slug"].replace("_", "-") + "-"
    cells = []
    for block in _fill("notebook.md", words).split("%% ")[1:]:
        head, _, body = block.partition("\n")
        kind, name = head.split()
        cell = {"id": prefix + name, "metadata": {}, "source": body.strip()}
        if kind == "code":
            cells.append({**cell, "cell_type": "code", "outputs": []})
        else:
            cells.append({**cell, "cell_type": "markdown"})
    return {"cells": cells}


def _items(words: dict[str, str]) -> str:
    """Return the placeholder items: a prediction, two to warm up, two for each objective."""
    plan = [("p1", "prediction", 1), ("w-1", "warmup", 0), ("w-2", "warmup", 0)]
    plan += [(f"q-{n}", "quiz", (n + 1) // 2) for n in range(1, 7)]
    return "".join(_item(words, *row, place) for place, row in enumerate(plan))


def _item(words: dict[str, str], id: str, pool: str, objective: int, place: int) -> str:
    name = f"{words['objective']}.{objective}" if objective else "course.1"
    lines = [f"  - id: {id}", f"    pool: {pool}", f"    objective: {name}"]
    if pool == "prediction":
        lines += [
            "    type: prediction",
            "    bloom: understand",
            '    stem: "Replace me: what will the model show?"',
            "    options:",
            '      - {id: more, text: "More"}',
            '      - {id: less, text: "Less"}',
            '    explanation: "Replace me: what the model does, beside what was predicted."',
        ]
    else:
        options = [
            f'      - {{id: {c}, text: "Replace me {c}", feedback: "Replace me: why not."}}'
            for c in "abc"
        ]
        right = '      - {id: key, text: "Replace me k", correct: true, feedback: "Yes."}'
        options.insert(place % 4, right)
        lines += [
            "    type: single_choice",
            "    bloom: apply",
            f'    stem: "Replace me: question {id} that asks to use what was learned?"',
            "    options:",
            *options,
            '    solution: "Replace me: the answer with its reason."',
            "    evidence: [{reference: harrell2019, strength: established, as_of: 2026-11-01}]",
        ]
    return "\n".join(lines) + "\n"
