// Named saves in this browser: save, and a list with date, open and delete. Each is one entry of local storage.
const SAVE = "crossover:save:";
const MAX_SAVES = 20;
const MAX_CHARACTERS = 2_000_000; // of all saves: less than half of what browsers store for an address

const lists = new WeakMap();
let current = null; // the list on the page

addEventListener("storage", () => current?.show()); // another tab has saved or deleted

export default function ({ data, parentElement: root, setTriggerValue }) {
  let list = lists.get(root);
  if (!list) lists.set(root, (list = build(root)));
  list.open = (save) => setTriggerValue("opened", save);
  list.update(JSON.parse(new TextDecoder().decode(data)));
  current = list;
}

function build(root) {
  root.insertAdjacentHTML(
    "beforeend",
    `<div class="saves">
       <button type="button" class="save"></button>
       <p><span role="status"></span> <button type="button" hidden></button></p>
       <p class="hint" hidden></p>
       <ul></ul>
     </div>`,
  );
  const [save, undo] = root.querySelectorAll("button");
  const hint = root.querySelector(".hint");
  const remark = root.querySelector("[role=status]");
  let latest; // newest message of the server
  let last = null; // name of the entry that was changed last, and its text before; null if there was none

  const list = { open: null, update, show };

  function update(message) {
    if (latest?.language !== message.language) say("");
    latest = message;
    undo.textContent = message.words.undo;
    hint.textContent = message.words.hint;
    show();
  }

  function show() {
    const { words } = latest;
    save.textContent = read(latest.name) === null ? words.save : words.replace;
    const rows = saves().map(({ name, savedAt, work }) => {
      const row = document.createElement("li");
      row.append(
        textOf("b", name),
        textOf("time", Number.isFinite(savedAt) ? clock(savedAt) : words.unreadable),
        button(words.open, name, () => open(work)),
        button(words.delete, name, () => change(name, null, words.deleted)),
      );
      return row;
    });
    root.querySelector("ul").replaceChildren(...rows);
    hint.hidden = rows.length === 0;
  }

  async function open(work) {
    say("");
    await settled(); // what was typed before is the version that undo returns to
    list.open({ work });
  }

  function button(label, name, act) {
    const made = textOf("button", label);
    made.type = "button";
    made.ariaLabel = `${label} ${name}`;
    made.onclick = act;
    return made;
  }

  function clock(time) {
    return new Intl.DateTimeFormat(latest.language, { dateStyle: "medium", timeStyle: "short" }).format(time);
  }

  function say(text, name, before) {
    remark.textContent = text.replace("{name}", () => name);
    last = before === undefined ? null : { name, before };
    undo.hidden = last === null;
    if (last) undo.ariaLabel = `${latest.words.undo} ${name}`;
  }

  /** Replaces an entry by a text, or deletes it, and offers to undo that. */
  function change(name, text, words) {
    const before = read(name);
    const refusal = write(name, text);
    if (refusal) say(latest.words[refusal]);
    else say(words, name, before);
    show();
  }

  save.onclick = async () => {
    await settled();
    const { name, work, words } = latest; // of the newest render
    change(name, JSON.stringify({ savedAt: Date.now(), work }), read(name) === null ? words.saved : words.replaced);
  };
  undo.onclick = () => {
    const refusal = write(last.name, last.before);
    say(refusal ? latest.words[refusal] : "");
    show();
  };
  return list;
}

/** All saves, the newest first. One that cannot be parsed has its whole text as its work. */
function saves() {
  const entries = names().map((name) => {
    const text = read(name);
    try {
      const { savedAt, work } = JSON.parse(text);
      if (typeof work === "string" && Number.isFinite(savedAt)) return { name, savedAt, work };
    } catch {
      // damaged: the server says so when it is opened
    }
    return { name, savedAt: Number.NaN, work: text };
  });
  return entries.sort((a, b) => (b.savedAt || 0) - (a.savedAt || 0));
}

function names() {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(SAVE))
      .map((key) => key.slice(SAVE.length));
  } catch {
    return []; // refused: `write` says so
  }
}

function read(name) {
  try {
    return localStorage.getItem(SAVE + name);
  } catch {
    return null;
  }
}

/** Writes an entry, or removes it for null. Returns "" if that is done, or why not: "full" or "refused". */
function write(name, text) {
  try {
    if (text === null) {
      localStorage.removeItem(SAVE + name);
      return "";
    }
    const others = names().filter((other) => other !== name);
    const characters = others.reduce((sum, other) => sum + read(other).length, text.length);
    if (others.length >= MAX_SAVES || characters > MAX_CHARACTERS) return "full";
    localStorage.setItem(SAVE + name, text);
    return "";
  } catch (error) {
    return error.name === "QuotaExceededError" ? "full" : "refused";
  }
}

function textOf(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
