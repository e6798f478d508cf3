// ipywidgets gives the handles of its sliders no name: they take their description. And the handle of
// a logarithmic slider says its exponent: it takes the number that the slider shows, or hides.
addEventListener("load", () => {
  const set = (handle, attribute, text) => {
    if (text && handle.getAttribute(attribute) !== text) handle.setAttribute(attribute, text);
  };
  const name = () => {
    for (const handle of document.querySelectorAll(".widget-slider .noUi-handle")) {
      const slider = handle.closest(".widget-slider");
      set(handle, "aria-label", slider.querySelector(".widget-label")?.textContent);
      set(handle, "aria-valuetext", slider.querySelector(".widget-readout")?.textContent);
    }
  };
  const changes = { attributeFilter: ["aria-valuetext"], childList: true, subtree: true };
  new MutationObserver(name).observe(document.body, changes);
  name();
});
