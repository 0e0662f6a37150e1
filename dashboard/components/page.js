// State shared by our elements on the page. Each element's own script follows this one.
const page = (globalThis.crossover ??= {
  charts: new Map(), // key -> figure that is mounted under it
  newest: new Map(), // key -> newest specification, and when the server sent it
  plotly: null, // promise of Plotly
});
