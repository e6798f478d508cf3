// ipywidgets gives the handles of its sliders no name: they take their description.
addEventListener("load", () => {
  const name = () => {
    for (const handle of document.querySelectorAll(".widget-slider .noUi-handle:not([aria-label])")) {
      const label = handle.closest(".widget-slider").querySelector(".widget-label")?.textContent;
      if (label) handle.setAttribute("aria-label", label);
    }
  };
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  name();
});
