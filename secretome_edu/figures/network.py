"""Parts of a network in an order that does not depend on how Python hashes text.

networkx keeps parts as sets, so a picture drawn from one differs from process to process.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def ordered(net: nx.Graph, names: Iterable[str]) -> nx.Graph:
    """Return the part of a network that holds ``names``, nodes and edges sorted.

    Parameters
    ----------
    net : networkx.Graph
    names : iterable of str

    Examples
    --------
    >>> import networkx as nx
    >>> list(ordered(nx.Graph([("b", "a"), ("c", "b")]), {"b", "a"}).edges)
    [('a', 'b')]
    """
    import networkx as nx

    part = nx.Graph()
    part.add_nodes_from((name, net.nodes[name]) for name in sorted(names))
    edges = {tuple(sorted(pair)): net.edges[pair] for pair in net.edges}
    part.add_edges_from(
        (one, other, facts)
        for (one, other), facts in sorted(edges.items(), key=lambda edge: edge[0])
        if one in part and other in part
    )
    return part
