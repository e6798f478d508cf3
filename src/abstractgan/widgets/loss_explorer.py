"""The loss explorer: the score of one fake on an axis, two losses and their gradients above it."""

import base64
import html
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML, display

from abstractgan.widgets.loss_curves import SHOWN, checked_score, loss_reading
from abstractgan.widgets.loss_picture import static_picture


class Score(traitlets.Float):
    """A trait that holds a logit from -8 to 8, rounded to one decimal, the step of the slider."""

    def validate(self, obj: Any, value: Any) -> float:
        """Return the rounded score, or raise ``TraitError`` with the allowed range."""
        try:
            return checked_score(value)
        except ValueError as error:
            raise traitlets.TraitError(f"{self.name}: {error}") from None


class LossExplorer(anywidget.AnyWidget):
    """A slider moves the score of one fake; two losses and their gradients follow.

    Where the discriminator rejects the fake, to the left, the saturating loss
    ``log(1 - sigmoid(s))`` is flat, while the non-saturating loss ``-log sigmoid(s)`` has a slope
    near -1 (Goodfellow et al. 2014, section 3). It answers in the rendered book, in JupyterLab and
    in Colab.

    Taught in the chapter ``notebooks/core_concepts``.

    Attributes:
        score: The logit ``s`` that the discriminator gives the fake, from -8 to 8 in steps of 0.1.
        show: What is drawn: "loss", "gradient" or "both".

    Raises:
        traitlets.TraitError: If ``score`` or ``show`` is given anything else; it says what is
            allowed.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")

    score = Score(-4.0).tag(sync=True)
    show = traitlets.Enum(list(SHOWN), "both").tag(sync=True)

    @property
    def reading(self) -> str:
        """The widget's state in words, as the page shows and speaks it."""
        return loss_reading(self.score, self.show)

    def __repr__(self) -> str:
        return f"LossExplorer(score={self.score}, show={self.show!r})"

    def _ipython_display_(self, **kwargs: Any) -> None:
        """Show the widget, and a picture where there is no JavaScript.

        The book keeps the best form of each output only, here the live one, so the picture for a
        browser without JavaScript is an output of its own. Viewers that run no widgets, such as
        GitHub's, take the picture from the first output.
        """
        data, metadata = self._repr_mimebundle_(**kwargs)
        picture = static_picture(self.score)
        data |= {"text/plain": self.reading, "image/svg+xml": picture}
        display(data, metadata=metadata, raw=True)
        source = base64.b64encode(picture.encode()).decode()
        alternative = html.escape(
            "Where the discriminator rejects the fake, to the left, the saturating loss is flat "
            f"and the non-saturating loss falls with a slope near −1. {self.reading}"
        )
        image = f'<img src="data:image/svg+xml;base64,{source}" alt="{alternative}">'
        display(HTML(f"<noscript>{image}</noscript>"))
