// What each player minimises on a sample, against the score of that sample. loss_explorer.py says
// it in the same words; a test compares the two.

import { align, clamp, curve, decimal, dot, drag, fixed, label, minus, open, paint, panel, path, say, text, ticks } from "./common.js";
import { GAMES, SMOOTHED, sigmoid, smoothed } from "./mathematics.js";

const SCORE = { low: -8, high: 8, step: 0.1 };
export const LIMITS = { score: SCORE, real_score: SCORE, smoothing: { low: 0, high: 0.5, step: 0.01 } };
export const START = {
  score: -4,
  real_score: 2,
  show: "both",
  losses: ["minimax", "non_saturating"],
  player: "generator",
  axis: "logit",
  smoothing: 0,
};
const NAMES = Object.keys(START);

const WORDS = { real: say`real`, fake: say`fake`, loss: say`loss`, gradient: say`gradient` };
const EQUATIONS = {
  minimax: "log(1 − σ(s))",
  non_saturating: "−log σ(s)",
  least_squares: "½(s − 1)²",
  wasserstein: "−s",
  hinge: "−s",
  article: "−log(1 − σ(s))",
};

const sampled = ({ player, score, real_score }) =>
  player === "generator" ? { fake: score } : { real: real_score, fake: score };

// What the player minimises on the samples it learns from; once, where losses have it in common.
export function entries({ losses, player, smoothing }) {
  const found = [];
  for (const kind of losses) {
    const { title, real, fake, generator } = GAMES[kind];
    const judges = player === "discriminator";
    const decisive = judges ? real : generator;
    const same = found.find((entry) => entry.decisive === decisive);
    if (!same) {
      const smooth = judges && SMOOTHED.includes(kind);
      const terms = judges ? { real: smooth ? smoothed(real, smoothing) : real, fake } : { fake: generator };
      found.push({ kind, decisive, terms, title: smooth ? say`Cross-entropy` : title });
    } else if (!judges) same.title += say`, ` + title;
  }
  return found;
}

const shown = (show) => (show === "both" ? ["loss", "gradient"] : [show]);

function comparison(state) {
  const pulls = entries(state).map(({ title, terms }) => [terms.fake.gradient(state.score), title]);
  const down = pulls.filter(([gradient]) => gradient > 0).map(([, title]) => title);
  const sorted = pulls.map(([gradient, title]) => [Math.abs(gradient), title]).sort(([a], [b]) => a - b);
  const [[weakest, weak], [strongest, strong]] = [sorted[0], sorted.at(-1)];
  const times = strongest / weakest;
  const sentences = [];
  if (!weakest) sentences.push(say`${weak} does not pull.`);
  else if (times > 1 + 1e-9) sentences.push(say`${strong} pulls ${fixed(times, times < 10 ? 1 : 0)} times as hard as ${weak}.`);
  else if (pulls.length > 1) sentences.push(say`All pull equally hard.`);
  if (down.length) sentences.push(say`Downwards: ${down.join(say`, `)}.`);
  return sentences;
}

export function lines(state) {
  const { losses, player, show, axis, smoothing } = state;
  const logits = losses.every((loss) => SMOOTHED.includes(loss));
  const samples = Object.entries(sampled(state)).map(([sample, s]) => [sample, s, sample === "real" ? say`real sample` : WORDS[sample]]);
  const said = samples.map(([, s, name]) =>
    axis === "logit"
      ? say`Score of the ${name} ${fixed(s, 1)}: ${logits ? say`taken for real with probability` : say`sigmoid`} ${decimal(sigmoid(s))}.`
      : say`${logits ? say`Probability` : say`Sigmoid`} of the ${name} ${decimal(sigmoid(s))}: score ${fixed(s, 1)}.`,
  );
  const values = (term, s) => shown(show).map((name) => `${WORDS[name]} ${decimal(term[name](s))}`).join(say`, `);
  const found = entries(state).flatMap(({ kind, title, terms }) =>
    samples.map(([sample, s, name]) => [`${kind} ${sample}`, say`${samples[1] ? say`${title} on the ${name}` : title}: ${values(terms[sample], s)}.`]),
  );
  if (player === "generator") return [...said, ...found, ...comparison(state)];
  const smooth = smoothing && losses.some((loss) => SMOOTHED.includes(loss));
  const best = say`Label smoothing ${fixed(smoothing, 2)}: on real samples the best score is ${fixed(Math.log(1 / smoothing - 1), 2)}.`;
  return [...said, ...found, ...(smooth ? [best] : [])];
}

