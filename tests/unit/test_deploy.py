"""The two ways to deploy a class say the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from traitlets.config import Config

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


@pytest.fixture
def rehearsal(monkeypatch):
    """The configuration of one machine, as JupyterHub would read it."""
    monkeypatch.setenv("SECRETOME_EDU_PASSWORD", "x")
    monkeypatch.setenv("SECRETOME_EDU_CLASS_STORE", "postgresql://somewhere/class")
    config = Config()
    source = (DEPLOY / "jupyterhub_config.py").read_text(encoding="utf-8")
    exec(compile(source, "jupyterhub_config.py", "exec"), {"get_config": lambda: config})
    return config


@pytest.fixture
def values():
    return yaml.safe_load((DEPLOY / "z2jh-values.yaml").read_text(encoding="utf-8"))


def test_memory_and_roles_agree(rehearsal, values):
    kubernetes = SimpleNamespace(**values["singleuser"])
    assert kubernetes.memory["guarantee"] == rehearsal.Spawner.mem_guarantee
    assert kubernetes.memory["limit"] == rehearsal.Spawner.mem_limit
    assert kubernetes.startTimeout == rehearsal.Spawner.start_timeout
    roles = {role["name"]: role for role in rehearsal.JupyterHub.load_roles}
    for name, role in values["hub"]["loadRoles"].items():
        assert set(role["scopes"]) == set(roles[name]["scopes"]), name
        assert role.get("groups") == roles[name].get("groups"), name
    (service,) = rehearsal.JupyterHub.services
    there = values["hub"]["services"][service["name"]]
    assert there["command"][1:] == service["command"][1:]
    assert there["oauth_client_allowed_scopes"] == service["oauth_client_allowed_scopes"]


def test_learners_find_the_service_where_it_listens(rehearsal, values):
    (service,) = rehearsal.JupyterHub.services
    address = rehearsal.Spawner.environment["SECRETOME_EDU_CLASS"]
    assert address == f"{service['url']}/services/{service['name']}/"
    port = values["hub"]["service"]["extraPorts"][0]["port"]
    assert f":{port}/" in values["singleuser"]["extraEnv"]["SECRETOME_EDU_CLASS"]
    assert values["hub"]["services"]["secretome"]["url"].endswith(f":{port}")


def test_no_password_is_written_down(rehearsal):
    source = (DEPLOY / "jupyterhub_config.py").read_text(encoding="utf-8")
    assert 'os.environ["SECRETOME_EDU_PASSWORD"]' in source
