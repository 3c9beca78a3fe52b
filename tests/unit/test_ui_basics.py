"""What rooms share: messages, markup, bundles, modes, panels and callable rooms."""

from __future__ import annotations

import base64
import pickle
import re

import pytest

from secretome_edu.ui import mode as mode_module
from secretome_edu.ui.bundle import Bundle, figure_html
from secretome_edu.ui.markup import to_html, to_inline_html, to_text
from secretome_edu.ui.messages import BadValue, CourseError, UnknownName, closest
from secretome_edu.ui.mode import MODES, VARIABLE, ui_mode
from secretome_edu.ui.panel import panel

LIVE = re.compile(r"<(?:script|img|iframe|svg|style)|<[^>]*\bon\w+=|href=\"?\s*javascript", re.I)

# -- messages ----------------------------------------------------------------------------------


def test_an_unknown_name_says_what_was_given_what_is_near_and_how_to_list():
    error = UnknownName("table", "factr", ["factors", "pathways"], "se.tables()")
    assert str(error) == (
        "There is no table named 'factr'. Did you mean 'factors'? se.tables() lists all."
    )
    assert error.close == ["factors"]
    assert isinstance(error, KeyError)
    assert isinstance(error, CourseError)


def test_an_unknown_name_with_nothing_near_guesses_nothing():
    assert "Did you mean" not in str(UnknownName("table", "zzz", ["factors"], "se.tables()"))
    assert UnknownName("table", "x", [], "se.tables()").close == []


@pytest.mark.parametrize("given", [None, 5, ("a",), ["a"], 1.5, "", "x" * 10_000])
def test_an_unknown_name_may_be_anything(given):
    said = str(UnknownName("table", given, ["factors"], "se.tables()"))
    assert repr(given)[:50] in said
    assert len(said) < 150, "a sentence, not a copy of what was given"


def test_errors_render_as_one_line_without_a_traceback():
    for error in (CourseError("a b"), BadValue("a b")):
        assert error._render_traceback_() == ["a b"]
    assert isinstance(BadValue("x"), ValueError)
    assert str(CourseError()) == ""


def test_an_unknown_name_survives_being_sent_to_another_process():
    error = UnknownName("table", "factr", ["factors"], "se.tables()")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_closest_ignores_case_keeps_order_and_counts():
    assert closest("vegf", ["IL6", "VEGFA", "VEGFB", "VEGF"])[0] == "VEGF"
    assert len(closest("a1", [f"a{n}" for n in range(9)], count=2)) == 2
    assert closest("qqq", ["IL6"]) == []


# -- markup ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>1</script>)",
        "[x](vbscript:1)",
        "![x](javascript:1)",
        "<svg onload=alert(1)>",
        "<style>*{display:none}</style>",
        "$<script>1</script>$",
        r"$\text{<img src=x onerror=alert(1)>}$",
        r"$\text{<img/src=x/onerror=alert(1)>}$",
        "$\\text{<img\tsrc='x'\tonerror='alert(1)'/>}$",
        r"$\text{</mtext></math><script>alert(1)</script>}$",
        r"$\text{<![CDATA[<script>alert(1)</script>]]>}$",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\mathrm{<img/src=x/onerror=alert(1)>}$",
        r"$\unicode{<script>}$",
        "$$</math><script>1</script>$$",
        "`<script>`",
        "    <script>",
        "|a|\n|-|\n|<script>1</script>|",
        "<!-- <b> --><script>1</script>",
        "<!-<!-- x -->- <script>alert(1)</script> -->",
    ],
)
def test_markup_is_text_and_never_runs(source):
    for html in (to_html(source), to_inline_html(source)):
        assert not LIVE.search(html), html


def test_markdown_becomes_html():
    assert to_html("a **b** [c](https://x.org)\n\n- d") == (
        '<p>a <strong>b</strong> <a href="https://x.org" style="text-decoration:underline">c</a>'
        "</p>\n<ul>\n<li>d</li>\n</ul>"
    )
    assert "<table>" in to_html("|a|b|\n|-|-|\n|1|2|")
    assert to_inline_html("**a** & b") == "<strong>a</strong> &amp; b"


def test_marks_of_checked_numbers_are_not_shown():
    source = "about 0.1<!--=surface_pM~--> pM <!-- two\nlines -->here"
    assert to_html(source) == "<p>about 0.1 pM here</p>"
    assert to_inline_html(source) == "about 0.1 pM here"
    assert to_text(source) == "about 0.1 pM here"


def test_mathematics_becomes_mathml_and_broken_mathematics_stays_readable():
    assert "<msqrt>" in to_inline_html(r"$\sqrt{D/k}$")
    assert 'display="block"' in to_html(r"$$\lambda = 1$$")
    for money in ("5 $ and 6 $", "$5 or $6"):
        assert to_inline_html(money) == money
    for broken in (r"$\frac{1$", r"$\left($", r"$}{$", r"$\begin{matrix}$"):
        assert to_inline_html(broken)


