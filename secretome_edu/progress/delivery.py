"""Carrying a learner's events to the class, when the course runs on a class server.

Events are kept on the learner's side first and delivered behind the learner's back: an answer
never waits for a network, and a class server that is down for an hour costs nobody a mark. What
the class has is asked once; what it lacks is sent, again and again if need be, also by the next
kernel.
"""

from __future__ import annotations

import atexit
import json
import os
import threading
from collections.abc import Callable, Iterable

from secretome_edu.progress.events import Event
from secretome_edu.ui.messages import CourseError

CLASS_VARIABLE = "SECRETOME_EDU_CLASS"
TOKEN_VARIABLE = "JUPYTERHUB_API_TOKEN"
BATCH = 500  # events in one request
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 2.0, 60.0
REQUEST_SECONDS = 10.0  # how long one request may take
GOODBYE_SECONDS = 5.0  # how long a kernel that stops may still deliver


class NotDelivered(CourseError):
    """The class server did not take what was sent."""


class Courier:
    """Delivers what a store holds and the class lacks.

    Parameters
    ----------
    url : str
        The class service, for example ``http://hub/services/secretome/``.
    token : str
        Says whose events these are; the Hub gives one to each learner's server.
    read : callable
        Returns the learner's own events, oldest first.

    Attributes
    ----------
    notice : str
        What the learner should know; empty while the class takes what is sent.
    """

    def __init__(self, url: str, token: str, read: Callable[[], list[Event]]):
        self.notice = self._refused = ""
        self._url = url.rstrip("/") + "/events"
        self._token = token
        self._read = read
        self._there: set[str] | None = None  # ids the class has; unknown until asked
        self._news = threading.Event()
        self._idle = threading.Condition()
        self._at_work = threading.Lock()  # nothing is sent while everything is being deleted
        self._wipe = False  # whether the class may hold what the learner has deleted
        self._sent_all = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Say that there is something to deliver; returns at once."""
        with self._idle:
            self._sent_all = False
            if self._thread is None or not self._thread.is_alive():  # the first time, or a fork
                self._thread = threading.Thread(target=self._work, daemon=True, name="courier")
                self._thread.start()
                atexit.register(self.wait, GOODBYE_SECONDS)
        self._news.set()

    def wait(self, seconds: float) -> bool:
        """Wait until everything is delivered; return whether it is."""
        with self._idle:
            return self._idle.wait_for(lambda: self._sent_all, seconds)

    def forget(self, delete_here: Callable[[], int]) -> int:
        """Delete the learner's events in the class, then here; return how many were here.

        Another kernel of the learner may be sending at this moment. So the class is asked once
        more afterwards, and who sent what is no longer here has it deleted again.

        Raises
        ------
        NotDelivered
            The class server does not answer; nothing was deleted.
        """
        with self._at_work:
            self._ask("DELETE")
            deleted = delete_here()
            self._there, self._wipe = set(), True
        self.wake()
        return deleted

    def _work(self) -> None:
        pause = FIRST_RETRY_SECONDS
        while True:
            self._news.wait()
            self._news.clear()
            try:
                with self._at_work:
                    self._deliver()
                pause = FIRST_RETRY_SECONDS
            except NotDelivered as trouble:
                self.notice = f"{trouble} Your answers are safe here and will be sent later."
                self._news.wait(pause)  # an answer in between makes it try at once
                self._news.set()
                pause = min(2 * pause, LONGEST_RETRY_SECONDS)

    def _deliver(self) -> None:
        """Send what the class lacks; go on until it has everything, or has refused it."""
        if self._there is None:
            self._there = set(json.loads(self._ask("GET", "/ids")))
        while True:
            if self._wipe:
                self._ask("DELETE")
                self._there, self._wipe = set(), False
            unsent = [event for event in self._read() if event.id not in self._there][:BATCH]
            if not unsent:
                break
            self._send(unsent, self._there)
            here = {event.id for event in self._read()}
            self._wipe = any(event.id not in here for event in unsent)
        self.notice = self._refused
        with self._idle:
            if not self._news.is_set():
                self._sent_all = True
                self._idle.notify_all()

    def _send(self, unsent: list[Event], there: set[str]) -> None:
        answer = json.loads(self._ask("POST", body=_lines(unsent)))
        there.update(answer["kept"])
        if missing := [event for event in unsent if event.id not in there]:
            there.update(event.id for event in missing)  # asking again will not help
            said = " ".join(answer.get("messages", []))
            self._refused = f"The class server refused {len(missing)} of your answers. {said}"

    def _ask(self, method: str, path: str = "", body: bytes | None = None) -> bytes:
        import urllib.error  # only a learner in a class pays for a web client
        import urllib.request
        from http.client import HTTPException

        request = urllib.request.Request(self._url + path, data=body, method=method)
        request.add_header("Authorization", f"token {self._token}")
        request.add_header("Content-Type", "application/x-ndjson")
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise NotDelivered(f"The class server answered {error.code} {error.reason}.") from error
        except (OSError, HTTPException, ValueError) as error:
            raise NotDelivered(f"The class server cannot be reached: {error}.") from error


def _lines(events: Iterable[Event]) -> bytes:
    return "".join(event.line + "\n" for event in events).encode()


def courier_from_environment(read: Callable[[], list[Event]]) -> Courier | None:
    """Return the courier of a learner in a class, or None for everybody else."""
    url, token = os.environ.get(CLASS_VARIABLE, ""), os.environ.get(TOKEN_VARIABLE, "")
    return Courier(url, token, read) if url and token else None