const GRID = Array.from({ length: 161 }, (_, i) => i / 10 - 8);
const CAPS = { loss: [-9.6, 12.6], gradient: [-2.6, 2.6] };

// A step of gradient descent along the tangent: none where the loss is flat.
function arrow(kind, from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const head = Math.min(1, 11 / Math.hypot(dx, dy));
  const back = (side) => [to[0] - head * (dx + side * dy), to[1] - head * (dy - side * dx)];
  return path(`shaft ${kind}`, from, back(0)) + path(`head ${kind}`, to, back(0.5), back(-0.5));
}

// Draws what stands still; returns the scale of the scores and the function that draws what moves.
function draw(svg, width, state) {
  const [left, right] = [44, width - 8];
  const logit = state.axis === "logit";
  const x = (s) => left + (logit ? (s + 8.3) / 18 : 0.02 + 0.96 * sigmoid(s)) * (right - left);
  const names = shown(state.show);
  const found = entries(state);
  let still = "";
  let top = 28;

  const panels = names.map((name) => {
    const values = found.flatMap(({ terms }) => Object.values(terms).flatMap((term) => GRID.map(term[name])));
    const [low, high] = [Math.max(CAPS[name][0], Math.min(0, ...values)), Math.min(CAPS[name][1], Math.max(0, ...values))];
    const gap = 0.1 * (high - low);
    const losses = name === "loss";
    const height = names.length === 1 ? 250 : losses ? 200 : 140;
    const title = losses ? (found[0].terms.real ? say`Loss of the discriminator` : say`Loss of the generator`) : say`Gradient of the loss, d/ds`;
    const { y, bottom, still: grid } = panel({ title, left, right, top, height, domain: [low - gap, high + gap] });
    const box = { left, right, top, bottom };
    const roof = { ...box, top: "real" in found[0].terms ? top + 16 : top }; // room for the names of the samples
    still += grid + (losses && width > 400 ? text("muted", right, top - 10, "end", say`arrow: descent step`) : "");
    const clip = `${svg.id}${name}`;
    still += `<clipPath id="${clip}"><rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/></clipPath>`;
    const curves = found.flatMap(({ kind, title, terms }) =>
      Object.entries(terms).map(([sample, term]) => ({
        kind: `${kind} ${sample}`,
        words: title + (terms.real ? say`, ` + WORDS[sample] : losses && width > 400 ? `  <tspan>${EQUATIONS[kind]}</tspan>` : ""),
        points: GRID.map((s) => [x(s), y(term[name](s))]),
      })),
    );
    still += `<g clip-path="url(#${clip})">${curves.map(({ kind, points }) => curve(kind, ...points)).join("")}</g>`;
    const points = curves.flatMap((curve) => curve.points);
    for (const { kind, words, points: places } of curves) still += label(kind, words, places, roof, points);
    top = bottom + 32;
    return { name, y, box, clip };
  });

  const axis = top - 14;
  const narrow = width < 560;
  const marks = logit ? ticks(-8, 8, 8).filter((s) => !narrow || s % 4 === 0) : [0.1, 0.25, 0.5, 0.75, 0.9];
  for (const mark of marks) {
    const s = logit ? mark : Math.log(mark / (1 - mark));
    still += text("", x(s), axis + 4, "middle", minus(mark));
    if (!narrow || Math.abs(s) < 8) still += text("muted", x(s), axis + 22, "middle", logit ? decimal(sigmoid(s)) : fixed(s, 1));
  }
  const [upper, lower] = logit ? ["s", "σ(s)"] : ["σ(s)", "s"];
  still += text("title", 0, axis + 4, "start", upper) + text("muted", 0, axis + 22, "start", lower);
  paint(svg, width, axis + 30, `${still}<g></g>`);

  function move(scores) {
    let drawn = "";
    for (const [sample, s] of Object.entries(scores)) {
      drawn += path("cursor", [x(s), 28], [x(s), axis - 12]);
      if ("real" in scores) drawn += text("muted sample", x(s), 40, x(s) > width - 64 ? "end" : "start", ` ${WORDS[sample]} `);
    }
    for (const { name, y, box, clip } of panels) {
      let lower = "";
      let upper = "";
      for (const { kind, terms } of found) {
        for (const [sample, term] of Object.entries(terms)) {
          const s = scores[sample];
          const slope = term.gradient(s);
          const tangent = (to) => [x(to), y(term.loss(s) + slope * (to - s))];
          if (name === "loss") {
            const along = Array.from({ length: 15 }, (_, i) => clamp(s + (i - 7) / 2, -8.3, 9.7));
            lower += path(`tangent ${kind}`, ...along.map(tangent)) + arrow(kind, tangent(s), tangent(s - 1.5 * slope));
          }
          upper += dot(`${kind} ${sample}`, x(s), clamp(y(term[name](s)), box.top, box.bottom));
        }
      }
      drawn += `<g clip-path="url(#${clip})">${lower}</g>${upper}`;
    }
    svg.lastChild.innerHTML = drawn;
  }
  return { x, move };
}

