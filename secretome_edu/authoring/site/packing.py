"""Frames to a few bytes: equal buffers once, curves and maps as differences, then deflated.

Nothing is rounded: what a page unpacks is, byte for byte, what the widget would have sent.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

Place = tuple[str | int, ...]  # where in a frame a buffer stands

WIDE = ("x", "y")  # curves are numbers of four bytes, all other buffers of one
ORDERS = (0, 1, 2)  # how often differences are taken: whichever packs smallest


def pack(head: dict[str, Any], frames: list[dict[str, Any]]) -> bytes:
    """Return ``head`` and ``frames`` as one deflated block.

    Inflated, it is the length of the JSON (4 bytes, little-endian), the JSON, and the columns. The
    JSON is ``head`` with ``frames`` and ``columns``, and has ``{"$": number}`` where a buffer
    stood. A column ``[count, length, width, order]`` holds buffers of equal kind: ``count`` of
    them, ``length`` bytes each, of numbers ``width`` bytes wide, of which differences were taken
    ``order`` times within each buffer; first come all lowest bytes, then all next ones. Buffers
    are numbered through the columns.

    Parameters
    ----------
    head : dict
        What holds for all frames.
    frames : list of dict
        As `secretome_edu.explore.wire.frame` makes them.

    Raises
    ------
    ValueError
        If a number is infinite or none: no page could read it.

    Examples
    --------
    >>> block = zlib.decompress(pack({}, [{"y": bytes(4)}, {"y": bytes(4)}]))
    >>> block[4:-4].decode()
    '{"frames":[{"y":{"$":0}},{"y":{"$":0}}],"columns":[[1,4,4,0]]}'
    """
    content = {**head, "frames": frames}
    alike: dict[tuple[Place, int], list[bytes]] = defaultdict(list)
    known: set[bytes] = set()
    for place, buffer in (found for part in [head, *frames] for found in _buffers(part)):
        if buffer not in known:
            known.add(buffer)
            alike[place, len(buffer)].append(buffer)
    columns, blocks = [], []
    for (place, length), column in alike.items():
        width = 4 if place[-1] in WIDE else 1
        order, block = _column(column, width)
        columns.append([len(column), length, width, order])
        blocks.append(block)
    numbers = {buffer: n for n, buffer in enumerate(b for column in alike.values() for b in column)}
    text = json.dumps(
        {**content, "columns": columns},
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        default=lambda buffer: {"$": numbers[buffer]},
    ).encode()
    return zlib.compress(len(text).to_bytes(4, "little") + text + b"".join(blocks), 9)


def _buffers(part: Any, place: Place = ()) -> Iterator[tuple[Place, bytes]]:
    if isinstance(part, bytes):
        yield place, part
    elif isinstance(part, dict | list):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            yield from _buffers(inner, (*place, key))


def _column(buffers: list[bytes], width: int) -> tuple[int, bytes]:
    """Return how often differences were taken, and the bytes."""
    numbers = np.frombuffer(b"".join(buffers), f"<u{width}").reshape(len(buffers), -1)
    tried = []
    for order in ORDERS:
        planes = np.ascontiguousarray(numbers).view(np.uint8).reshape(-1, width).T.tobytes()
        tried.append((len(zlib.compress(planes, 6)), order, planes))
        first = np.zeros((len(buffers), 1), numbers.dtype)
        numbers = np.diff(numbers, axis=1, prepend=first)  # wraps around, as in the page
    _, order, planes = min(tried)
    return order, planes
