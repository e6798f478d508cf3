// A figure that a narrow screen would shrink until its letters cannot be read is shown larger, and
// scrolls inside itself; a button shows it whole.
{
  const say = document.currentScript.dataset;
  // Parts of a figure's own size. Its letters have 10 points, at 100 dots an inch: 14 pixels.
  const LEAST = 0.72; // 10 pixels: a figure that fits in so is left alone
  const LARGER = 0.8; // 11 pixels
  const LARGEST = 960; // pixels; a picture from a file has more for sharpness only
  const narrow = matchMedia("(max-width: 767px)"); // others have the article's whole width

  const makeReadable = (image) => {
    const frame = document.createElement("span");
    frame.className = "scrolling-figure";
    frame.tabIndex = 0; // the keyboard must reach what scrolls
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", say.frame);

    const button = document.createElement("button");
    button.type = "button";
    button.className = "figure-size";
    let whole = false;

    const update = () => {
      const place = frame.isConnected ? frame : image;
      if (!place.clientWidth) return; // folded away
      const shrunk = narrow.matches && place.clientWidth < LEAST * image.naturalWidth;
      const scrolls = shrunk && !whole;
      button.textContent = whole ? say.larger : say.whole;
      if (!shrunk) button.remove();
      else if (!button.isConnected) place.after(button);
      image.style.width = scrolls ? `${Math.min(LARGER * image.naturalWidth, LARGEST)}px` : "";
      if (scrolls && place === image) {
        image.replaceWith(frame);
        frame.append(image);
      } else if (!scrolls && place === frame) frame.replaceWith(image);
    };
    button.addEventListener("click", () => {
      whole = !whole;
      update();
    });
    image.addEventListener("load", update);
    // In the next frame, since the place itself changes its height.
    new ResizeObserver(() => requestAnimationFrame(update)).observe(image.parentElement);
  };

  addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".bd-article :is(.cell_output > img, figure img)").forEach(makeReadable);
  });
}
