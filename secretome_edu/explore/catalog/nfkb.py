"""NF-kB: the strength and the fading of an alarm, and the pulses with which a cell answers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from secretome_edu.explore.controls import from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import count, number, peak
from secretome_edu.figures.scene import Line, LinePanel, Scene
from secretome_edu.models import nfkb
from secretome_edu.models.cards import model_card

CARD = model_card("nfkb")
SHOWN_MIN, SAMPLES = 600.0, 301
# What counts as a pulse here: a maximum at least this high, a thirteenth of the published first
# one. Where to draw the line is the course's choice, so the picture marks each.
PULSE_UM = 0.005


@lru_cache(maxsize=64)
def _course(ikk_uM: float, ikk_loss_per_min: float) -> nfkb.NfkbCourse:
    return nfkb.simulate(ikk_uM, ikk_loss_per_min, SHOWN_MIN, samples=SAMPLES)


def _pulses(course: nfkb.NfkbCourse) -> list[tuple[float, float]]:
    """Return time and height of every maximum that counts as a pulse."""
    heights = np.interp(course.peaks_min, course.time_min, course.nuclear_nfkb_uM)
    found = zip(course.peaks_min.tolist(), heights.tolist(), strict=True)
    return [(at, height) for at, height in found if height >= PULSE_UM]


def compute(values: Values) -> Scene:
    """Return nuclear NF-kB under this alarm and the published one, with the alarm and its brake."""
    ikk, loss = values["ikk_uM"], values["ikk_loss_per_min"]
    course = _course(ikk, loss)
    published = _course(nfkb.IKK_UM, nfkb.RATES["k02"])
    pulses, usual = _pulses(course), _pulses(published)
    time = course.time_min
    nucleus = LinePanel(
        title="Answer: NF-kB in the nucleus",
        x_label="time (min)",
        y_label="free nuclear NF-kB (µM)",
        x_range=(0.0, SHOWN_MIN),
        y_range=(0.0, 0.08),
        lines=[
            Line("this alarm", time, course.nuclear_nfkb_uM, "solid", 0),
            Line("published alarm", published.time_min, published.nuclear_nfkb_uM, "dotted", 4),
            *_marked(pulses),
        ],
    )
    brake = LinePanel(
        title="Alarm and brake",
        x_label="time (min)",
        y_label="level (µM)",
        x_range=(0.0, SHOWN_MIN),
        y_range=(0.0, 0.6),
        lines=[
            Line("inhibitor IkB-alpha", time, course.inhibitor_uM, "solid", 2),
            Line("free IKK", time, course.ikk_uM, "dashed", 1),
        ],
    )
    least_at, least = peak(time, -course.inhibitor_uM)
    readouts = [
        ("Pulses in 10 h", str(len(pulses))),
        ("Pulses, published alarm", str(len(usual))),
        (
            "First pulse",
            f"{number(pulses[0][1], 'uM')} at {_at(pulses[0][0])}" if pulses else "none",
        ),
        ("Half of the alarm is lost in", number(np.log(2) / loss, "min")),
    ]
    same = (
        "This is the published alarm."
        if course is published
        else f"The published alarm gives {_told(usual)}."
    )
    description = (
        f"In this model of mouse fibroblasts, {number(ikk, 'uM')} of IKK that loses half in "
        f"{number(np.log(2) / loss, 'min')} gives {_told(pulses)}. {same} The inhibitor IkB-alpha "
        f"starts at {number(course.inhibitor_uM[0], 'uM')}, is lowest, {number(-least, 'uM')}, at "
        f"{_at(least_at)} and ends at {number(course.inhibitor_uM[-1], 'uM')}. The model holds no "
        "secretome; less IKK only stands for a calmer alarm."
    )
    return Scene("NF-kB after an alarm", [nucleus, brake], description, readouts)


def _marked(pulses: list[tuple[float, float]]) -> list[Line]:
    at, heights = np.array(pulses).reshape(-1, 2).T
    return [Line("pulse", at, heights, "markers", 3)] if pulses else []


def _at(minute: float) -> str:
    return number(round(minute), "min")


def _told(pulses: list[tuple[float, float]]) -> str:
    if not pulses:
        return "no pulse of nuclear NF-kB"
    heights = ", then ".join(f"{number(height, 'uM')} at {_at(at)}" for at, height in pulses)
    return f"{count(len(pulses), 'pulse')} of nuclear NF-kB: {heights}"


EXPLORER = Explorer(
    name="nfkb",
    title="One alarm, several pulses",
    question="What takes away the later pulses: a weaker alarm or one that fades sooner?",
    model="nfkb",
    controls=[
        from_card(CARD, "ikk_uM", step=0.005),
        from_card(CARD, "ikk_loss_per_min", steps=80),
    ],
    compute=compute,
    presets=[
        Preset("Published alarm", {}),
        Preset("A fifth of the alarm", {"ikk_uM": 0.02}),
        Preset("Fades five times faster", {"ikk_loss_per_min": 5 * nfkb.RATES["k02"]}),
        Preset("Hardly fades", {"ikk_loss_per_min": 0.001}),
    ],
)
