"""Every lint rule is caught on a planted violation, and the course itself violates none."""

from __future__ import annotations

import json
import re
from importlib import import_module

import pytest

from secretome_edu.authoring import coverage as coverage_room
from secretome_edu.authoring import lint as lint_room
from secretome_edu.authoring import prose as prose_room
from secretome_edu.authoring.coverage import coverage, lint_coverage
from secretome_edu.authoring.lint import LARGEST_BYTES, lint
from secretome_edu.authoring.minutes import estimate_min, lint_minutes
from secretome_edu.authoring.notebooks import FOLDER, WIDGET_VIEW, lesson_notebooks, source
from secretome_edu.authoring.prose import _agrees, facts_of, lint_prose
from secretome_edu.authoring.readme import lesson_table, readme_findings, update_readme
from secretome_edu.course.manifest import Manifest, manifest
from secretome_edu.quiz.items import Source

ENTRY = manifest().entry("paracrine_reach")
GOOD = json.loads((FOLDER / ENTRY.notebook).read_text(encoding="utf-8"))


@pytest.fixture
def planted(tmp_path):
    """Return a function that changes a copy of a good notebook and gives its path."""

    def plant(change):
        notebook = json.loads(json.dumps(GOOD))
        change(notebook)
        path = tmp_path / ENTRY.notebook
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")
        return path

    return plant


def codes(found) -> set[str]:
    return {finding.code for finding in found}


def cell(notebook, name: str):
    return next(c for c in notebook["cells"] if c["id"] == f"paracrine-reach-{name}")


def code_cells(notebook):
    return [c for c in notebook["cells"] if c["cell_type"] == "code"]


def drop(name: str):
    return lambda n: n["cells"].remove(cell(n, name))


def code(name: str, text: str):
    return lambda n: cell(n, name).update(source=text)


def prose(text: str):
    """Add a paragraph to the first prose cell."""

    def change(notebook):
        first = notebook["cells"][0]
        first["source"] = source(first) + "\n\n" + text

    return change


def everywhere(pattern: str, new: str):
    def change(notebook):
        changed = 0
        for each in notebook["cells"]:
            if each["cell_type"] == "markdown":
                each["source"], times = re.subn(pattern, new, source(each), flags=re.M)
                changed += times
        assert changed

    return change


def output(data=None, **other):
    """Put an output into the first code cell."""

    def change(notebook):
        kind = {"output_type": "display_data", "metadata": {}, "data": data or {}}
        code_cells(notebook)[0]["outputs"] = [other or kind]

    return change


def text_output(text: str):
    return output(output_type="stream", name="stdout", text=text)


def test_the_course_as_it_is_has_nothing_to_repair():
    for entry, path in lesson_notebooks():
        assert lint(entry, path) == []
        assert lint_prose(entry, path) == []
        assert lint_coverage(entry) == []
    assert readme_findings() == []


def test_an_unchanged_copy_has_nothing_to_repair(planted):
    path = planted(lambda n: None)
    assert lint(ENTRY, path) == lint_prose(ENTRY, path) == []


# -- notebooks ---------------------------------------------------------------------------------

