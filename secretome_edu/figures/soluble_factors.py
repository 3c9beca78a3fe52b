"""Figures of lesson 02: factors by function, factors with receptors, amounts by their unit.

The map and the network are kinds of picture that scenes lack; they are drawn here and come with
a description computed from what was drawn.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from secretome_edu.figures.describe import count, number
from secretome_edu.figures.network import ordered
from secretome_edu.figures.scene import Scene, Span, SpanPanel
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.axes import Axes

    from secretome_edu.ui.bundle import Bundle

DATABASES = {"cellphonedb5", "cellchatdb2", "lianapy"}
SHORT_FUNCTIONS = {
    "immunomodulation_anti_inflammatory": "calms inflammation",
    "immunomodulation_pro_inflammatory": "drives inflammation",
    "chemotaxis": "attracts cells",
    "anti_apoptosis": "cell survival",
    "neuroprotection": "nerve cell survival",
    "ecm_remodeling": "matrix building, cutting",
    "hematopoiesis_support": "blood formation",
    "angiogenesis": "vessel growth",
    "anti_angiogenic": "slows vessel growth",
}
SIGNS = {  # location -> marker, filled, legend
    "released": ("s", True, "released"),
    "membrane": ("D", False, "surface, not soluble"),
    "intracellular": ("^", False, "inside the cell, not soluble"),
}
UNTANGLING_ROUNDS = 10
NETWORK_GROUPS = 4


def labeled_factors() -> pd.DataFrame:
    """Return the rows of ``factors`` for which the text read states a function."""
    from secretome_edu import data

    table = data.load("factors")
    return table[table["functions"].map(lambda names: isinstance(names, tuple) and bool(names))]


@own_style
def heatmap() -> Bundle:
    """Return the map of factors by function, in two rows of columns, with its description."""
    from matplotlib.figure import Figure

    from secretome_edu.figures.show import show

    table = labeled_factors()
    by_function = Counter(name for names in table["functions"] for name in names)
    order = [name for name, _ in by_function.most_common()]
    table = table.assign(
        key=[tuple(sorted(order.index(n) for n in names)) for names in table["functions"]]
    ).sort_values(["key", "symbol"])
    figure = Figure(figsize=(10.0, 9.6), dpi=100, layout="constrained")
    half = -(-len(table) // 2)
    for axes, part in zip(
        figure.subplots(2, 1), (table.iloc[:half], table.iloc[half:]), strict=True
    ):
        _map(axes, part, order)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=10, frameon=False)
    return show(figure, _map_description(table, by_function), "Factors by the functions read")


def _map(axes: Axes, part: pd.DataFrame, order: list[str]) -> None:
    from secretome_edu.figures.draw import GRID, INK
    from secretome_edu.figures.palette import LINES_LIGHT

    for color, (location, (marker, filled, label)) in zip(LINES_LIGHT, SIGNS.items(), strict=False):
        places = [
            (x, order.index(name))
            for x, row in enumerate(part.to_dict("records"))
            if row["location"] == location
            for name in row["functions"]
        ]
        axes.scatter(
            [x for x, _ in places],
            [y for _, y in places],
            marker=marker,
            s=62,
            facecolors=color if filled else "none",
            edgecolors=color,
            linewidths=1.8,
            label=label,
            zorder=2,
        )
    names = [f"{s}?" if f == "disputed" else s for s, f in zip(part.symbol, part.flag, strict=True)]
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=9)
    labels = [SHORT_FUNCTIONS.get(name, name.replace("_", "-")) for name in order]
    axes.set_yticks(range(len(order)), labels, fontsize=10)
    axes.set(xlim=(-0.7, len(names) - 0.3), ylim=(len(order) - 0.4, -0.6))
    axes.grid(True, color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _map_description(table: pd.DataFrame, by_function: Counter[str]) -> str:
    from secretome_edu import data

    (first, most), (second, next_most) = by_function.most_common(2)
    where = Counter(table["location"])
    several = [len(names) for names in table["functions"]]
    return (
        f"{len(table)} molecules for which a text names a function; "
        f"{len(data.load('factors')) - len(table)} without one are left out. "
        f"{most} share '{SHORT_FUNCTIONS[first]}', {next_most} '{SHORT_FUNCTIONS[second]}'. "
        f"{sum(n > 1 for n in several)} have more than one function, at most {max(several)}. "
        f"Hollow signs are not soluble: {where['membrane']} sit on the surface, "
        f"{where['intracellular']} stay inside the cell. A question mark: disputed."
    )


def agreed_pairs() -> pd.DataFrame:
    """Return the pairs that all three databases list and the course does not doubt."""
    from secretome_edu import data

    table = data.load("ligand_receptor")
    agreed = table["source_keys"].map(lambda keys: set(keys) == DATABASES)
    return table[agreed & table["flag"].isna()]


def graph() -> nx.Graph:
    """Return factors and receptor parts as nodes; a complex gives one edge to each part."""
    import networkx as nx

    net = nx.Graph()
    for ligand, parts in agreed_pairs()[["ligand", "receptors"]].itertuples(index=False):
        net.add_node(ligand, kind="factor")
        for part in parts:
            net.add_node(part, kind="receptor")
            net.add_edge(ligand, part)
    return net


@own_style
def network() -> Bundle:
    """Return the largest connected groups of the network, each in its own field."""
    import networkx as nx
    from matplotlib.figure import Figure

    from secretome_edu.figures.show import show

    net = graph()
    groups = sorted(nx.connected_components(net), key=lambda g: (-len(g), min(g)))
    figure = Figure(figsize=(10.0, 7.6), dpi=100, layout="constrained")
    for axes, group in zip(figure.subplots(2, 2).ravel(), groups[:NETWORK_GROUPS], strict=True):
        _group(axes, ordered(net, group))
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=10, frameon=False)
    return show(figure, _network_description(net, groups), "Factors and their receptors")


def _group(axes: Axes, part: nx.Graph) -> None:
    import networkx as nx

    from secretome_edu.figures.draw import INK, MUTED
    from secretome_edu.figures.palette import LINES_LIGHT

    place = _columns(part)
    nx.draw_networkx_edges(part, place, ax=axes, edge_color=MUTED, width=1.0, node_size=0)
    looks = (("factor", LINES_LIGHT[0], "s", -9), ("receptor", LINES_LIGHT[1], "o", 9))
    for kind, color, shape, aside in looks:
        names = [name for name in part if part.nodes[name]["kind"] == kind]
        axes.scatter(
            [place[name][0] for name in names],
            [place[name][1] for name in names],
            marker=shape,
            s=60,
            facecolors=color if kind == "factor" else "#ffffff",
            edgecolors=color,
            linewidths=1.6,
            label=kind,
            zorder=3,
        )
        for name in names:
            axes.annotate(
                name,
                place[name],
                xytext=(aside, 0),
                textcoords="offset points",
                ha="right" if aside < 0 else "left",
                va="center",
                fontsize=10,
                color=INK,
            )
    axes.set(xlim=(-0.45, 1.45), ylim=(-0.08, 1.08))
    axes.set_axis_off()


def _columns(part: nx.Graph) -> dict[str, tuple[float, float]]:
    """Return factors in a left column, receptors in a right one, with few crossing lines.

    Each column is sorted by the mean height of a name's partners, in turns; names break ties, so
    that the picture is the same each time.
    """
    columns = [
        sorted(name for name in part if part.nodes[name]["kind"] == kind)
        for kind in ("factor", "receptor")
    ]
    height: dict[str, float] = {}
    for turn in range(2 * UNTANGLING_ROUNDS):
        column = columns[turn % 2]
        if turn:
            column.sort(key=lambda n: (sum(height[m] for m in part[n]) / len(part[n]), n))
        step = 1 / max(1, len(column) - 1)
        height.update({name: place * step for place, name in enumerate(column)})
    return {name: (float(x), height[name]) for x, column in enumerate(columns) for name in column}


def _network_description(net: nx.Graph, groups: list[set[str]]) -> str:
    pairs = agreed_pairs()
    factors = [n for n in net if net.nodes[n]["kind"] == "factor"]
    receptors = [n for n in net if net.nodes[n]["kind"] == "receptor"]
    widest, most_parts = _most_connected(net, factors)
    shared, most_factors = _most_connected(net, receptors)
    shown = sum(len(group) for group in groups[:NETWORK_GROUPS])
    return (
        f"{len(pairs)} pairs join {len(factors)} factors and {len(receptors)} receptor parts in "
        f"{len(groups)} separate groups; the {NETWORK_GROUPS} largest are drawn, with {shown} of "
        f"{len(net)} names. Most receptor parts, {most_parts}: {widest}. "
        f"Shared by most factors, {most_factors}: {shared}. "
        "A factor that needs a complex has a line to each of its parts."
    )


def _most_connected(net: nx.Graph, names: list[str]) -> tuple[str, int]:
    """Return the names with most lines, joined, and how many lines that is."""
    most = max(net.degree(name) for name in names)
    return " and ".join(sorted(name for name in names if net.degree(name) == most)), most


UNIT_PANELS = {  # quantity -> title, axis, scale, range
    "concentration": ("Per volume of medium", "pg/mL", "log", (10.0, 3e4)),
    "amount per cells": ("Per number of cells", "pg per million cells", "linear", (0.0, 8000.0)),
    "concentration per cell density": (
        "Per volume and cell density",
        "pg per 100,000 cells and mL",
        "linear",
        (0.0, 800.0),
    ),
    "fold change": ("Against a control", "times the control", "log", (0.2, 500.0)),
}
PG_PER_UNIT = {"ng/ml": 1000.0}  # every other unit of the table counts picograms, or nothing
SHORT_CONDITIONS = {  # row of secretion_levels -> what was done, short enough for an axis
    "SL001": "untreated",
    "SL002": "TGF-alpha, 500 pg/mL",
    "SL003": "TGF-alpha, 250 ng/mL",
    "SL008": "with blood cells",
    "SL010": "as a 3D sheet",
    "SL023": "normal oxygen",
    "SL026": "low oxygen",
    "SL027": "VEGF gene added",
    "SL040": "low oxygen",
    "SL044": "stimulated, NF-kB blocked",
    "SA013": "low oxygen",
    "SA016": "potency assay",
}


def units() -> Scene:
    """Return the published amounts of VEGF, one panel for each unit."""
    from secretome_edu import data

    table = data.load("secretion_levels")
    table = table[table["factor"] == "VEGFA"]
    panels, clauses = [], []
    for quantity, (title, axis, scale, limits) in UNIT_PANELS.items():
        rows = table[table["quantity"] == quantity].to_dict("records")
        spans = [_span(row) for row in rows]
        values = [span.middle for span in spans if span.middle is not None]
        clauses.append(
            f"{title.lower()}, {count(len(rows), 'row')} from {number(min(values), digits=4)} to "
            f"{number(max(values), digits=4)} {axis}"
        )
        panels.append(SpanPanel(title, axis, spans, x_scale=scale, x_range=limits))
    left = len(table) - sum(len(panel.rows) for panel in panels)
    description = (
        f"The same factor in four units: {'; '.join(clauses)}. No two panels share an axis. "
        f"Not drawn: {count(left, 'detection limit')}, which says what an assay can see. "
        "Lines are the printed spread, of a kind not stated."
    )
    return Scene("VEGF from MSC, as published", panels, description)


def _span(row: dict[str, Any]) -> Span:
    error = 0.0 if row["error"] != row["error"] else float(row["error"])  # NaN: none printed
    scale = PG_PER_UNIT.get(row["unit"], 1.0)
    low, middle, high = (scale * (row["value"] + sign * error) for sign in (-1, 0, 1))
    return Span(_row_label(row), low, high, middle)


def _row_label(row: dict[str, Any]) -> str:
    """Return condition, species or tissue, and paper, short enough for an axis."""
    from secretome_edu import data

    tissue = str(row["cell_source"]).replace("bone marrow", "marrow")
    tissue = tissue.replace(" tissue", "").replace("umbilical ", "")
    animal = "" if row["species"] == "human" else f"{row['species']} "
    source = f"{animal}{tissue}, {data.cite(row['source_keys'][0]).short}"
    source = source.replace("Stem Cell Research & Therapy", "SCRT")
    condition = SHORT_CONDITIONS.get(row["row_id"])
    return f"{condition}\n{source}" if condition else source


FIGURES = {"units": units}
