// Live panel: answer, volume slider and options. A new volume also updates the figures of the open view.
const panels = new WeakMap();
const IDLE_MS = 200; // after the last change, the whole page follows
const STEP = 100; // requests per press of an arrow key in the number box
const SIZES = { k: 1e3, m: 1e6, 千: 1e3, 萬: 1e4, 万: 1e4, 億: 1e8, 亿: 1e8 };
let changes = 0; // number of volume changes so far

export default function ({ data, parentElement: root, setStateValue, setTriggerValue }) {
  const message = JSON.parse(new TextDecoder().decode(data));
  let panel = panels.get(root);
  if (!panel) {
    panel = build(root);
    panels.set(root, panel);
  }
  panel.report = (moved) => setStateValue("moved", moved);
  panel.open = (what) => setTriggerValue("opened", what);
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
       <input type="text" id="volume_number" inputmode="decimal" autocomplete="off" aria-describedby="volume_fault">
       <p class="fault" id="volume_fault" role="alert"></p>
     </div>
     <div class="options"></div>`,
  );
  const element = (selector) => root.querySelector(selector);
  const range = element("#volume_range");
  const number = element("#volume_number");
  const fault = element(".fault");
  let latest; // newest message of the server
  let stops = []; // volumes on the slider
  let content = {}; // content that is shown
  let sent = 0; // number of the last change that was sent; answers to earlier ones do not set the inputs
  let moved = null; // last change; null when the page has followed
  let dragId = 0; // shared by all changes of one drag: one undo step
  let isHeld = false; // the pointer holds the slider
  let isTyping = false; // answers of the server do not overwrite a number while it is typed
  let idleTimer;

  const panel = { report: null, open: null, update, end: () => clearTimeout(idleTimer) };

  function move(volume) {
    clearTimeout(idleTimer);
    dragId ||= Date.now();
    sent = changes += 1;
    place(volume);
    explain("");
    moved = { volume, drag_id: dragId, sent, is_released: false };
    panel.report(moved);
    if (!isHeld) idleTimer = setTimeout(release, IDLE_MS);
  }

  /** The whole page follows the last change. */
  function release() {
    if (!moved) return;
    sent = changes += 1;
    panel.report({ ...moved, sent, is_released: true });
    moved = null;
    dragId = 0;
  }

  function place(volume) {
    let index = stops.indexOf(volume);
    if (index < 0) index = stops.findLastIndex((stop) => stop < volume);
    range.value = index;
    range.setAttribute("aria-valuetext", text(volume));
    element("output").textContent = text(volume);
    element(".track").style.setProperty("--at", stops.length > 1 ? index / (stops.length - 1) : 0);
    if (!isTyping) number.value = text(volume);
  }

  /** Shows a content. Figures that it lacks are those of an earlier volume until the page follows: they fade. */
  function show(next, at, isMove) {
    for (const [key, spec] of Object.entries(next.figures)) {
      page.newest.set(key, { at, spec });
      page.charts.get(key)?.draw(spec);
    }
    if (isMove) for (const [key, chart] of page.charts) chart.fade?.(!(key in next.figures));
    if (next.verdict !== content.verdict) element(".verdict").innerHTML = next.verdict;
    if (next.options !== content.options) {
      const opened = new Set([...root.querySelectorAll("details[open]")].map((why) => why.dataset.option));
      element(".options").innerHTML = next.options;
      for (const why of root.querySelectorAll("details")) why.open = opened.has(why.dataset.option);
    }
    content = next;
  }

  function update(message) {
    if (latest && message.at < latest.at) return;
    if (JSON.stringify(message.words) !== JSON.stringify(latest?.words)) label(message.words);
    latest = message;
    show(latest.content, latest.at, moved !== null);
    if (latest.sent < sent) return; // the answer to a later change is still to come
    stops = latest.stops;
    range.max = stops.length - 1;
    element(".low").textContent = text(stops[0]);
    element(".high").textContent = text(stops.at(-1));
    place(latest.volume);
  }

  function label({ label, exactly, help }) {
    element("label").textContent = label;
    range.setAttribute("aria-label", label);
    number.setAttribute("aria-label", exactly);
    element(".help").setAttribute("aria-label", help);
    explain("");
  }

  function explain(typed) {
    fault.textContent = typed && latest.words.fault.replace("{text}", () => typed);
    number.setAttribute("aria-invalid", String(Boolean(typed)));
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open]");
    if (!link) return;
    event.preventDefault();
    panel.open(link.dataset.open);
  });
  range.addEventListener("pointerdown", () => (isHeld = true));
  for (const end of ["pointerup", "pointercancel"]) {
    range.addEventListener(end, () => {
      isHeld = false;
      clearTimeout(idleTimer);
      idleTimer = setTimeout(release);
    });
  }
  range.addEventListener("input", () => move(stops[range.valueAsNumber]));
  number.addEventListener("input", () => {
    isTyping = true;
    explain("");
  });
  number.addEventListener("keydown", (event) => {
    const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    isTyping = false;
    move(Math.min(latest.most, Math.max(latest.least, (amount(number.value) || 0) + step)));
  });
  number.addEventListener("change", () => {
    isTyping = false;
    const volume = amount(number.value);
    if (volume >= latest.least && volume <= latest.most) return move(volume);
    const typed = number.value.trim().slice(0, 40) || " ";
    number.value = text(moved?.volume ?? latest.volume);
    return explain(typed);
  });
  return panel;
}

/** Number of a text such as "20,000", "20k" or "2 萬"; NaN if it is none. */
function amount(typed) {
  const plain = typed.normalize("NFKC").replace(/[,_\s]/g, "").toLowerCase();
  const match = /^(\d*\.?\d+(?:e\+?\d+)?|\d+\.)(k|m|千|萬|万|億|亿)?$/.exec(plain);
  return match ? Number(match[1]) * (SIZES[match[2]] ?? 1) : Number.NaN;
}

const text = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0, roundingMode: "halfEven" }).format;
