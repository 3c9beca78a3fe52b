"""The commands behind ``python3 -m secretome_edu``; ``open`` and ``test`` live in ``__main__``."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from secretome_edu.authoring.site import commands
from secretome_edu.ui.messages import CourseError


class _Kind(click.Group):
    """Says a learner's or author's mistake in a sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            # A terminal that knows only ASCII shows \xb5 for the micro sign, a file's name need not
            # be text at all; both go on.
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except CourseError as problem:
            raise click.ClickException(str(problem)) from None
        except OSError as problem:
            what = f"{problem.filename}: " if problem.filename else ""
            raise click.ClickException(f"{what}{problem.strerror or problem}.") from None

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text("Two more stand in front: 'open' opens the course, 'test' tests it.")


class _NewFile(click.Path):
    """A file to write; an empty word is none."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if not Path(value).name:
            self.fail(f"{str(value)!r} names no file.", param, ctx)
        return super().convert(value, param, ctx)


_OUT = _NewFile(dir_okay=False, path_type=Path)


@click.group(cls=_Kind, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Secretome Edu: learn from it, check it, add to it."""


# -- for learners ----------------------------------------------------------------------------


@main.command()
def doctor() -> None:
    """Look for trouble with the set-up and say how to remedy it."""
    from secretome_edu.authoring.doctor import examine

    troubles = 0
    for check in examine():
        troubles += not check.well
        click.echo(f"{'ok     ' if check.well else 'TROUBLE'} {check.what}: {check.found}")
        if not check.well:
            click.echo(f"        {check.remedy}")
    click.echo("All is well." if not troubles else f"{troubles} to repair, see above.")
    sys.exit(bool(troubles))


@main.command()
def course() -> None:
    """List the lessons and your progress in each."""
    from secretome_edu.course.overview import course as overview

    click.echo(overview().text)


@main.command()
def progress() -> None:
    """Show what you have mastered, what to look at again and what is due."""
    from secretome_edu.course.overview import progress as report

    click.echo(repr(report()))


@main.command()
@click.argument("lesson")
@click.option("--pool", default="quiz", show_default=True, help="warmup, quiz, pretest, ...")
def quiz(lesson: str, pool: str) -> None:
    """Answer the questions of LESSON in the terminal."""
    from secretome_edu.course.lesson import Lesson
    from secretome_edu.course.manifest import manifest
    from secretome_edu.quiz import terminal

    chosen = Lesson(manifest().entry(lesson))
    terminal.run_items(chosen.bank.pool(pool), chosen.entry.title, chosen.recorder)


@main.command()
@click.option("--limit", default=10, show_default=True, help="at most so many questions")
def review(limit: int) -> None:
    """Answer in the terminal what is due for review, confident errors first."""
    from secretome_edu.course.overview import AskAgain
    from secretome_edu.course.report import due_items
    from secretome_edu.quiz import terminal

    due = due_items(limit=limit)
    if due:
        terminal.run_items([item for _, item in due], "Review", AskAgain(due))
    else:
        click.echo("Nothing is due for review. Answer some questions in a lesson first.")


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("my_progress.jsonl"))
def export(path: Path) -> None:
    """Write your progress to PATH, to keep or to hand in."""
    from secretome_edu.course.overview import export_progress

    click.echo(export_progress(path).text)


@main.command("import")
@click.argument("path", type=click.Path(path_type=Path))
def import_(path: Path) -> None:
    """Add the progress in PATH, written by export, to yours."""
    from secretome_edu.course.overview import import_progress

    click.echo(import_progress(path).text)


# -- for instructors -------------------------------------------------------------------------


@main.command()
@click.argument("place")
@click.option("--out", type=_OUT, default=Path("report.html"), show_default=True)
@click.option("--names", type=click.Path(path_type=Path), help="CSV with learner and name")
@click.option("--omitted-as-zero", is_flag=True, help="as for an exam that is over")
def report(place: str, out: Path, names: Path | None, omitted_as_zero: bool) -> None:
    """Report on the class whose hand-ins are in the folder (or store URL) PLACE."""
    from secretome_edu.classroom import page
    from secretome_edu.classroom.names import read_names
    from secretome_edu.classroom.report import class_report

    called = read_names(names) if names else None
    found = class_report(place, names=called, omitted_as_zero=omitted_as_zero)
    written = page.write(found, out)
    click.echo(found.headline)
    for file in found.found.hand_ins:
        if file.skipped:
            click.echo(f"Skipped {file.file}: {file.skipped}")
    for notice in found.notices:
        click.echo(notice)
    click.echo(f"Wrote {written[0]} and {written[1]}.")


@main.command()
@click.argument("place")
@click.option("--bank", "banks", multiple=True, type=click.Path(path_type=Path), help="corrected")
@click.option("--was", multiple=True, type=click.Path(path_type=Path), help="as handed out")
@click.option("--out", type=_OUT, default=Path("regraded.html"), show_default=True)
def regrade(place: str, banks: tuple[Path, ...], was: tuple[Path, ...], out: Path) -> None:
    """Grade the class in PLACE again after a key was corrected; a table before and after."""
    from secretome_edu.classroom import page_regrade
    from secretome_edu.classroom.regrade import regrade as grade_again

    found = grade_again(place, banks, was=was)
    written = page_regrade.write(found, out)
    click.echo(page_regrade.summary(found))
    click.echo(f"Wrote {written[0]} and {written[1]}.")


