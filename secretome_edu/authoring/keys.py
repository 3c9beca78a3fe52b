"""The second signature on every answer: a changed key is noticed until `refresh` confirms it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.course.manifest import manifest
from secretome_edu.ui.findings import Finding

KEYS = ROOT / "tests" / "notebooks" / "answer_key.json"


def answer_key() -> dict[str, dict[str, list[str]]]:
    """Return lesson -> question -> the right answer of each variant, as the banks give it now."""
    from secretome_edu.quiz.bank import load_bank
    from secretome_edu.quiz.feedback import answer_text
    from secretome_edu.quiz.variants import realize, seeds_of

    return {
        entry.slug: {
            item.id: [answer_text(realize(item, seed)) for seed in seeds_of(item)]
            for item in load_bank(entry.slug).items
            if item.type != "prediction"
        }
        for entry in manifest().ready()
    }


def update_keys(path: Path = KEYS) -> bool:
    """Write the answer key; return whether it changed."""
    text = json.dumps(answer_key(), indent=1, ensure_ascii=False) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def key_findings(path: Path = KEYS) -> Iterator[Finding]:
    """Yield a finding for each question whose answer differs from the signed one."""
    signed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for slug, answers in answer_key().items():
        for id, answer in answers.items():
            if signed.get(slug, {}).get(id) != answer:
                message = f"the answer is now {answer}; run refresh if that is meant."
                yield Finding(f"banks/{slug}.yaml {id}", "K01", message)
