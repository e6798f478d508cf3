"""What every live widget shares: one script of several modules, a reading, a still picture.

The widget answers in the rendered book without a kernel, because its script computes and draws.
"""

import base64
import html
import io
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets
from IPython import get_ipython
from IPython.display import HTML, display
from PIL import Image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
# What only readers of the source need: comments, indentation and empty lines, the spaces around
# arrows, and after that the ends of lines that say nothing.
_FOR_READERS = re.compile(r"^ *//.*\n| +// .*$|^ +|^\n| (?==> )|(?<= =>) ", re.MULTILINE)
_NO_END = re.compile(r"(?<=[({\[,;])\n")


def bundle(*scripts: Path) -> str:
    """Scripts and the modules that they import from their folder, each once, as one module.

    An import is of the form ``import { a, b } from "./common.js";``. All modules share one scope,
    so their top-level names differ. Exports stay, so that tests can reach them.

    Args:
        *scripts: The files that are wanted, each in the folder of what it imports.
    """
    modules: dict[Path, str] = {}

    def add(path: Path) -> None:
        if path not in modules:
            source = path.read_text(encoding="utf-8")
            for name in _IMPORT.findall(source):
                add(path.with_name(name))
            bare = _FOR_READERS.sub("", _IMPORT.sub("", source))
            modules[path] = _NO_END.sub("", bare).strip()

    for script in scripts:
        add(script)
    return "\n".join(modules.values())


_words: Mapping[str, str] = {}


@contextmanager
def speaking(words: Mapping[str, str]) -> Iterator[None]:
    """Have widgets speak another language, as those of the book's Chinese edition do.

    Args:
        words: English text to translation.
    """
    global _words
    before, _words = _words, words
    try:
        yield
    finally:
        _words = before


def say(text: str, *values: object) -> str:
    """Write a sentence in the language that is spoken, see ``speaking``.

    Args:
        text: In English.
        *values: For its places {0}, {1}, ...
    """
    words = _words.get(text, text)
    return words.format(*values) if values else words


def minus(number: str) -> str:
    """Write a number with the minus sign that screen readers read out.

    Args:
        number: With a hyphen for a minus sign.
    """
    return number.replace("-", "−")


def fixed(value: float, digits: int) -> str:
    """Write a number with so many decimals, and 0 without a sign.

    Args:
        value: The number.
        digits: How many decimals.
    """
    return minus(f"{round(float(value), digits) + 0.0:.{digits}f}")


def decimal(value: float) -> str:
    """Write a number with three decimals, or with four where three would wrongly say 0 or 1.

    Args:
        value: The number.
    """
    distance = min(abs(value), abs(1 - abs(value)))
    return fixed(value, 4 if 0 < distance < 0.0005 else 3)


def webp(picture: npt.ArrayLike, quality: int) -> str:
    """Write a picture, uint8 (height, width, 3), as an address that holds it whole.

    Args:
        picture: The picture.
        quality: Of WebP, 0 to 100.
    """
    file = io.BytesIO()
    Image.fromarray(np.asarray(picture)).save(file, "WEBP", quality=quality, method=6)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


class Number(traitlets.Float):
    """A trait that holds a number from ``low`` to ``high``, rounded to so many ``digits``.

    The slider of the widget has the same limits, and a step of one in the last digit.

    Args:
        default: What it holds at first.
        low: The lowest allowed.
        high: The highest allowed.
        digits: Decimals.
        **settings: For ``traitlets.Float``.

    Raises:
        traitlets.TraitError: If it is given anything else; it says what is allowed.
    """

    def __init__(
        self, default: float, low: float, high: float, digits: int = 1, **settings: Any
    ) -> None:
        super().__init__(default, **settings)
        self.low, self.high, self.digits = low, high, digits

    def validate(self, obj: Any, value: Any) -> float:
        """Return the rounded number.

        Args:
            obj: Whose trait it is.
            value: What is to be held.

        Raises:
            traitlets.TraitError: If it is no number in the range.
        """
        number = isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
        if not number or not self.low <= value <= self.high:
            raise traitlets.TraitError(
                f"{self.name} is a number from {self.low:g} to {self.high:g}, not {value!r}."
            )
        return round(float(value), self.digits) + 0.0  # makes 0 of -0