# -- for authors -----------------------------------------------------------------------------


@main.command()
@click.option("--quick", is_flag=True, help="leave out running the notebooks again")
def check(quick: bool) -> None:
    """Check every lesson: notebooks, prose, questions, coverage; then run every code cell again."""
    from secretome_edu.authoring.check import findings
    from secretome_edu.authoring.nbval_run import run_notebooks
    from secretome_edu.authoring.notebooks import FOLDER

    found = findings()
    for finding in found:
        click.echo(str(finding))
    click.echo(f"{len(found)} findings." if found else "No findings.")
    sys.exit(bool(found) or (0 if quick else run_notebooks(FOLDER)))


@main.command()
@click.argument("slugs", nargs=-1)
def refresh(slugs: tuple[str, ...]) -> None:
    """Run the notebooks (or those of SLUGS) and store their outputs in the one form.

    The instructor guide is run each time: it shows parts of all lessons.
    """
    from secretome_edu.authoring.claims import update_claims
    from secretome_edu.authoring.keys import update_keys
    from secretome_edu.authoring.notebooks import FOLDER, GUIDE, lesson_notebooks
    from secretome_edu.authoring.readme import update_readme
    from secretome_edu.authoring.refresh import refresh as run
    from secretome_edu.course.manifest import manifest

    wanted = {manifest().entry(slug).slug for slug in slugs}
    paths = [path for entry, path in lesson_notebooks() if not wanted or entry.slug in wanted]
    for path in run([*paths, FOLDER / GUIDE]):
        click.echo(f"{path.name} changed.")
    for changed, name in (
        (update_readme(), "README.md"),
        (update_keys(), "The answer key"),
        (update_claims(), "docs/claims.md"),
    ):
        if changed:
            click.echo(f"{name} changed.")


@main.command("new-lesson")
@click.argument("slug")
@click.option("--title", help="default: as planned, else the slug in words")
@click.option("--question", help="default: as planned, else one to replace")
def new_lesson(slug: str, title: str | None, question: str | None) -> None:
    """Make lesson SLUG from the template; it passes check at once."""
    from secretome_edu.authoring.new_lesson import make

    for path in make(slug, title, question):
        click.echo(f"Wrote {path}.")


# -- for teachers who live elsewhere ---------------------------------------------------------


@main.group()
def bank() -> None:
    """Move questions between the course and other systems."""


@bank.command("export")
@click.argument("slug")
@click.option("--to", "target", required=True, help="gift, moodle, anki or print")
@click.option("--out", required=True, type=_OUT)
@click.option("--report", type=_OUT, help="as JSON, too")
def bank_export(slug: str, target: str, out: Path, report: Path | None) -> None:
    """Write the bank SLUG (or all, or your own .yaml) for another system; say what is lost."""
    from rich.progress import track

    from secretome_edu.quiz.bank import bank_slugs, load_bank, read_bank
    from secretome_edu.quiz.exchange import export_banks

    if slug.endswith(".yaml"):
        banks = [read_bank(slug)]
    else:
        banks = [load_bank(name) for name in (bank_slugs() if slug == "all" else [slug])]
    quiet = not sys.stdout.isatty()
    made = export_banks(banks, target, lambda all_: track(all_, "Writing", disable=quiet))
    for place in made.save(out):
        click.echo(f"Wrote {place}.")
    _say_losses(made.report, report)


@bank.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "origin", help="jupyterquiz, gift or moodle; guessed if left out")
@click.option("--out", required=True, type=_OUT)
@click.option("--report", type=_OUT, help="as JSON, too")
def bank_import(file: Path, origin: str | None, out: Path, report: Path | None) -> None:
    """Make a bank of FILE from another system and say what is lost."""
    from secretome_edu.quiz.exchange import import_bank
    from secretome_edu.quiz.exchange.inward import slug_of

    made = import_bank(file, origin, slug_of(out.stem))
    made.save(out)
    click.echo(f"Wrote {out}: {len(made.bank.items)} questions.")
    _say_losses(made.report, report)


@bank.command("strip-keys")
@click.argument("banks", nargs=-1)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--pool", "pools", multiple=True, help="only this pool, for example posttest")
def strip_keys(banks: tuple[str, ...], out: Path, pools: tuple[str, ...]) -> None:
    """Write BANKS (default: all) without keys, feedback and misconceptions, for an exam."""
    from secretome_edu.classroom.strip import strip_keys as strip

    for path in strip(out, banks, pools):
        click.echo(f"Wrote {path}.")


def _say_losses(losses: Any, path: Path | None) -> None:
    if path:
        losses.save(path)
    click.echo(losses.text)


# -- for readers elsewhere -------------------------------------------------------------------

main.add_command(commands.site)
main.add_command(commands.links)


if __name__ == "__main__":
    main()