NOTEBOOK_FLAWS = [
    ("N01", lambda n: n["metadata"].update(widgets={})),
    ("N01", lambda n: n["metadata"]["kernelspec"].update(name="conda-env")),
    ("N01", lambda n: n["cells"][0].pop("source") and n["cells"][0].update(source=5.0)),
    ("N01", lambda n: n["cells"][0].update(colour="red")),
    ("N01", lambda n: n["cells"][0].pop("id")),
    ("N02", lambda n: n["cells"][2].update(id="setup")),
    ("N02", lambda n: n["cells"][2].update(id="paracrine-reach-Big")),
    ("N02", lambda n: n["cells"][2].update(id=n["cells"][0]["id"])),
    ("N03", lambda n: code_cells(n)[3].update(execution_count=None)),
    ("N03", lambda n: code_cells(n)[3].update(execution_count=9)),
    ("N04", output(output_type="error", ename="E", evalue="", traceback=[])),
    ("N04", output(output_type="stream", name="stderr", text="Warning")),
    ("N04", text_output("see /home/me/course")),
    ("N04", text_output("file:///tmp/x/y")),
    ("N04", output({"text/plain": ["<A object at 0x7f3a", "bc123>"]})),
    ("N04", output({"text/html": "<p>2026-11-21 14:03</p>"})),
    ("N04", output({WIDGET_VIEW: {"model_id": "abc"}})),
    ("N05", text_output("x" * LARGEST_BYTES)),
    ("N06", code("warmup", "\n".join(["x = 1"] * 12 + ["lesson.warmup()"]))),
    ("N06", code("warmup", "def f():\n    return 1\nlesson.warmup()")),
    ("N06", code("warmup", "class A: pass\nlesson.warmup()")),
    ("N06", code("warmup", "async def f(): pass\nlesson.warmup()")),
    ("N06", code("warmup", "lesson.warmup();")),
    ("N06", code("warmup", "lesson.warmup(); # quiet")),
    ("N07", lambda n: n["cells"].insert(2, {**n["cells"][1], "id": "paracrine-reach-more"})),
    ("N07", lambda n: n["cells"].pop(0)),
    ("N08", prose("# Another title")),
    ("N08", prose("#### Too deep")),
    ("N08", prose("## A section of its own")),
    ("N08", everywhere("^## Check yourself", "## Test yourself")),
    ("N09", prose("Read it [here](https://doi.org/10.3390/cells8050467).")),
    ("N09", prose("![](picture.png)")),
    ("N09", output({"text/html": '<img src="a.png">'})),
    ("N09", output({"text/html": '<img src="a.png" alt="short">'})),
    ("N10", drop("p1")),
    ("N10", drop("p1-explained")),
    ("N10", drop("p2-explained")),
    ("N11", code("e1", "lesson.check('e9', None)")),
    ("N11", code("ladder", "lesson.figure('lader')")),
    ("N11", drop("quiz")),
    ("N11", drop("warmup")),
    ("N11", drop("e2")),
    ("N12", lambda n: code_cells(n)[1]["metadata"].update(tags=["nbval-skip"])),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "change"), NOTEBOOK_FLAWS, ids=[f"{r}-{n}" for n, (r, _) in enumerate(NOTEBOOK_FLAWS)]
)
def test_a_flaw_of_a_notebook_is_caught(planted, rule, change):
    found = lint(ENTRY, planted(change))
    assert rule in codes(found), found
    assert all(ENTRY.notebook in str(f) for f in found)


def test_each_rule_of_notebooks_has_a_planted_flaw():
    assert {rule for rule, _ in NOTEBOOK_FLAWS} == set(lint_room.RULES)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 5}', '{"cells": [{}]}', "\x00"])
def test_a_file_that_is_no_notebook_is_a_finding(tmp_path, text):
    path = tmp_path / ENTRY.notebook
    path.write_text(text)
    assert codes(lint(ENTRY, path)) == {"N01"}


def test_a_ready_lesson_without_notebook_is_a_finding(tmp_path):
    assert codes(lint(ENTRY, tmp_path / ENTRY.notebook)) == {"N01"}


def test_minutes_that_do_not_add_up_are_caught():
    entry = ENTRY.model_copy(update={"minutes": ENTRY.minutes + 1})
    assert codes(lint(entry, FOLDER / ENTRY.notebook)) == {"N08"}


def test_def_in_an_exercise_cell_is_fine(planted):
    assert lint(ENTRY, planted(code("e3", "def f(x):\n    return x\nlesson.check('e3', f)"))) == []


# -- prose -------------------------------------------------------------------------------------

PROSE_FLAWS = [
    ("P01", prose("It takes 37 hours.")),
    ("P01", prose("It takes 2.5 hours.")),
    ("P01", prose("It takes 1,000 cells.")),
    ("P02", prose("It is 105<!--=d_vegf--> fast.")),
    ("P02", prose("It is 104<!--=no_such_fact--> fast.")),
    ("P02", prose("It is fast<!--=d_vegf-->.")),
    ("P03", prose("As [Nobody 2020](https://doi.org/10.1000/nothing) says.")),
    ("P03", prose("As [a review](https://doi.org/10.3390/cells8050467) says.")),
    ("P04", prose("This is called **zzyzx factor** today.")),
    ("P05", everywhere(r"\*\*(steady state)\*\*", r"\1")),
    ("P06", prose("See [Harrell 2019](https://doi.org/10.3390/cells8050467).")),
    ("P07", prose("word " * 1500)),
    ("P07", lambda n: n.update(cells=[c for c in n["cells"] if c["cell_type"] == "code"])),
]


@pytest.mark.parametrize(
    ("rule", "change"), PROSE_FLAWS, ids=[f"{r}-{n}" for n, (r, _) in enumerate(PROSE_FLAWS)]
)
def test_a_flaw_of_the_prose_is_caught(planted, rule, change):
    assert rule in codes(lint_prose(ENTRY, planted(change)))


