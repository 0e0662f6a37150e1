// State shared by our elements on the page. Each element's own script follows this one.
const page = (globalThis.crossover ??= {
  charts: new Map(), // key -> chart that is mounted under it
  newest: new Map(), // key -> newest specification, and when the server sent it
  inputsId: "", // identifies all inputs of the panel contents except the volume
  contents: new Map(), // volume -> panel content; null if it cannot be shown
  follow: null, // requests a rerun of the rest of the page
  isRunning: () => document.querySelector("[data-test-script-state=running]") !== null,
  keep(inputsId, contents) {
    if (inputsId !== page.inputsId) page.contents.clear();
    page.inputsId = inputsId;
    for (const [volume, content] of contents) page.contents.set(volume, content);
  },
});
