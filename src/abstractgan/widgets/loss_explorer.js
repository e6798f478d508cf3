// The generator's loss against the score of one fake. loss_explorer.py holds the same mathematics
// and the same words; a test compares the two.

export const RANGE = { low: -8, high: 8, step: 0.1 };
export const START = { score: -4, show: "both" };

export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
export const sigmoid = (x) => (x < 0 ? Math.exp(x) : 1) / (1 + Math.exp(-Math.abs(x)));

export const LOSSES = {
  saturating: {
    title: "Saturating",
    equation: { loss: "log(1 − σ(s))", gradient: "−σ(s)" },
    loss: (s) => -softplus(s),
    gradient: (s) => -sigmoid(s),
  },
  non_saturating: {
    title: "Non-saturating",
    equation: { loss: "−log σ(s)", gradient: "σ(s) − 1" },
    loss: (s) => softplus(-s),
    gradient: (s) => -sigmoid(-s),
  },
};

const minus = (text) => String(text).replace("-", "−");

// Three decimals; four where three would say 0 or 1.
export function format(x) {
  const size = Math.abs(x);
  return minus(x.toFixed(Math.min(size, Math.abs(1 - size)) < 0.0005 ? 4 : 3));
}

function comparison(s) {
  if (s === 0) return "Both pull equally hard.";
  const times = Math.exp(Math.abs(s)); // the ratio of the gradients is exp(-s)
  return `The ${s < 0 ? "non-" : ""}saturating loss pulls ${times.toFixed(times < 10 ? 1 : 0)} times as hard.`;
}

const shown = (show) => (show === "both" ? ["loss", "gradient"] : [show]);

export const sentences = (s, show) => [
  `Score ${minus(s.toFixed(1))}: the discriminator gives the fake a probability of ${format(sigmoid(s))} of being real.`,
  ...Object.values(LOSSES).map(
    (l) => `${l.title} ${shown(show).map((name) => `${name} ${format(l[name](s))}`).join(", ")}.`,
  ),
  comparison(s),
];

export const reading = (s, show) => sentences(s, show).join(" ");

const PANELS = {
  loss: {
    title: "Loss of the generator",
    domain: [-9.6, 8.2],
    ticks: [-8, -4, 0, 4, 8],
    labels: { saturating: [4.8, -6, "end"], non_saturating: [-6, 6.9, "start"] },
  },
  gradient: {
    title: "Gradient of the loss, d/ds",
    domain: [-1.3, 0.3],
    ticks: [-1, -0.5, 0],
    labels: { saturating: [-8, 0.16, "start"], non_saturating: [-8, -1.16, "start"] },
  },
};

const path = (kind, ...points) =>
  `<path class="${kind}" d="M${points.map((p) => p.map((v) => v.toFixed(1))).join("L")}"/>`;
const text = (kind, x, y, anchor, words) =>
  `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;

// A step of gradient descent along the tangent: none where the loss is flat.
function arrow(key, from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const head = Math.min(1, 11 / Math.hypot(dx, dy));
  const back = (side) => [to[0] - head * (dx + side * dy), to[1] - head * (dy - side * dx)];
  return path(`shaft ${key}`, from, back(0)) + path(`head ${key}`, to, back(0.5), back(-0.5));
}

// Draws what stands still; returns where things are and the function that draws what moves.
function draw(svg, width, show) {
  const [left, right] = [44, width - 8];
  const x = (s) => left + ((s + 8.3) / 18) * (right - left);
  const names = shown(show);
  let still = "";
  let top = 28;

  const panels = names.map((name) => {
    const { title, domain, ticks, labels } = PANELS[name];
    const height = names.length === 1 ? 250 : name === "loss" ? 200 : 140;
    const bottom = top + height;
    const y = (value) => bottom - ((value - domain[0]) / (domain[1] - domain[0])) * height;
    still += text("title", left, top - 10, "start", title);
    for (const tick of ticks) {
      still += path(tick ? "grid" : "zero", [left, y(tick)], [right, y(tick)]);
      still += text("", left - 8, y(tick) + 4, "end", minus(tick));
    }
    if (name === "loss") still += text("muted", right, y(2), "end", "arrow: descent step");
    for (const [key, loss] of Object.entries(LOSSES)) {
      const curve = Array.from({ length: 161 }, (_, i) => i / 10 - 8);
      const [s, value, anchor] = labels[key];
      still += path(`curve ${key}`, ...curve.map((s) => [x(s), y(loss[name](s))]));
      still += text(`label ${key}`, x(s), y(value) + 4, anchor, `${loss.title}  ${loss.equation[name]}`);
    }
    top = bottom + 32;
    return { name, y };
  });

  const axis = top - 2; // the slider's track is the axis
  const narrow = width < 560;
  for (let s = -8; s <= 8; s += narrow ? 4 : 2) {
    still += text("", x(s), axis + 34, "middle", minus(s));
    if (!narrow || Math.abs(s) < 8) still += text("muted", x(s), axis + 52, "middle", format(sigmoid(s)));
  }
  still += text("title", 0, axis + 34, "start", "s") + text("muted", 0, axis + 52, "start", "σ(s)");
  svg.setAttribute("width", width);
  svg.setAttribute("height", axis + 58);
  svg.innerHTML = `${still}<g></g>`;

  function move(s) {
    let marks = path("cursor", [x(s), 28], [x(s), axis]);
    for (const { name, y } of panels) {
      for (const [key, { loss, gradient }] of Object.entries(LOSSES)) {
        const slope = gradient(s);
        const tangent = (to) => [x(to), y(loss(s) + slope * (to - s))];
        if (name === "loss") {
          marks += path(`tangent ${key}`, tangent(Math.max(s - 3.5, -8.3)), tangent(Math.min(s + 3.5, 9.7)));
          marks += arrow(key, tangent(s), tangent(s - 1.5 * slope));
        }
        marks += `<circle class="${key}" r="5.5" cx="${x(s)}" cy="${y(name === "loss" ? loss(s) : slope)}"/>`;
      }
    }
    svg.lastChild.innerHTML = marks;
  }
  return { x, axis, move };
}

const page = (id) => `
<div class="bar">
  <fieldset><legend>Show</legend>${["loss", "gradient", "both"]
    .map((show) => `<label><input type="radio" name="${id}" value="${show}"><span>${show}</span></label>`)
    .join("")}</fieldset>
  <button type="button">Reset</button>
