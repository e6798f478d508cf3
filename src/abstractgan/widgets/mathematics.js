// The twin of mathematics.py: the same games under the same names, on one score s at a time.

import { say } from "./common.js";

export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
export const sigmoid = (x) => (x < 0 ? Math.exp(x) : 1) / (1 + Math.exp(-Math.abs(x)));

const term = (loss, gradient) => ({ loss, gradient });
const CALL_REAL = term((s) => softplus(-s), (s) => -sigmoid(-s));
const CALL_FAKE = term(softplus, sigmoid);
const RAISE = term((s) => -s, () => -1);
const LOWER = term((s) => s, () => 1);
const halfSquare = (target) => term((s) => 0.5 * (s - target) ** 2, (s) => s - target);
const hinge = (sign) => term((s) => Math.max(0, 1 + sign * s), (s) => (1 + sign * s > 0 ? sign : 0));

const game = (title, real, fake, generator) => ({ title, real, fake, generator });
export const GAMES = {
  minimax: game(say`Minimax (saturating)`, CALL_REAL, CALL_FAKE, term((s) => -softplus(s), (s) => -sigmoid(s))),
  non_saturating: game(say`Non-saturating`, CALL_REAL, CALL_FAKE, CALL_REAL),
  least_squares: game(say`Least squares`, halfSquare(1), halfSquare(0), halfSquare(1)),
  wasserstein: game(say`Wasserstein`, RAISE, LOWER, RAISE),
  hinge: game(say`Hinge`, hinge(-1), hinge(1), RAISE),
  article: game(say`The article's`, CALL_REAL, CALL_FAKE, CALL_FAKE),
};

export const SMOOTHED = ["minimax", "non_saturating", "article"];

export const smoothed = ({ loss, gradient }, smoothing) =>
  term((s) => loss(s) + smoothing * s, (s) => gradient(s) + smoothing);
