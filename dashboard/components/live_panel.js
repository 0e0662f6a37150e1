// Live panel: verdict, volume slider and cost cards. A new volume also updates the charts of the open view.
// Contents for adjacent volumes are prefetched, and shown without waiting for the server.
const panels = new WeakMap();
const IDLE_MS = 60;
const STEP = 100; // requests per press of an arrow key in the number box
let changes = 0; // number of volume changes so far

export default function ({ data, parentElement: root, setStateValue }) {
  const message = JSON.parse(new TextDecoder().decode(data));
  let panel = panels.get(root);
  if (!panel) {
    panel = build(root);
    panels.set(root, panel);
  }
  panel.report = (moved) => setStateValue("moved", moved);
  panel.update(message);
  return panel.end;
}

function build(root) {
  root.insertAdjacentHTML(
    "beforeend",
    `<div class="verdict" aria-live="polite"></div>
     <div class="volume">
       <label for="volume_range"></label>
       <span class="help" tabindex="0" role="note"></span>
       <div class="track">
         <output for="volume_range"></output>
         <input type="range" id="volume_range" step="1" min="0">
         <span class="low"></span><span class="high"></span>
       </div>
       <input type="number" id="volume_number" step="any" inputmode="decimal">
     </div>
     <div class="figures"></div>`,
  );
  const element = (selector) => root.querySelector(selector);
  const range = element("#volume_range");
  const number = element("#volume_number");
  let latest; // newest message of the server
  let stops = []; // volumes on the slider
  let content = {}; // content that is shown
  let shown = 0; // number of the change whose content is shown
  let sent = 0; // number of the last change that was sent; answers to earlier ones do not set the inputs
  let dragId = 0; // shared by all changes of one drag: one undo step
  let isTyping = false; // answers of the server do not overwrite a number while it is typed
  let idleTimer;

  const panel = { report: null, update, end: () => clearTimeout(idleTimer) };

  /** Shows prefetched content at once, and reports the change to the server in any case. */
  function move(volume) {
    clearTimeout(idleTimer);
    dragId ||= Date.now();
    sent = changes += 1;
    place(volume);
    const ready = page.contents.get(volume);
    if (ready) show(ready, sent);
    const volumes = [...page.contents.keys()];
    panel.report({
      volume,
      drag_id: dragId,
      sent,
      inputs_id: page.inputsId,
      prefetched_volumes: volumes,
      is_shown: Boolean(ready),
    });
  }

  function place(volume) {
    let index = stops.indexOf(volume);
    if (index < 0) index = stops.findLastIndex((stop) => stop < volume);
    range.value = index;
    range.setAttribute("aria-valuetext", text(volume));
    element("output").textContent = text(volume);
    element(".track").style.setProperty("--at", stops.length > 1 ? index / (stops.length - 1) : 0);
    if (!isTyping) number.value = volume;
  }

  function show(next, changeNumber) {
    shown = changeNumber;
    for (const [key, spec] of Object.entries(next.charts)) {
      page.newest.set(key, { at: latest.at, spec });
      page.charts.get(key)?.draw(spec);
    }
    if (next.verdict !== content.verdict) element(".verdict").innerHTML = next.verdict;
    if (next.figures !== content.figures) element(".figures").innerHTML = next.figures;
    content = next;
  }

  function update(message) {
    if (latest && message.at < latest.at) return;
    if (JSON.stringify(message.words) !== JSON.stringify(latest?.words)) label(message.words);
    latest = message;
    page.keep(latest.inputs_id, latest.prefetched);
    if (latest.content?.is_complete) page.contents.set(latest.volume, latest.content);
    const next = latest.content ?? page.contents.get(latest.volume);
    if (!next) return move(latest.volume); // its content was prefetched, but has been dropped since
    if (latest.sent >= shown) show(next, latest.sent);
    if (latest.sent < sent) return; // the answer to a later change is still to come
    stops = latest.stops;
    range.max = stops.length - 1;
    number.min = latest.least;
    number.max = latest.most;
    element(".low").textContent = text(stops[0]);
    element(".high").textContent = text(stops.at(-1));
    place(latest.volume);
    followWhenIdle();
  }

  function label({ label, exactly, help }) {
    element("label").textContent = label;
    range.setAttribute("aria-label", label);
    number.setAttribute("aria-label", exactly);
    element(".help").setAttribute("aria-label", help);
  }

  /** Updates the rest of the page when the volume has not changed for IDLE_MS. */
  function followWhenIdle() {
    clearTimeout(idleTimer);
    if (!latest.is_page_outdated || dragId) return;
    idleTimer = setTimeout(() => (page.isRunning() ? followWhenIdle() : page.follow?.()), IDLE_MS);
  }

  range.addEventListener("input", () => move(stops[range.valueAsNumber]));
  range.addEventListener("change", () => {
    dragId = 0;
    if (latest.sent >= sent) followWhenIdle();
  });
  number.addEventListener("input", () => {
    isTyping = true;
    number.setCustomValidity("");
  });
  number.addEventListener("keydown", (event) => {
    const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    number.value = Math.min(latest.most, Math.max(latest.least, (number.valueAsNumber || 0) + step));
    number.dispatchEvent(new Event("change"));
  });
  number.addEventListener("change", () => {
    isTyping = false;
    const volume = number.valueAsNumber;
    if (volume >= latest.least && volume <= latest.most) {
      move(volume);
      dragId = 0;
      return;
    }
    number.value = latest.volume;
    number.setCustomValidity(latest.words.bounds);
    number.reportValidity();
  });
  return panel;
}

const text = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0, roundingMode: "halfEven" }).format;