# By cell and by the state that the code gave it: the widget that was shown last.
_left: "dict[tuple[str, str], LiveWidget]" = {}


class LiveWidget(anywidget.AnyWidget):
    """A widget whose script and style lie beside its Python module, under the same name.

    A subclass in ``NAME.py`` has ``NAME.js`` and, where it needs more than ``common.css``,
    ``NAME.css``. It says what it shows in ``reading``, in the words of its script, draws it in
    ``_draw``, and tells in ``alternative`` what there is to see.

    Attributes:
        size: Width and height of the still picture in inches.
        colours: How many it has at most: more where it shows photographs.
    """

    size: ClassVar[tuple[float, float]] = (6.4, 4.8)
    colours: ClassVar[int] = 64

    def __init_subclass__(cls, **kwargs: Any) -> None:
        module = getattr(sys.modules[cls.__module__], "__file__", None)
        script = Path(module or __file__).with_suffix(".js")
        if script.exists() and "_esm" not in vars(cls):  # traitlets makes subclasses of its own
            cls._esm = bundle(script)
            styles = (script.with_name("common.css"), script.with_suffix(".css"))
            cls._css = "\n".join(s.read_text(encoding="utf-8") for s in styles if s.exists())
        super().__init_subclass__(**kwargs)

    @property
    def reading(self) -> str:
        """The widget's state in words, as the page shows and speaks it.

        Raises:
            NotImplementedError: If a subclass does not say.
        """
        raise NotImplementedError

    @property
    def alternative(self) -> str:
        """What the still picture shows, in words."""
        return self.reading

    def _draw(self, figure: "Figure") -> None:
        """Draw the widget's state into an empty figure."""
        raise NotImplementedError

    def figure(self) -> "Figure":
        """The widget's state as a still picture, in the style of the chapters' figures."""
        import matplotlib
        from matplotlib.figure import Figure

        from abstractgan.plots import STYLE

        with matplotlib.rc_context(STYLE):
            figure = Figure(figsize=self.size, layout="constrained")
            self._draw(figure)
        return figure

    @classmethod
    def setting_names(cls) -> list[str]:
        """The names of the traits that make up the widget's state."""
        inherited = set(LiveWidget.class_trait_names())
        names = set(cls.class_trait_names(sync=True)) - inherited
        return sorted(name for name in names if not name.startswith("_"))

    def settings(self) -> dict[str, Any]:
        """The widget's state: what a saved notebook keeps of it."""
        return {name: getattr(self, name) for name in self.setting_names()}

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.settings().items())
        return f"{type(self).__name__}({arguments})"

    def _without_script(self) -> tuple[dict[str, str], str]:
        """What viewers show that run no widgets, and what browsers show without JavaScript."""
        from abstractgan.plots import palette_png

        source = base64.b64encode(palette_png(self.figure(), self.colours)).decode()
        alternative = html.escape(self.alternative)
        image = f'<img src="data:image/png;base64,{source}" alt="{alternative}">'
        return {"image/png": source}, image

    def _go_on(self) -> None:
        """Take the state in which the reader left this widget before she executed its cell again.

        That is a widget of the same cell which the code had given the same state. JupyterLab tells
        which cell it executes; of a frontend that does not, as Colab, the cell's text is known.
        """
        parent: dict[str, Any] = getattr(get_ipython(), "get_parent", dict)()
        cell = parent.get("metadata", {}).get("cellId") or parent.get("content", {}).get("code")
        if not cell:
            return
        key = (cell, repr(self))
        with self.hold_trait_notifications():
            for name, value in _left.get(key, self).settings().items():
                self.set_trait(name, value)
        _left[key] = self

    def _ipython_display_(self, **kwargs: Any) -> None:
        """Show the widget, and a picture where there is no JavaScript.

        The book keeps the best form of each output only, here the live one, so the picture for a
        browser without JavaScript is an output of its own. Viewers that run no widgets, such as
        GitHub's, take the picture from the first output.
        """
        self._go_on()
        still, without_script = self._without_script()
        data, metadata = self._repr_mimebundle_(**kwargs)
        display(data | {"text/plain": self.reading} | still, metadata=metadata, raw=True)
        display(HTML(f"<noscript>{without_script}</noscript>"))
