r"""A class on one machine: JupyterHub, the course for each learner, one PostgreSQL for the class.

    SECRETOME_EDU_CLASS_STORE=postgresql://user@host/class \
        SECRETOME_EDU_PASSWORD=... jupyterhub -f deploy/jupyterhub_config.py

As it stands it is a rehearsal on one machine: any name logs in with the password in
SECRETOME_EDU_PASSWORD, and learners' servers run under the Hub's own account. Before a real
class choose an authenticator and a spawner that keeps accounts apart (the lines marked CHOOSE); the
rest can stay. docs/classroom.md says how much memory to plan.
"""

import os
import sys

c = get_config()  # noqa: F821  given by JupyterHub

ADDRESS = os.environ.get("SECRETOME_EDU_ADDRESS", "http://127.0.0.1:8000")
SERVICE = os.environ.get("SECRETOME_EDU_SERVICE_ADDRESS", "http://127.0.0.1:10101")
INSTRUCTORS = os.environ.get("SECRETOME_EDU_INSTRUCTORS", "instructor").split()
NOTEBOOKS = os.environ.get("SECRETOME_EDU_NOTEBOOKS", "")

c.JupyterHub.bind_url = ADDRESS
c.JupyterHub.hub_ip = "127.0.0.1"

# CHOOSE: who may log in. NativeAuthenticator, LTI and OAuth are usual in a class.
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["SECRETOME_EDU_PASSWORD"]
c.Authenticator.allow_all = True

# CHOOSE: how a learner's server runs. "simple" keeps no learner out of another one's files.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.environ.get(
    "SECRETOME_EDU_HOMES", "/tmp/secretome-{username}"
)
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # a whole class starts at once
c.Spawner.mem_guarantee, c.Spawner.mem_limit = "512M", "1G"  # enforced by container spawners
c.Spawner.cpu_limit = 1
if NOTEBOOKS:
    c.Spawner.notebook_dir = NOTEBOOKS

# Answers: kept in each learner's home first, then delivered to the class (progress/delivery.py).
c.Spawner.environment = {"SECRETOME_EDU_CLASS": f"{SERVICE}/services/secretome/"}
c.JupyterHub.services = [
    {
        "name": "secretome",
        "url": SERVICE,
        "command": [sys.executable, "-m", "secretome_edu.classroom.service"],
        "environment": {"SECRETOME_EDU_STORE": os.environ["SECRETOME_EDU_CLASS_STORE"]},
        "oauth_client_allowed_scopes": ["custom:secretome:report"],
        "oauth_no_confirm": True,
    }
]

# A learner's server may add that learner's events; instructors may read the report.
OWN_EVENTS = "access:services!service=secretome"
c.JupyterHub.custom_scopes = {
    "custom:secretome:report": {"description": "Read the report on the class"}
}
c.JupyterHub.load_groups = {"instructors": {"users": INSTRUCTORS}}
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", OWN_EVENTS]},
    {"name": "server", "scopes": ["users:activity!user", "access:servers!server", OWN_EVENTS]},
    {
        "name": "secretome-instructor",
        "scopes": ["custom:secretome:report", OWN_EVENTS],
        "groups": ["instructors"],
    },
]
