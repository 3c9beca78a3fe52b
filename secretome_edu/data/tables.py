"""Tables as fresh DataFrames: types from the descriptor, units and caveats in ``attrs``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from secretome_edu.data import package

if TYPE_CHECKING:
    import pandas as pd


def tables() -> pd.DataFrame:
    """Return the list of all tables.

    Returns
    -------
    pandas.DataFrame
        One row per table, indexed by the name to give to :func:`load`: title, number of rows and
        of columns.

    Examples
    --------
    >>> tables().loc["glossary", "title"]
    'Words of the field'
    """
    import pandas as pd

    listing = [
        {
            "table": n,
            "title": r["title"],
            "rows": len(_parsed(n)),
            "columns": len(package.fields(n)),
        }
        for n, r in package.resources().items()
    ]
    return pd.DataFrame(listing).set_index("table")


def load(name: str) -> pd.DataFrame:
    """Return one table of the course.

    Parameters
    ----------
    name : str
        A name listed by :func:`tables`.

    Returns
    -------
    pandas.DataFrame
        A fresh copy on every call. Text that is missing is ``pd.NA``, lists are tuples (use
        ``explode``), vocabularies are categories, ordered where their order means something.
        ``attrs`` holds ``title``, ``units`` (column to unit), ``caveats`` and, where values of
        different kinds must not share an axis, ``separate_by``: the column that keeps them apart.

    Raises
    ------
    UnknownName
        A KeyError that lists the closest table names.

    Examples
    --------
    >>> kd = load("kd_values")
    >>> kd.attrs["units"]["kd_nm"]
    'nM'
    """
    resource = package.resource(name)
    frame = _parsed(name).copy()
    frame.attrs = {
        "title": resource["title"],
        "units": units(name),
        "caveats": list(resource.get("caveats", [])),
    }
    if "separateBy" in resource:
        frame.attrs["separate_by"] = resource["separateBy"]
    return frame


def units(name: str) -> dict[str, str]:
    """Return the unit of each column that has one; ``see X`` when column X holds it per row."""
    found = {}
    for field in package.fields(name):
        if "unit" in field:
            found[field["name"]] = field["unit"]
        elif "unitField" in field:
            found[field["name"]] = f"see {field['unitField']}"
    return found


@cache
def _parsed(name: str) -> pd.DataFrame:
    import pandas as pd

    fields = package.fields(name)
    frame = pd.read_csv(
        package.HOME / package.resource(name)["path"],
        dtype={field["name"]: _read_as(field) for field in fields},
        keep_default_na=False,
        na_values=[""],
    )
    for field in fields:
        column = field["name"]
        if field["type"] == "list":
            texts = frame[column].fillna("")
            split = [tuple(filter(None, text.split(field["delimiter"]))) for text in texts]
            frame[column] = pd.Series(split, index=frame.index, dtype=object)
        elif "vocabulary" in field:
            frame[column] = frame[column].astype(_category(field["vocabulary"]))
    return frame


def _read_as(field: dict[str, Any]) -> str:
    complete = field.get("constraints", {}).get("required", False)
    match field["type"]:
        case "number":
            return "float64"
        case "integer":
            return "int64" if complete else "Int64"
        case "boolean":
            return "bool" if complete else "boolean"
        case _:
            return "string"


def _category(vocabulary: str) -> Any:
    import pandas as pd

    ordered = package.descriptor()["vocabularies"][vocabulary]["ordered"]
    return pd.CategoricalDtype(list(package.vocabularies()[vocabulary]), ordered=ordered)
