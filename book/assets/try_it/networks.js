// The networks as the page sees them: `await start(tell)` gives { runtime, styles, call }, where
// call(act, ...) runs an act of worker.js, and tell(bytes, all) hears how far the download is.
import catalogue from "./catalogue.js";
import { dictionary, say } from "./words.js";

const { bytes } = catalogue;
const painting = bytes["look.onnx.gz"] + bytes["paint.onnx.gz"] + bytes["styles.f32.gz"];
export const megabytes = (count) => (count / 1e6).toFixed(1);
export const weight = (runtime) => painting + bytes[`ort-${runtime}.wasm.gz`];
export const judgeWeight = bytes["judge.onnx.gz"];

// WebGPU where there is a real one and the browser can wait for it; WebAssembly everywhere.
export async function runtimes() {
  const adapter = "Suspending" in WebAssembly && (await navigator.gpu?.requestAdapter().catch(() => null));
  return adapter && !adapter.info?.isFallbackAdapter ? ["webgpu", "wasm"] : ["wasm"];
}

export async function start(tell, [runtime, ...others]) {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  const waiting = [];
  let come = 0;
  worker.onmessage = ({ data: [number, result, problem] }) => {
    if (number === null) tell(Math.min((come += result), weight(runtime)), weight(runtime));
    else if (problem) waiting[number].reject(new Error(problem));
    else waiting[number].resolve(result);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    waiting.forEach(({ reject }) => reject(new Error(event.message ?? say("the worker could not be started"))));
  };
  const call = (act, ...given) =>
    new Promise((resolve, reject) => worker.postMessage([waiting.push({ resolve, reject }) - 1, act, ...given]));
  try {
    const all = await call("start", runtime, dictionary);
    const { styleLength: length } = catalogue;
    const names = Object.keys(catalogue.paintings);
    const styles = Object.fromEntries(names.map((name, i) => [name, all.subarray(i * length, (i + 1) * length)]));
    return { runtime, styles, call, others, close: () => worker.terminate() };
  } catch (error) {
    worker.terminate();
    if (!others.length) throw error;
    return start(tell, others);
  }
}

// The mean of styles, by weights; equal ones where all are 0.
export function mixed(styles, weights) {
  const sum = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => (sum ? weight / sum : 1 / weights.length));
  return styles[0].map((_, i) => styles.reduce((total, style, k) => total + shares[k] * style[i], 0));
}