function render({ model, el }) {
  const w = open(model, el, "loss-explorer");
  const { get } = w;
  const bar = w.add('<div class="bar"></div>');
  w.radios({ name: "show", label: say`Show`, options: { loss: say`Loss`, gradient: say`Gradient`, both: say`Both` } }, bar);
  const state = () => Object.fromEntries(NAMES.map((name) => [name, get(name)]));
  const begun = state();
  w.button(say`Reset`, () => w.set(begun), bar);
  const svg = w.chart(say`Losses against the score of a sample`);
  const fake = w.slider({ name: "score", label: say`Score s that D gives the fake`, ...SCORE });
  const real = w.slider({ name: "real_score", label: say`Score s that D gives the real sample`, ...SCORE });
  const more = w.add(`<details><summary>${say`Losses, player, axis`}</summary></details>`);
  const options = Object.fromEntries(Object.entries(GAMES).map(([kind, { title }]) => [kind, title]));
  w.checks({ name: "losses", label: say`Losses`, options, kinds: true }, more);
  const choices = w.add('<div class="bar"></div>', more);
  w.radios({ name: "player", label: say`What is minimised by`, options: { generator: say`Generator`, discriminator: say`Discriminator` } }, choices);
  w.radios({ name: "axis", label: say`Axis`, options: { logit: say`Logit s`, probability: say`Probability σ(s)` } }, choices);
  const smoothing = w.slider({ name: "smoothing", label: say`Label smoothing of real samples`, ...LIMITS.smoothing }, more);
  more.open = NAMES.slice(3).some((name) => String(get(name)) !== String(START[name]));

  let picture;
  function move() {
    picture?.move(sampled(state()));
    w.read(lines(state()));
  }
  function layout() {
    real.hidden = get("player") === "generator";
    smoothing.hidden = real.hidden || !state().losses.some((loss) => SMOOTHED.includes(loss));
    const { width } = w;
    if (width) {
      picture = draw(svg, width, state());
      const [low, high] = get("axis") === "logit" ? [-8, 8].map(picture.x) : [44, width - 8];
      for (const control of [fake, real]) align(control, low, high);
    }
    move();
  }

  let held = "score";
  drag(svg, (at, _, { type }) => {
    const nearest = (scores) => scores.reduce((a, b) => (Math.abs(picture.x(b) - at) < Math.abs(picture.x(a) - at) ? b : a));
    if (type === "pointerdown") {
      const { real, fake } = sampled(state());
      held = real !== undefined && nearest([fake, real]) !== fake ? "real_score" : "score";
    }
    w.set({ [held]: nearest(GRID) });
  });
  w.listen(NAMES.slice(0, 2), move);
  w.listen(NAMES.slice(2), layout);
  w.resize(layout);
  return w.close;
}

export default { render };
