// Invented paintings on one sheet. synthesis_explorer.py gives the record and says the same words; a test compares the two.

import { open, say } from "./common.js";

const count = (record) => record.seeds * record.steps;
const threshold = (record, { truncation }) => record.truncations.indexOf(truncation);
const row = (record, state) =>
  record.movements.findIndex(([name]) => name === state.movement) * record.truncations.length + threshold(record, state);

export function lines(record, state) {
  const [, title] = record.movements.find(([name]) => name === state.movement);
  const { seed, walk } = state;
  const place = walk ? say`step ${walk} of ${record.steps} from seed ${seed} to seed ${(seed + 1) % record.seeds}` : say`seed ${seed}`;
  const at = threshold(record, state);
  return [
    say`${title}, ${place}.`,
    say`No entry of the latent vector is larger than ${state.truncation}.`,
    say`At this truncation ${record.accuracy[at]} % of the paintings are nearest to their own movement, and two of a movement are ${record.spread[at]} apart.`,
  ];
}

// Where a picture lies on the sheet, as CSS wants it.
function place(record, state, column) {
  const rows = record.movements.length * record.truncations.length;
  const [x, y] = [column / (count(record) - 1), row(record, state) / (rows - 1)];
  return `${100 * x}% ${100 * y}%`;
}

function render({ model, el }) {
  const w = open(model, el, "synthesis-explorer");
  const record = w.get("record");
  const names = ["movement", "truncation", "seed", "walk"];
  const state = () => Object.fromEntries(names.map((name) => [name, w.get(name)]));
  const rows = record.movements.length * record.truncations.length;

  const bar = w.add('<div class="grid-of-controls"></div>');
  w.select({ name: "movement", label: say`Movement`, options: Object.fromEntries(record.movements) }, bar);
  w.radios({ name: "truncation", label: say`Truncation`, options: Object.fromEntries(record.truncations.map((t) => [t, t])) }, bar);
  w.slider({ name: "seed", label: say`Seed`, low: 0, high: record.seeds - 1, step: 1 }, bar);
  w.slider({ name: "walk", label: say`Walk to the next seed`, low: 0, high: record.steps - 1, step: 1 }, bar);
  const painting = w.add('<div class="painting sheet" role="img"></div>');
  const strip = w.add(`<div class="strip" role="img" aria-label="${say`The walk that the painting lies on`}"></div>`);
  for (let i = 0; i < record.steps; i++) w.add('<div class="sheet"></div>', strip);
  for (const each of w.root.querySelectorAll(".sheet")) {
    each.style.backgroundImage = `url("${record.sheet}")`;
    each.style.backgroundSize = `${100 * count(record)}% ${100 * rows}%`;
  }

  w.listen(names, () => {
    const now = state();
    const first = now.seed * record.steps;
    painting.style.backgroundPosition = place(record, now, first + now.walk);
    painting.setAttribute("aria-label", say`The invented painting. ${lines(record, now).join(" ")}`);
    [...strip.children].forEach((each, i) => {
      each.style.backgroundPosition = place(record, now, first + i);
      each.classList.toggle("here", i === now.walk);
    });
    w.read(lines(record, now));
  });
  return w.close;
}

export default { render };
