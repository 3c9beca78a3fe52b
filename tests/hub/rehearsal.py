"""A real JupyterHub for a test: proxy, Hub, class service, PostgreSQL and users' servers.

Everything listens on this machine only, on free ports, and is gone with the ``with`` block.
"""

from __future__ import annotations

import ast
import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

ROOT = Path(__file__).resolve().parents[2]
EXTRA = """
load_subconfig({config!r})
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.JupyterHub.pid_file = "{folder}/hub.pid"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.JupyterHub.services.append({{"name": "rehearsal", "api_token": "{token}"}})
c.JupyterHub.load_roles.append({{
    "name": "rehearsal", "services": ["rehearsal"],
    "scopes": ["admin:users", "admin:servers", "access:servers", "tokens", "groups",
               "custom:secretome:report", "access:services!service=secretome"],
}})
c.Spawner.args = ["--allow-root"]
c.Spawner.environment |= {{"PYTHONPATH": {root!r}}}
"""


def programs_missing() -> str:
    """Return what keeps the Hub from starting here, or nothing."""
    missing = [name for name in ("configurable-http-proxy", "node") if not shutil.which(name)]
    try:
        import jupyterhub  # noqa: F401
    except ImportError:
        missing.append("jupyterhub")
    return ", ".join(missing)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Hub:
    """A running Hub: where it is and the token that may do everything."""

    url: str
    service: str
    token: str
    folder: Path

    def ask(
        self, path: str, method: str = "GET", body: Any = None, token: str = "", text: bool = False
    ) -> Any:
        """Return the answer to a request, decoded; raises HTTPError."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        base = "" if path.startswith("http") else self.url
        request = urllib.request.Request(base + path, data=raw, method=method)
        request.add_header("Authorization", f"token {token or self.token}")
        for _ in range(120):
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    said = answer.read().decode()
                break
            except urllib.error.HTTPError as refused:
                said = refused.read().decode()[:500]
                refused.add_note(f"{method} {path}: {said}\n{self.log()}")
                raise
            except (ConnectionError, urllib.error.URLError) as problem:
                # Refused: the service was killed and the Hub starts it again. Who only keeps us
                # waiting is not asked twice: that would start a second kernel.
                if isinstance(getattr(problem, "reason", problem), TimeoutError):
                    raise
                time.sleep(0.5)
        else:
            raise ConnectionError(f"{base + path} refuses to answer")
        return said if text or not said else json.loads(said)

    def log(self) -> str:
        """Return the end of what Hub, service and users' servers wrote."""
        return (self.folder / "hub.log").read_text(errors="replace")[-6000:]

    def start(self, users: list[str]) -> float:
        """Start a server for each user; return how long it took, in seconds."""
        started = time.monotonic()
        known = {user["name"] for user in self.ask("/hub/api/users")}
        if new := [user for user in users if user not in known]:
            self.ask("/hub/api/users", "POST", {"usernames": new})
        with ThreadPoolExecutor(4) as pool:  # the Hub answers when a server is up, or after 10 s
            list(pool.map(lambda user: self.ask(f"/hub/api/users/{user}/server", "POST"), users))
        while time.monotonic() - started < 240:
            if all(self.ask(f"/hub/api/users/{user}")["server"] for user in users):
                return time.monotonic() - started
            time.sleep(0.5)
        raise TimeoutError(f"not all servers started:\n{self.log()}")

    def kill_service(self) -> int:
        """Kill the class service as a crash would; return its process number."""
        found = subprocess.run(
            ["pgrep", "-f", "-n", "secretome_edu.classroom.service"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        os.kill(int(found.stdout), signal.SIGKILL)
        return int(found.stdout)

    async def connect(self, user: str) -> WebSocketClientConnection:
        """Start a kernel on a user's server and return the line to it, once it listens."""
        path = f"/user/{user}/api/kernels"
        kernel = await asyncio.to_thread(self.ask, path, "POST", {"name": "python3"})
        request = HTTPRequest(
            f"{self.url}{path}/{kernel['id']}/channels".replace("http", "ws", 1),
            headers={"Authorization": f"token {self.token}"}, connect_timeout=120,
            request_timeout=240,
        )  # fmt: skip
        return await websocket_connect(request)

    async def run(self, link: WebSocketClientConnection, code: str, seconds: float = 240) -> str:
        """Run code in a kernel as a notebook does; return what it put into ``said``, a string."""
        asked = uuid4().hex
        header = {"msg_id": asked, "msg_type": "execute_request", "username": "",
                  "session": uuid4().hex, "version": "5.3", "date": ""}  # fmt: skip
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False,
                   "user_expressions": {"said": "said"}, "stop_on_error": True}  # fmt: skip
        await link.write_message(
            json.dumps({"header": header, "parent_header": {}, "metadata": {}, "channel": "shell",
                        "content": content, "buffers": []})
        )  # fmt: skip
        try:
            # The reply, not what is printed: that is broadcast, and lost if nobody listens yet.
            reply = await asyncio.wait_for(self._reply(link, asked), seconds)
        finally:
            link.close()
        if reply["status"] != "ok":
            raise RuntimeError("\n".join(reply.get("traceback", [str(reply)])))
        return str(ast.literal_eval(reply["user_expressions"]["said"]["data"]["text/plain"]))

    @staticmethod
    async def _reply(link: WebSocketClientConnection, asked: str) -> Any:
        while text := await link.read_message():
            message = json.loads(text)
            ours = message["parent_header"].get("msg_id") == asked
            if ours and message["msg_type"] == "execute_reply":
                return message["content"]
        raise ConnectionError("the kernel hung up")


@contextmanager
def hub(store: str) -> Iterator[Hub]:
    """Start a Hub with ``deploy/jupyterhub_config.py`` on a class store; stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="secretome-hub-", dir="/tmp"))
    ports = [free_port() for _ in range(4)]
    url, service = f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}"
    token = secrets.token_hex(16)
    config = folder / "config.py"
    config.write_text(
        EXTRA.format(
            config=str(ROOT / "deploy" / "jupyterhub_config.py"), folder=folder, token=token,
            hub_port=ports[2], proxy_port=ports[3], root=str(ROOT),
        )
    )  # fmt: skip
    keep = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SECRETOME_EDU", "JUPYTER", "IPYTHON", "PYTEST", "COV"))
    }
    environment = keep | {
        "SECRETOME_EDU_ADDRESS": url, "SECRETOME_EDU_SERVICE_ADDRESS": service,
        "SECRETOME_EDU_CLASS_STORE": store, "SECRETOME_EDU_PASSWORD": secrets.token_hex(8),
        "SECRETOME_EDU_HOMES": f"{folder}/home-{{username}}", "PYTHONPATH": str(ROOT),
        "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)], cwd=folder, env=environment,
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        here = Hub(url, service + "/services/secretome", token, folder)
        try:
            _wait(here, process)
            yield here
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
            subprocess.run(["pkill", "-KILL", "-f", str(folder)], check=False)
            shutil.rmtree(folder, ignore_errors=True)


def _wait(here: Hub, process: subprocess.Popen[bytes]) -> None:
    """Wait until Hub and class service answer."""
    end = time.monotonic() + 180
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(here.url + "/hub/api/", timeout=5).close()
            with suppress(urllib.error.HTTPError):  # an answer of any kind
                urllib.request.urlopen(here.service + "/oauth_callback", timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(here.log())
