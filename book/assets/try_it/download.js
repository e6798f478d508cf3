// Files from the page's own server.
import { say } from "./words.js";

export async function get(address) {
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) {
    const file = address.pathname.split("/").pop();
    throw new Error(say("{file} could not be loaded: check the connection and try again.", { file }));
  }
  return response;
}

// One that is packed with gzip, unpacked; tell(bytes) hears of each part that arrives.
export async function download(address, tell) {
  const response = await get(address);
  const parts = [];
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    tell(part.value.length);
  }
  const whole = new Blob(parts);
  const [first, second] = new Uint8Array(await whole.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b; // some hosts unpack on the way
  const unpacked = packed ? whole.stream().pipeThrough(new DecompressionStream("gzip")) : whole.stream();
  return new Response(unpacked).arrayBuffer();
}
