// Files to pictures of the sizes that the networks take, as the package's data/images.py does.
import { say } from "./words.js";

const MOST_BYTES = 50e6;
const MOST_PIXELS = 80e6;
const SMALLEST = 16;
const LONGEST = 4; // a strip is cut to this many times its short side
const KEPT = 1024; // of a picture's long side
const STRIDE = 8; // what sides are multiples of

function canvas(width, height) {
  const made = Object.assign(document.createElement("canvas"), { width, height });
  const context = made.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.fillStyle = "white"; // below what is transparent
  context.fillRect(0, 0, width, height);
  return [made, context];
}

// The middle of a picture that has the wanted form, in the wanted size.
function drawn(source, width, height) {
  const [made, context] = canvas(width, height);
  const scale = Math.max(width / source.width, height / source.height);
  const [wide, high] = [width / scale, height / scale];
  context.drawImage(source, (source.width - wide) / 2, (source.height - high) / 2, wide, high, 0, 0, width, height);
  return made;
}

// Width and height of a picture without the ends of a strip, scaled so that which(width, height)
// is a side of so many pixels.
function sides(source, which, side, step) {
  const longest = LONGEST * Math.min(source.width, source.height);
  const cut = [source.width, source.height].map((all) => Math.min(all, longest));
  const scale = Math.min(side, KEPT) / which(...cut);
  return cut.map((all) => step * Math.round((all * scale) / step));
}

// A picture that a file or a video shows, in its own size where that is not large. What is wrong
// with it is an error whose message a reader can use.
export async function read(source) {
  if (source.size > MOST_BYTES) throw new Error(say("This file has more than 50 MB: make a smaller copy and use that."));
  const bitmap = await createImageBitmap(source).catch(() => {
    throw new Error(
      /\.hei[cf]$|^image\/hei[cf]$/i.test(source.type || source.name)
        ? say("This browser cannot read HEIC: save the photograph as JPEG, or open this page in a browser that can.")
        : say("This is not a picture that the browser can read, or it is damaged: choose a JPEG, PNG or WebP file."),
    );
  });
  const { width, height } = bitmap;
  if (width * height > MOST_PIXELS) throw new Error(say("This picture has more than 80 million pixels: make a smaller copy and use that."));
  if (Math.min(width, height) < SMALLEST) {
    const values = { width, height, least: SMALLEST };
    throw new Error(say("This picture has {width} × {height} pixels, and {least} each way are needed: choose a larger one.", values));
  }
  const made = drawn(bitmap, ...sides(bitmap, Math.max, Math.max(width, height), 1));
  bitmap.close();
  return made;
}

const pixels = (made) => made.getContext("2d").getImageData(0, 0, made.width, made.height);
const at = (which) => (source, side) => pixels(drawn(source, ...sides(source, which, side, STRIDE)));

export const atLongSide = at(Math.max);
export const atShortSide = at(Math.min);
export const thumbnail = (source) => drawn(source, 192, 192).toDataURL("image/jpeg");
