// The way from a pixel loss to a GAN. perception_distortion.py gives the record and says the same words; a
// test compares the two.

import { dot, escape, fixed, minus, open, paint, panel, path, say, text, ticks } from "./common.js";

const STEPS = 10;
export const place = ({ balance }) => Math.round(STEPS * balance);

const measured = ([psnr, kid]) => say`PSNR ${fixed(psnr, 2)} dB, KID ${fixed(kid, 3)}`;

export function lines({ name, measures }, state) {
  const words = { 0: say`the pixel loss alone`, [STEPS]: say`the GAN` }[place(state)] ?? say`between the two`;
  return [
    say`Balance ${fixed(state.balance, 1)}: ${words}.`,
    ["shown", say`${measured(measures[place(state)])}.`],
    ["plain", say`${name}: ${measured(measures[STEPS + 1])}.`],
  ];
}

export const reading = (record, state) => lines(record, state).map((line) => (Array.isArray(line) ? line[1] : line)).join(" ");

// A range with room around the values.
function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.12 * (high - low) || 0.1;
  return [low - room, high + room];
}

function draw(svg, width, { name, measures }, state) {
  const [left, right, top, height] = [46, width - 12, 26, 170];
  const [low, high] = range(measures.map(([psnr]) => psnr));
  const x = (psnr) => left + ((psnr - low) / (high - low)) * (right - left);
  const { y, bottom, still } = panel({ title: say`KID: lower is better`, left, right, top, height, domain: range(measures.map(([, kid]) => kid)) });
  const marks = ticks(low, high, Math.max(2, Math.round((right - left) / 80))).map(
    (mark) => path("grid", [x(mark), top], [x(mark), bottom]) + text("", x(mark), bottom + 18, "middle", minus(mark)),
  );
  const places = measures.map(([psnr, kid]) => [x(psnr), y(kid)]);
  const way = places.slice(0, STEPS + 1);
  const [px, py] = places[STEPS + 1];
  const side = px > (left + right) / 2 ? ["end", px - 11] : ["start", px + 11];
  const drawn = [
    still,
    ...marks,
    text("", right, bottom + 38, "end", say`PSNR in dB: higher is better`),
    path("curve way", ...way),
    ...way.map(([cx, cy]) => `<circle class="way" r="3.5" cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}"/>`),
    `<rect class="plain" x="${(px - 5).toFixed(1)}" y="${(py - 5).toFixed(1)}" width="10" height="10"/>`,
    text("label plain", side[1], py + 4, side[0], escape(name)),
    `<g class="here">${dot("shown", ...places[place(state)])}</g>`,
  ];
  paint(svg, width, bottom + 44, drawn.join(""));
}

function render({ model, el }) {
  const w = open(model, el, "perception-distortion");
  const record = w.get("record");
  const state = () => ({ balance: w.get("balance") });

  w.slider({ name: "balance", label: say`Balance: 0 pixel loss, 1 GAN`, low: 0, high: 1, step: 0.1 });
  const pictures = w.add('<div class="pictures"></div>');
  const frame = (words, index) => {
    const figure = w.add(`<figure><div role="img"></div><figcaption>${escape(words)}</figcaption></figure>`, pictures);
    const picture = figure.firstChild;
    picture.style.backgroundImage = `url("${record.sheet}")`;
    picture.style.backgroundSize = `${100 * (STEPS + 3)}% 100%`;
    picture.setAttribute("aria-label", words);
    const show = (i) => (picture.style.backgroundPosition = `${(100 * i) / (STEPS + 2)}% 0%`);
    show(index);
    return { picture, show };
  };
  frame(record.name, STEPS + 1);
  const shown = frame(say`the network`, 0);
  frame(say`original`, STEPS + 2);
  const svg = w.chart(say`The network's way on the plane of PSNR and KID`);

  w.listen(["balance"], () => {
    const now = state();
    shown.show(place(now));
    shown.picture.setAttribute("aria-label", say`The network's picture. ${reading(record, now)}`);
    if (w.width) draw(svg, w.width, record, now);
    w.read(lines(record, now));
  });
  w.resize(() => draw(svg, w.width, record, state()));
  return w.close;
}

export default { render };
