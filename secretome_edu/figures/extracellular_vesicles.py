"""Figures of lesson 03: published sizes, copies of a miRNA, medium blanks, a miRNA-target map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from secretome_edu.figures.describe import number, percent
from secretome_edu.figures.network import ordered
from secretome_edu.figures.scene import Line, LinePanel, Panel, Rule, Scene, Span, SpanPanel
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.figure import Figure

    from secretome_edu.ui.bundle import Bundle

# Copies of one given miRNA per exosome, mean over the miRNAs and samples counted: Chevillet 2014,
# abstract (10.1073/pnas.1408301111), five sources, none of them MSC. No table holds it.
COPIES_PER_EXOSOME = 0.00825
SMALL_NM = 200.0  # where MISEV2023 draws the operational line, rows EV01 and EV02
CLASSES = ("exosome", "microvesicle (ectosome)", "apoptotic body")
_WIDEST_NM = (15.0, 10_000.0)
_TITERS = {
    "SL011": "cord, OxiumEXO, low",
    "SL012": "cord, OxiumEXO, high",
    "SL013": "marrow, platelet lysate",
    "SL054": "marrow, depleted serum",
    "SL016": "marrow, serum-free, fibers",
    "SL015": "marrow, 5% serum, beads",
    "SL061": "no cells: depleted serum (2021)",
    "SL059": "no cells: medium with it (2018)",
}


def sizes() -> Scene:
    """Return the published size ranges of three classes, and how many sources hold each size."""
    ranges = {name: _ranges_nm(name) for name in CLASSES}
    panels: list[Panel] = [
        SpanPanel(
            name,
            "diameter (nm)",
            [Span(label, low, high, color=place) for label, low, high in rows],
            style="bar",
            x_scale="log",
            x_range=_WIDEST_NM,
            vlines=[Rule(SMALL_NM, "small | large")],
        )
        for place, (name, rows) in enumerate(ranges.items())
    ]
    diameters = np.geomspace(*_WIDEST_NM, 600)
    inside = {
        name: np.sum([(low <= diameters) & (diameters <= high) for _, low, high in rows], axis=0)
        for name, rows in ranges.items()
    }
    styles = ("solid", "dashed", "dotted")
    panels.append(
        LinePanel(
            "How many sources include a diameter",
            "diameter (nm)",
            "sources",
            [
                Line(name, diameters, inside[name], styles[place], place)
                for place, name in enumerate(CLASSES)
            ],
            x_scale="log",
            x_range=_WIDEST_NM,
            y_range=(0.0, 10.0),
        )
    )
    spans = [
        f"{name} {number(min(low for _, low, _ in rows))} to "
        f"{number(max(high for _, _, high in rows))} nm in {len(rows)} sources"
        for name, rows in ranges.items()
    ]
    at = 120.0
    hits = [
        f"{sum(low <= at <= high for _, low, high in rows)} of {len(rows)} sources for {name}"
        for name, rows in ranges.items()
    ]
    description = (
        f"Published ranges with both ends stated, each bar one source: {'; '.join(spans)}. "
        f"A diameter of {number(at, 'nm')} lies inside the range of {', '.join(hits)}. "
        f"MISEV2023 uses {number(SMALL_NM, 'nm')} as the line between small and large EV."
    )
    return Scene("Published size ranges overlap", panels, description)


def _ranges_nm(name: str) -> list[tuple[str, float, float]]:
    """Return label, low and high of every row of a class that states both ends."""
    from secretome_edu import data

    table = data.load("ev_classes")
    table = table[(table["ev_class"] == name) & table["size_max_nm"].notna()]
    table = table.sort_values(["size_min_nm", "size_max_nm"])
    rows = []
    for row in table.to_dict("records"):
        low, high = float(row["size_min_nm"]), float(row["size_max_nm"])
        year = data.cite(row["source_keys"][0]).short.rstrip("abcdef")[-4:]  # "Name 2020a"
        rows.append((f"{low:g}–{high:g} ({year})", low, high))
    return rows


def copies() -> Scene:
    """Return the chance that some vesicles hold at least one copy of a given miRNA."""
    from secretome_edu.models import vesicles

    how_many = np.geomspace(1.0, 1e4, 401)
    cases = {
        f"{COPIES_PER_EXOSOME:g} copies each (counted mean)": (COPIES_PER_EXOSOME, "solid"),
        "0.1 copies each (illustrative)": (0.1, "dashed"),
        "1 copy each (illustrative)": (1.0, "dotted"),
    }
    lines = [
        Line(label, how_many, 100 * vesicles.share_with_cargo(mean * how_many), style, place)
        for place, (label, (mean, style)) in enumerate(cases.items())
    ]
    one = float(vesicles.share_with_cargo(COPIES_PER_EXOSOME))
    chances = ", ".join(
        f"{percent(float(vesicles.share_with_cargo(COPIES_PER_EXOSOME * many)), 2)} for {many}"
        for many in (10, 100, 500)
    )
    description = (
        f"With {COPIES_PER_EXOSOME:g} copies of a given miRNA per exosome, {percent(one, 2)} of "
        f"single exosomes hold one, if copies fall at random. The chance of at least one "
        f"copy is {chances}. With one copy each on average, "
        f"{percent(float(vesicles.share_with_cargo(1.0)), 2)} of single vesicles hold one."
    )
    panel = LinePanel(
        "Finding one copy",
        "vesicles taken together",
        "chance of at least one copy (%)",
        lines,
        x_scale="log",
        x_range=(1.0, 1e4),
        y_range=(0.0, 105.0),
    )
    return Scene("Vesicles needed for one copy", [panel], description)


def blanks() -> Scene:
    """Return published particle titers of MSC preparations beside those without any cells."""
    from secretome_edu import data

    table = data.load("ev_yields").set_index("row_id")
    rows = []
    for key, label in _TITERS.items():
        row = table.loc[key]
        value = float(row["value"])
        error = 0.0 if np.isnan(row["error"]) else float(row["error"])
        color = 1 if row["is_blank"] else 0
        rows.append(Span(label, value - error, value + error, value, color=color))
    middles = {key: float(table.loc[key, "value"]) for key in _TITERS}
    blank = [middles[key] for key in _TITERS if table.loc[key, "is_blank"]]
    cells = [middles[key] for key in _TITERS if not table.loc[key, "is_blank"]]
    description = (
        f"{len(cells)} published titers of MSC preparations from {number(min(cells))} to "
        f"{number(max(cells))} particles per mL, and {len(blank)} without any cells: "
        f"{number(middles['SL061'])} in a depleted serum and {number(middles['SL059'])} in a "
        "medium with another one. The smallest titer is "
        f"{number(min(cells) / max(blank), digits=2)} times the larger blank, the largest "
        f"{number(max(cells) / max(blank), digits=2)} times. Raw media and concentrated "
        "preparations are mixed here, so the rows do not rank the cultures."
    )
    panel = SpanPanel(
        "With and without cells",
        "particles per mL",
        rows,
        x_scale="log",
        x_range=(2e7, 3e11),
    )
    return Scene("What was there before the cells", [panel], description)


def mirna_targets() -> nx.Graph:
    """Return miRNAs of MSC vesicles and their named targets, where two miRNAs share a target.

    Nodes have ``part`` 0 (miRNA) or 1 (target); edges say whether the vesicles were ``modified``.
    Rows that the table marks as no MSC in the strict sense are left out.
    """
    import networkx as nx

    from secretome_edu import data

    table = data.load("ev_cargo")
    strict = ~table["note"].fillna("").str.contains("no MSC in the strict sense")
    graph = nx.Graph()
    for row in table[(table["cargo_type"] == "miRNA") & strict].to_dict("records"):
        for mirna in str(row["cargo"]).split(";"):
            for target in row["target_symbols"]:
                graph.add_node(mirna, part=0)
                graph.add_node(target, part=1)
                graph.add_edge(mirna, target, modified=bool(row["is_modified"]))
    shared = [
        nodes
        for nodes in nx.connected_components(graph)
        if sum(graph.nodes[n]["part"] == 0 for n in nodes) > 1
    ]
    return ordered(graph, set().union(*shared))


@own_style
def network() -> Bundle:
    """Return the map of miRNAs and targets, drawn and described."""
    from secretome_edu.figures.show import show

    graph = mirna_targets()
    mirnas, targets = _columns(graph)
    most = max(targets, key=lambda n: (graph.degree[n], n))
    widest = max(mirnas, key=lambda n: (graph.degree[n], n))
    modified = sum(graph.edges[e]["modified"] for e in graph.edges)
    description = (
        f"{len(mirnas)} miRNAs on the left, {len(targets)} targets on the right, "
        f"{graph.number_of_edges()} lines, {modified} of them dashed because the vesicles were "
        f"primed or loaded. {most} is named for most miRNAs "
        f"({', '.join(sorted(graph[most]))}); {widest} has most targets "
        f"({', '.join(sorted(graph[widest]))}). A line says that a source names the pair, not "
        "that one vesicle carries enough copies."
    )
    return show(_drawn(graph), description, "One miRNA, many targets; one target, many miRNAs")


def _columns(graph: nx.Graph) -> tuple[list[str], list[str]]:
    """Return miRNAs and targets from top to bottom, connected ones side by side."""
    import networkx as nx

    groups = sorted(nx.connected_components(graph), key=lambda nodes: (-len(nodes), min(nodes)))
    mirnas: list[str] = []
    targets: list[str] = []
    for nodes in groups:
        right = sorted(n for n in nodes if graph.nodes[n]["part"] == 1)
        left = sorted(n for n in nodes if graph.nodes[n]["part"] == 0)
        for _ in range(4):  # a few sweeps of barycenters leave few crossings
            left.sort(key=lambda n: np.mean(sorted(right.index(m) for m in graph[n])))
            right.sort(key=lambda n: np.mean(sorted(left.index(m) for m in graph[n])))
        mirnas += left
        targets += right
    return mirnas, targets


def _drawn(graph: nx.Graph) -> Figure:
    from matplotlib.figure import Figure

    from secretome_edu.figures.draw import DPI, INK
    from secretome_edu.figures.palette import LINES_LIGHT

    mirnas, targets = _columns(graph)
    height = {name: 1 - (i + 0.5) / len(mirnas) for i, name in enumerate(mirnas)}
    height |= {name: 1 - (i + 0.5) / len(targets) for i, name in enumerate(targets)}
    figure = Figure(figsize=(6.4, 5.2), dpi=DPI, layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(-0.55, 1.35), ylim=(0, 1.04))
    axes.axis("off")
    # In a fixed order, so that the picture is the same in every run.
    for mirna, target in ((m, t) for m in mirnas for t in targets if graph.has_edge(m, t)):
        modified = graph.edges[mirna, target]["modified"]
        axes.plot(
            [0, 1],
            [height[mirna], height[target]],
            color=LINES_LIGHT[1 if modified else 0],
            linestyle="--" if modified else "-",
            linewidth=1.8,
        )
    for place, names, side, sign in ((0, mirnas, "right", "o"), (1, targets, "left", "s")):
        axes.plot([place] * len(names), [height[n] for n in names], sign, color=INK, markersize=6)
        for name in names:
            x = place + (0.04 if side == "left" else -0.04)
            axes.text(x, height[name], name, ha=side, va="center", fontsize=10, color=INK)
    for place, side, title in ((0, "right", "miRNA in vesicles"), (1, "left", "named target")):
        axes.text(place, 1.01, title, ha=side, va="bottom", fontsize=11, color=INK, weight="bold")
    return figure


FIGURES = {"sizes": sizes, "copies": copies, "blanks": blanks}