def test_text_loses_its_marks_and_keeps_its_words():
    assert to_text("a **bold** _b_ `word`, $x^2$ [link](https://x.org) ![pic](a.png)") == (
        "a bold _b_ word, x^2 link pic"
    )
    assert to_text("costs $5 or $6, $x$ and $$y$$") == "costs $5 or $6, x and y"
    assert to_text("2 * 3 * 4") == "2 * 3 * 4"
    assert to_text("__init__") == "init"
    assert to_text("") == ""


# -- bundle ------------------------------------------------------------------------------------


def test_a_bundle_shows_text_and_html():
    bundle = Bundle("one", "<p>one</p>")
    assert repr(bundle) == "one"
    data = bundle._repr_mimebundle_(include=None, exclude=None)
    assert data == {"text/plain": "one", "text/html": "<p>one</p>"}
    with pytest.raises(AttributeError):
        bundle.text = "two"  # type: ignore[misc]


def test_a_figure_has_its_description_as_alternative_text_and_as_caption():
    html = figure_html(base64.b64encode(b"png").decode(), 'Falls "fast" <b>', "Fig & 1")
    assert 'alt="Falls &quot;fast&quot; &lt;b&gt;"' in html
    assert "<figcaption" in html
    assert html.count("&lt;b&gt;") == 2
    assert "<strong>Fig &amp; 1.</strong>" in html
    assert "<strong>Why?</strong>" in figure_html("", "So.", "Why?")
    assert "<strong>" not in figure_html("", "No caption")


# -- mode --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODES)
def test_the_variable_chooses(monkeypatch, name):
    monkeypatch.setenv(VARIABLE, f" {name.upper()} ")
    assert ui_mode() == name


@pytest.mark.parametrize("value", [None, "", "auto", "AUTO"])
def test_otherwise_the_richest_installed_is_taken(monkeypatch, value):
    if value is None:
        monkeypatch.delenv(VARIABLE, raising=False)
    else:
        monkeypatch.setenv(VARIABLE, value)
    have = {"anywidget", "ipywidgets"}
    monkeypatch.setattr(mode_module.importlib.util, "find_spec", lambda n: n in have or None)
    assert ui_mode() == "rich"
    have.discard("anywidget")
    assert ui_mode() == "core"
    have.discard("ipywidgets")
    assert ui_mode() == "text"


def test_an_unknown_mode_is_a_sentence(monkeypatch):
    monkeypatch.setenv(VARIABLE, "fancy")
    with pytest.raises(BadValue, match=r"is 'fancy'; it accepts auto, rich, core, text\. Unset"):
        ui_mode()


# -- panel -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODES)
def test_a_panel_shows_and_changes(monkeypatch, name):
    monkeypatch.setenv(VARIABLE, name)
    shown = panel("Closed.", "<p>Closed.</p>", "Explanation")
    assert repr(shown) == "Closed."
    shown.update("Open.", "<p>Open.</p>")
    bundle = shown._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == repr(shown) == "Open."
    assert data["text/html"] == "<p>Open.</p>"
    if name == "rich":
        assert (shown.html, shown.label) == ("<p>Open.</p>", "Explanation")
        assert "application/vnd.jupyter.widget-view+json" in data
    if name == "core":
        assert shown.value == "<p>Open.</p>"


def test_a_course_widget_without_words_says_so():
    from secretome_edu.ui.widget import CourseWidget

    class Silent(CourseWidget):
        _esm = "export default {}"

    for read in (Silent.static_text, Silent.static_html):
        with pytest.raises(NotImplementedError):
            read(None)  # type: ignore[arg-type]


# -- the public face ---------------------------------------------------------------------------


def test_every_public_name_resolves_and_is_listed():
    import secretome_edu as se

    for name in se.__all__:
        assert getattr(se, name) is not None
    assert dir(se) == sorted(se.__all__)


def test_a_room_named_like_a_function_can_still_be_called():
    import secretome_edu as se
    import secretome_edu.course
    import secretome_edu.explore
    import secretome_edu.progress

    assert "lessons" in str(se.course())
    assert se.explore("reach", cells=10).values["cells"] == 10
    assert callable(se.progress)


def test_a_slip_in_a_public_name_gets_a_hint():
    import secretome_edu as se

    with pytest.raises(AttributeError, match=r"named 'lessen'. Did you mean 'lesson'"):
        _ = se.lessen
    with pytest.raises(AttributeError, match=r"dir\(se\) lists all"):
        _ = se.qqqqqq


def test_every_formula_of_the_course_becomes_mathml():
    from pathlib import Path

    import yaml

    import secretome_edu
    from secretome_edu.ui import markup

    def texts(part):
        if isinstance(part, str):
            yield part
        elif isinstance(part, (dict, list)):
            for inner in part.values() if isinstance(part, dict) else part:
                yield from texts(inner)

    package = Path(secretome_edu.__file__).parent
    files = [*package.glob("models/cards/*.yaml"), *package.glob("exercises/*.yaml")]
    files += package.glob("quiz/banks/*.yaml")
    formulas = 0
    for file in files:
        for text in texts(yaml.safe_load(file.read_text(encoding="utf-8"))):
            for token in markup._parser().parse(text):
                for part in token.children or [token]:
                    if part.type.startswith("math"):
                        formulas += 1
                        assert "<math" in to_html(f"${part.content}$"), (file.name, part.content)
    assert formulas > 8
