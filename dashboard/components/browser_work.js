// The work in this browser: local storage with one slot for each tab, the address, and "Copy link".
const PREFIX = "crossover:work:";
const LAST = "crossover:last"; // id of the tab that saved last
const UNREAD = "crossover:unread"; // saved work that this version could not read
const TAB = "crossover:tab";
const MAX_SLOTS = 8;
const YEAR_S = 31536000;
const CONTROLS = "button, a[href], summary, label, [role=radio], [role=tab], [role=checkbox], [role=switch]";
const DOWNLOAD_TRIES = 5;
const MAX_SLIP_PX = 8; // a press and a release this close are one click, whatever has moved under the pointer

export default function ({ data, parentElement: root, setStateValue }) {
  const message = JSON.parse(new TextDecoder().decode(data));
  const browser = (page.browser ??= openBrowser());
  browser.report = setStateValue;
  showButton(root, message.words);
  browser.receive(message);
}

function openBrowser() {
  const tab = ownTab();
  let asked = ""; // the last question of the server that was answered
  let savedId = ""; // id of the work that was saved last
  let isUnsaved = false;
  let scrolledId = ""; // the last request to scroll that was followed

  globalThis.addEventListener("beforeunload", (event) => {
    if (isUnsaved) event.preventDefault();
  });

  // Streamlit keeps an old page after a reconnect, even if the server has lost the session meanwhile.
  let isLost = false;
  new MutationObserver(() => {
    const isConnected = document.querySelector('[data-test-connection-state="CONNECTED"]') !== null;
    if (isConnected && isLost) browser.report("reconnected_ms", Date.now());
    isLost = !isConnected;
  }).observe(document.body, { subtree: true, attributeFilter: ["data-test-connection-state"] });

  keepPresses();

  async function receive(message) {
    document.documentElement.lang = message.language; // Streamlit's page says "en"
    const { id, from } = await tab;
    if (message.ask && message.ask !== asked) {
      asked = message.ask;
      const { work, saved_at, text } = stored(from ?? id);
      if (text) write(id, text); // a tab that starts from another one's work has it under its own name too
      browser.report("answer", { ask: message.ask, search: location.search, work, saved_at });
    }
    if (message.is_unread) keepUnread(from ?? id);
    if (message.work && message.work_id !== savedId) {
      savedId = message.work_id;
      const wasUnsaved = isUnsaved;
      isUnsaved = !save(id, message.work);
      if (isUnsaved !== wasUnsaved) browser.report("is_unsaved", isUnsaved); // a report costs a run of the page
    }
    if (message.search) place(message);
    if (message.scroll && message.scroll.id !== scrolledId) {
      scrolledId = message.scroll.id;
      await settled();
      document.querySelector(`.st-key-${message.scroll.key}`)?.scrollIntoView({ block: "center" });
    }
  }

  const browser = { report: null, receive };
  return browser;
}

/**
 * Makes a click of each press and release at the same place. The browser makes none if the control, or the text
 * in it, was moved or replaced in between, as by the answer to what was typed before. And Streamlit refuses a download while a
 * typed value is on its way, or if a run has replaced the file since: so a download waits for the page, and it
 * is repeated if the server has refused it.
 */
function keepPresses() {
  let press = null;
  let unclicked = null; // a control that was pressed and released, and for which no click has come yet
  let isPassed = false;
  const listen = (name, listener) => document.addEventListener(name, listener, true);

  async function download(key) {
    for (let left = DOWNLOAD_TRIES; left > 0; left -= 1) {
      await settled();
      if (!downloadButton(key) || downloadButton(key).disabled) continue;
      isPassed = true;
      downloadButton(key).click();
      isPassed = false;
      await shortly();
      while (downloadButton(key)?.disabled) await shortly(); // until the file has been made
      if (!document.querySelector(`.${CSS.escape(key)} [data-testid="stDownloadButtonError"]`)) return;
    }
  }

  listen("pointerdown", (event) => {
    const control = event.button === 0 ? event.target.closest?.(CONTROLS) : null;
    press = control && {
      control,
      text: control.textContent,
      top: control.getBoundingClientRect().top,
      x: event.clientX,
      y: event.clientY,
      key: downloadKey(control),
    };
  });
  listen("pointercancel", () => (press = null));
  listen("pointerup", (event) => {
    const { control, text, top, x, y, key } = press ?? {};
    press = null;
    if (!control) return;
    const isSamePlace = Math.hypot(event.clientX - x, event.clientY - y) < MAX_SLIP_PX;
    if (key) {
      if (isSamePlace || downloadKey(event.target) === key) download(key);
    } else if (isSamePlace && !control.isConnected) {
      const successor = event.target.closest?.(CONTROLS);
      if (successor?.textContent === text) successor.click();
    } else if (isSamePlace && control.contains(event.target)) {
      unclicked = control;
      setTimeout(() => {
        if (unclicked !== control) return; // the browser's own click has come
        unclicked = null;
        control.click();
      });
    } else if (isSamePlace && hasMoved(control, top)) {
      control.click();
    }
  });
  listen("click", (event) => {
    if (unclicked?.contains(event.target)) unclicked = null; // before its answer replaces what is in the control
    const key = isPassed ? "" : downloadKey(event.target);
    if (!key) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    if (event.detail === 0) download(key); // by the keyboard
  });
}

