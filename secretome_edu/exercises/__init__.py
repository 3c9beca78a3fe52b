"""What is practised: tasks with a three-state check, a ladder of hints and a solution.

Texts stand in ``<lesson>.yaml``, checks in ``<lesson>.py``; ``load_exercises`` joins the two.
A check never raises: a blank answer is "unanswered", an unreadable one costs nothing.
"""

from secretome_edu.exercises.check import CheckResult, Exercise, exercise_texts, load_exercises
from secretome_edu.exercises.panel import show

__all__ = ["CheckResult", "Exercise", "exercise_texts", "load_exercises", "show"]
