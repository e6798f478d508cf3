// Two densities and the best discriminator of their samples. optimal_discriminator.py computes the
// same by the same rule and says it in the same words; a test compares the two.

import { align, clamp, curve, dot, drag, fixed, label, minus, open, paint, panel, path, say, text } from "./common.js";
import { softplus } from "./mathematics.js";

const setting = (label, start, [low, high, step]) => ({ label, start, low, high, step });
const [MEAN, SPREAD, WEIGHT, PLACE] = [[-4, 4, 0.1], [0.2, 2, 0.1], [0, 1, 0.01], [-6, 6, 0.1]];
export const SETTINGS = {
  p_mean: setting(say`Mean of p`, 1, MEAN),
  p_spread: setting(say`Spread of p`, 1, SPREAD),
  weight: setting(say`Weight of p's second heap`, 0, WEIGHT),
  second_mean: setting(say`Mean of the second heap`, -2, MEAN),
  second_spread: setting(say`Spread of the second heap`, 0.5, SPREAD),
  q_mean: setting(say`Mean of q`, -1, MEAN),
  q_spread: setting(say`Spread of q`, 1, SPREAD),
  x: setting(say`Place x`, 0, PLACE),
};
export const START = Object.fromEntries(Object.entries(SETTINGS).map(([name, { start }]) => [name, start]));
export const PRESETS = {
  equal: { p_mean: 0, p_spread: 1, weight: 0, q_mean: 0, q_spread: 1 },
  apart: { p_mean: 3, p_spread: 0.5, weight: 0, q_mean: -3, q_spread: 0.5 },
  "one mode missed": { p_mean: 2, p_spread: 0.5, weight: 0.5, second_mean: -2, second_spread: 0.5, q_mean: 2, q_spread: 0.5 },
};

const logNormal = (x, mean, spread) => -0.5 * ((x - mean) / spread) ** 2 - Math.log(spread) - 0.5 * Math.log(2 * Math.PI);
const logSum = (a, b) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));

// Both densities at x, the best discriminator, what is integrated to V and to the divergence.
export function at(x, s) {
  const first = Math.log(1 - s.weight) + logNormal(x, s.p_mean, s.p_spread);
  const second = Math.log(s.weight) + logNormal(x, s.second_mean, s.second_spread);
  const logP = logSum(first, second);
  const logQ = logNormal(x, s.q_mean, s.q_spread);
  const [p, q] = [Math.exp(logP), Math.exp(logQ)];
  const logMiddle = logSum(logP, logQ) - Math.LN2;
  return {
    p,
    q,
    best: Math.exp(-softplus(logQ - logP)),
    integrand: -p * softplus(logQ - logP) - q * softplus(logP - logQ),
    divergence: (p * (logP - logMiddle) + q * (logQ - logMiddle)) / 2,
  };
}

// Both integrals by the trapezoidal rule on 4001 points from -20 to 20; the ends weigh nothing.
export function integrals(state) {
  let value = 0;
  let divergence = 0;
  for (let i = 0; i <= 4000; i++) {
    const here = at(i / 100 - 20, state);
    value += here.integrand / 100;
    divergence += here.divergence / 100;
  }
  return { value, divergence };
}

// Where D* is above ½, to the nearest of the places that can be read: what counts is the middle
// between two of them.
function favoured(state) {
  const above = (i) => i > 0 && i < 121 && at((2 * i - 121) / 20, state).best > 0.5 + 1e-9;
  const edges = [...Array(121).keys()].filter((i) => above(i) !== above(i + 1)).map((i) => fixed(i / 10 - 6, 1));
  return edges.flatMap((edge, i) => (i % 2 ? [] : say`x from ${edge} to ${edges[i + 1]}`)).join(say` and `) || say`no x`;
}

export function lines(state) {
  const { p, q, best } = at(state.x, state);
  const { value, divergence } = integrals(state);
  return [
    say`At x = ${fixed(state.x, 1)}: density p ${fixed(p, 3)}, density q ${fixed(q, 3)}, best discriminator ${fixed(best, 3)}.`,
    say`D* favours real (is above ½) for ${favoured(state)}.`,
    say`Jensen-Shannon divergence JSD ${fixed(divergence, 3)}.`,
    say`Value of the game V(D*, G) = −log\xa04 + 2\xa0JSD = ${fixed(value, 3)}.`,
  ];
}

