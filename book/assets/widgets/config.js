// Runs before require.js: says where the widget manager's modules are, so that no page asks another
// site for them.
(() => {
  const script = document.currentScript;
  const here = new URL(".", script.src).href.replace(/\/$/, "");
  script.dataset.jupyterWidgetsCdn = `${here}/`;
  window.require = {
    paths: {
      anywidget: `${here}/anywidget`,
      "@jupyter-widgets": here,
      "@jupyter-widgets/html-manager/dist": here,
    },
  };
  // The manager typesets labels through MathJax 2's interface; the book has MathJax 3.
  window.addEventListener("load", () => {
    if (window.MathJax) {
      window.MathJax.Hub = { Queue: ([, , element]) => window.MathJax.typesetPromise?.([element]) };
    }
  });
})();
