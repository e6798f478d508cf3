// A formula that is wider than its place scrolls inside itself: the keyboard must reach it.
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  const update = () => {
    for (const formula of document.querySelectorAll(".math, .math mjx-container")) {
      const scrolls =
        formula.scrollWidth > formula.clientWidth && getComputedStyle(formula).overflowX === "auto";
      if (scrolls) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  };
  update();
  addEventListener("resize", update);
});
