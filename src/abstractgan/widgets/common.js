// What every widget needs. A script imports from here by name, and base.py makes one module of both.
// Its `render({ model, el })` begins with `const w = open(model, el, "my-name")` and returns w.close.
// `open` puts <div class="ag-widget ag-my-name"> into the page and gives
//   root, id, find(selector)  that element, a prefix for ids in it, and the first match in it
//   add(html, parent = root)  appends an element written as HTML, and returns it
//   get(name), set(state)     read a trait; write several and save them
//   listen(names, act)        act() now, and whenever one of the traits changes
//   chart(name, parent)       the <svg> of a chart, and its name for who does not see it
//   resize(act)               act(true), and act(false) whenever the chart's width in pixels, `width`, changes
//   later(act)                act when the widget leaves the page
//   read(lines)               show the reading, and speak it once it has rested for 0.3 s;
//                             a line is "words", or ["kind", "words"] with the curve of that kind before it
//   close()                   undo everything
// and labelled controls of a trait, 44 pixels high, each an element to be placed by `parent`:
//   slider({ name, label, low, high, step }, parent)   with a step of 1, 0.1 or 0.01
//   select({ name, label, options: { value: "words", ... } }, parent)
//   radios({ name, label, options }, parent)
//   checks({ name, label, options, kinds }, parent)   the trait is a list, never empty; kinds: show their curves
//   button(words, act, parent)                        the <button> itself
// Texts given to the controls are HTML: escape(words) what a reader or an author wrote.
// Words: say`Step ${gan.steps}.`  in the reader's language, where the sentence is looked up as "Step {0}.";
//   say(words)  of words from elsewhere; html(words)  the same as HTML, marked as English if only they are.
// Numbers: clamp(x, low, high), minus, fixed(x, digits), decimal(x), ticks(low, high, count).
// SVG as text: path(kind, ...points), text(kind, x, y, anchor, words), dot(kind, x, y),
//   curve(kind, ...points), with rings on it if its kind ends in "real",
//   label(kind, words, places, box, points): the name of a curve at one of the places on it, in the box,
//     where it hides the fewest points; its own join them; "" if all places are crowded, and
//   panel({ title, left, right, top, height, domain }) -> { y, bottom, still }: grid and scale of a chart.
// paint(svg, width, height, drawn): shows it in that size.
// align(slider, low, high): its ends, in pixels, under those of a chart.
// drag(svg, act): act(x, y in pixels, event) on press and on each move while pressed.

// The book's Chinese edition puts its words for the English ones into the page.
const dictionary = JSON.parse(globalThis.document?.getElementById("ag-words")?.textContent ?? "null");
export function say(text, ...values) {
  const words = [text].flat().reduce((all, part, i) => `${all}{${i - 1}}${part}`);
  return (dictionary?.[words] ?? words).replace(/\{(\d)\}/g, (place, i) => values[i] ?? place);
}
export const html = (text) =>
  dictionary && !dictionary[text] && /[a-z]{2}/i.test(text) ? `<span lang="en">${escape(text)}</span>` : escape(say(text));

export const escape = (words) => words.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt()};`);
export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
export const minus = (number) => String(number).replace("-", "−");
export const fixed = (x, digits) => minus((Number(x.toFixed(digits)) + 0).toFixed(digits)); // 0, never −0

// Three decimals; four where three would wrongly say 0 or 1.
export function decimal(x) {
  const distance = Math.min(Math.abs(x), Math.abs(1 - Math.abs(x)));
  return fixed(x, distance > 0 && distance < 0.0005 ? 4 : 3);
}

// Round numbers that divide a range into about so many parts.
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((factor) => factor * unit >= rough * 0.99);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  if (last <= first) return ticks(low, high, 2 * count);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

export const path = (kind, ...points) =>
  `<path class="${kind}" d="M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}"/>`;
export const text = (kind, x, y, anchor, words) =>
  `<text class="${kind}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
export const dot = (kind, x, y) => `<circle class="${kind}" r="5.5" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}"/>`;

export const curve = (kind, ...points) =>
  (kind.endsWith("real") ? ["curve", "rings", "holes"] : ["curve"]).map((layer) => path(`${layer} ${kind}`, ...points)).join("");

export function label(kind, words, places, { left, right, top, bottom }, points) {
  const wide = 7.8 * words.replace(/<.*?>/g, "").replace(/[一-鿿]/g, "$&$&").length;
  let [least, start, baseline] = [41];
  for (const [x, y] of places) {
    for (const low of [y - 10, y + 19]) {
      if (low < top + 12 || low > bottom - 4) continue;
      for (const shift of [-wide / 2, 9, -wide - 9]) {
        const from = clamp(x + shift, left, right - wide);
        const hides = ([px, py]) => px > from - 8 && px < from + wide + 8 && py > low - 15 && py < low + 6;
        const cost = least && points.filter(hides).length;
        if (cost < least) [least, start, baseline] = [cost, from, low];
      }
    }
  }
  if (!baseline) return "";
  for (let at = start; at < start + wide; at += 0.5) points.push([at, baseline], [at, baseline - 11]);
  return text(`label ${kind}`, start, baseline, "start", words);
}

export function panel({ title, left, right, top, height, domain: [low, high] }) {
  const bottom = top + height;
  const y = (value) => bottom - ((value - low) / (high - low)) * height;
  const marks = ticks(low, high, Math.max(2, Math.round(height / 45)));
  const still = marks.map(
    (mark) =>
      path(mark ? "grid" : "zero", [left, y(mark)], [right, y(mark)]) + text("", left - 8, y(mark) + 4, "end", minus(mark)),
  );
  return { y, bottom, still: text("title", left, top - 10, "start", title) + still.join("") };
}

export function paint(svg, width, height, drawn) {
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.innerHTML = drawn;
}

