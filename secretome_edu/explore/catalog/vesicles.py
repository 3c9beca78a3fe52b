"""Vesicles: Brownian tracks, and the sizes an instrument with a detection limit reads from them."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import number, peak, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models import vesicles
from secretome_edu.models.cards import model_card

CARD = model_card("vesicles")
FACTOR_UM2_S = model_card("reach").parameter("diffusivity_um2_s").value
FRAME_S = CARD.parameter("frame_s").value
SHARPNESS = CARD.parameter("sharpness").value
COUNT, LONGEST = 800, 120
DIAMETER_NM = np.linspace(15.0, 400.0, 386)
BIN_NM = 10.0
EDGES_NM = np.arange(10.0, 400.0 + BIN_NM, BIN_NM)
SHOWN = (0.05, 0.5, 0.95)  # quantiles of the population whose tracks are drawn
# Whether a vesicle is seen: the same luck for every position of the limit.
SEEN = np.random.default_rng(3).uniform(size=COUNT)


def compute(values: Values) -> Scene:
    """Return three tracks, and the size distribution as it is and as it is reported."""
    median, spread, limit = values["median_nm"], values["spread"], values["limit_nm"]
    temperature, frames = values["temperature_C"], int(values["frames"])
    true_sizes = vesicles.sizes(COUNT, median, spread)
    drawn = np.quantile(true_sizes, SHOWN)
    paths = vesicles.tracks(drawn, LONGEST, FRAME_S, temperature, seed=5)[:, :frames]
    tracking = LinePanel(
        title=f"Three tracks of {number(frames)} frames",
        x_label="x (µm)",
        y_label="y (µm)",
        x_range=(-12.0, 12.0),
        y_range=(-12.0, 12.0),
        lines=[
            Line(number(size, "nm"), path[:, 0], path[:, 1], ("solid", "dashed", "dotted")[i], i)
            for i, (size, path) in enumerate(zip(drawn, paths, strict=True))
        ],
    )
    all_of_them = vesicles.size_density(DIAMETER_NM, median, spread)
    above = vesicles.size_density(DIAMETER_NM, median, spread, limit, SHARPNESS)
    seen = vesicles.detection(true_sizes, limit, SHARPNESS) > SEEN
    everyone = vesicles.tracks(true_sizes, LONGEST, FRAME_S, temperature)[:, :frames]
    read = vesicles.diameters_from_tracks(everyone, FRAME_S, temperature)[seen]
    counts, _ = np.histogram(read, EDGES_NM)
    distribution = LinePanel(
        title="Sizes: as they are and as they are reported",
        x_label="diameter (nm)",
        y_label=f"vesicles per {number(BIN_NM)} nm (%)",
        x_range=(0.0, 400.0),
        y_range=(0.0, 25.0),
        lines=[
            Line("all vesicles", DIAMETER_NM, 100 * BIN_NM * all_of_them, "solid", 0),
            Line("seen by the instrument", DIAMETER_NM, 100 * BIN_NM * above, "dashed", 1),
            Line("read from the tracks", EDGES_NM[:-1], 100 * counts / COUNT, "steps", 2),
        ],
        vlines=[Rule(limit, "detection limit")],
    )
    share = float(vesicles.detected_share(median, spread, limit, SHARPNESS))
    mode, reported = peak(DIAMETER_NM, all_of_them)[0], peak(DIAMETER_NM, above)[0]
    speed = float(vesicles.diffusivity(median, temperature))
    width = float(np.std(read) / np.std(true_sizes[seen])) if seen.sum() > 1 else float("nan")
    wider = "too few to tell" if np.isnan(width) else f"{number(width, digits=2)} times the truth"
    readouts = [
        ("Most frequent size, in truth", number(mode, "nm")),
        ("Most frequent size, reported", number(reported, "nm")),
        ("Vesicles seen", percent(share)),
        ("Spread read from tracks", wider),
        ("Diffusivity at the median", number(speed, "um2/s")),
    ]
    description = (
        f"Most vesicles measure {number(mode, 'nm')}, but with a limit of {number(limit, 'nm')} "
        f"the instrument reports {number(reported, 'nm')} and sees {percent(share)} of them. "
        f"Spread of the sizes read from tracks of {number(frames)} frames: {wider}. "
        f"A vesicle of {number(median, 'nm')} diffuses at {number(speed, 'um2/s')}, "
        f"{number(FACTOR_UM2_S / speed, digits=2)} times slower than VEGF in tissue."
    )
    return Scene(
        "Vesicles seen through an instrument", [tracking, distribution], description, readouts
    )


EXPLORER = Explorer(
    name="vesicles",
    title="What size are they really?",
    question="Move the detection limit: can two laboratories report two sizes for one sample?",
    model="vesicles",
    controls=[
        from_card(CARD, "median_nm", meaning="Half of the vesicles are smaller.", steps=80),
        from_card(CARD, "spread", meaning="Standard deviation of the logarithm.", steps=70),
        from_card(CARD, "limit_nm", steps=90),
        from_card(
            CARD,
            "frames",
            high=float(LONGEST),
            steps=60,
            meaning="A track ends when the vesicle leaves the focus.",
        ),
        from_card(CARD, "temperature_C", default=25.0, meaning="Of the sample in the instrument."),
    ],
    compute=compute,
    presets=[
        Preset("Sees everything", {"limit_nm": 20.0}),
        Preset("Limit at 100 nm", {"limit_nm": 100.0}),
        Preset("Short tracks", {"frames": 6.0}),
        Preset("Equal vesicles", {"spread": 0.1, "median_nm": 100.0}),
    ],
)
