"""A learner's notebook changes settings of NumPy, pandas, matplotlib or Python: lessons still run.

Such settings hold for the whole kernel, so they reach the package's own computing and drawing.
"""

from __future__ import annotations

import functools
import os
import random
import re
import warnings

import abuse
import matplotlib
import numpy as np
import pandas as pd
import pytest
from abuse import SLUGS, Learner, check, code_cells

from secretome_edu.explore import definition, explorers
from secretome_edu.explore.controls import Slider

SETTINGS = {
    "numbers that overflow raise": "import numpy as np; np.seterr(all='raise')",
    "warnings are errors": "import warnings; warnings.simplefilter('error')",
    "short tables": "import pandas as pd\npd.set_option('display.max_rows', 2)\n"
    "pd.set_option('display.max_columns', 2)\npd.set_option('display.max_colwidth', 3)\n"
    "pd.set_option('display.precision', 1)\npd.set_option('display.html.border', 0)",
    "no HTML of tables": "import pandas as pd; pd.set_option('display.notebook_repr_html', False)",
    "short arrays": "import numpy as np; np.set_printoptions(precision=1, threshold=2)",
    "another folder": "import os, tempfile; os.chdir(tempfile.mkdtemp())",
    "one seed": "import random, numpy as np; random.seed(0); np.random.seed(0)",
}
STYLES = {
    "dark": "import matplotlib.style; matplotlib.style.use('dark_background')",
    "TeX without LaTeX": "import matplotlib; matplotlib.rcParams['text.usetex'] = True",
    "a font that is not there": "import matplotlib; matplotlib.rcParams['font.family'] = 'Nowhere'",
    "a large, sharp canvas": "import matplotlib; matplotlib.rcParams.update({'figure.dpi': 1200,"
    "'savefig.dpi': 1200, 'font.size': 60, 'axes.xmargin': 3, 'savefig.bbox': 'tight'})",
    "a comma": "import matplotlib; matplotlib.rcParams['axes.formatter.use_locale'] = True",
}
DRAWN = ["paracrine_reach", "soluble_factors"]


@pytest.fixture(scope="module", autouse=True)
def shell():
    with abuse.notebook():
        yield


@pytest.fixture(autouse=True)
def settings_back(monkeypatch):
    """Give back what a setting changed."""
    monkeypatch.setenv("SECRETOME_EDU_STORE", "memory:")
    errors, printed, folder = np.geterr(), np.get_printoptions(), os.getcwd()
    states = random.getstate(), np.random.get_state()
    with warnings.catch_warnings(), matplotlib.rc_context():
        yield
    np.seterr(**errors)
    np.set_printoptions(**printed)
    os.chdir(folder)
    random.setstate(states[0])
    np.random.set_state(states[1])
    pd.reset_option("display")


@pytest.mark.parametrize(
    ("setting", "mode"), [(next(iter(SETTINGS)), "rich"), *((name, "text") for name in SETTINGS)]
)
def test_lessons_run(setting, mode, monkeypatch, record_property):
    monkeypatch.setenv("SECRETOME_EDU_UI", mode)
    abuse.without_drawing(monkeypatch)
    tried = []
    for slug in SLUGS:
        learner = Learner()
        first = learner.run(SETTINGS[setting])
        assert not first.errors
        tried += learner.run_all(code_cells(slug))
    check(tried, record_property)


def ends_of(control):
    """Return the outermost values a control takes, and its first again."""
    if isinstance(control, Slider):
        return [control.low, control.high, control.default]
    return list(getattr(control, "options", ()))


@pytest.mark.parametrize("name", explorers())
def test_explorers_move_where_small_numbers_raise(name, monkeypatch, record_property):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    abuse.without_drawing(monkeypatch)
    np.seterr(all="raise")
    learner = Learner()
    learner.run(f"import secretome_edu as se\nview = se.explore({name!r})")
    moves = [
        f"view.set({control.name}={value!r})"
        for control in definition(name).controls
        for value in ends_of(control)
    ]
    check(learner.run_all(moves), record_property)


@pytest.mark.parametrize("slug", DRAWN)
@pytest.mark.parametrize("style", STYLES)
def test_pictures_stay_as_they_are(style, slug, monkeypatch, record_property):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    cells = [cell for cell in code_cells(slug) if re.search(r"^import|figure\(|explore\(", cell)]
    pictures = _plain(tuple(cells))
    learner = Learner()
    assert not learner.run(STYLES[style]).errors
    tried = learner.run_all(cells)
    check(tried, record_property)
    assert any("<img" in html for html in pictures)
    assert [_html(seen.value) for seen in tried] == pictures


@functools.cache
def _plain(cells):
    return [_html(seen.value) for seen in Learner().run_all(cells)]


def _html(value):
    data = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {}
    return data.get("text/html", "")
