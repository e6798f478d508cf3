"""What the loss explorer shows, as a picture for readers without JavaScript."""

import numpy as np

from abstractgan.widgets.loss_curves import (
    CURVES,
    HIGH,
    LOW,
    checked_score,
    decimal,
    minus,
    sigmoid,
)

_WIDTH, _HEIGHT, _LEFT, _RIGHT = 640, 500, 72, 600
_INK, _MUTED, _LINE = "#1c2430", "#566070", "#dfe3e9"
_COLOURS = {"saturating": "#b8400c", "non_saturating": "#0a6aa6"}
_DASHES = {"saturating": "8 5", "non_saturating": "none"}
# panel: title, top and height in pixels, ticks from top to bottom, where each label stands
_PANELS = {
    "loss": (
        *("Loss of the generator", 36, 210, (8.0, 4.0, 0.0, -4.0, -8.0)),
        {"saturating": (2.4, -6), "non_saturating": (-5.6, 6.8)},
    ),
    "gradient": (
        *("Gradient of the loss, d/ds", 300, 110, (0.0, -0.5, -1.0)),
        {"saturating": (-7.9, -0.17), "non_saturating": (-7.9, -0.86)},
    ),
}


def _text(x: float, y: float, words: str, anchor: str = "start", **style: str) -> str:
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{attributes}>{words}</text>'


def _path(
    points: list[tuple[float, float]], stroke: str, width: float = 1, dash: str = "none"
) -> str:
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<path d="M{steps}" fill="none" stroke="{stroke}" stroke-width="{width}" '
        f'stroke-dasharray="{dash}"/>'
    )


def _x(s: float) -> float:
    return _LEFT + (s - LOW) / (HIGH - LOW) * (_RIGHT - _LEFT)


def _panel(name: str, score: float) -> list[str]:
    title, top, height, ticks, labels = _PANELS[name]

    def y(value: float) -> float:
        return top + (ticks[0] - value) / (ticks[0] - ticks[-1]) * height

    marks = [_text(_LEFT, top - 14, title, font_weight="600")]
    for tick in ticks:
        marks.append(_path([(_LEFT, y(tick)), (_RIGHT, y(tick))], _LINE if tick else _MUTED))
        marks.append(_text(_LEFT - 10, y(tick) + 4, minus(f"{tick:g}"), "end"))
    for key, curve in CURVES.items():
        values, colour = getattr(curve, name), _COLOURS[key]
        points = [(_x(s), y(values(s))) for s in np.linspace(LOW, HIGH, 65)]
        s, value = labels[key]
        marks.append(_path(points, colour, 2.5, _DASHES[key]))
        marks.append(_text(_x(s), y(value) + 4, curve.title, font_weight="600", fill=colour))
        marks.append(
            f'<circle cx="{_x(score):.1f}" cy="{y(values(score)):.1f}" r="5" fill="{colour}"/>'
        )
    return marks


def static_picture(score: float = -4.0) -> str:
    """Draw losses above gradients, with both points at a score, as an SVG on white.

    It is text of 7 kB, the same on every machine: a notebook can store it and a test compare it.
    Shown in the chapter ``notebooks/core_concepts``.

    Args:
        score: The logit that the discriminator gives the fake, from -8 to 8.

    Returns:
        The SVG document, 640 x 500 pixels.

    Raises:
        ValueError: If the score is not such a number.
    """
    score = checked_score(score)
    marks = [_path([(_x(score), 30), (_x(score), 430)], _INK, 1, "1 4")]
    for name in _PANELS:
        marks += _panel(name, score)
    for s in range(-8, 9, 2):
        marks.append(_text(_x(s), 446, minus(str(s)), "middle"))
        marks.append(_text(_x(s), 464, decimal(float(sigmoid(s))), "middle", fill=_MUTED))
    marks.append(_text(8, 446, "s", font_weight="600") + _text(8, 464, "σ(s)", fill=_MUTED))
    marks.append(_text((_LEFT + _RIGHT) / 2, 490, "Score s that D gives the fake", "middle"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" font-family="system-ui, sans-serif" '
        f'font-size="13" fill="{_INK}">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{"".join(marks)}</svg>'
    )
