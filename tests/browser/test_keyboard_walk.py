"""Every lesson finished in JupyterLab by keyboard alone: each control, question and picture.

The learner of ``learner.py`` presses keys and nothing else. On the way the page is watched: every
control is reached, none holds the focus, its outline shows, what happens is announced, and nothing
asks for a mouse. Counts are printed (``pytest -s``).
"""

from __future__ import annotations

import pytest
from lab import Lab
from learner import Learner

from secretome_edu.course import memory, report
from secretome_edu.course.manifest import manifest

SLUGS = [entry.slug for entry in manifest().ready()]


@pytest.fixture(scope="module")
def store_url(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('store') / 'progress.sqlite'}"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, store_url):
    running = Lab(tmp_path_factory.mktemp("lab") / "lab", SECRETOME_EDU_STORE=store_url)
    running.page = None  # the lessons follow one another in one window, as on a learner's day
    yield running
    running.close()


def kept(store_url, monkeypatch):
    """Return what the learner's store says by itself: slug -> state of the lesson."""
    monkeypatch.setenv("SECRETOME_EDU_STORE", store_url)
    memory.store.cache_clear()
    states = {state.facts.lesson: state for state in report.learner_report().lessons}
    memory.store.cache_clear()
    return states


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lesson_is_finished_by_keyboard_alone(lab, slug, store_url, monkeypatch):
    learner = Learner(lab, slug, lab.page)
    lab.page = learner.page
    learner.run_all()
    learner.walk()
    print(slug, learner.counts)
    assert learner.found == []
    assert learner.page.problems == []
    here = learner.lesson
    quiz, tasks = here.ids("quiz"), here.exercises
    boxes = sum(bool(task.fields) for task in tasks.values())
    assert set(here.ids("prediction")) | set(quiz) <= learner.done
    assert (
        f"{len(quiz)} of {len(quiz)} quiz questions and {boxes} of {len(tasks)} exercise"
        in learner.close()
    )
    state = kept(store_url, monkeypatch)[slug]
    assert state.passed
    assert state.mastered == state.objectives
