// A recorded run. training_replay.py gives the record and says the same words; a test compares the two.

import { curve, decimal, dot, drag, open, paint, panel, path, say, text, ticks } from "./common.js";

// A line of the reading is [kind of its curve, words], the first one words alone.
export function lines({ epochs, steps, panels }, epoch) {
  const place = epochs.indexOf(epoch);
  const found = [say`Epoch ${epoch} of ${epochs.at(-1)}, step ${steps[place]}.`];
  for (const one of panels) {
    one.lines.forEach(({ name, values }, i) => {
      const [value, first] = [values[place], values[0]];
      if (value === null) return;
      const alone = one.lines.length === 1;
      const change = alone && first !== null && value !== first;
      const since = change ? (value < first ? say`, down from ${decimal(first)}` : say`, up from ${decimal(first)}`) : "";
      found.push([kind(one, i), say`${name} ${decimal(value)}${since}.`]);
    });
  }
  return found;
}

export const reading = (record, epoch) => lines(record, epoch).flatMap((line) => (Array.isArray(line) ? line[1] : line)).join(" ");

const kind = (one, i) => (one.lines.length === 1 ? "alone" : ["first", "second"][i]);

// Draws what stands still; returns the function that draws what moves, and the scale of the epochs.
function draw(svg, width, { epochs, panels }) {
  const [left, right] = [44, width - 14];
  const [start, end] = [epochs[0], epochs.at(-1)];
  const x = (epoch) => left + ((epoch - start) / (end - start || 1)) * (right - left);
  let still = "";
  let top = 28;
  const moving = panels.map((one) => {
    const all = one.lines.flatMap(({ values }) => values).filter((value) => value !== null);
    const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
    const chart = panel({ title: one.title, left, right, top, height: 96, domain: [low, high + (high - low) / 20] });
    still += chart.still;
    one.lines.forEach(({ values }, i) => {
      const measured = epochs.flatMap((epoch, place) => (values[place] === null ? [] : [[x(epoch), chart.y(values[place])]]));
      still += curve(kind(one, i), ...measured);
    });
    top = chart.bottom + 36;
    return { one, y: chart.y };
  });
  const bottom = top - 36;
  for (const epoch of ticks(start, end, 4)) still += text("", x(epoch), bottom + 20, "middle", epoch);
  still += text("muted", right, bottom + 38, "end", say`epoch`);
  paint(svg, width, bottom + 44, `${still}<g></g>`);

  const move = (epoch) => {
    let marks = path("cursor", [x(epoch), 28], [x(epoch), bottom]);
    for (const { one, y } of moving) {
      one.lines.forEach(({ values }, i) => {
        const value = values[epochs.indexOf(epoch)];
        if (value !== null) marks += dot(kind(one, i), x(epoch), y(value));
      });
    }
    svg.lastChild.innerHTML = marks;
  };
  return { x, move };
}

function render({ model, el }) {
  const w = open(model, el, "training-replay");
  const record = w.get("record");
  const epochs = record.samples.map(([epoch]) => epoch);
  const pictures = Object.fromEntries(record.samples);
  const last = epochs.length - 1;
  const place = () => epochs.indexOf(w.get("epoch"));
  const go = (to) => w.set({ epoch: epochs[to] });

  const bar = w.add('<div class="bar"></div>');
  const control = w.slider({ name: "epoch", label: say`Epoch`, low: 0, high: last, step: 1 }, bar);
  const slider = control.querySelector("input");
  slider.oninput = () => go(Number(slider.value)); // the slider counts the pictures
  const buttons = w.add('<div class="bar"></div>', bar);
  const back = w.button(say`Back`, () => go(place() - 1), buttons);
  const play = w.button(say`Play`, () => (timer ? stop() : begin()), buttons);
  const forward = w.button(say`Forward`, () => go(place() + 1), buttons);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) play.remove(); // the steps remain

  const both = w.add('<div class="both"><img></div>');
  const image = both.firstChild;
  const svg = w.chart(say`${record.panels.map(({ title }) => title).join("; ")}: each against the epoch`, both);

  let picture, timer;
  const show = () => {
    const epoch = w.get("epoch");
    slider.value = place();
    const words = lines(record, epoch);
    image.src = pictures[epoch];
    image.alt = say`Generated samples. ${reading(record, epoch)}`;
    back.disabled = place() === 0;
    forward.disabled = place() === last;
    picture?.move(epoch);
    w.read(words);
  };
  w.listen(["epoch"], show);
  w.resize(() => {
    picture = draw(svg, w.width, record);
    picture.move(w.get("epoch"));
  });
  drag(svg, (at) => {
    const distance = (epoch) => Math.abs(picture.x(epoch) - at);
    w.set({ epoch: epochs.reduce((a, b) => (distance(b) < distance(a) ? b : a)) });
  });

  // what changes by itself is not announced until it rests
  const quiet = (running) => (w.find(".spoken").ariaLive = running ? "off" : "polite");
  function begin() {
    if (place() === last) go(0);
    play.textContent = say`Pause`;
    quiet(true);
    timer = setInterval(() => (place() < last ? go(place() + 1) : stop()), 900);
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = say`Play`;
    quiet(false);
    show();
  }
  w.later(() => clearInterval(timer));
  return w.close;
}

export default { render };