export function drag(svg, act) {
  svg.onpointerdown = svg.onpointermove = (event) => {
    if (!event.buttons) return;
    if (event.type === "pointerdown") svg.setPointerCapture(event.pointerId);
    const box = svg.getBoundingClientRect();
    act(event.clientX - box.left, event.clientY - box.top, event);
  };
}

// 28 pixels: the width of the thumb, whose middle is the value
export function align(control, low, high) {
  control.querySelector("input").style = `margin-left: ${low - 14}px; width: ${high - low + 28}px`;
}

export function open(model, el, name) {
  const root = document.createElement("div");
  root.className = `ag-widget ag-${name}`;
  el.append(root);
  const ends = [() => root.remove()];
  if (dictionary) root.lang = document.documentElement.lang;
  const id = `ag-${Math.random().toString(36).slice(2)}-`;
  const w = {
    root,
    id,
    find: (selector) => root.querySelector(selector),
    get: (trait) => model.get(trait),
    later: (act) => ends.push(act),
    close: () => ends.forEach((act) => act()),
  };

  w.add = (html, parent = root) => {
    parent.insertAdjacentHTML("beforeend", html);
    return parent.lastElementChild;
  };

  w.set = (state) => {
    for (const trait in state) model.set(trait, state[trait]);
    model.save_changes();
  };

  w.listen = (names, act) => {
    for (const trait of names) {
      model.on(`change:${trait}`, act);
      w.later(() => model.off(`change:${trait}`, act));
    }
    act();
  };

  w.chart = (name, parent) =>
    w.add(`<div class="chart"><svg id="${id}chart" role="img" aria-label="${escape(name)}"></svg></div>`, parent).firstChild;

  w.resize = (act) => {
    const chart = w.find(".chart");
    const measure = () => {
      const before = w.width;
      w.width = chart.clientWidth || before; // 0 where the widget is not in the page
      if (w.width !== before) act(!before);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(chart);
    w.later(() => observer.disconnect());
    measure();
  };

  let timer;
  w.later(() => clearTimeout(timer));
  w.read = (lines, aloud = true) => {
    const shown = w.find(".reading") ?? w.add('<div class="reading" aria-hidden="true"></div>');
    const spoken = w.find(".spoken");
    const words = lines.map((line) => (Array.isArray(line) ? line[1] : line));
    // bold: numbers, but not the constants: of 40, and what a no-break space ties to a formula
    const bold = (text) => escape(text).replace(/(?<![#\d\xa0]|of )−?\d(?:[\d.]*\d)?(?![\d\xa0])/g, "<b>$&</b>");
    shown.innerHTML = lines.map((line, i) => `<p>${swatch(line)}${bold(words[i])}</p>`).join("");
    clearTimeout(timer);
    // neither what is there from the start nor what only moved to another width is announced
    const text = words.join(" ");
    const speak = () => spoken.textContent === text || (spoken.textContent = text);
    if (!spoken) w.add(`<div class="spoken" role="status" aria-live="polite">${escape(text)}</div>`);
    else if (aloud) timer = setTimeout(speak, 300);
  };
  const swatch = (line) =>
    Array.isArray(line) ? `<svg class="swatch" width="28" height="10">${curve(line[0], [0, 5], [28, 5])}</svg>` : "";

  w.slider = ({ name: trait, label, low, high, step }, parent) => {
    const control = w.add(
      `<div class="control slider"><label for="${id + trait}">${label}</label><b aria-hidden="true"></b>` +
        `<input type="range" id="${id + trait}" min="${low}" max="${high}" step="${step}"></div>`,
      parent,
    );
    const input = control.querySelector("input");
    const value = control.querySelector("b");
    input.oninput = () => w.set({ [trait]: Number(input.value) });
    w.listen([trait], () => {
      input.value = w.get(trait);
      value.textContent = fixed(w.get(trait), -Math.log10(step));
      input.ariaValueText = value.textContent;
    });
    return control;
  };

  w.select = ({ name: trait, label, options }, parent) => {
    const choices = Object.entries(options).map(([value, words]) => `<option value="${value}">${words}</option>`);
    const control = w.add(
      `<div class="control"><label for="${id + trait}">${label}</label><select id="${id + trait}">${choices.join("")}</select></div>`,
      parent,
    );
    const select = control.querySelector("select");
    select.onchange = () => w.set({ [trait]: select.value });
    w.listen([trait], () => (select.value = w.get(trait)));
    return control;
  };

  const group = (type, { name: trait, label, options, kinds }, parent) => {
    const choices = Object.entries(options).map(
      ([value, words]) =>
        `<label><input type="${type}" name="${id + trait}" value="${value}"><span>${kinds ? swatch([value]) : ""}${words}</span></label>`,
    );
    const control = w.add(`<fieldset class="${type}"><legend>${label}</legend>${choices.join("")}</fieldset>`, parent);
    const inputs = [...control.querySelectorAll("input")];
    const show = () => inputs.forEach((input) => (input.checked = [w.get(trait)].flat().includes(input.value)));
    control.onchange = () => {
      const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
      if (chosen.length) w.set({ [trait]: type === "radio" ? chosen[0] : chosen });
      else show(); // one stays
    };
    w.listen([trait], show);
    return control;
  };
  w.radios = (settings, parent) => group("radio", settings, parent);
  w.checks = (settings, parent) => group("checkbox", settings, parent);

  w.button = (words, act, parent) => {
    const button = w.add(`<button type="button">${words}</button>`, parent);
    button.onclick = act;
    return button;
  };

  // JupyterLab's shortcuts would take the arrows and the letters
  root.onkeydown = (event) => {
    if (!event.ctrlKey && !event.metaKey && event.key !== "Escape") event.stopPropagation();
  };
  return w;
}