/** Key of the download button at this element; blank for any other. */
function downloadKey(target) {
  const button = target.closest?.('[data-testid="stDownloadButton"] button');
  const holder = button?.closest('[class*="st-key-"]');
  return [...(holder?.classList ?? [])].find((name) => name.startsWith("st-key-")) ?? "";
}

/** Whether the page has moved it; what is only covered, as by the list that it has opened, was clicked already. */
function hasMoved(control, top) {
  return Math.abs(control.getBoundingClientRect().top - top) >= 1;
}

function downloadButton(key) {
  return document.querySelector(`.${CSS.escape(key)} [data-testid="stDownloadButton"] button`);
}

function shortly() {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** The id of this tab, and the id of the tab whose work it starts from. A duplicated tab gets an id of its own. */
async function ownTab() {
  let from = null;
  try {
    from = sessionStorage.getItem(TAB);
  } catch {
    // no storage: the work cannot be saved, which `save` reports
  }
  if (from && (await isFree(from))) return { id: from, from };
  const id = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
  await isFree(id);
  try {
    sessionStorage.setItem(TAB, id);
  } catch {
    // as above
  }
  return { id, from };
}

/** Whether no other tab has this id. This tab then holds it until it is closed. */
function isFree(id) {
  if (!navigator.locks) return Promise.resolve(true); // only where the address is neither https nor local
  return new Promise((resolve) => {
    navigator.locks.request(TAB + id, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

/** The saved text of this tab, or else the last one of any tab; null without one. */
function textOf(id) {
  try {
    return localStorage.getItem(PREFIX + id) ?? localStorage.getItem(PREFIX + localStorage.getItem(LAST));
  } catch {
    return null;
  }
}

function stored(id) {
  const text = textOf(id);
  try {
    const { work, savedAt } = JSON.parse(text) ?? { work: null, savedAt: 0 };
    if (work === null) return { work, saved_at: 0, text };
    if (typeof work === "string" && Number.isFinite(savedAt)) return { work, saved_at: savedAt, text };
  } catch {
    // damaged: the server says so and offers it as a file
  }
  return { work: text, saved_at: 0, text };
}

function write(id, text) {
  try {
    localStorage.setItem(PREFIX + id, text);
  } catch {
    // full: it stays saved under the other tab's name
  }
}

function keepUnread(id) {
  const text = textOf(id);
  try {
    if (text !== null) localStorage.setItem(UNREAD, text);
  } catch {
    // the server has it too, as a download
  }
}

/** Saves the work of this tab; false if the browser refuses. */
function save(id, work) {
  const text = JSON.stringify({ savedAt: Date.now(), work });
  for (const makeRoom of [() => dropOldest(id, MAX_SLOTS - 1), () => dropOldest(id, 0)]) {
    try {
      makeRoom();
      localStorage.setItem(PREFIX + id, text);
      localStorage.setItem(LAST, id);
      document.cookie = `crossover_work=1; path=/; max-age=${YEAR_S}; SameSite=Lax`;
      return true;
    } catch {
      // full or forbidden
    }
  }
  return false;
}

/** Removes the oldest slots of other tabs, so that at most `kept` of them remain. */
function dropOldest(id, kept) {
  const slots = Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX) && key !== PREFIX + id)
    .map((key) => ({ key, savedAt: Number(/"savedAt":(\d+)/.exec(localStorage.getItem(key))?.[1] ?? 0) }))
    .sort((a, b) => b.savedAt - a.savedAt);
  for (const { key } of slots.slice(kept)) localStorage.removeItem(key);
}

/** Puts page, view and scenario into the address. Another view is a step of the browser's history. */
function place({ search, page_path: path, paths }) {
  const last = location.pathname.split("/").pop();
  if ((paths.includes(last) ? last : "") !== path) return; // the reader is already on another page
  if (location.search === search) return;
  const before = new URLSearchParams(location.search).get("view");
  const isOtherView = before !== null && before !== new URLSearchParams(search).get("view");
  const address = location.pathname + search;
  if (isOtherView) history.pushState(history.state, "", address);
  else history.replaceState(history.state, "", address);
}

function showButton(root, words) {
  if (!words) return;
  let button = root.querySelector("button");
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "copy-link";
    button.append(document.createElement("span"), document.createElement("b"));
    button.firstChild.className = "icon";
    button.firstChild.textContent = "link";
    button.firstChild.ariaHidden = "true";
    const place = document.createElement("span");
    place.className = "copy-link-place";
    const remark = document.createElement("span");
    remark.className = "copy-link-remark";
    remark.role = "status";
    place.append(button, remark);
    root.append(place);
  }
  const label = button.lastChild;
  label.textContent = words.copy;
  const remark = root.querySelector(".copy-link-remark");
  if (button.dataset.copy !== words.copy) remark.textContent = ""; // in another language
  Object.assign(button.dataset, words);
  button.title = words.refusal || words.note;
  button.onclick = async () => {
    remark.textContent = "";
    await settled();
    const { refusal, note, ...latest } = button.dataset; // of the newest render
    if (!refusal) label.textContent = (await copied(location.href)) ? latest.copied : latest.failed;
    remark.textContent = refusal || note;
    setTimeout(() => (label.textContent = button.dataset.copy), 2500);
    setTimeout(() => (remark.textContent = ""), 8000);
  };
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const isDone = document.execCommand("copy"); // where the address is neither https nor local
    box.remove();
    return isDone;
  }
}
