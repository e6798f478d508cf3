// Gram matrices of a region and of the whole picture. gram_explorer.py gives the maps and says the same
// words; a test compares the two.

import { clamp, drag, fixed, open, say } from "./common.js";

export const GRID = 12; // columns and rows of the deepest maps: where a region begins and ends
export const START = { channels: ["a", "b", "c"], span: 4, left: 4, top: 4 };
const LETTERS = [..."abcdef"];

// Moved inwards as far as it must be, to lie in the picture.
export function region({ span, left, top }) {
  return { span, left: Math.min(left, GRID - span), top: Math.min(top, GRID - span) };
}

// The maps of a layer, one Uint8Array a channel, each row by row.
export function unpack({ side, maps }) {
  const bytes = Uint8Array.from(atob(maps), (letter) => letter.charCodeAt());
  return LETTERS.map((_, i) => bytes.subarray(i * side * side, (i + 1) * side * side));
}

// Mean of each map and of each product of two, over the positions of a region.
function statistics(maps, side, { span, left, top }) {
  const unit = side / GRID;
  const means = maps.map(() => 0);
  const gram = maps.map(() => maps.map(() => 0));
  for (let y = top * unit; y < (top + span) * unit; y++) {
    for (let x = left * unit; x < (left + span) * unit; x++) {
      maps.forEach((map, i) => {
        const value = map[y * side + x];
        means[i] += value;
        for (let j = 0; j <= i; j++) gram[i][j] += value * maps[j][y * side + x];
      });
    }
  }
  const count = (span * unit) ** 2;
  return {
    means: means.map((sum) => sum / count),
    gram: maps.map((_, i) => maps.map((_, j) => gram[Math.max(i, j)][Math.min(i, j)] / count)),
  };
}

// Everything in units of the whole picture: means as multiples, Gram matrices with a diagonal of 1 there.
export function compare(maps, side, place) {
  const all = statistics(maps, side, { span: GRID, left: 0, top: 0 });
  const part = statistics(maps, side, region(place));
  const share = (gram) => gram.map((row, i) => row.map((v, j) => v / Math.sqrt(all.gram[i][i] * all.gram[j][j])));
  const [whole, here] = [share(all.gram), share(part.gram)];
  const change = here.map((row, i) => row.map((v, j) => v - whole[i][j]));
  const norm = (matrix) => Math.sqrt(matrix.flat().reduce((sum, v) => sum + v * v, 0));
  return { whole, here, change, distance: norm(change) / norm(whole), means: part.means.map((m, i) => m / all.means[i]) };
}

export function lines(layer, state, result) {
  const { span, left, top } = region(state);
  const letters = state.channels;
  const named = letters.map((letter) => `${letter} (${layer.channels[LETTERS.indexOf(letter)]})`);
  const found = [say`${layer.name}, channels ${named.join(", ")} of ${layer.of}.`];
  if (span === GRID) return [...found, say`The region is the whole picture: nothing differs.`];
  const range = (from) => (span === 1 ? `${from + 1}` : say`${from + 1} to ${from + span}`);
  found.push(
    say`Region: column ${range(left)} and row ${range(top)} of ${GRID}.`,
    say`Its Gram matrix differs from the whole picture's by ${fixed(result.distance, 2)} (0: equal).`,
  );
  let [most, one, two] = [-1, 0, 0];
  result.change.forEach((row, i) => {
    for (let j = 0; j <= i; j++) if (Math.abs(row[j]) > most) [most, one, two] = [Math.abs(row[j]), j, i];
  });
  const pair = one === two ? say`${letters[one]} with itself` : say`${letters[one]} with ${letters[two]}`;
  found.push(say`Largest change: ${pair}, from ${fixed(result.whole[two][one], 2)} to ${fixed(result.here[two][one], 2)}.`);
  const means = letters.map((letter, i) => `${letter} ${fixed(result.means[i], 2)}`);
  return [...found, say`Means, as multiples of the whole picture's: ${means.join(", ")}.`];
}

// A map, bright where the channel responds, and darker outside of the region.
function fill(canvas, map, side, { span, left, top }) {
  const small = document.createElement("canvas");
  small.width = small.height = side;
  const pixels = new ImageData(side, side);
  map.forEach((value, i) => pixels.data.set([3 * value, 3 * value - 255, 3 * value - 510, 255], 4 * i));
  small.getContext("2d").putImageData(pixels, 0, 0);
  const pen = canvas.getContext("2d");
  const unit = canvas.width / GRID;
  const frame = [left * unit, top * unit, span * unit, span * unit];
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, canvas.width, canvas.width);
  pen.fillStyle = "#0008";
  pen.beginPath();
  pen.rect(0, 0, canvas.width, canvas.width);
  pen.rect(...frame);
  pen.fill("evenodd");
  for (const [colour, width] of [["#000", 5], ["#fff", 2]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.strokeRect(...frame);
  }
}

