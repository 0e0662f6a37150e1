// What our elements on the page share; charts, stage and its like are scripts of their own.
const page = (globalThis.crossover ??= {
  charts: new Map(), // key -> the chart that stands there
  newest: new Map(), // key -> its newest specification, and when the server gave it
  basis: "", // what scenes are made of, all but the volume
  scenes: new Map(), // volume -> what the stage shows of it; null for what cannot be shown
  follow: null, // calls the rest of the page
  isRunning: () => document.querySelector("[data-test-script-state=running]") !== null,
  keep(basis, scenes) {
    if (basis !== page.basis) page.scenes.clear();
    page.basis = basis;
    for (const [volume, scene] of scenes) page.scenes.set(volume, scene);
  },
});