const GRID = Array.from({ length: 261 }, (_, i) => i / 20 - 6.5);
const PANELS = [
  { title: say`Densities`, height: 130, curves: ["p", "q"] },
  { title: `${say`Best discriminator`} <tspan>D* = p / (p + q)</tspan>`, height: 80, curves: ["best"] },
  { title: `${say`Area V`}: <tspan>p log D* + q log(1 − D*)</tspan>`, height: 90, curves: ["integrand"] },
];
const LABELS = { p: say`real p`, q: say`generated q` };
const MEANS = { p: ["p_mean", "second_mean"], q: ["q_mean"] };

// Draws all; returns the scale of the places.
function draw(svg, width, state) {
  const [left, right] = [44, width - 8];
  const x = (place) => left + ((place + 6.5) / 13) * (right - left);
  const values = GRID.map((place) => at(place, state));
  const here = at(state.x, state);
  let [drawn, marks, labels, top] = ["", "", "", 28];
  for (const { title, height, curves } of PANELS) {
    const all = curves.flatMap((kind) => values.map((value) => value[kind]));
    const domain = { best: [0, 1], p: [0, 1.25 * Math.max(...all)], integrand: [Math.min(-0.3, ...all), 0] }[curves[0]];
    const { y, bottom, still } = panel({ title, left, right, top, height, domain });
    drawn += still;
    const lines = curves.map((kind) => [kind, GRID.map((place, i) => [x(place), y(values[i][kind])])]);
    const taken = lines.flatMap(([, points]) => points);
    for (const [kind, points] of lines) {
      if (kind === "integrand") drawn += path("area integrand", [left, y(0)], ...points, [right, y(0)]);
      drawn += curve(kind, ...points);
      marks += dot(kind, x(state.x), y(here[kind]));
      if (!LABELS[kind]) continue;
      // the upper half of the curve, from its summit on
      const places = points.toSorted((a, b) => a[1] - b[1]).filter(([, high], _, all) => 2 * high < all[0][1] + bottom);
      labels += label(kind, LABELS[kind], places, { left, right, top, bottom }, taken);
    }
    top = bottom + 36;
  }
  for (let place = -6; place <= 6; place += 2) drawn += text("", x(place), top - 14, "middle", minus(place));
  drawn += path("cursor", [x(state.x), 28], [x(state.x), top - 36]) + marks + labels;
  paint(svg, width, top - 6, drawn);
  return x;
}

function render({ model, el }) {
  const w = open(model, el, "optimal-discriminator");
  const state = () => Object.fromEntries(Object.keys(START).map((name) => [name, w.get(name)]));
  const bar = w.add('<div class="bar"></div>');
  const presets = w.add('<div class="bar"></div>', bar);
  const names = [say`Equal`, say`Apart`, say`One mode missed`];
  Object.values(PRESETS).forEach((preset, i) => w.button(names[i], () => w.set(preset), presets));
  w.button(say`Reset`, () => w.set(START), bar);
  const svg = w.chart(say`Densities, best discriminator and integrand over the place x`);
  const slider = (name, parent) => w.slider({ name, ...SETTINGS[name] }, parent);
  const place = slider("x");
  const controls = w.add('<div class="grid-of-controls"></div>');
  const sliders = Object.keys(SETTINGS).slice(0, -1).map((name) => [name, slider(name, controls)]);
  const there = (name) => !name.startsWith({ 0: "second_", 1: "p_" }[w.get("weight")]); // its heap has a weight

  let scale;
  function update() {
    for (const [name, control] of sliders) control.hidden = !there(name);
    if (w.width) {
      scale = draw(svg, w.width, state());
      align(place, scale(-6), scale(6));
    }
    w.read(lines(state()));
  }

  // A curve's name is a handle of the nearest of its heaps; so is the place around a heap's mean.
  let held, shift;
  drag(svg, (across, down, { type, target }) => {
    const value = (across - scale(0)) / (scale(1) - scale(0));
    if (type === "pointerdown") {
      const named = target.closest(".label")?.classList[1];
      const means = (MEANS[named] ?? Object.values(MEANS).flat()).filter(there);
      const away = (name) => Math.abs(w.get(name) - value);
      const nearest = means.reduce((a, b) => (away(b) < away(a) ? b : a));
      held = named || (down < 165 && away(nearest) < 1) ? nearest : "x";
      shift = held === "x" ? 0 : w.get(held) - value;
    }
    const { low, high } = SETTINGS[held];
    w.set({ [held]: Number(clamp(value + shift, low, high).toFixed(1)) });
  });
  w.listen(Object.keys(START), update);
  w.resize(update);
  return w.close;
}

export default { render };
