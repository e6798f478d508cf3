// Pictures for many weights. weight_explorer.py gives the record and says the same words; a test compares the two.

import { decimal, open, paint, say, text } from "./common.js";

const place = ({ ratios }, { content_weight, style_weight }) => ratios.indexOf(style_weight / content_weight);

export const losses = (record, state) => ["content", "style"].map((name) => record[name][state.layers][place(record, state)]);

export function lines(record, state) {
  const [content, style] = losses(record, state);
  const ratio = state.style_weight / state.content_weight;
  const words =
    ratio === 1
      ? say`style and content weigh alike`
      : ratio > 1
        ? say`style weighs ${ratio} times as much`
        : say`content weighs ${1 / ratio} times as much`;
  return [
    say`Content weight ${state.content_weight}, style weight ${state.style_weight}: ${words}.`,
    say`Style from ${Object.fromEntries(record.layers)[state.layers]}.`,
    ["content", say`Content loss ${decimal(content)}.`],
    ["style", say`Style loss ${decimal(style)}, the photograph's ${decimal(record.photograph_style)}.`],
  ];
}

export const reading = (record, state) => lines(record, state).flatMap((line) => (Array.isArray(line) ? line[1] : line)).join(" ");

function draw(svg, width, record, state) {
  const longest = Math.max(...["content", "style"].flatMap((name) => Object.values(record[name]).flat()));
  const bars = losses(record, state).map((loss, i) => {
    const [kind, y] = [["content", "style"][i], 30 + 62 * i];
    const length = (loss / longest) * (width - 60);
    return `${text("", 0, y, "start", [say`content loss`, say`style loss`][i])}<rect class="${kind}" y="${y + 8}" width="${length.toFixed(1)}" height="24"/>${text("", length + 8, y + 25, "start", decimal(loss))}`;
  });
  paint(svg, width, 136, bars.join(""));
}

function render({ model, el }) {
  const w = open(model, el, "weight-explorer");
  const record = w.get("record");
  const names = ["content_weight", "style_weight", "layers"];
  const state = () => Object.fromEntries(names.map((name) => [name, w.get(name)]));
  const sets = record.layers.map(([name]) => name);

  const bar = w.add('<div class="grid-of-controls"></div>');
  const sliders = [["content_weight", say`Weight of content`], ["style_weight", say`Weight of style`]].map(([name, label]) => {
    const slider = w.slider({ name, label, low: 0, high: record.weights.length - 1, step: 1 }, bar).querySelector("input");
    slider.oninput = () => w.set({ [name]: record.weights[slider.value] }); // the slider counts the weights
    return [name, slider];
  });
  w.radios({ name: "layers", label: say`Style is taken from`, options: Object.fromEntries(record.layers) }, w.add("<div></div>"));
  const both = w.add('<div class="both"><div class="picture" role="img"></div></div>');
  const picture = both.firstChild;
  const svg = w.chart(say`Both losses as bars`, both);
  picture.style.backgroundImage = `url("${record.sheet}")`;
  picture.style.backgroundSize = `${100 * record.ratios.length}% ${100 * sets.length}%`;

  w.listen(names, () => {
    const now = state();
    for (const [name, slider] of sliders) slider.value = record.weights.indexOf(now[name]);
    const share = [place(record, now) / (record.ratios.length - 1), sets.indexOf(now.layers) / (sets.length - 1)];
    picture.style.backgroundPosition = share.map((part) => `${100 * part}%`).join(" ");
    picture.setAttribute("aria-label", say`The repainted photograph. ${reading(record, now)}`);
    if (w.width) draw(svg, w.width, record, now);
    w.read(lines(record, now));
  });
  w.resize(() => draw(svg, w.width, record, state()));
  return w.close;
}

export default { render };
