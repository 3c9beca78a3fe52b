"""An XML file as a small tree that knows its lines; hostile files are refused by defusedxml."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from secretome_edu.quiz.bank import BankError

_DEEPEST = 30  # Moodle XML needs six


@dataclass
class Node:
    """One element."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Node] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly inside."""
        return "".join(self.texts)

    def child(self, tag: str) -> Node | None:
        """Return the first child of a name."""
        return next((child for child in self.children if child.tag == tag), None)

    def named(self, tag: str) -> list[Node]:
        """Return all children of a name."""
        return [child for child in self.children if child.tag == tag]


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.top = Node("", {}, 0)
        self.stack = [self.top]
        self.locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:
        self.locator = locator

    def startElement(self, name: str, attrs: Any) -> None:
        if len(self.stack) > _DEEPEST:
            line = self.locator.getLineNumber()
            raise SAXException(f"line {line}: elements are nested deeper than {_DEEPEST}")
        node = Node(name, dict(attrs.items()), self.locator.getLineNumber())
        self.stack[-1].children.append(node)
        self.stack.append(node)

    def endElement(self, name: str) -> None:
        self.stack.pop()

    def characters(self, content: str) -> None:
        self.stack[-1].texts.append(content)


def parse(content: bytes, file: str) -> Node:
    """Return the root of an XML file.

    Raises
    ------
    BankError
        If it is not well-formed, or holds a document type, an entity or deep nesting.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.sax import parseString

    builder = _Builder()
    try:
        parseString(content, builder, forbid_dtd=True)
    except DefusedXmlException:
        raise BankError(
            [f"{file}, line {builder.locator.getLineNumber()}: it defines a document type or "
             "entities, which questions never need. Remove the <!DOCTYPE ...> part."]
        ) from None  # fmt: skip
    except SAXParseException as problem:
        line = problem.getLineNumber()
        raise BankError(
            [f"{file}, line {line}: not well-formed XML: {problem.getMessage()}."]
        ) from None
    except SAXException as problem:
        raise BankError([f"{file}, {problem.getMessage()}."]) from None
    except (LookupError, ValueError) as problem:  # an encoding nobody knows
        raise BankError([f"{file}, line 1: {problem}."]) from None
    return builder.top.children[0]