// Signed numbers as well as colours; full colour at 1.
function table(title, letters, matrix, signed) {
  const cell = (value) => {
    const words = fixed(value, 2);
    const sign = signed && !words.startsWith("−") && Number(words) ? "+" : "";
    const colour = value < 0 ? "vermillion" : "blue";
    const share = Math.round(45 * Math.min(1, Math.abs(value)));
    return `<td style="background: color-mix(in srgb, var(--${colour}) ${share}%, var(--paper))">${sign}${words}</td>`;
  };
  const head = letters.map((letter) => `<th scope="col">${letter}</th>`).join("");
  const rows = matrix.map((row, i) => `<tr><th scope="row">${letters[i]}</th>${row.map(cell).join("")}</tr>`);
  return `<table><caption>${title}</caption><tr><td></td>${head}</tr>${rows.join("")}</table>`;
}

function render({ model, el }) {
  const w = open(model, el, "gram-explorer");
  const { picture, layers } = w.get("record");
  const unpacked = Object.fromEntries(layers.map((layer) => [layer.name, unpack(layer)]));
  const state = () => Object.fromEntries(Object.keys(START).map((name) => [name, w.get(name)]));

  const bar = w.add('<div class="bar"></div>');
  w.radios({ name: "layer", label: say`Layer`, options: Object.fromEntries(layers.map(({ name }) => [name, name])) }, bar);
  w.button(say`Whole picture`, () => w.set({ span: GRID, left: 0, top: 0 }), bar);
  const letters = Object.fromEntries(LETTERS.map((letter) => [letter, letter]));
  const boxes = w.checks({ name: "channels", label: say`Channels`, options: letters }, w.add('<div class="bar"></div>'));

  const views = w.add('<div class="views"></div>');
  const chart = w.add(
    `<div class="chart"><img src="${picture}" alt="${say`The picture that the maps are computed from, and a frame around the region`}"><svg viewBox="0 0 ${GRID} ${GRID}" aria-hidden="true"></svg>` +
      `<div class="name">${say`picture`}</div></div>`,
    views,
  );
  const svg = chart.querySelector("svg");
  const maps = w.add('<div class="maps"></div>', views);

  const controls = w.add('<div class="grid-of-controls"></div>');
  const slider = (name, label, low, high) => w.slider({ name, label, low, high, step: 1 }, controls);
  const sliders = {
    span: slider("span", say`Size of the region`, 1, GRID),
    left: slider("left", say`Columns left of it`, 0, GRID - 1),
    top: slider("top", say`Rows above it`, 0, GRID - 1),
  };
  const tables = w.add('<div class="views"></div>');

  w.listen(["layer", ...Object.keys(START)], () => {
    const layer = layers.find(({ name }) => name === w.get("layer"));
    const now = state();
    const place = region(now);
    const all = unpacked[layer.name];
    const chosen = now.channels.map((letter) => LETTERS.indexOf(letter));
    const result = compare(chosen.map((i) => all[i]), layer.side, place);

    boxes.querySelectorAll("label span").forEach((label, i) => (label.textContent = `${LETTERS[i]} (${layer.channels[i]})`));
    for (const name in sliders) {
      const [input, value] = ["input", "b"].map((selector) => sliders[name].querySelector(selector));
      if (name !== "span") {
        input.max = GRID - place.span;
        input.disabled = place.span === GRID;
      }
      input.value = place[name];
      input.ariaValueText = value.textContent = say`${place[name]} of ${GRID}`;
    }
    const { left, top, span } = place;
    const frame = `M${left},${top}h${span}v${span}h${-span}z`;
    svg.innerHTML = `<path class="under" d="${frame}"/><path class="frame" d="${frame}"/>`;
    maps.innerHTML = now.channels
      .map((letter, k) => {
        const name = `${letter} (${layer.channels[chosen[k]]})`;
        return `<div><canvas width="192" height="192" role="img" aria-label="${say`Map of channel ${name}`}"></canvas><div class="name">${name}</div></div>`;
      })
      .join("");
    maps.querySelectorAll("canvas").forEach((canvas, k) => fill(canvas, all[chosen[k]], layer.side, place));
    tables.innerHTML =
      table(say`Gram matrix of the region`, now.channels, result.here) +
      table(say`Change against the whole picture`, now.channels, result.change, true);
    w.read(lines(layer, now, result));
  });

  drag(svg, (x, y) => {
    const { span } = region(state());
    const unit = svg.clientWidth / GRID;
    const from = (at) => clamp(Math.round(at / unit - span / 2), 0, GRID - span);
    w.set({ left: from(x), top: from(y) });
  });
  return w.close;
}

export default { render };
