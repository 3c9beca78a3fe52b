"""The commands that bring the course elsewhere: ``links`` and all of ``site``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_launch_options = _together(
    click.option("--repository", help="https://github.com/OWNER/NAME, for Binder, Colab and hub"),
    click.option("--branch", help="branch, tag or commit  [default: main]"),
    click.option("--hub", help="address of a JupyterHub with nbgitpuller"),
    click.option("--lite", help="address of the JupyterLite edition"),
)
_wheel_options = _together(
    click.option(
        "--system",
        "names",
        multiple=True,
        help="linux, windows, macos-arm64, macos-x86_64, or this; may be repeated  [default: all]",
    ),
    click.option(
        "--python",
        "series",
        multiple=True,
        help="as in 3.12, or this; may be repeated  [default: all the course is tested with]",
    ),
    click.option("--with-tests", is_flag=True, help="bring what the tests need, too"),
)


@click.command()
@_launch_options
def links(**addresses: str | None) -> None:
    """Print a Markdown table of links that open each lesson live, for a learning platform."""
    from secretome_edu.authoring.site import launch
    from secretome_edu.course.manifest import manifest

    lessons = [(f"{entry.place} {entry.title}", entry.notebook) for entry in manifest().ready()]
    click.echo(launch.table(launch.places(**addresses), lessons))


@click.group()
def site() -> None:
    """Build the course for readers elsewhere: without installing, without a network."""


@site.command()
@click.option("--out", required=True, type=_NEW_FOLDER)
@_launch_options
def book(out: Path, **addresses: str | None) -> None:
    """Build the static book from the stored outputs, whole or not at all."""
    from rich.console import Console

    from secretome_edu.authoring.site import book, launch

    where = launch.places(**addresses)
    with Console(stderr=True).status("Starting") as status:
        made = book.build(out, say=status.update, where=where)
    click.echo(f"Wrote {made.out}: {made.pages} pages, {made.megabytes:.1f} MB.")


@site.command()
@click.option("--out", required=True, type=_NEW_FOLDER)
def lite(out: Path) -> None:
    """Build the edition that runs in a browser (JupyterLite), whole or not at all."""
    from rich.console import Console

    from secretome_edu.authoring.site import lite

    with Console(stderr=True).status("Starting") as status:
        made = lite.build(out, say=status.update)
    click.echo(f"Wrote {made.out}: {made.pages} notebooks, {made.megabytes:.1f} MB.")


@site.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="the zip to make")
@_wheel_options
@click.option("--wheels", "source", type=_FOLDER, help="take wheels from here, ask no network")
@click.option("--book", "reading", type=_FOLDER, help="take this book, build none")
@_launch_options
def bundle(
    out: Path,
    names: tuple[str, ...],
    series: tuple[str, ...],
    with_tests: bool,
    source: Path | None,
    reading: Path | None,
    **addresses: str | None,
) -> None:
    """Make one zip for a USB stick: book, course and wheels, whole or not at all."""
    from rich.console import Console

    from secretome_edu.authoring.site import bundle, launch, wheels

    wanted, where = wheels.targets(names, series), launch.places(**addresses)
    with Console(stderr=True).status("Starting") as status:
        made = bundle.build(out, wanted, with_tests, source, reading, where, status.update)
    click.echo(f"Wrote {made.out}: {made.files} files, {made.megabytes:.0f} MB, for")
    click.echo("\n".join(f"  {target}" for target in wanted))


@site.command()
@click.option("--out", required=True, type=_NEW_FOLDER)
@_wheel_options
def wheels(out: Path, names: tuple[str, ...], series: tuple[str, ...], with_tests: bool) -> None:
    """Fetch the wheels of a bundle into a folder, for 'site bundle --wheels'."""
    from rich.console import Console

    from secretome_edu.authoring.site import bundle, wheels

    wanted = wheels.targets(names, series)
    with Console(stderr=True).status("Starting") as status:
        wheels.fetch(out, wanted, bundle.locks(with_tests), say=status.update)
    found = [*out.glob("*.whl")]
    size = sum(path.stat().st_size for path in found) / 1e6
    click.echo(f"{out} holds {len(found)} wheels, {size:.0f} MB.")