def test_each_rule_of_prose_has_a_planted_flaw():
    assert {rule for rule, _ in PROSE_FLAWS} == set(prose_room.RULES)


def test_a_reference_that_is_never_cited_is_caught():
    entry = ENTRY.model_copy(update={"references": (*ENTRY.references, "harrell2019")})
    before = lint_prose(ENTRY, FOLDER / ENTRY.notebook)
    new = [f for f in lint_prose(entry, FOLDER / ENTRY.notebook) if f not in before]
    assert [f.code for f in new] == ["P06"]
    assert "harrell2019" in new[0].message


def test_what_holds_no_claim_needs_no_fact(planted):
    fine = (
        "Take 3 cells, `levels[100]`, $10^{23}$ and 12 more; see "
        "[Wang 2008, page 99](#section-42).\n\n1. First.\n2. Second.\n\n```\nx = 99\n```"
    )
    assert not {"P01", "P02"} & codes(lint_prose(ENTRY, planted(prose(fine))))


@pytest.mark.parametrize(
    ("written", "fact", "right"),
    [
        ("104", 104.4, True), ("104", 104.6, False), ("104", 103.5, True),
        ("0.1", 0.0649, True), ("0.1", 0.149, True), ("0.1", 0.151, False), ("0.1", 0.04, False),
        ("0.10", 0.104, True), ("0.10", 0.106, False),
        ("1,270", 1274, True), ("1,270", 1276, False), ("15,900", 15949, True),
        ("15,900", 15951, False), ("2.10", 2.104, True), ("2.10", 2.106, False),
        ("0", 0.4, True), ("0", 0.6, False), ("0", 4.9, False), ("0.0", 0.04, True),
        ("a tenth", 0.1004, True), ("a tenth", 0.11, False), ("A Thousandth", 0.001, True),
        ("a hundred thousand", 1e5, True), ("half", 0.51, False),
        ("104", -104.0, False), ("5", 5, True),
    ],
)  # fmt: skip
def test_a_number_agrees_at_the_digits_it_is_written_with(written, fact, right):
    assert _agrees(written, fact, loose=False) is right


@pytest.mark.parametrize(
    ("written", "fact", "right"),
    [
        ("a thousandth", 0.0014, True), ("a thousandth", 0.0016, False),
        ("a thousandth", 0.0007, True), ("a thousandth", 0.0006, False),
        ("100", 149, True), ("100", 151, False), ("100", -100, False), ("0", 1, False),
    ],
)  # fmt: skip
def test_a_loose_number_agrees_within_a_factor_of_one_and_a_half(written, fact, right):
    assert _agrees(written, fact, loose=True) is right


# -- facts follow tables and models ------------------------------------------------------------


def test_facts_are_computed_now_from_tables_and_models():
    from secretome_edu import models

    facts = facts_of(ENTRY)
    assert facts["d_vegf"] == models.cards.model_card("reach").parameter("diffusivity_um2_s").value
    assert set(facts) == set(ENTRY.facts)


def test_a_changed_model_parameter_makes_the_prose_wrong(monkeypatch):
    cards = import_module("secretome_edu.models.cards")
    real = cards.model_card

    def changed(name):
        card = real(name)
        parameters = tuple(
            p.__class__(**{**vars(p), "value": p.value * 1.3}) if p.name == "secretion_rate" else p
            for p in card.parameters
        )
        return card.__class__(**{**vars(card), "parameters": parameters})

    monkeypatch.setattr(cards, "model_card", changed)
    found = lint_prose(ENTRY, FOLDER / ENTRY.notebook)
    assert any("secretion_per_s" in f.message for f in found)


@pytest.mark.parametrize(
    ("table", "row", "column", "fact"),
    [
        ("diffusion_coefficients", "DC001", "diffusion_um2_per_s", "d_igf1"),
        ("secretion_levels", "SL001", "value", "medium_pg"),
    ],
)
def test_a_changed_table_value_makes_the_prose_wrong(monkeypatch, table, row, column, fact):
    data = import_module("secretome_edu.data")
    real = data.load

    def changed(name):
        frame = real(name)
        if name == table:
            frame.loc[frame["row_id"] == row, column] *= 1.3
        return frame

    monkeypatch.setattr(data, "load", changed)
    found = lint_prose(ENTRY, FOLDER / ENTRY.notebook)
    assert "P02" in codes(found)
    assert any(fact in f.message for f in found)


