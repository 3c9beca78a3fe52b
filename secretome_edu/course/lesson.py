"""A lesson as a notebook uses it: recall, predict, explore, practise, check.

Every method returns something to display and gives the same output in a fresh kernel. Pictures,
questions and tasks come from their rooms; this one only joins them with the learner's progress.
"""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Any

from secretome_edu.course import cards
from secretome_edu.course.explanation import explanation
from secretome_edu.course.lost import watch
from secretome_edu.course.manifest import LessonEntry, manifest
from secretome_edu.course.memory import say_trouble, store
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import UnknownAttribute, UnknownName, pick, whole_number


def lesson(slug: str) -> Lesson:
    """Return a lesson by its slug.

    Parameters
    ----------
    slug : str
        For example ``"paracrine_reach"``; the number works too.

    Raises
    ------
    UnknownName
        A KeyError that lists the closest slugs.

    Examples
    --------
    >>> lesson("paracrine_reach").entry.title
    'Paracrine reach'
    """
    here = Lesson(manifest().entry(slug))
    watch()
    return here


class Lesson:
    """One lesson; show it to see its question, objectives, contents and your progress."""

    def __init__(self, entry: LessonEntry):
        self.entry = entry
        self.recorder = store().recorder(entry.slug)
        self._explanations: dict[str, list[Any]] = {}
        self._explorers: dict[str, Any] = {}
        self._gains: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        steps = [step for step in dir(type(self)) if not step.startswith("_")]
        raise UnknownAttribute("step of a lesson", name, steps, "dir(lesson)")

    # -- recall, predict, check: the quiz room ------------------------------------------------

    @cached_property
    def bank(self) -> Any:
        """The question bank of this lesson."""
        from secretome_edu.quiz.bank import load_bank

        return load_bank(self.entry.slug)

    def warmup(self, count: int = 2) -> Any:
        """Return ``count`` questions on earlier lessons: what is due, else from the pool."""
        from secretome_edu.course.overview import AskAgain
        from secretome_edu.course.report import due_items

        count = whole_number("count", count)
        due = due_items(before=self.entry.number, limit=count)
        if len(due) == count:
            items, recorder = [item for _, item in due], AskAgain(due)
            return self._questions(items, "What you may remember", recorder=recorder)
        return self._questions(self.bank.pool("warmup")[:count], "What you may remember")

    def predict(self, id: str = "") -> Any:
        """Return a prediction question; any answer opens its explanation."""
        item = self._item("prediction", id)
        return self._questions([item], "Predict first", mode="prediction")

    def explain(self, id: str = "") -> Any:
        """Return the explanation of a prediction; it opens when the prediction is made."""
        shown = explanation(self._item("prediction", id), self.recorder.last(id))
        self._explanations.setdefault(id, []).append(shown)
        return shown

    def quiz(self) -> Any:
        """Return the closing quiz."""
        return self._questions(self.bank.pool("quiz"), "Check yourself")

    def part_quiz(self) -> Any:
        """Return the mixed quiz that closes a part of the course."""
        return self._questions(self.bank.pool("part_quiz"), "Part quiz")

    def pretest(self) -> Any:
        """Return the test before the course; it records and shows no marks."""
        return self._questions(self.bank.pool("pretest"), "What you know already", mode="test")

    def posttest(self) -> Any:
        """Return the test after the course, parallel to the first; it shows no marks either."""
        return self._questions(self.bank.pool("posttest"), "What you know now", mode="test")

    def gain(self) -> Any:
        """Return what changed from the first test to the last; it follows while you answer."""
        from secretome_edu.course.gain import learning_gain
        from secretome_edu.ui.panel import panel

        now = learning_gain()
        shown = panel(now.text, now.html, "Your learning gain")
        self._gains.append(shown)
        return shown

    def _questions(
        self, items: list[Any], title: str, mode: str = "practice", recorder: Any = None
    ) -> Any:
        from secretome_edu.quiz import view

        keep = recorder or self.recorder
        return view.show(items, title=title, recorder=keep, mode=mode, on_answer=self._answered)

    def _item(self, pool: str, id: str) -> Any:
        items = {item.id: item for item in self.bank.pool(pool)}
        return pick(pool, id, items, f"lesson.ids({pool!r})")

    def _answered(self, item_id: str, response: Any, result: Any) -> None:
        for shown in self._explanations.get(item_id, []):
            shown.open(self.recorder.last(item_id))
        if self._gains:
            from secretome_edu.course.gain import learning_gain

            now = learning_gain()
            for shown in self._gains:
                shown.update(now.text, now.html)

    # -- explore, picture ----------------------------------------------------------------------

    def explore(self, name: str = "", **initial: Any) -> Any:
        """Return an explorer of this lesson: sliders, a picture and its description.

        Parameters
        ----------
        name : str
            One of ``lesson.ids("explorer")``.
        **initial : number
            Slider values to start from.
        """
        from secretome_edu.explore import explore

        if name not in self.entry.explorers:
            raise UnknownName("explorer", name, self.entry.explorers, "lesson.ids('explorer')")
        shown = explore(name, **initial)
        self._explorers[name] = shown
        return shown

    def figure(self, name: str = "") -> Bundle:
        """Return one of the lesson's own figures with its computed description."""
        from secretome_edu.figures import show
        from secretome_edu.figures.style import own_style

        return show(own_style(pick("figure", name, self._figures, "lesson.ids('figure')"))())

    @cached_property
    def _figures(self) -> dict[str, Any]:
        module = f"secretome_edu.figures.{self.entry.slug}"
        try:
            return getattr(import_module(module), "FIGURES", {})
        except ModuleNotFoundError as missing:
            if missing.name != module:
                raise
            return {}  # a lesson may do without figures of its own

    # -- practise ------------------------------------------------------------------------------

    @cached_property
    def exercises(self) -> dict[str, Any]:
        """The exercises of this lesson by id."""
        from secretome_edu.exercises import load_exercises

        return load_exercises(self.entry.slug)

    def check(self, id: str = "", answer: Any = None) -> Any:
        """Return an exercise with the state of your answer.

        Parameters
        ----------
        id : str
            One of ``lesson.ids("exercise")``.
        answer : object, optional
            The code track's answer; leave ``None`` to answer in the boxes.
        """
        from secretome_edu.exercises import show

        return show(self._exercise(id), self.recorder, answer)

    def hint(self, id: str = "") -> Bundle:
        """Return the next hint of an exercise."""
        return self._open(id, "hint")

    def solution(self, id: str = "") -> Bundle:
        """Return the worked solution of an exercise; it opens after the first try."""
        return self._open(id, "solution")

    def _open(self, id: str, what: str) -> Bundle:
        from secretome_edu.exercises.session import Session
        from secretome_edu.ui.markup import to_html, to_text

        words = getattr(Session(self._exercise(id), self.recorder), what)()
        return Bundle(to_text(words), to_html(words))

    def _exercise(self, id: str) -> Any:
        return pick("exercise", id, self.exercises, "lesson.ids('exercise')")

    def plan(self, file: str = "", **fields: Any) -> Any:
        """Return your product plan on one page, and save it where a file is named.

        Parameters
        ----------
        file : str
            For example ``"my_plan.html"``.
        **fields : str
            Short texts; see `secretome_edu.course.plan.plan`.
        """
        from secretome_edu.course.plan import plan

        return plan(file, **fields)

    # -- open, close ---------------------------------------------------------------------------

    def ids(self, kind: str) -> list[str]:
        """Return the ids of one kind: explorer, prediction, exercise, figure or quiz."""
        if kind == "explorer":
            return list(self.entry.explorers)
        if kind == "exercise":
            return list(self.exercises)
        if kind == "figure":
            return list(self._figures)
        return [item.id for item in self.bank.pool(kind)]

    def progress(self) -> str:
        """Return how far you are in this lesson, in one sentence."""
        from secretome_edu.exercises import exercise_texts

        say_trouble()
        tasks = [text.id for text in exercise_texts(self.entry.slug)]
        quiz = [item.id for item in self.bank.pool("quiz")]
        right = sum(self._state(id) == "correct" for id in quiz)
        solved = sum(self._state(id) == "correct" for id in tasks)
        return (
            f"{right} of {len(quiz)} quiz questions and {solved} of {len(tasks)} "
            f"exercise{'' if len(tasks) == 1 else 's'} right so far."
        )

    def _state(self, id: str) -> str | None:
        """Return ``correct`` once it was: trying again later takes nothing away."""
        states = [e["state"] for e in self.recorder.history(id) if e["kind"] == "answered"]
        return "correct" if "correct" in states else states[-1] if states else None

    def close(self) -> Bundle:
        """Return key points, terms, references, your progress and what comes next."""
        return cards.closing(self.entry, self.progress())

    def __repr__(self) -> str:
        return repr(self._header())

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return self._header()._repr_mimebundle_()

    def _header(self) -> Bundle:
        return cards.header(self.entry, self.progress())
