// The networks, in a thread of their own, so that the page answers while they work. A message
// [number, act, ...what it is given] is answered by [number, result] or [number, null, "what went
// wrong"]; [null, bytes] tells of a part of a file that has arrived.
import { download } from "./download.js";
import { dictionary, say } from "./words.js";

const networks = {};
let ort, provider;
let maps; // of the photograph, whitened

const fetched = (name) => download(new URL(name, import.meta.url), (bytes) => postMessage([null, bytes]));

const session = (model) =>
  ort.InferenceSession.create(new Uint8Array(model), { executionProviders: [provider], logSeverityLevel: 3 }); // errors

// Colours as planes of numbers from -1 to 1.
function tensor({ data, width, height }) {
  const size = width * height;
  const values = new Float32Array(3 * size);
  for (let i = 0; i < size; i++) {
    for (let colour = 0; colour < 3; colour++) values[colour * size + i] = data[4 * i + colour] / 127.5 - 1;
  }
  return new ort.Tensor("float32", values, [1, 3, height, width]);
}

function image({ data, dims: [, , height, width] }) {
  const size = width * height;
  const picture = new ImageData(width, height);
  picture.data.fill(255);
  for (let i = 0; i < size; i++) {
    // the array rounds and cuts off, as to_uint8 does
    for (let colour = 0; colour < 3; colour++) picture.data[4 * i + colour] = (data[colour * size + i] + 1) * 127.5;
  }
  return picture;
}

const vector = (style) => new ort.Tensor("float32", style, [1, style.length]);

const acts = {
  // Load what painting takes; gives the styles of the drawn paintings, one after the other.
  async start(runtime, words) {
    Object.assign(dictionary, words);
    const files = [`../onnxruntime/ort-${runtime}.wasm.gz`, "styles.f32.gz", "look.onnx.gz", "paint.onnx.gz"];
    const [binary, styles, look, paint] = await Promise.all(files.map(fetched));
    ort = await import(new URL(`../onnxruntime/ort-${runtime}.js`, import.meta.url));
    ort.env.wasm.numThreads = 1; // more need headers that plain hosts do not send
    ort.env.wasm.wasmBinary = binary;
    provider = runtime;
    networks.look = await session(look);
    networks.paint = await session(paint);
    const blank = await acts.look(new ImageData(64, 64), true);
    const { data } = await acts.paint(blank);
    if (data.every((value) => value === data[0])) throw new Error(say("they paint nothing"));
    return new Float32Array(styles);
  },

  async load(name) {
    networks[name] = await session(await fetched(`${name}.onnx.gz`));
  },

  // The style of a picture; a photograph's maps are kept, for `paint`.
  async look(picture, isPhotograph) {
    const { style, ...seen } = await networks.look.run({ picture: tensor(picture) });
    if (isPhotograph) maps = seen;
    return style.data;
  },

  async paint(style) {
    const { picture } = await networks.paint.run({ ...maps, style: vector(style) });
    return image(picture);
  },

  // The discriminator's scores of a picture's patches, row by row.
  async judge(picture, style) {
    const { logits } = await networks.judge.run({ picture: tensor(picture), style: vector(style) });
    const [, , height, width] = logits.dims;
    return { scores: logits.data, width, height };
  },
};

async function answer([number, act, ...given]) {
  try {
    postMessage([number, await acts[act](...given)]);
  } catch (error) {
    postMessage([number, null, error?.message ?? String(error)]);
  }
}

let last = Promise.resolve();
onmessage = ({ data }) => (last = last.then(() => answer(data))); // one after the other
