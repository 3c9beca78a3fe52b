"""A YAML file of the course, read and checked against its schema; a mistake is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from secretome_edu.ui.messages import CourseError
from secretome_edu.ui.yaml_text import NotYaml, parse_yaml

Content = TypeVar("Content", bound=BaseModel)


def read_yaml(path: Path, schema: type[Content]) -> Content:
    """Return what a file holds.

    Parameters
    ----------
    path : Path
    schema : pydantic model

    Raises
    ------
    CourseError
        The file is no YAML, or does not follow the schema; says where.
    """
    try:
        return schema.model_validate(parse_yaml(path.read_text(encoding="utf-8"))[0])
    except (OSError, UnicodeDecodeError) as problem:
        raise CourseError(f"{path.name} cannot be read as UTF-8 text: {problem}.") from None
    except NotYaml as problem:
        where = f", line {problem.line}" if problem.line else ""
        raise CourseError(f"{path.name}{where} is not readable YAML: {problem}.") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"])) or "as a whole"
        raise CourseError(f"{path.name}, {where}: {first['msg']}.") from None
