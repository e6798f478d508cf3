"""The command line: ``abstractgan``, or ``python -m abstractgan``.

Each command imports what it needs when it runs, so that help and painting never wait for
TensorFlow. A mistake is answered by one sentence and exit status 2.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn

import click

from abstractgan import __version__
from abstractgan.errors import UserError

_PATH = click.Path(path_type=Path)
_SEED = click.option("--seed", default=0, show_default=True, help="Which painting; 0 or more.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="abstractgan")
def cli() -> None:
    """Repaint photographs, draw abstract paintings and train the GANs of the course."""


def _list_movements(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from abstractgan.data.paintings import MOVEMENTS

        for movement in MOVEMENTS.values():
            click.echo(f"{movement.name:16} {movement.title}, {movement.years}")
        context.exit()


@cli.command()
@click.argument("movement")
@_SEED
@click.option("--size", default=512, show_default=True, help="Width and height in pixels.")
@click.option(
    "--output",
    type=_PATH,
    help="The picture's file, replaced if it exists.  [default: MOVEMENT-SEED.png]",
)
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_movements,
    help="List the movements and exit.",
)
def paint(movement: str, seed: int, size: int, output: Path | None) -> None:
    """Draw a painting in the manner of MOVEMENT and save it.

    The same movement and seed give the same painting, at any size.
    """
    from abstractgan.data.images import check_output, save_image
    from abstractgan.data.paintings import MOVEMENTS
    from abstractgan.data.paintings import paint as draw

    output = output or Path(f"{movement}-{seed}.png")
    if movement in MOVEMENTS:  # if not, the painter has the better answer
        check_output(output)
    save_image(draw(movement, seed, size), output)
    label = MOVEMENTS[movement]
    _say(f"{output}: {label.title}, {label.years}.\n{label.sentence}")


@cli.command()
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True, type=_PATH)
@click.option(
    "--style",
    "styles",
    metavar="STYLE",
    multiple=True,
    required=True,
    help="A painting's file, a movement, or several with weights: one.jpg:0.7,orphism:0.3.",
)
@click.option(
    "--output",
    type=_PATH,
    required=True,
    help="The result's file, replaced if it exists; of a folder or several photographs, a folder.",
)
@click.option(
    "--size", type=int, help="Long side of the results in pixels.  [default: the photograph's]"
)
@click.option(
    "--strength",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="How much of the painting's style, from 0 to 1; the rest is the photograph's own.",
)
@click.option("--keep-color", is_flag=True, help="Keep the photograph's colours.")
@click.option(
    "--decoder",
    type=_PATH,
    help="The decoder.weights.h5 of a run of train style.  [default: the package's]",
)
@click.option("--seed", default=0, show_default=True, help="Which painting of a movement.")
@click.option("--overwrite", is_flag=True, help="Make anew what the output folder has already.")
@click.option(
    "--sheet",
    is_flag=True,
    help="Make one picture of every PHOTO in every --style, which may be given several times or "
    "as a folder; --size is a cell's.  [default: 256]",
)
@click.pass_context
def stylize(
    context: click.Context,
    photos: tuple[Path, ...],
    styles: tuple[str, ...],
    output: Path,
    decoder: Path | None,
    sheet: bool,
    **options: Any,
) -> None:
    """Repaint PHOTO, a file or a folder, in the style of paintings.

    A folder gives a folder of the same names; repeat the command to go on after an interruption. A
    picture that cannot be read is named and left out, and the exit status is 1.
    """
    from abstractgan.repaint import Options, repaint_file, repaint_folder, repaint_sheet

    def load() -> Any:
        _load_tensorflow()
        from abstractgan.stylize import Stylizer

        return Stylizer.load(decoder)

    wanted = Options(**options)
    problems: list[str] = []
    said = f"The picture is {output}."
    if sheet:
        problems = repaint_sheet(photos, styles, output, load, wanted, _progress).problems
    elif len(styles) > 1:
        raise UserError("Give one --style, several as one.jpg:0.7,two.jpg:0.3, or --sheet.")
    elif len(photos) == 1 and not photos[0].is_dir():
        repaint_file(photos[0], styles[0], output, load, wanted)
    else:
        report = repaint_folder(photos, styles[0], output, load, wanted, _progress)
        kept = f" {report.kept} were there and stay (see --overwrite)." if report.kept else ""
        said, problems = f"{output}: {report.made} repainted.{kept}", report.problems
    _say(said)
    for problem in problems:
        _say(f"Left out: {problem}", err=True)
    context.exit(1 if problems else 0)


def _progress(photos: Sequence[Path]) -> Any:
    return click.progressbar(
        photos,
        label="Repainting",
        show_pos=True,
        item_show_func=lambda photo: photo and _written_out(photo.name),
    )


_RESULT = click.option(
    "--output", type=_PATH, required=True, help="The result's file, replaced if it exists."
)
_TASK = click.option(
    "--task",
    default="super_resolution",
    show_default=True,
    help="super_resolution (four times larger each way) or denoising.",
)


def _run_of(training: str) -> Any:
    return click.option(
        "--run",
        type=_PATH,
        help=f"The folder of a run of train {training}.  [default: the package's]",
    )


@cli.command()
@click.argument("photo", type=_PATH)
@_RESULT
@_TASK
@click.option(
    "--balance",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="0 is true to the pixels and smooth, 1 sharp and partly invented.",
)
@_run_of("enhancement")
def enhance(photo: Path, output: Path, task: str, balance: float, run: Path | None) -> None:
    """Enlarge PHOTO four times, or take its noise away."""
    from abstractgan.data.images import convert_file

    def load() -> Any:
        _load_tensorflow()
        from abstractgan.enhance import Enhancer

        enhancer = Enhancer.load(task, run)
        return lambda picture: enhancer.enhance(picture, balance)

    convert_file(photo, output, load)
    _say(f"The picture is {output}.")


@cli.command()
@click.argument("photo", type=_PATH)
@click.option(
    "--mask",
    type=_PATH,
    required=True,
    help="A picture of PHOTO's size, white where PHOTO is lost and black elsewhere.",
)
@_RESULT
@_run_of("restoration")
def restore(photo: Path, mask: Path, output: Path, run: Path | None) -> None:
    """Fill what PHOTO has lost, and undo its fading."""
    from abstractgan.data.damage import read_mask
    from abstractgan.data.images import check_not_read, convert_file

    check_not_read([output], [mask])
    lost = read_mask(mask)

    def load() -> Any:
        _load_tensorflow()
        from abstractgan.restore import Restorer

        restorer = Restorer.load(run)
        return lambda picture: restorer.restore(picture, lost)

    convert_file(photo, output, load)
    _say(f"The picture is {output}.")


@cli.command()
@click.argument("movement")
@_SEED
@click.option(
    "--truncation",
    type=click.FloatRange(0),
    help="Largest entry of the latent vector: below 2 plainer and more alike.  [default: none]",
)
@click.option(
    "--output",
    type=_PATH,
    help="The picture's file, replaced if it exists.  [default: MOVEMENT-invented-SEED.png]",
)
def invent(movement: str, seed: int, truncation: float | None, output: Path | None) -> None:
    """Let a trained generator invent a painting of MOVEMENT and save it.

    It has learned from paintings that ``abstractgan paint`` draws, at 64 pixels.
    """
    from abstractgan.data.images import check_output, save_image

    output = output or Path(f"{movement}-invented-{seed}.png")
    check_output(output)
    _load_tensorflow()
    from abstractgan.invent import Inventor

    save_image(Inventor.load().invent(movement, seed, truncation), output)
    _say(f"The picture is {output}.")


@cli.group()
def train() -> None:
    """Train a network in a folder; the same command resumes it."""


def _settings(profiles: str, *options: Any) -> Any:
    """The options of every training, with its profiles described, and further ones."""
    every = (
        click.option("--profile", default="cpu", show_default=True, help=profiles),
        click.option(
            "--output",
            type=_PATH,
            required=True,
            help="The run's folder: new, empty, or a run of the same settings.",
        ),
        *options,
        click.option("--seed", default=0, show_default=True, help="Seed of the run; 0 or more."),
        click.option("--tensorboard", is_flag=True, help="Write the log for TensorBoard as well."),
    )

    def give(function: Any) -> Any:
        for option in reversed(every):
            function = option(function)
        return function

    return give


_PHOTOS = click.option(
    "--photos",
    "photographs",
    type=_PATH,
    help="A folder of photographs, in addition to the embedded ones.",
)
_PAINTINGS = click.option(
    "--paintings", type=_PATH, help="A folder of paintings, in addition to the drawn ones."
)


@train.command()
@_settings(
    "smoke (seconds), cpu (minutes on two cores) or gpu (downloads all of MNIST).",
    click.option("--source", help="embedded or keras.  [default: the profile's]"),
)
def digits(**settings: Any) -> None:
    """Train the digit GAN of the course."""
    _load_tensorflow()
    from abstractgan.training.digits import train_digits

    _say_run(train_digits(**settings))


@train.command()
@_settings("smoke (a minute), cpu (an hour on two cores) or gpu (hours).", _PHOTOS, _PAINTINGS)
def style(**settings: Any) -> None:
    """Train the style GAN of the course."""
    _load_tensorflow()
    from abstractgan.training.style import train_style

    _say_run(train_style(**settings), "log.csv, samples/, decoder.weights.h5")


@train.command()
@_TASK
@_settings("smoke (seconds), cpu (minutes on two cores) or gpu.", _PHOTOS)
def enhancement(**settings: Any) -> None:
    """Train a network that enlarges or denoises pictures, for its pixels and then as a GAN."""
    _load_tensorflow()
    from abstractgan.training.enhancement import train_enhancement

    _say_run(train_enhancement(**settings), "pixel/ and gan/, each with its generator.weights.h5")


@train.command()
@_settings(
    "smoke (seconds), cpu (minutes on two cores), cpu-pixel (the same without a discriminator) "
    "or gpu.",
    _PHOTOS,
)
def restoration(**settings: Any) -> None:
    """Train a network that restores damaged pictures."""
    _load_tensorflow()
    from abstractgan.training.restoration import train_restoration

    _say_run(train_restoration(**settings))


@train.command()
@_settings("smoke (seconds), cpu (half an hour on two cores) or gpu (paintings of 128 pixels).")
def synthesis(**settings: Any) -> None:
    """Train the generator that invents paintings."""
    _load_tensorflow()
    from abstractgan.training.synthesis import train_synthesis

    _say_run(train_synthesis(**settings))


def _say_run(folder: Path, content: str = "log.csv, samples/, generator.weights.h5") -> None:
    _say(f"The run is in {folder}: {content}.")


def _load_tensorflow() -> None:
    """Import TensorFlow without its start-up lines, unless TF_CPP_MIN_LOG_LEVEL is 0 or 1."""
    click.echo("Loading TensorFlow ...")
    # Some lines are written before that variable is read, so it does not stop them.
    if sys.stderr and os.environ.get("TF_CPP_MIN_LOG_LEVEL") not in ("0", "1"):
        with tempfile.TemporaryFile() as kept, _standard_error_into(kept):
            import tensorflow  # noqa: F401


@contextmanager
def _standard_error_into(file: IO[bytes]) -> Iterator[None]:
    """Collect what libraries write to standard error; if something fails, let it be seen."""
    sys.stderr.flush()
    terminal = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    except BaseException:
        file.seek(0)
        os.write(terminal, file.read())
        raise
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


def _say(text: str, err: bool = False) -> None:
    click.echo(_written_out(text), err=err)


def _written_out(text: str) -> str:
    """Text whose control characters are spelled: a file's name could command a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 when done, 2 after a mistake, 130 when interrupted.

    Args:
        arguments: What stands behind the program's name; by default what was typed.
    """
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks is no reason to stop.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> Any:
    try:
        return cli.main(arguments, prog_name="abstractgan", standalone_mode=False)
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return 130
    except click.ClickException as error:
        usage = io.StringIO()
        error.show(usage)
        _say(usage.getvalue().rstrip(), err=True)
        return error.exit_code
    except UserError as error:
        _say(f"Error: {error}", err=True)
        return 2
    except MemoryError:
        click.echo("Error: The memory is full: take a smaller picture or --size.", err=True)
        return 2
    except OSError as error:
        reason, place = error.strerror or str(error), error.filename or "A file"
        _say(f"Error: {place} cannot be used ({reason}): mend that and try again.", err=True)
        return 2
