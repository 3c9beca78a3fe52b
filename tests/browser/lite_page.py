"""A built browser edition, served from loopback, with Pyodide's CDN answered from a folder."""

from __future__ import annotations

import functools
import http.server
import threading
from contextlib import contextmanager
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL
from lab import OPEN

TALL = {"width": 1280, "height": 12000}  # whole notebooks in the page
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json"}
# Runs a cell, named by its id, and returns its outputs.
RUN_CELL = """async (id) => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.id === id);
  if (notebook.activeCellIndex < 0) throw Error('no cell ' + id);
  await window.jupyterapp.commands.execute('notebook:run-cell');
  return notebook.activeCell.model.outputs.toJSON(); }"""
ADD_CELL = """([id, source]) => {
  const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
  model.insertCell(model.cells.length, {cell_type: 'code', id, source, metadata: {}}); }"""
SAVE_FILE = """([path, content]) => window.jupyterapp.serviceManager.contents.save(
  path, {type: 'file', format: 'text', content})"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served(site: Path):
    """Yield the address of a folder, as any web server would give it out."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class LitePage:
    """One browser with its own storage; what it asks of other hosts is kept in two lists.

    Parameters
    ----------
    browser : playwright Browser
    address : str
        From `served`.
    pyodide : Path
        From `fetch_pyodide.py`; answers for the CDN, all other hosts are refused.
    """

    def __init__(self, browser, address: str, pyodide: Path):
        self.address, self._pyodide = address, pyodide
        self.fetched: list[str] = []
        self.refused: list[str] = []
        self.problems: list[str] = []
        self.context = browser.new_context(viewport=TALL, accept_downloads=True)
        self.context.route("**/*", self._answer)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _answer(self, route) -> None:
        url = route.request.url
        if url.startswith(self.address):
            route.continue_()
            return
        name = url.removeprefix(f"{PYODIDE_CDN_URL}/").partition("?")[0]
        file = self._pyodide / name
        if not url.startswith(PYODIDE_CDN_URL) or not file.is_file():
            self.refused.append(url)
            route.abort()
            return
        self.fetched.append(name)
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Content-Type": TYPES.get(file.suffix, "application/octet-stream"),
        }
        route.fulfill(body=file.read_bytes(), headers=headers)

    def open(self, notebook: str) -> None:
        """Open a notebook by its link and wait for its kernel."""
        self.page.goto(f"{self.address}/lab/index.html?path={notebook}")
        self.page.wait_for_function("window.jupyterapp !== undefined", timeout=120000)
        self.page.evaluate(OPEN, notebook)

    def run(self, cell: str) -> str:
        """Run a cell by its id; return what it shows as text, or raise what it raised."""
        outputs = self.page.evaluate(RUN_CELL, cell)
        for output in outputs:
            assert output["output_type"] != "error", (output["ename"], output["evalue"])
        return "\n".join(
            "".join(o["text"] if o["output_type"] == "stream" else o["data"]["text/plain"])
            for o in outputs
        )

    def run_code(self, cell: str, source: str) -> str:
        """Add a cell at the end and run it."""
        self.page.evaluate(ADD_CELL, [cell, source])
        return self.run(cell)