def test_a_fact_that_cannot_be_computed_is_said_as_a_sentence():
    from secretome_edu.ui.messages import CourseError

    broken = {"function": "table_value", "arguments": {"table": "no_such_table", "column": "a",
              "equals": 1, "take": "b"}}  # fmt: skip
    entry = ENTRY.model_copy(update={"facts": {"x": Source(**broken)}})
    with pytest.raises(CourseError, match="no_such_table"):
        facts_of(entry)


# -- coverage ----------------------------------------------------------------------------------


def changed_objective(**changes):
    first, *rest = ENTRY.objectives
    return ENTRY.model_copy(update={"objectives": (first.model_copy(update=changes), *rest)})


def with_items(monkeypatch, keep):
    bank_room = import_module("secretome_edu.quiz.bank")
    bank = bank_room.load_bank("paracrine_reach")
    smaller = bank.model_copy(update={"items": [i for i in bank.items if keep(i)]})
    monkeypatch.setattr(bank_room, "load_bank", lambda slug: smaller)


def test_the_matrix_counts_questions_and_names_activities():
    matrix = coverage(ENTRY)
    assert set(matrix) == {o.id for o in ENTRY.objectives}
    for id, (questions, activities) in matrix.items():
        assert questions >= 2
        assert activities
        assert id.startswith("reach.")
    assert "e1" in matrix["reach.2"][1]


def test_too_few_questions_on_an_objective_are_caught(monkeypatch):
    with_items(monkeypatch, lambda i: i.pool != "quiz" or i.objective != "reach.1")
    found = lint_coverage(ENTRY)
    assert "reach.1 has 0 quiz questions" in " ".join(f.message for f in found if f.code == "C01")


def test_an_objective_without_activity_or_with_a_wrong_one_is_caught():
    assert codes(lint_coverage(changed_objective(activities=()))) == {"C02"}
    assert codes(lint_coverage(changed_objective(activities=("reech",)))) == {"C02"}


def test_a_question_for_an_objective_that_does_not_exist_is_caught(monkeypatch):
    monkeypatch.setattr(Manifest, "objective_ids", lambda self: {"course.1": ""})
    assert codes(lint_coverage(ENTRY)) == {"C03"}


@pytest.mark.parametrize(
    "keep",
    [lambda i: i.pool != "warmup", lambda i: i.pool != "quiz" or i.id == "q-slow"],
    ids=["warm-up", "quiz"],
)
def test_too_few_questions_in_a_pool_are_caught(monkeypatch, keep):
    with_items(monkeypatch, keep)
    assert "C04" in codes(lint_coverage(ENTRY))


def test_every_rule_of_coverage_is_tested_above():
    assert set(coverage_room.RULES) == {"C01", "C02", "C03", "C04"}


# -- README ------------------------------------------------------------------------------------


def test_the_table_of_lessons_is_kept_between_its_marks(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("before\n<!-- lessons -->\nold\n<!-- /lessons -->\nafter\n")
    assert codes(readme_findings(path)) == {"R02"}
    assert update_readme(path) is True
    assert readme_findings(path) == []
    assert update_readme(path) is False
    text = path.read_text()
    assert text.startswith("before\n<!-- lessons -->\n| No. |")
    assert text.endswith("<!-- /lessons -->\nafter\n")
    assert text.count("\n| ") == 17 + 1


def test_missing_marks_are_caught(tmp_path):
    path = tmp_path / "README.md"
    for text in ("", "# Course\n", "<!-- lessons -->\n"):
        path.write_text(text)
        assert codes(readme_findings(path)) == {"R01"}
        update_readme(path)
        assert path.read_text() == text
    path.unlink()
    assert codes(readme_findings(path)) == {"R01"}


def test_the_table_links_ready_lessons_only():
    for entry in manifest().lessons:
        linked = f"(notebooks/{entry.notebook})" in lesson_table()
        assert linked == (entry.status == "ready")


# -- minutes -----------------------------------------------------------------------------------


def test_a_lesson_that_takes_other_minutes_than_it_says_is_found():
    path = FOLDER / ENTRY.notebook
    takes = estimate_min(ENTRY, path)
    for stated, codes_found in ((takes, []), (takes / 2, ["T01"]), (takes * 2, ["T01"])):
        entry = ENTRY.model_copy(update={"minutes": round(stated)})
        assert [finding.code for finding in lint_minutes(entry, path)] == codes_found
