"""A JupyterLab on a free loopback port, driven by Chromium, for the quiz's browser tests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OPEN = """async (path) => { const app = window.jupyterapp; await app.restored;
  let p, t0 = Date.now();
  while (!(p = [...app.shell.widgets('main')].find(w => w.context && w.context.path === path))) {
    if (Date.now() - t0 > 60000) throw Error('not open');
    await new Promise(r => setTimeout(r, 50)); }
  await p.context.ready; await p.sessionContext.ready; app.shell.activateById(p.id); }"""
ERRORS = """() => { const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
  return cells.flatMap((c, i) => c.type === 'code' ? c.outputs.toJSON()
    .filter(o => o.output_type === 'error').map(o => [i, o.ename, o.evalue]) : []); }"""
RUN = "async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
RESTART = """async () => { const p = window.jupyterapp.shell.currentWidget;
  await p.sessionContext.session.kernel.restart(); await p.sessionContext.ready; }"""
ROOT = Path(__file__).resolve().parents[2]


def launch(playwright):
    """Return a headless Chromium; Playwright's own download is not needed."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)


def set_theme(page, theme: str) -> None:
    """Switch JupyterLab to its light or dark theme ("Light", "Dark") and wait until it is there."""
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        f"JupyterLab {theme}",
    )
    page.wait_for_function(
        "light => document.body.dataset.jpThemeLight === light", arg=str(theme == "Light").lower()
    )
    page.wait_for_timeout(300)  # the theme's style sheet


class Lab:
    """One server and one browser; ``open`` gives a page with a running kernel."""

    def __init__(self, folder: Path, **environment: str):
        self.folder = folder
        self.notebooks = folder / "notebooks"
        self.notebooks.mkdir(parents=True)
        settings = folder / "config" / "labconfig"
        settings.mkdir(parents=True)
        disabled = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
        (settings / "page_config.json").write_text(json.dumps(disabled))
        names = ("DATA_DIR", "RUNTIME_DIR")
        env = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        env |= {f"JUPYTER_{name}": str(folder / name.lower()) for name in names}
        env |= {"JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "ipython")}
        for name in ("SETTINGS", "WORKSPACES"):
            env[f"JUPYTERLAB_{name}_DIR"] = str(folder / name.lower())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1"]
        command += [f"--port={self.port}", "--ServerApp.port_retries=0", "--allow-root"]
        command += ["--IdentityProvider.token=tok", f"--ServerApp.root_dir={self.notebooks}"]
        command += ["--LabApp.expose_app_in_browser=True"]
        self.log = (folder / "server.log").open("wb")
        self.server = subprocess.Popen(command, env=env, stdout=self.log, stderr=self.log)
        self._wait()
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self.browser = launch(self._playwright)

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/status?token=tok")
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text())

    def open(self, notebook: dict, name: str, **context: object):
        """Return a page that shows the notebook, its kernel connected."""
        nbformat.write(nbformat.from_dict(notebook), self.notebooks / name)
        page = self.browser.new_context(
            viewport={"width": 1300, "height": 950}, **context
        ).new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"http://127.0.0.1:{self.port}/lab/tree/{name}?token=tok&reset")
        page.wait_for_function("window.jupyterapp !== undefined", timeout=60000)
        page.evaluate(OPEN, name)
        return page

    def run_all(self, page) -> list:
        """Run all cells and return the errors."""
        page.evaluate(RUN)
        return page.evaluate(ERRORS)

    def restart_and_run_all(self, page) -> list:
        """Restart the kernel, run all cells and return the errors."""
        page.evaluate(RESTART)
        return self.run_all(page)

    def close(self) -> None:
        """End the browser and the server."""
        self.browser.close()
        self._playwright.stop()
        self.server.terminate()
        self.server.wait(20)
        self.log.close()