</div>
<div class="chart">
  <svg role="img" aria-label="Two losses of the generator against the score"></svg>
  <input type="range" id="${id}" min="${RANGE.low}" max="${RANGE.high}" step="${RANGE.step}">
</div>
<div class="ends">
  <span>← D rejects the fake</span>
  <label for="${id}">Score s that D gives the fake</label>
  <span>D is fooled →</span>
</div>
<div class="reading" aria-hidden="true"><p></p><p class="saturating"></p><p class="non_saturating"></p><p></p></div>
<div class="spoken" role="status" aria-live="polite"></div>`;

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "ag-loss-explorer";
  root.innerHTML = page(`ag-${Math.random().toString(36).slice(2)}`);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const [chart, svg, slider, spoken] = [".chart", "svg", "[type=range]", ".spoken"].map(find);
  let picture, timer;
  let width = 0;

  function set(state) {
    for (const key in state) model.set(key, state[key]);
    model.save_changes();
  }

  function move() {
    const [score, show] = ["score", "show"].map((key) => model.get(key));
    slider.value = score;
    slider.setAttribute("aria-valuetext", `${minus(score.toFixed(1))}, probability ${format(sigmoid(score))}`);
    picture?.move(score);
    root.querySelectorAll("p").forEach((p, i) => {
      p.innerHTML = sentences(score, show)[i].replace(/−?\d[\d.]*\d/g, "<b>$&</b>");
    });
    clearTimeout(timer); // speaks when the slider rests, not at every step
    timer = setTimeout(() => (spoken.textContent = reading(score, show)), 300);
  }

  function layout() {
    const show = model.get("show");
    find(`[value=${show}]`).checked = true;
    if (width) {
      picture = draw(svg, width, show);
      const [low, high] = [RANGE.low, RANGE.high].map(picture.x);
      // 28 pixels: the width of the thumb, whose middle is the value
      slider.style = `left: ${low - 14}px; width: ${high - low + 28}px; top: ${picture.axis - 22}px`;
    }
    move();
  }

  function drag(event) {
    if (!event.buttons) return;
    if (event.type === "pointerdown") svg.setPointerCapture(event.pointerId);
    const [zero, one] = [0, 1].map(picture.x);
    // the slider rounds to a step and stays in range
    slider.value = (event.clientX - svg.getBoundingClientRect().left - zero) / (one - zero);
    slider.oninput();
  }

  svg.onpointerdown = svg.onpointermove = drag;
  slider.oninput = () => set({ score: Number(slider.value) });
  find("fieldset").onchange = (event) => set({ show: event.target.value });
  find("button").onclick = () => set(START);
  // JupyterLab's shortcuts would take the arrow keys
  root.onkeydown = (event) => {
    if (!event.ctrlKey && !event.metaKey && event.key !== "Escape") event.stopPropagation();
  };
  model.on("change:score", move);
  model.on("change:show", layout);
  const observer = new ResizeObserver(() => {
    if (chart.clientWidth === width) return;
    width = chart.clientWidth;
    layout();
  });
  observer.observe(chart);
  layout();

  return () => {
    observer.disconnect();
    clearTimeout(timer);
    model.off("change:score", move);
    model.off("change:show", layout);
  };
}

export default { render };
