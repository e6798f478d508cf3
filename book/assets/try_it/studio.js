// What the page shows once the networks are there: photographs and paintings to choose, the result,
// and what can be done with it.
import { photograph as fromCamera } from "./camera.js";
import catalogue from "./catalogue.js";
import { escape, fixed } from "./common.js";
import { get } from "./download.js";
import { judgeWeight, megabytes, mixed, start } from "./networks.js";
import { atLongSide, atShortSide, read, thumbnail } from "./pictures.js";
import { Tiles } from "./tiles.js";
import { heat, verdict } from "./verdict.js";
import { listed, say } from "./words.js";

const PAINTING_SIDE = 256; // a painting's short side, as in training
const RUNTIMES = { wasm: "WebAssembly", webgpu: "WebGPU" };
const here = (path) => new URL(path, import.meta.url);

export function studio(w, model, networks, tell) {
  const photographs = {}; // by key: name, and source, or the address of a sample
  const paintings = {}; // by key: name, and style, or the promise of one
  const seen = {}; // the photograph that the worker keeps the maps of
  let judging = false; // whether the discriminator is loaded

  const takePhotograph = attempt(async (file) => addPhotograph(file.name, await read(file)));
  const takePainting = attempt(async (file) => addPainting(file.name, await read(file)));
  const takeFromCamera = attempt(async () => {
    if (box.hidden) addPhotograph(say("From the camera"), await fromCamera(box));
  });

  const columns = w.add('<div class="columns"></div>');
  const choosing = w.add("<div></div>", columns);
  const working = w.add('<div class="working"></div>', columns);

  // Photographs
  const sitters = new Tiles(w, "photograph", say("Photograph"), choosing);
  for (const [key, title] of Object.entries(catalogue.photographs)) {
    const name = say(title);
    photographs[key] = { name, sample: here(`photographs/${key}.jpg`) };
    sitters.add(key, name, photographs[key].sample);
  }
  const sources = w.add('<div class="actions"></div>', choosing);
  fileButton(say("Choose a photograph"), takePhotograph, sources);
  w.button(say("Use the camera"), takeFromCamera, sources);
  const box = w.add('<div class="camera" hidden><video autoplay muted playsinline></video></div>', choosing);
  box.firstChild.ariaLabel = say("What the camera sees");
  for (const label of [say("Take the picture"), say("Close the camera")]) w.button(label, null, box);

  // Paintings
  const models = new Tiles(w, "painting", say("Painting"), choosing);
  for (const [key, title] of Object.entries(catalogue.paintings)) {
    const name = say(title);
    paintings[key] = { name, style: networks.styles[key] };
    models.add(key, name, here(`paintings/${key}.jpg`));
  }
  const own = w.add('<div class="actions"></div>', choosing);
  w.radios({ name: "mode", label: say("Style of"), options: { one: say("one painting"), mix: say("a mixture") } }, own);
  fileButton(say("Choose a painting"), takePainting, own);
  const shares = w.add("<div></div>", choosing);

  // The result
  const easel = w.add('<div class="easel"><canvas role="img"></canvas><canvas class="heat" aria-hidden="true" hidden></canvas></div>', working);
  const [canvas, overlay] = easel.children;
  canvas.ariaLabel = say("The result, not painted yet");
  const [least, most] = [say("no part of such a painting"), say("part of one")];
  const scale = w.add(
    '<div class="scale" hidden><i></i><div><span>−1</span><span>0</span><span>1</span></div>' +
      `<div><span>${least}</span><span>${most}</span></div></div>`,
    working,
  );
  w.slider({ name: "strength", label: say("Strength of the style"), low: 0, high: 1, step: 0.01 }, working);
  const options = w.add('<div class="actions"></div>', working);
  w.radios({ name: "show", label: say("Show"), options: { picture: say("the picture"), verdict: say("the discriminator's view") } }, options);
  w.radios({ name: "side", label: say("Long side in pixels: a larger one takes longer"), options: { 256: "256", 384: "384", 512: "512" } }, options);
  w.button(say("Download the picture"), () => canvas.toBlob(save), w.add('<div class="actions"></div>', working));
  w.read([say("The first picture is being painted.")]);

  sitters.chosen = ["astronaut"];
  models.chosen = ["orphism"];
  sitters.inputs[0].focus({ preventScroll: true });
  sitters.root.addEventListener("change", refresh);
  models.root.addEventListener("change", refresh);
  for (const name of ["strength", "side", "show"]) model.on(`change:${name}`, refresh);
  model.on("change:mode", () => {
    models.several = model.get("mode") === "mix";
    refresh();
  });
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    const take = models.root.contains(event.target) ? takePainting : takePhotograph;
    for (const file of event.dataTransfer.files) take(file);
  });

  // Run one after the other: only the newest wish is painted.
  let busy = false;
  let again = false;
  refresh();

  async function refresh() {
    again = true;
    if (busy) return;
    busy = true;
    easel.setAttribute("aria-busy", "true");
    while (again) {
      again = false;
      await attempt(repaintSomehow)();
    }
    busy = false;
    easel.removeAttribute("aria-busy");
  }

  async function repaintSomehow() {
    try {
      await repaint();
    } catch (error) {
      if (!networks.others.length) throw error;
      networks.close(); // WebGPU has failed
      networks = await start(() => {}, networks.others);
      seen.source = null;
      judging = false;
      await repaint();
    }
  }

  async function repaint() {
    showShares();
    const photograph = photographs[sitters.chosen[0]];
    photograph.source ??= await read(await (await get(photograph.sample)).blob());
    const side = Number(model.get("side"));
    if (seen.source !== photograph.source || seen.side !== side) {
      w.read([say("Looking at the photograph.")], false);
      seen.source = null;
      const picture = atLongSide(photograph.source, side);
      const style = await work("look", picture, true);
      Object.assign(seen, { source: photograph.source, side, picture, style, manner: null });
    }
    const chosen = models.chosen;
    const styles = await Promise.all(chosen.map((key) => paintings[key].style));
    const shared = weights(chosen);
    const asked = mixed(styles, shared);
    const strength = model.get("strength");
    const style = strength < 1 ? mixed([asked, seen.style], [strength, 1 - strength]) : asked;
    const began = performance.now();
    const picture = await work("paint", style);
    const seconds = (performance.now() - began) / 1000;
    put(canvas, picture);
    const named = { photograph: photograph.name, paintings: listed(names(chosen)), strength: fixed(strength, 2) };
    canvas.ariaLabel = say("{photograph}, repainted in the manner of {paintings}", named);
    const { width, height } = picture;
    const made = { width, height, seconds: fixed(seconds, 2), runtime: RUNTIMES[networks.runtime] };
    const lines = [
      say("{photograph}, in the manner of {paintings}, strength {strength}.", named),
      say("{width} × {height} pixels, painted in {seconds} s with {runtime}.", made),
    ];
    const showing = model.get("show") === "verdict";
    if (showing) {
      const result = await judged(picture, asked);
      const manner = String([chosen, shared]); // the strength leaves the photograph's scores as they are
      if (seen.manner !== manner) Object.assign(seen, { manner, scores: await judged(seen.picture, asked) });
      put(overlay, heat(result));
      lines.push(...verdict(result, seen.scores));
    }
    overlay.hidden = scale.hidden = !showing;
    w.read(lines);
  }

  async function judged(picture, style) {
    if (!judging) {
      w.read([say("Loading the discriminator, {count} MB.", { count: megabytes(judgeWeight) })], false);
      await networks.call("load", "judge");
      judging = true;
    }
    return work("judge", picture, style);
  }

  function work(act, ...given) {
    return networks.call(act, ...given).catch((error) => {
      throw new Error(say("The networks have stopped ({problem}): choose a smaller size, or load the page again.", { problem: error.message }));
    });
  }

  function weights(chosen) {
    return chosen.map((key) => model.get(`share-${key}`) ?? 1);
  }

  function names(chosen) {
    const sum = weights(chosen).reduce((a, b) => a + b, 0);
    if (chosen.length === 1) return [paintings[chosen[0]].name];
    return chosen.map((key, i) => `${paintings[key].name} (${fixed(sum ? weights(chosen)[i] / sum : 1 / chosen.length, 2)})`);
  }

  // A slider for each painting of a mixture.
  function showShares() {
    const chosen = models.chosen;
    for (const key of chosen) {
      if (paintings[key].slider) continue;
      model.set(`share-${key}`, 1);
      const label = say("Share of {painting}", { painting: escape(paintings[key].name) });
      paintings[key].slider = w.slider({ name: `share-${key}`, label, low: 0, high: 1, step: 0.01 }, shares);
      model.on(`change:share-${key}`, refresh);
    }
    for (const key in paintings) {
      if (paintings[key].slider) paintings[key].slider.hidden = chosen.length < 2 || !chosen.includes(key);
    }
  }

  function addPhotograph(name, source) {
    if (!source) return; // the camera was closed
    const key = `photograph-${sitters.inputs.length}`;
    photographs[key] = { name, source };
    sitters.add(key, name, thumbnail(source));
    sitters.chosen = [key];
    refresh();
  }

  function addPainting(name, source) {
    const key = `painting-${models.inputs.length}`;
    paintings[key] = { name, style: work("look", atShortSide(source, PAINTING_SIDE), false) };
    models.add(key, name, thumbnail(source));
    models.chosen = model.get("mode") === "mix" ? [...models.chosen, key] : [key];
    refresh();
  }

  // An act of the reader's whose failure is told in a sentence.
  function attempt(act) {
    return async (...given) => {
      tell();
      try {
        await act(...given);
      } catch (error) {
        tell(error);
      }
    };
  }

  function fileButton(label, take, parent) {
    const input = w.add('<input type="file" accept="image/*" hidden>', parent);
    input.onchange = () => {
      if (input.files.length) take(input.files[0]);
      input.value = ""; // so that the same file can be chosen again
    };
    w.button(label, () => input.click(), parent);
  }
}

function put(canvas, picture) {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

function save(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "repainted.png";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
