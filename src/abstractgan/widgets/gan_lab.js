// The GAN lab: planar_gan.js trains, this draws and listens. What may be chosen, the presets and
// the limits are Python's, in the trait `facts`.

import { clamp, decimal, drag, escape, fixed, open, paint, panel, path, say, text } from "./common.js";
import { SMOOTHED, sigmoid } from "./mathematics.js";
import { PlanarGAN, SHOWN } from "./planar_gan.js";

const PACE = { slow: 1, normal: 4, fast: 16 }; // steps for each picture
const CELLS = 32; // of the heat map, across
const REACH = 0.06; // how far an arrow goes for a gradient of 1; five times that is the most

const MOST = 10000; // a value beyond is neither drawn nor written

const measure = (x, write = decimal) =>
  Number.isNaN(x) ? say`no longer a number` : Math.abs(x) < MOST ? write(x) : x > 0 ? "> 9999" : "< −9999";

export function reading(gan, view) {
  const [d, g] = Object.values(gan.history).map((losses) => measure(losses.at(-1)));
  const modes = gan.modesFound();
  const inside = gan.samples().map((v) => Math.abs(v) <= view);
  const outside = inside.filter((_, i) => !(i % 2) && !(inside[i] && inside[i + 1])).length;
  return [
    [say`Step ${gan.steps}.`, gan.steps && say`Discriminator's loss ${d}, generator's ${g}.`],
    [
      say`Energy distance to the data ${measure(gan.energyDistance())}.`,
      modes && say`${modes[0]} of ${modes[1]} heaps found.`,
      outside && say`${outside} of ${SHOWN} generated samples lie outside the picture.`,
    ],
  ].map((sentences) => sentences.filter(Boolean).join(" "));
}

