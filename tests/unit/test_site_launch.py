"""Links that open a lesson live: well formed, and what they open is in the repository."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from click.testing import CliRunner

from secretome_edu.authoring.notebooks import FOLDER, ROOT
from secretome_edu.authoring.site import launch, pages
from secretome_edu.cli import main
from secretome_edu.course.manifest import manifest
from secretome_edu.ui.messages import BadValue

REPOSITORY = "https://github.com/owner/the-course"
EVERYWHERE = launch.places(REPOSITORY, hub="https://hub.example/a", lite="https://x.example/lite")
CHANNELS = ["lite", "binder", "colab", "hub"]
NOTEBOOKS = [chapter.path.name for chapter in pages.chapters(FOLDER)]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_link_is_well_formed_and_its_file_is_there(notebook):
    found = {link.channel: link for link in launch.links(EVERYWHERE, notebook)}
    assert [*found] == CHANNELS
    for link in found.values():
        assert not re.search(r"[\s<>\"'()\[\]|]", link.address), "breaks Markdown or HTML"
        assert urlsplit(link.address).scheme == "https"

    parts = urlsplit(found["lite"].address)
    assert (parts.hostname, parts.path) == ("x.example", "/lite/lab/index.html")
    assert (FOLDER / parse_qs(parts.query)["path"][0]).is_file()

    parts = urlsplit(found["binder"].address)
    assert (parts.hostname, parts.path) == ("mybinder.org", "/v2/gh/owner/the-course/main")
    assert (ROOT / parse_qs(parts.query)["labpath"][0]).is_file()
    assert (ROOT / "environment.yml").is_file()  # what Binder builds from

    parts = urlsplit(found["colab"].address)
    place = "/github/owner/the-course/blob/main/"
    assert parts.hostname == "colab.research.google.com"
    assert parts.path.startswith(place)
    assert not parts.query
    assert (ROOT / unquote(parts.path.removeprefix(place))).is_file()

    parts = urlsplit(found["hub"].address)
    assert (parts.hostname, parts.path) == ("hub.example", "/a/hub/user-redirect/git-pull")
    asked = parse_qs(parts.query)
    assert (asked["repo"], asked["branch"]) == ([REPOSITORY], ["main"])
    # nbgitpuller names the folder as the repository.
    in_folder = asked["urlpath"][0].removeprefix("lab/tree/the-course/")
    assert (ROOT / in_folder).is_file()


def test_without_an_address_there_is_no_link_and_the_book_says_how_to_open_a_lesson():
    assert launch.links(launch.places(), NOTEBOOKS[0]) == []
    page = pages.live(pages.chapters(FOLDER))
    assert "python3 -m secretome_edu open" in page
    assert "http" not in page
    assert "Binder" not in page


@pytest.mark.parametrize(
    ("given", "channels"),
    [
        ({"repository": REPOSITORY}, ["binder", "colab"]),
        ({"lite": "https://x.example"}, ["lite"]),
        ({"hub": "https://hub.example"}, []),  # nothing to fetch from
        ({"repository": REPOSITORY, "hub": "http://10.0.0.2:8000"}, ["binder", "colab", "hub"]),
        ({"repository": "https://gitlab.com/group/sub/course"}, ["binder"]),
    ],
)
def test_only_what_is_known_is_linked(given, channels):
    where = launch.places(**given)
    assert [link.channel for link in launch.links(where, NOTEBOOKS[0])] == channels
    assert len(launch.about(where)) == len(channels)


def test_a_branch_with_a_slash_and_a_repository_elsewhere():
    binder, colab = launch.links(launch.places(REPOSITORY, "fix/it"), "a.ipynb")
    assert urlsplit(binder.address).path == "/v2/gh/owner/the-course/fix/it"
    assert "/blob/fix/it/notebooks/a.ipynb" in colab.address
    (binder,) = launch.links(launch.places("https://git.example/a/b", "fix/it"), "a.ipynb")
    # One part of the path each: Binder splits at the slashes before it decodes.
    spec = urlsplit(binder.address).path.split("/")
    assert [unquote(part) for part in spec[3:]] == ["https://git.example/a/b", "fix/it"]


@pytest.mark.parametrize("ending", ["", "/", ".git", ".git/"])
def test_the_ways_to_write_an_address_are_one(ending):
    assert launch.places(REPOSITORY + ending) == launch.places(f" {REPOSITORY} ")


@pytest.mark.parametrize(
    "given",
    [
        {"repository": "owner/course"},
        {"repository": "https://github.com/owner"},
        {"repository": "https://github.com/owner/course/tree/main"},
        {"repository": "https://github.com/owner/a b"},
        {"repository": "git@github.com:owner/course.git"},
        {"repository": "https://user:word@github.com/owner/course"},
        {"repository": "https://github.com/owner/course?tab=readme"},
        {"repository": "https://github.com/../course"},
        {"repository": "javascript:alert(1)"},
        {"hub": "hub.example"},
        {"hub": "https://"},
        {"hub": "https://hub.example:port"},
        {"hub": 'https://hub.example/"><script>'},
        {"lite": "file:///home"},
        {"lite": "https://x.example/#top"},
        {"branch": ""},
        {"branch": "a b"},
        {"branch": "../main"},
        {"branch": "-main"},
        {"branch": "main/"},
        {"branch": "a//b"},
    ],
)
def test_what_is_no_address_is_refused(given):
    with pytest.raises(BadValue, match=r"write it as|name one with"):
        launch.places(**given)


def test_the_book_links_every_lesson_everywhere_in_words_that_name_it():
    page = pages.live(pages.chapters(FOLDER), EVERYWHERE)
    shown = re.findall(r"^- \[(Open [^\]]+)\]\(([^)]+)\)$", page, re.M)
    assert len(shown) == len({words for words, _ in shown}) == len(CHANNELS) * len(NOTEBOOKS)
    wanted = [link.address for name in NOTEBOOKS for link in launch.links(EVERYWHERE, name)]
    assert [address for _, address in shown] == wanted
    for title in ("JupyterLite", "Binder", "Colab", "The class's JupyterHub"):
        assert f"- **{title}** " in page


def test_colab_is_told_the_one_line_to_add():
    (colab,) = [words for words in launch.about(EVERYWHERE) if words.startswith("**Colab")]
    assert f"`%pip install -q git+{REPOSITORY}@main`" in colab
    assert "SECRETOME_EDU_UI=core" in colab


def test_the_command_prints_a_table_for_a_learning_platform():
    said = CliRunner().invoke(main, ["links", "--repository", REPOSITORY]).output.splitlines()
    assert said[0] == "| Lesson | Binder | Colab |"
    assert len(said) == 2 + len(manifest().ready())
    assert {line.count("|") for line in said} == {4}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["links"], "No address is known"),
        (["links", "--hub", "https://hub.example"], "--repository"),
        (["links", "--repository", "here"], "'here' is no web address"),
        (["site", "book", "--out", "no", "--lite", "there"], "'there' is no web address"),
    ],
)
def test_a_mistake_is_a_sentence(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(main, arguments)
    assert said.exit_code == 1
    assert words in said.output
    assert "Traceback" not in said.output
    assert list(tmp_path.iterdir()) == []
