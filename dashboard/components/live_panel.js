// The verdict, the volume and the cards; a moved volume also moves the charts of the open view.
// What it shows of a volume is a scene. Scenes of volumes nearby come ahead, and are shown without asking.
const stands = new WeakMap();
const REST_MS = 60;
const STEP = 100; // of the arrow keys in the box
let counted = 0;

export default function ({ data, parentElement: root, setStateValue }) {
  const given = JSON.parse(new TextDecoder().decode(data));
  let stand = stands.get(root);
  if (!stand) {
    stand = built(root);
    stands.set(root, stand);
  }
  stand.say = (moved) => setStateValue("moved", moved);
  stand.take(given);
  return stand.end;
}

function built(root) {
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
  const one = (selector) => root.querySelector(selector);
  const range = one("#volume_range");
  const number = one("#volume_number");
  let given; // what the server said last
  let stops = []; // volumes on the slider
  let scene = {}; // what is shown
  let shown = 0; // the last move whose scene was shown
  let sent = 0; // the last move told: answers to earlier ones leave the inputs alone
  let stroke = 0; // one movement of the hand, however many volumes it passes: one step to undo
  let isTyping = false; // what is typed stays, whatever answers come
  let resting;

  const stand = { say: null, take, end: () => clearTimeout(resting) };

  /** Of a scene that is ready the server need only know. */
  function move(volume) {
    clearTimeout(resting);
    stroke ||= Date.now();
    sent = counted += 1;
    place(volume);
    const ready = page.scenes.get(volume);
    if (ready) show(ready, sent);
    const has = [...page.scenes.keys()];
    stand.say({ volume, stroke, sent, basis: page.basis, has, is_ready: Boolean(ready) });
  }

  function place(volume) {
    let index = stops.indexOf(volume);
    if (index < 0) index = stops.findLastIndex((stop) => stop < volume);
    range.value = index;
    range.setAttribute("aria-valuetext", text(volume));
    one("output").textContent = text(volume);
    one(".track").style.setProperty("--at", stops.length > 1 ? index / (stops.length - 1) : 0);
    if (!isTyping) number.value = volume;
  }

  function show(next, which) {
    shown = which;
    for (const [key, spec] of Object.entries(next.charts)) {
      page.newest.set(key, { at: given.at, spec });
      page.charts.get(key)?.draw(spec);
    }
    if (next.verdict !== scene.verdict) one(".verdict").innerHTML = next.verdict;
    if (next.figures !== scene.figures) one(".figures").innerHTML = next.figures;
    scene = next;
  }

  function take(answer) {
    if (given && answer.at < given.at) return;
    if (JSON.stringify(answer.words) !== JSON.stringify(given?.words)) label(answer.words);
    given = answer;
    page.keep(given.basis, given.scenes);
    if (given.scene?.is_whole) page.scenes.set(given.volume, given.scene);
    const next = given.scene ?? page.scenes.get(given.volume);
    if (!next) return move(given.volume); // it was ready, and is not any more
    if (given.sent >= shown) show(next, given.sent);
    if (given.sent < sent) return; // a later volume is on its way
    stops = given.stops;
    range.max = stops.length - 1;
    number.min = given.least;
    number.max = given.most;
    one(".low").textContent = text(stops[0]);
    one(".high").textContent = text(stops.at(-1));
    place(given.volume);
    rest();
  }

  function label({ label, exactly, help }) {
    one("label").textContent = label;
    range.setAttribute("aria-label", label);
    number.setAttribute("aria-label", exactly);
    one(".help").setAttribute("aria-label", help);
  }

  /** Once the volume is left alone, the rest of the page follows. */
  function rest() {
    clearTimeout(resting);
    if (!given.is_more_behind || stroke) return;
    resting = setTimeout(() => (page.isRunning() ? rest() : page.follow?.()), REST_MS);
  }

  range.addEventListener("input", () => move(stops[range.valueAsNumber]));
  range.addEventListener("change", () => {
    stroke = 0;
    if (given.sent >= sent) rest();
  });
  number.addEventListener("input", () => {
    isTyping = true;
    number.setCustomValidity("");
  });
  number.addEventListener("keydown", (event) => {
    const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    number.value = Math.min(given.most, Math.max(given.least, (number.valueAsNumber || 0) + step));
    number.dispatchEvent(new Event("change"));
  });
  number.addEventListener("change", () => {
    isTyping = false;
    const volume = number.valueAsNumber;
    if (volume >= given.least && volume <= given.most) {
      move(volume);
      stroke = 0;
      return;
    }
    number.value = given.volume;
    number.setCustomValidity(given.words.bounds);
    number.reportValidity();
  });
  return stand;
}

const text = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0, roundingMode: "halfEven" }).format;
