"""YAML text to what it holds: plain values only, bounded in size, one kind of error.

The text may be a stranger's: its length, and what its aliases would grow to, are bounded.
"""

from __future__ import annotations

from typing import Any

from secretome_edu.ui.messages import CourseError

LARGEST_CHARACTERS = 1_000_000  # the largest file of the course has 134 thousand
_MOST_PARTS = 200_000  # with every alias written out; a few lines can stand for a billion


class NotYaml(CourseError):
    """A text that is no YAML of the course: what is wrong, and in which line if that is known."""

    def __init__(self, what: str, line: int | None = None):
        super().__init__(what)
        self.line = line


def parse_yaml(text: str) -> tuple[Any, Any]:
    """Return the content of a YAML text and its root node, which knows the lines.

    Parameters
    ----------
    text : str

    Returns
    -------
    content : object
        Both are None for an empty text.
    node : yaml.Node or None

    Raises
    ------
    NotYaml
        It cannot be read, is too large, nested too deep, or grows without end.

    Examples
    --------
    >>> parse_yaml("a: [1, 2]")[0]
    {'a': [1, 2]}
    """
    import yaml

    if len(text) > LARGEST_CHARACTERS:
        raise NotYaml(f"{len(text)} characters; at most {LARGEST_CHARACTERS}")
    try:
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, None
            if _parts(node, {}) > _MOST_PARTS:
                raise NotYaml(f"its aliases stand for more than {_MOST_PARTS} parts")
            return loader.construct_document(node), node
        finally:
            loader.dispose()
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        said = getattr(problem, "problem", None) or "not YAML"
        raise NotYaml(said, mark.line + 1 if mark else 1) from None
    except RecursionError:
        raise NotYaml("nested too deep") from None
    except NotYaml:
        raise
    except Exception as problem:  # a date of month 13, !!bool maybe: its readers raise many kinds
        raise NotYaml(f"a value that cannot be: {str(problem)[:200]}") from None


def _parts(node: Any, known: dict[int, int]) -> int:
    """Return how many parts a node has with its aliases written out."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = _MOST_PARTS + 1  # stays so for a node that holds itself
    inner = node.value if isinstance(node.value, list) else []
    children = [part for row in inner for part in (row if isinstance(row, tuple) else (row,))]
    known[id(node)] = 1 + sum(_parts(child, known) for child in children)
    return known[id(node)]
