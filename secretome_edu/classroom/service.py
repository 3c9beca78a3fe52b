"""The class's side of a JupyterHub: takes learners' events, shows instructors the report.

JupyterHub starts ``python -m secretome_edu.classroom.service`` beside itself and says who is asking
(its own OAuth); this service decides what they may do:

* a learner's token adds events under that learner, reads back and deletes those, and nothing else;
* the report page needs the scope ``custom:secretome:report``, which the Hub gives to instructors.

Whose events they are is decided by the token, never by what the events say. In the database a
learner is a digest of the Hub name, so that the class's data names nobody.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from html import escape
from typing import Any, TypeVar
from urllib.parse import urlparse

from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.web import Application, HTTPError, RequestHandler, authenticated

from secretome_edu.progress.database import Database
from secretome_edu.progress.handin import read_lines
from secretome_edu.progress.sql import SqlLog, open_database
from secretome_edu.ui.messages import CourseError

REPORT_SCOPE = "custom:secretome:report"
LARGEST_REQUEST_BYTES = 20_000_000
PATIENCE_S = 120.0  # for the head of a request, and again for its body
Answer = TypeVar("Answer")


def owner_of(user: str) -> str:
    """Return under which id the class keeps a Hub user's events.

    Examples
    --------
    >>> owner_of("ada") == owner_of("ada") != owner_of("Ada")
    True
    """
    return "hub-" + hashlib.sha256(user.encode()).hexdigest()[:40]


class _Handler(HubOAuthenticated, RequestHandler):
    """Asks the Hub who this is, and works on the database outside the event loop."""

    def initialize(self, database: Database, build: Callable[[], str]) -> None:
        self.database, self.build = database, build

    async def aside(self, work: Callable[[], Answer]) -> Answer:
        try:
            return await asyncio.get_running_loop().run_in_executor(None, work)
        except CourseError as trouble:  # the database is away; the learner's side sends again
            raise HTTPError(503, reason="The database cannot be reached") from trouble

    def mine(self) -> SqlLog:
        """Return the log of whoever asks."""
        return SqlLog(self.database, owner_of(self.get_current_user()["name"]))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")


class _ForPrograms(_Handler):
    """Answers a request without a valid token with 403, not with a page to log in."""

    def prepare(self) -> None:
        if self.get_current_user() is None:
            raise HTTPError(403, reason="The Hub does not know this token")


class Events(_ForPrograms):
    """A learner's own events: add (POST, JSON Lines), read (GET), delete (DELETE)."""

    async def post(self) -> None:
        lines = self.request.body.splitlines(keepends=True)

        def take() -> dict[str, Any]:
            log = self.mine()
            report = read_lines(log, lines, mine=True)
            return {
                "added": report.added, "known": report.duplicates, "refused": report.refused,
                "messages": report.messages, "kept": sorted(_ids(lines) & _ids_in(log)),
            }  # fmt: skip

        self.finish(await self.aside(take))

    async def get(self) -> None:
        events = await self.aside(lambda: self.mine().read())
        self.set_header("Content-Type", "application/x-ndjson")
        self.finish("".join(event.line + "\n" for event in events))

    async def delete(self) -> None:
        self.finish({"deleted": await self.aside(lambda: self.mine().forget())})


def _ids_in(log: SqlLog) -> set[str]:
    return {event.id for event in log.read()}


def _ids(lines: list[bytes]) -> set[str]:
    """Return the ids that lines claim; a line that is none was refused already."""
    found = set()
    for line in lines:
        with suppress(ValueError, TypeError, KeyError, RecursionError):
            found.add(str(json.loads(line)["id"]))
    return found


class Ids(_ForPrograms):
    """Which of a learner's events the class has."""

    async def get(self) -> None:
        self.finish(json.dumps(sorted(await self.aside(lambda: _ids_in(self.mine())))))


class Report(_Handler):
    """The class report for instructors; for a learner, what the class has of them."""

    @authenticated
    async def get(self) -> None:
        user = self.get_current_user()
        if REPORT_SCOPE in user.get("scopes", ()):
            self.finish(await self.aside(self.build))
            return
        count = len(await self.aside(lambda: self.mine().read()))
        self.finish(
            '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Your answers</title>'
            f"<main><h1>Your answers</h1><p>{escape(user['name'])}, the class has {count} of your "
            "answers and steps. The class report is for instructors.</p></main></html>"
        )


def make_app(prefix: str, database: Database, build: Callable[[], str]) -> Application:
    """Return the web application.

    Parameters
    ----------
    prefix : str
        Path under which the Hub shows the service, for example ``/services/secretome/``.
    database : Database
        Where the class's events are.
    build : callable
        Returns the report as HTML.
    """
    parts = {"database": database, "build": build}
    return Application(
        [
            (prefix + "oauth_callback", HubOAuthCallbackHandler),
            (prefix + "events/ids", Ids, parts),
            (prefix + "events", Events, parts),
            (prefix + "?", Report, parts),
        ],
        cookie_secret=os.urandom(32),
    )


def make_server(app: Application, patience_s: float = PATIENCE_S) -> HTTPServer:
    """Return a server that a large or a slow request does not hold up for long."""
    return HTTPServer(
        app,
        max_body_size=LARGEST_REQUEST_BYTES,
        idle_connection_timeout=patience_s,
        body_timeout=patience_s,
    )


def main() -> None:
    """Serve until the Hub stops it.

    The Hub sets the addresses in the environment; ``SECRETOME_EDU_STORE`` is the class's database,
    and ``SECRETOME_EDU_LISTEN`` the address to listen on where the one in the URL is a name that
    others use (a Kubernetes service).
    """
    url = os.environ["SECRETOME_EDU_STORE"]
    database = open_database(url.replace("postgresql://", "postgresql+psycopg://", 1))
    app = make_app(os.environ["JUPYTERHUB_SERVICE_PREFIX"], database, lambda: report_page(url))
    where = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
    server = make_server(app)
    listen = os.environ.get("SECRETOME_EDU_LISTEN") or where.hostname or "127.0.0.1"
    server.listen(where.port or 80, listen)
    IOLoop.current().start()


def report_page(url: str) -> str:
    """Return the report on everything the class's store holds, as one HTML page."""
    from secretome_edu.classroom.page import to_html
    from secretome_edu.classroom.report import class_report

    return to_html(class_report(url))


if __name__ == "__main__":
    main()