// Scores on a scale from 0, generated, to 1, real; gan_lab.py says why each loss has its own.
export function belief(loss, scores, middle) {
  if (SMOOTHED.includes(loss)) return scores.map(sigmoid);
  if (loss === "wasserstein") {
    const width = scores.reduce((most, s) => Math.max(most, Math.abs(s - middle)), 1e-12);
    return scores.map((s) => 0.5 + (s - middle) / (2 * width));
  }
  return scores.map((s) => clamp(loss === "hinge" ? (s + 1) / 2 : s, 0, 1));
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const changed = (settings, { defaults }) => Object.keys(defaults).filter((name) => !same(settings[name], defaults[name]));

// The code of Experiment.python().
export function python(settings, facts) {
  const float = (x) => (Number.isInteger(x) ? `${x}.0` : `${x}`);
  const literal = (name, x) => {
    if (name === "points") return `(${x.map((pair) => `(${pair.map(float).join(", ")})`).join(", ")}${x[1] ? "" : ","})`;
    return name in facts.choices ? `'${x}'` : facts.whole.includes(name) ? x : float(x);
  };
  const named = changed(settings, facts).map((name) => `${name}=${literal(name, settings[name])}`);
  return `from abstractgan.widgets import Experiment, PlanarGAN\n
gan = PlanarGAN(Experiment(${named.join(", ")}))
history = gan.train(100)
for step, (d, g) in enumerate(zip(*history), start=1):
${"    "}print(f"step {step}: discriminator {d:.6f}, generator {g:.6f}")
`;
}

// A coordinate is a multiple of 0.01 from -1 to 1: two letters or digits.
const packed = (x) => Math.round(100 * (x + 1)).toString(36).padStart(2, "0");
const unpacked = (four) => four.match(/../g).map((two) => (parseInt(two, 36) - 100) / 100);

export const toLink = (settings, facts) =>
  changed(settings, facts)
    .map((name) => `${name}:${name === "points" ? settings.points.flat().map(packed).join("") : settings[name]}`)
    .join();

// The settings in a link; throws the part that no lab has.
export function fromLink(words, { defaults, choices, limits, whole }) {
  const settings = { ...defaults };
  for (const part of words.split(",").filter(Boolean)) {
    const [name, word = ""] = part.split(":");
    if (!Object.hasOwn(defaults, name)) throw part;
    const [low, high] = limits[name] ?? [];
    if (name in choices && Object.hasOwn(choices[name], word)) settings[name] = word;
    else if (name === "points" && /^(([0-4][0-9a-z]|5[0-9a-k]){2}){1,500}$/.test(word)) {
      settings.points = word.match(/..../g).map(unpacked);
    } else if (word && word >= low && word <= high && (!whole.includes(name) || word % 1 === 0)) settings[name] = Number(word);
    else throw part;
  }
  if (settings.data === "drawn" && !settings.points.length) throw "data:drawn";
  if (settings.smoothing && !SMOOTHED.includes(settings.loss)) throw `smoothing:${settings.smoothing}`;
  return settings;
}

function render({ model, el }) {
  const w = open(model, el, "gan-lab");
  const { get, set: save } = w;
  const [facts, link] = [JSON.parse(get("facts")), get("link")];
  const names = Object.keys(facts.defaults);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let gan, real, distances, goal;
  let [playing, seen, busy, note] = [false, true, false, ""];
  let [frame, drawn, read, spoke, turned] = [0, 0, 0, 0, 0];
  let [cursor, blank] = [[0, 0], false]; // blank: the one point is there only because data need one

  w.root.dataset.link = link;
  w.add(`<div class="lab"><div class="stage"><canvas></canvas>
    <p class="key"><span class="real">${say`real`}</span><span class="fake">${say`generated`}</span><span class="arrow">${say`its next step`}</span>
    <span class="scale">${say`fake`} <i></i> ${say`real`}</span></p><div class="bar"></div><div class="reading" aria-hidden="true"></div></div>
    <div class="side"><div class="choices"></div></div></div>`);
  const [canvas, bar, choices] = ["canvas", ".bar", ".choices"].map(w.find);
  const svg = w.chart(say`Losses of both players and energy distance`, w.find(".side"));
  const brush = canvas.getContext("2d", { alpha: false });

  const settings = () => {
    const state = Object.fromEntries(names.map((name) => [name, get(name)]));
    return state.data === "drawn" ? state : { ...state, points: [] };
  };
  const preset = () => Object.entries(facts.presets).find(([, { settings: its }]) => same(its, settings()));

  // The run. A changed setting starts it again.

  w.set = (state) => {
    if (!names.some((name) => name in state)) return save(state);
    if (gan.steps) note = say`The run starts again, with the new setting.`;
    busy = true;
    save({ ...state, ...(SMOOTHED.includes(state.loss ?? get("loss")) ? {} : { smoothing: 0 }), steps: 0 });
    busy = false;
    begin();
  };

  function begin() {
    gan = new PlanarGAN(settings());
    real = gan.realSamples();
    distances = [[0, gan.energyDistance()]];
    goal = playing ? facts.most_steps : get("steps");
    if (goal) look();
    else show();
  }

  function step() {
    gan.step();
    if (gan.steps % facts.every === 0) distances.push([gan.steps, gan.energyDistance()]);
  }

  function go(words = "") {
    note = words;
    show();
  }

  function rest() {
    if (gan.pending !== null) step();
    playing = false;
    goal = gan.steps;
    save({ steps: goal });
  }

  function play() {
    const [its, most] = [preset()?.[1].steps, facts.most_steps];
    if (playing) rest();
    else {
      playing = gan.steps < most;
      goal = gan.steps < its ? its : most;
    }
    go(gan.steps < most ? "" : say`This is the last step: Reset begins again.`);
    look();
  }

  const look = () => (frame ||= requestAnimationFrame(tick));

  function tick(now) {
    frame = 0;
    if (!seen) return; // and in a hidden tab no frame comes
    const pace = playing ? PACE[get("speed")] : Infinity;
    const runs = gan.steps < goal;
    const end = performance.now() + 24;
    if (runs && !pace) {
      if (now - turned < 500) return look();
      turned = now;
      note = facts.turns[gan.turn()];
    }
    for (let i = 0; i < pace && gan.steps < goal && performance.now() < end; i++) step();
    const broken = playing && Number.isNaN(gan.history.generator.at(-1));
    if (broken) note = say`The run has broken down: Reset begins again.`;
    if (broken || (runs && gan.steps >= goal)) rest();
    if (gan.steps >= goal) show();
    else if (!calm.matches || now - drawn >= 1000) show(now);
    if (gan.steps < goal) look();
  }

  // The picture. While the run goes on, at a time, words follow four times a second, speech less.

  function show(now) {
    if (!w.width) return;
    drawn = now ?? 0;
    picture();
    if (now - read < 250) return;
    read = drawn;
    charts();
    const words = [note, ...reading(gan, facts.view)].filter(Boolean);
    w.read(words, !playing);
    if (now - spoke > 5000) {
      spoke = now;
      w.find(".spoken").textContent = words.join(" ");
    }
    controls();
  }

  function picture() {
    const size = canvas.clientWidth;
    const pixels = Math.round(size * devicePixelRatio);
    if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
    brush.setTransform(pixels / size, 0, 0, pixels / size, 0, 0);
    const paper = getComputedStyle(w.root).backgroundColor;
    const [ink, blue, orange] = [".scale", ".real", ".fake"].map((kind) => getComputedStyle(w.find(kind)).color);
    const place = ([x, y]) => [x, -y].map((v) => ((v / facts.view + 1) / 2) * size);
    const draw = (how, colour, thick, act) => {
      brush.fillStyle = brush.strokeStyle = colour;
      brush.lineWidth = thick;
      brush.beginPath();
      act();
      brush[how]();
    };
    const line = (points) => points.forEach((p, i) => brush[i ? "lineTo" : "moveTo"](...p));
    const each = (points, act) => {
      for (let i = 0; i < points.length; i += 2) {
        act(...place([points[i], points[i + 1]]).map((v) => clamp(v, 5, size - 5)), i);
      }
    };
    const marks = (points, colour, shape) => {
      draw("stroke", paper, 1.5, () => each(points, shape));
      brush.fillStyle = colour;
      brush.fill();
    };
    const shown = get("show");
    const fakes = gan.samples();

    draw("fill", paper, 0, () => brush.rect(0, 0, size, size));
    if (shown.includes("map")) {
      const shares = heat(fakes, blue, orange);
      brush.drawImage(tiles, 0, 0, size, size);
      draw("stroke", ink, 1.2, () => contour(shares).forEach((ends) => line(ends.map((p) => p.map((v) => (v * size) / CELLS)))));
    }
    const steps = Array.from({ length: 21 }, (_, i) => i / 10 - 1);
    const bent = (z) => {
      const x = gan.generate(Float64Array.from(z.flat()));
      line(z.map((_, i) => place([x[2 * i], x[2 * i + 1]])));
    };
    if (shown.includes("grid")) {
      draw("stroke", ink, 0.7, () => steps.forEach((u) => [steps.map((v) => [u, v]), steps.map((v) => [v, u])].forEach(bent)));
    }
    marks(real, blue, (x, y) => {
      brush.moveTo(x + 3, y);
      brush.arc(x, y, 3, 0, 7);
    });
    if (shown.includes("arrows")) {
      const pull = gan.pull(fakes);
      const unit = (REACH * size) / (2 * facts.view);
      draw("stroke", orange, 1.2, () =>
        each(fakes, (x, y, i) => {
          const far = unit * Math.min(1, 5 / Math.hypot(pull[i], pull[i + 1]));
          line([[x, y], [x + far * pull[i], y - far * pull[i + 1]]]);
        }),
      );
    }
    marks(fakes, orange, (x, y) => {
      line([[x, y - 4], [x + 4, y + 3], [x - 4, y + 3]]);
      brush.closePath();
    });
    if (get("data") === "drawn") {
      draw("stroke", ink, 1, () => get("points").map(place).forEach(([x, y]) => brush.rect(x - 2, y - 2, 4, 4)));
      if (document.activeElement === canvas) draw("stroke", ink, 2, () => brush.arc(...place(cursor), 10, 0, 7));
    }
  }

  const tiles = new OffscreenCanvas(CELLS, CELLS);
  const [column, row] = [(i) => i % CELLS, (i) => Math.floor(i / CELLS)];
  const centres = Float64Array.from({ length: 2 * CELLS ** 2 }, (_, i) => {
    const cell = i % 2 ? CELLS - 1 - row(i >> 1) : column(i >> 1);
    return ((2 * cell + 1) / CELLS - 1) * facts.view;
  });

  // Paints the tiles; returns the discriminator's belief in the middle of each.
  function heat(fakes, blue, orange) {
    const mean = (points) => gan.scores(points).reduce((sum, s) => sum + s, 0) / SHOWN;
    const middle = get("loss") === "wasserstein" && (mean(real) + mean(fakes)) / 2;
    const shares = belief(get("loss"), gan.scores(centres), middle);
    const pen = tiles.getContext("2d");
    pen.clearRect(0, 0, CELLS, CELLS);
    shares.forEach((share, i) => {
      pen.fillStyle = share > 0.5 ? blue : orange;
      pen.globalAlpha = 0.35 * Math.sqrt(Math.abs(2 * share - 1)) || 0; // nothing where it is no number
      pen.fillRect(column(i), row(i), 1, 1);
    });
    return shares;
  }

  // Where the discriminator is indifferent: pieces of lines between the middles of tiles.
  function contour(shares) {
    const pieces = [];
    for (let i = 0; i < CELLS * (CELLS - 1); i++) {
      const corners = [i, i + 1, i + CELLS + 1, i + CELLS];
      if (column(i + 1) === 0 || corners.every((a) => shares[a] > 0.5 === shares[i] > 0.5)) continue;
      const ends = corners.flatMap((a, k) => {
        const b = corners[(k + 1) % 4];
        const share = (shares[a] - 0.5) / (shares[a] - shares[b]);
        const crossed = shares[a] > 0.5 !== shares[b] > 0.5;
        return crossed ? [[column, row].map((part) => part(a) + share * (part(b) - part(a)) + 0.5)] : [];
      });
      while (ends.length) pieces.push(ends.splice(0, 2));
    }
    return pieces;
  }

  function charts() {
    const [left, right, last] = [44, w.width - 104, Math.max(gan.steps, 50)];
    const x = (step) => left + (step / last) * (right - left);
    let [top, marks] = [26, ""];
    const chart = (title, height, least, digits, ...curves) => {
      const lines = curves.filter(([, , pairs]) => pairs.length).map(([kind, name, pairs]) => {
        const drawn = pairs.filter(([, v]) => Math.abs(v) < MOST);
        const end = pairs.at(-1)[1];
        const words = Number.isNaN(end) ? say`no number` : measure(end, (v) => fixed(v, digits));
        return { kind, drawn, words: name + words, end: drawn.at(-1)?.[1] ?? 0 };
      });
      const values = lines.flatMap(({ drawn }) => drawn.map(([, v]) => v));
      const domain = [Math.min(0, ...values), Math.max(least, ...values)];
      const { y, bottom, still } = panel({ title, left, right, top, height, domain });
      let label = Infinity;
      marks += still;
      for (const { kind, drawn, words, end } of lines.sort((a, b) => a.end - b.end)) {
        label = Math.min(label - 15, y(end) + 4); // labels keep their distance
        if (drawn[0]) marks += path(`curve ${kind}`, ...drawn.map(([s, v]) => [x(s), y(v)]));
        marks += text(`label ${kind}`, right + 6, label, "start", escape(words));
      }
      top = bottom + 34;
    };
    const every = Math.ceil(gan.steps / 150);
    const thin = (losses) => losses.map((loss, i) => [i + 1, loss]).filter(([s]) => (gan.steps - s) % every === 0);
    const { discriminator, generator } = gan.history;
    chart(say`Losses of D and G`, 112, 1, 2, ["blue", "D ", thin(discriminator)], ["orange", "G ", thin(generator)]);
    chart(say`Energy distance to the data`, 72, 0.1, 3, ["green", "", [...distances, [gan.steps, gan.energyDistance()]]]);
    marks += text("muted", left, top - 16, "middle", "0") + text("muted", right, top - 16, "middle", say`step ${last}`);
    paint(svg, w.width, top - 8, marks);
  }

  // The controls.

  const player = w.button(say`Play`, play, bar);
  w.button(say`Step`, () => {
    if (gan.steps < facts.most_steps) step();
    rest();
    go();
  }, bar);
  w.button(say`Reset`, () => {
    playing = false;
    save({ steps: 0 });
    note = "";
    begin();
  }, bar);
  w.select({ name: "speed", label: say`Speed`, options: facts.speeds }, bar);

  const titles = Object.entries(facts.presets).map(([name, { title }]) => [name, escape(title)]);
  const options = { "": say`your own setting`, ...Object.fromEntries(titles) };
  const menu = w.select({ name: "preset", label: say`Try`, options }, choices).querySelector("select");
  menu.options[0].disabled = true;
  menu.onchange = () => {
    if (playing) rest();
    if (menu.value) use(facts.presets[menu.value].settings);
  };
  const guess = w.add(`<div class="guess"></div>`, choices);
  w.radios({ name: "data", label: say`Data`, options: facts.choices.data }, choices);
  const pen = w.add(`<div class="bar"><p>${facts.drawing}</p></div>`, choices);
  w.button(say`Clear`, () => {
    if (playing) rest();
    dots([[0, 0]], true);
    go(say`Nothing is drawn: until you draw, one heap in the middle stands in.`);
  }, pen);
  w.select({ name: "loss", label: say`Loss`, options: facts.choices.loss }, choices);

  const folded = (title) => w.add(`<details><summary>${title}</summary><div class="grid-of-controls"></div></details>`).lastChild;
  const more = folded(say`More settings`);
  const selects = {};
  for (const [name, label] of Object.entries(facts.labels)) {
    const select = w.select({ name, label, options: facts.choices[name] ?? {} }, more).querySelector("select");
    selects[name] = select;
    if (name in facts.choices) continue;
    select.onchange = () => w.set({ [name]: Number(select.value) });
    w.listen([name], () => {
      const values = [...new Set([...facts.offered[name], get(name)])].sort((a, b) => a - b);
      select.replaceChildren(...values.map((value) => new Option(value)));
      select.value = get(name);
    });
  }
  w.checks({ name: "show", label: say`Show`, options: facts.showable }, more);

  const share = folded(say`Share`);
  async function copy({ value }, what) {
    try {
      await navigator.clipboard.writeText(value);
      go(say`The ${what} is copied.`);
    } catch {
      go(say`Copying is not allowed here: take the ${what} from below.`);
    }
  }
  const [url, code] = [say`Link to this setting`, say`This experiment in Python`].map((label, i) =>
    w.add(`<textarea readonly aria-label="${label}" rows="${i ? 7 : 2}"></textarea>`, share.parentElement),
  );
  w.button(say`Copy link`, () => {
    history.replaceState(null, "", url.value);
    copy(url, say`link`);
  }, share);
  w.button(say`Copy Python`, () => copy(code, say`code`), share);

  function controls() {
    player.textContent = playing ? say`Pause` : say`Play`;
    const [name, its] = preset() ?? [""];
    menu.value = name;
    const answer = its && (gan.steps < its.steps ? say`The answer appears at step ${its.steps}.` : its.answer);
    const words = its ? `<p><b>${say`What do you expect?`}</b> ${escape(its.question)}</p><p>${escape(answer)}</p>` : "";
    if (guess.dataset.words !== words) guess.innerHTML = guess.dataset.words = words;
    pen.hidden = get("data") !== "drawn";
    canvas.tabIndex = pen.hidden ? -1 : 0;
    canvas.role = pen.hidden ? "img" : "application";
    canvas.ariaLabel = pen.hidden ? say`Real and generated samples` : say`Real and generated samples: draw the data here`;
    selects.smoothing.disabled = !SMOOTHED.includes(get("loss"));
    selects.penalty_weight.disabled = get("penalty") === "none";
    code.value = python(settings(), facts);
    url.value = `${location.href.split("#")[0]}#${link}=${toLink(settings(), facts)}`;
  }

  // Many settings at once. Points that are not used stay.
  const use = (its) => w.set(its.points.length ? its : { ...its, points: get("points") });

  // Drawing.

  function dots(points, first = false) {
    blank = first;
    w.set({ points: points.slice(0, 500) });
  }
  const put = () => dots([...(blank ? [] : get("points")), cursor]);
  const far = ([x, y]) => Math.hypot(x - cursor[0], y - cursor[1]);
  const move = (x, y) => (cursor = [x, y].map((v) => clamp(Math.round(100 * v) / 100, -1, 1) + 0));

  drag(canvas, (x, y, event) => {
    if (pen.hidden) return;
    move(...[x, canvas.clientWidth - y].map((v) => ((2 * v) / canvas.clientWidth - 1) * facts.view));
    if (event.type === "pointerdown" || far(get("points").at(-1)) > 0.04) put();
  });
  const ARROWS = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] };
  canvas.onkeydown = (event) => {
    if (event.key in ARROWS) move(...ARROWS[event.key].map((v, i) => v + cursor[i]));
    else if (event.key === "Enter" || event.key === " ") put();
    else if (event.key === "Delete" || event.key === "Backspace") {
      const nearest = Math.min(...get("points").map(far));
      const left = get("points").filter((point) => far(point) > nearest);
      dots(left.length ? left : [[0, 0]], !left.length);
    } else return;
    event.preventDefault();
    go(say`The ring is at ${cursor.map((v) => fixed(v, 2)).join(", ")}; points: ${blank ? 0 : get("points").length}.`);
  };
  canvas.onfocus = canvas.onblur = () => show();

  // Beginning and end.

  function restore() {
    const [before, words = ""] = location.hash.split("=");
    const first = document.querySelector(`.ag-gan-lab[data-link="${link}"]`);
    if (before !== `#${link}` || first !== w.root) return;
    try {
      use(fromLink(words, facts));
    } catch (part) {
      go(say`The link is not used: ${part.slice(0, 40)} is not a setting of this lab.`);
    }
    w.root.scrollIntoView({ block: "nearest" });
  }

  w.listen([...names, "steps"], () => {
    if (busy || (gan && same(gan.settings, settings()) && get("steps") === gan.steps)) return;
    note = "";
    begin();
  });
  w.listen(["show"], () => show());
  w.resize((first) => {
    if (first) restore(); // the lab stands in the page from here on
    show();
  });
  const observer = new IntersectionObserver(([entry]) => {
    seen = entry.isIntersecting;
    look();
  });
  observer.observe(w.root);
  addEventListener("hashchange", restore);
  w.root.ontransitionend = () => show(); // the page's theme has changed
  w.later(() => {
    observer.disconnect();
    removeEventListener("hashchange", restore);
    cancelAnimationFrame(frame);
  });
  return w.close;
}

export default { render };
