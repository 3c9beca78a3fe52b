"""What the source documents of the course claim, and the table rows for and against each claim.

``claims.yaml`` names rows; everything a reader sees of a row comes from the table it is in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from secretome_edu.data import package
from secretome_edu.ui.messages import CourseError, UnknownName
from secretome_edu.ui.yaml_file import read_yaml

CLAIMS = Path(__file__).with_name("claims.yaml")
Row = Mapping[str, Any]
Ids = Annotated[tuple[str, ...], Field(min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Document(_Entry):
    """A text whose claims the course tests; ``key`` is its reference, empty if it has none."""

    title: str
    key: str = ""


class Claim(_Entry):
    """One claim: where it stands, which lesson tests it, rows for and against, and the verdict.

    ``grade`` is the best evidence grade of a supporting row on a cell-free product, or the
    strength of the trade-off rows where no row has a grade.
    """

    id: str
    claim: str
    document: str
    lesson: str
    support: Ids
    limits: Ids
    grade: str
    verdict: str


class Claims(_Entry):
    """The file as a whole; ``species`` is for rows whose table has no such column."""

    documents: dict[str, Document]
    species: dict[str, str]
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Claims:
        ids = [claim.id for claim in self.claims]
        for claim in self.claims:
            if ids.count(claim.id) > 1:
                raise ValueError(f"the claim {claim.id!r} is there twice")
            if claim.document not in self.documents:
                raise ValueError(f"{claim.id}: there is no document {claim.document!r}")
            if both := set(claim.support) & set(claim.limits):
                raise ValueError(f"{claim.id}: {sorted(both)} is for and against at once")
        return self


class Evidence(NamedTuple):
    """What one row says, in words for a reader."""

    id: str
    table: str
    species: str
    product: str
    product_class: str
    result: str
    grade: str
    source_keys: tuple[str, ...]


@lru_cache(maxsize=1)
def claims() -> Claims:
    """Return all claims with their documents.

    Raises
    ------
    CourseError
        If ``claims.yaml`` does not follow the schema; says where.

    Examples
    --------
    >>> claims().documents["review"].key
    'harrell2019'
    """
    return read_yaml(CLAIMS, Claims)


@cache
def evidence(row_id: str) -> Evidence:
    """Return what the row of any table says.

    Raises
    ------
    UnknownName
        A KeyError that lists the closest row ids.

    Examples
    --------
    >>> row = evidence("A019")
    >>> row.species, row.grade
    ('human', 'randomised')
    """
    try:
        table, row = _rows()[row_id]
    except KeyError:
        raise UnknownName("row", row_id, _rows(), "se.tables()") from None
    named = claims().species
    species = named.get(row_id) or named.get(row.get("mechanism", "")) or "not stated in the row"
    read = {"species": species, "product_class": "", **_READ[table](row)}
    return Evidence(id=row_id, table=table, source_keys=row["source_keys"], **read)


@lru_cache(maxsize=1)
def _rows() -> dict[str, tuple[str, Row]]:
    found: dict[str, tuple[str, Row]] = {}
    for table in _READ:
        (key,) = package.resource(table)["schema"]["primaryKey"]
        for row in package.records(table):
            if row[key] in found:
                raise CourseError(f"{row[key]} is a row of {found[row[key]][0]} and of {table}.")
            found[row[key]] = (table, row)
    return found


def _application(row: Row) -> dict[str, str]:
    doubt = f"; marked {row['flag']}" if row["flag"] else ""
    return {
        "species": row["species"],
        "product": f"{row['product']}, source {row['cell_source']}",
        "product_class": row["product_class"],
        "result": f"{row['disease']}: {row['outcome']} ({row['result']}{doubt})",
        "grade": row["evidence_grade"],
    }


def _outcome(row: Row) -> dict[str, str]:
    if row["effect"]:
        size = f"{row['effect_measure']} {row['effect']}"
        if row["ci_low"]:
            size += f" (95% CI {row['ci_low']} to {row['ci_high']})"
        size += f" {row['unit']}"
    else:
        size = f"{row['events_treated']} of {row['n_treated']} against "
        size += f"{row['events_control']} of {row['n_control']} {row['unit']}"
    doubt = f"; marked {row['flag']}" if row["flag"] else ""
    return {
        "species": row["species"],
        "product": row["comparison"],
        "product_class": row["product_class"],
        "result": f"{row['disease']}: {row['outcome']}, {size}{doubt}. {row['note']}".strip(),
        "grade": row["evidence_grade"],
    }


def _tradeoff(row: Row) -> dict[str, str]:
    detail = f" ({row['strength_note']})" if row["strength_note"] else ""
    note = f" Note: {row['note']}." if row["note"] else ""
    return {
        "product": f"cells against cell-free: {row['criterion']}",
        "result": f"Cells: {row['cell_based']}. Cell-free: {row['cell_free']}.{note}",
        "grade": f"{row['strength']}{detail}",
    }


def _quantity(row: Row) -> dict[str, str]:
    value = row["value"] or " to ".join(filter(None, (row.get("low"), row.get("high"))))
    return {"value": " ".join(filter(None, (row.get("bound"), value, row["unit"])))}


def _kinetics(row: Row) -> dict[str, str]:
    return {
        "species": row["system"],
        "product": row["product_class"],
        "product_class": row["product_class"],
        "result": f"{row['parameter']}: {_quantity(row)['value']}",
        "grade": f"a number ({row['kind'].replace('_', ' ')})",
    }


def _secreted(row: Row) -> dict[str, str]:
    what = row.get("analyte") or f"{row['counted']} ({row['sample']})"
    said = _quantity(row)["value"]
    if "quantity" in row:
        said = f"{row['quantity']} {said}".strip()
    return {
        "species": row["species"],
        "product": f"culture, source {row['cell_source']}",
        "product_class": "conditioned medium",
        "result": f"{what}, {row['condition']}: {said}",
        "grade": "in_vitro",
    }


def _step(row: Row) -> dict[str, str]:
    return {
        "product": f"step {row['step_no']} of {row['mechanism']}",
        "result": f"{row['from']} {row['relation']} {row['to']}",
        "grade": "a step of a mechanism",
    }


def _binding(row: Row) -> dict[str, str]:
    value = f"{row['kd_nm']} nM" if row["kd_nm"] else f"{row['kd_low_nm']}-{row['kd_high_nm']} nM"
    return {
        "species": row["species"],
        "product": f"{row['ligand']} on {row['receptor']}",
        "result": f"{row['measure']}: {value}",
        "grade": f"a number ({row['kind'].replace('_', ' ')})",
    }


def _trial(row: Row) -> dict[str, str]:
    return {
        "species": "human",
        "product": row["product"],
        "product_class": row["product_class"],
        "result": f"{row['title']}: {row['n_participants']} participants; {row['status_note']}",
        "grade": "a registered trial, no result here",
    }


def _correction(row: Row) -> dict[str, str]:
    return {
        "product": f"belief: {row['misconception']}",
        "result": row["correction"],
        "grade": "a correction, see its source",
    }


# How to read a row of each table that may speak for or against a claim.
_READ: dict[str, Callable[[Row], dict[str, str]]] = {
    "applications": _application,
    "outcomes_numeric": _outcome,
    "tradeoffs": _tradeoff,
    "pharmacokinetics": _kinetics,
    "secretion_levels": _secreted,
    "composition_counts": _secreted,
    "ev_yields": _secreted,
    "pathways": _step,
    "kd_values": _binding,
    "clinical_trials": _trial,
    "misconceptions": _correction,
}
