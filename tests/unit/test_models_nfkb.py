"""NF-kB: the curated model's trajectory, damped pulses, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models_shared import shared_file

from secretome_edu.models import nfkb
from secretome_edu.models.cards import model_card
from secretome_edu.ui.messages import BadValue

# Our short names in the order of SPECIES, as the curated file spells them.
SBML_NAMES = """
    IkBalpha NFkB IkBalpha_NFkB IkBbeta IkBbeta_NFkB IkBeps IkBeps_NFkB IKK_IkBalpha
    IKK_IkBalpha_NFkB IKK IKK_IkBbeta IKK_IkBbeta_NFkB IKK_IkBeps IKK_IkBeps_NFkB NFkB_nuc
    IkBalpha_nuc IkBalpha_nuc_NFkB_nuc IkBbeta_nuc IkBbeta_nuc_NFkB_nuc IkBeps_nuc
    IkBalpha_transcript IkBbeta_transcript IkBeps_transcript IkBeps_nuc_NFkB_nuc
""".split()  # noqa: SIM905


def test_the_card_and_the_code_hold_the_same_constants():
    card = dict(model_card("nfkb").defaults)
    card["k02"] = card["ikk_loss_per_min"]
    assert {name: card[name] for name in nfkb.RATES} == nfkb.RATES
    assert card["ikk_uM"] == nfkb.IKK_UM


def test_the_trajectory_is_that_of_the_curated_model():
    roadrunner = pytest.importorskip("roadrunner")
    runner = roadrunner.RoadRunner(str(shared_file("BIOMD0000000140.xml")))
    runner.integrator.relative_tolerance = 1e-9
    runner.integrator.absolute_tolerance = 1e-14
    runner.integrator.maximum_time_step = 1
    runner.timeCourseSelections = ["time", *(f"[{name}]" for name in SBML_NAMES)]
    reference = runner.simulate(0, 2360, 2361)[2000:, 1:].T
    gap = np.abs(nfkb.simulate().state_uM - reference).max(axis=1)
    assert (gap <= 1e-3 * reference.max(axis=1)).all()


def test_a_calmer_alarm_gives_fewer_and_lower_pulses():
    full, weak, short = nfkb.simulate(), nfkb.simulate(0.02), nfkb.simulate(0.1, 0.1)
    assert weak.nuclear_nfkb_uM.max() < full.nuclear_nfkb_uM.max()
    assert short.peaks_min.size < full.peaks_min.size
    heights = np.interp(full.peaks_min, full.time_min, full.nuclear_nfkb_uM)
    assert (np.diff(heights) < 0).all()
    assert full.inhibitor_uM.argmin() < 40


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.floats(0, 0.2), st.floats(0.001, 0.2))
def test_every_alarm_stays_finite_non_negative_and_keeps_its_nfkb(ikk, loss):
    course = nfkb.simulate(ikk, loss, 240.0, samples=61)
    assert np.isfinite(course.state_uM).all()
    assert (course.state_uM >= 0).all()
    held = [i for i, name in enumerate(nfkb.SPECIES) if "N" in name]
    np.testing.assert_allclose(course.state_uM[held].sum(axis=0), 0.101, rtol=1e-4)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: nfkb.simulate(-0.1), "ikk_uM is -0.1"),
        (lambda: nfkb.simulate(0.1, np.nan), "ikk_loss_per_min is nan"),
        (lambda: nfkb.simulate(t_end_min=0), "t_end_min is 0"),
        (lambda: nfkb.simulate(samples=2), "samples is 2"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
