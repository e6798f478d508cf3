// The camera, shown in a box: await photograph(box) gives what the reader takes, or null.
import { read } from "./pictures.js";
import { say } from "./words.js";

const REFUSED = {
  NotAllowedError: say("The camera was refused: allow it in the browser's settings, or choose a file."),
  NotFoundError: say("There is no camera here: choose a file."),
};

export async function photograph(box) {
  const camera = navigator.mediaDevices; // there on secure pages only
  if (!camera) throw new Error(say("The browser gives the camera to pages with https only: choose a file."));
  const stream = await camera.getUserMedia({ video: { facingMode: "environment" } }).catch((error) => {
    throw new Error(REFUSED[error.name] ?? say("The camera could not be used: choose a file."));
  });
  const [take, close] = box.querySelectorAll("button");
  const video = box.querySelector("video");
  video.srcObject = stream;
  box.hidden = false;
  take.focus();
  try {
    const taken = await new Promise((resolve) => {
      take.onclick = () => resolve(true);
      close.onclick = () => resolve(false);
    });
    if (!taken) return null;
    await video.play(); // it may not have begun yet
    return await read(video);
  } finally {
    box.hidden = true;
    stream.getTracks().forEach((track) => track.stop());
  }
}
