// A Plotly figure with its own buttons. It shows the newest figure for its key: its own, or the live panel's.
const figures = new WeakMap();
const NARROW_PX = 440;

export default function ({ data, parentElement: root, setTriggerValue }) {
  const message = JSON.parse(new TextDecoder().decode(data));
  const { key } = message;
  let figure = figures.get(root);
  if (!figure) {
    figure = newFigure(root, key);
    figures.set(root, figure);
    page.charts.set(key, figure);
  }
  figure.report = (point) => setTriggerValue("clicked", point);
  figure.dress(message);
  figure.fade(false);
  const newest = page.newest.get(key);
  if (!newest || newest.at <= message.at) page.newest.set(key, { at: message.at, spec: message.spec });
  figure.draw(page.newest.get(key).spec);
  return () => {
    figure.end();
    figures.delete(root);
    if (page.charts.get(key) === figure) {
      page.charts.delete(key);
      page.newest.delete(key);
    }
  };
}

/** Plotly, loaded once per page, after the text above the first figure is painted. */
function plotly(url) {
  page.plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(url, location.origin).href;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      page.plotly = null;
      reject(new Error(url));
    };
    const hint = document.createElement("link");
    Object.assign(hint, { rel: "preload", as: "script", href: script.src });
    document.head.append(hint);
    requestAnimationFrame(() => setTimeout(() => document.head.append(script)));
  });
  return page.plotly;
}

function newFigure(root, key) {
  root.querySelectorAll(":scope > .figure").forEach((old) => old.remove()); // of an earlier mount in this place
  const frame = root.appendChild(document.createElement("div"));
  frame.className = "figure";
  const bar = frame.appendChild(document.createElement("div"));
  bar.className = "tools";
  bar.setAttribute("role", "toolbar");
  const canvas = frame.appendChild(document.createElement("div"));
  canvas.className = "canvas";
  canvas.setAttribute("role", "img");

  let Plotly = null;
  let message = null; // newest dress: size, words, templates
  let spec = null; // figure to draw
  let drawn = ""; // JSON of what is drawn
  let views = 0; // number of resets and scale switches: each shows the figure's own ranges again
  let zoomed = {}; // axis -> range that the reader chose; it outlives a new figure
  let isLinear = false; // after the scale switch
  let isDrawing = false;

  const tool = (icon, act) => {
    const button = bar.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = icon;
    button.onclick = act;
    return button;
  };
  const tools = {
    scale: tool("", () => {
      isLinear = !isLinear;
      sayScale();
      reset();
    }),
    zoom_in: tool("zoom_in", () => zoom(0.5)),
    zoom_out: tool("zoom_out", () => zoom(2)),
    reset: tool("restart_alt", reset),
    png: tool("image", () => save("png")),
    svg: tool("shapes", () => save("svg")),
    enlarge: tool("fullscreen", () => (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen())),
  };
  tools.enlarge.hidden = !document.fullscreenEnabled;

  /** The button names the scale that it switches to. */
  function sayScale() {
    tools.scale.textContent = isLinear ? message.words.logarithmic : message.words.linear;
  }

  function reset() {
    views += 1;
    zoomed = {};
    paint();
  }

  /** Axes that show numbers or days and are free to zoom. */
  function zoomable() {
    const full = canvas._fullLayout ?? {};
    return Object.keys(full).filter((name) => /^[xy]axis\d*$/.test(name) && full[name].type !== "category" && !full[name].fixedrange);
  }

  function zoom(factor) {
    for (const name of zoomable()) {
      const axis = canvas._fullLayout[name];
      const [low, high] = axis.range.map((end) => axis.r2l(end));
      const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
      zoomed[name] = [axis.l2r(middle - half), axis.l2r(middle + half)];
    }
    paint();
  }

  async function save(format) {
    const { clientWidth: width, clientHeight: height } = canvas;
    const layout = { ...canvas.layout, paper_bgcolor: style(root, "--st-background-color") };
    const url = await Plotly.toImage({ data: canvas.data, layout, config: config() }, { format, width, height, scale: 2 });
    const link = document.createElement("a");
    link.href = url;
    link.download = `${key}.${format}`;
    link.click();
  }

  function config() {
    return {
      displayModeBar: false,
      displaylogo: false,
      showSendToCloud: false,
      doubleClick: false,
      responsive: false,
      locale: message.language,
      locales: { [message.language]: localeOf(message) },
    };
  }

  /** The figure with the page's theme, the reader's ticks, and the scale that the reader switched to. */
  function composed() {
    const isDark = getComputedStyle(root).colorScheme === "dark";
    const swap = isDark ? { ...message.dark, "#ffffff": style(root, "--st-background-color") } : {};
    const recoloured = JSON.parse(JSON.stringify(spec).replace(/#[0-9a-f]{6}\b/g, (colour) => swap[colour] ?? colour));
    const layout = recoloured.layout ?? {};
    const template = message.templates[isDark ? "dark" : "light"];
    layout.template = template;
    layout.font = { ...layout.font, family: style(root, "--st-font") || template.layout.font.family };
    layout.uirevision = `${layout.uirevision ?? key} ${views}`;
    layout.height = canvas.clientHeight;
    layout.width = canvas.clientWidth;
    layout.dragmode ??= matchMedia("(pointer: coarse)").matches ? false : "zoom";
    if (isLinear) {
      for (const name of layout.meta?.scale_switch ?? []) layout[name] = linear(layout[name] ?? {}, layout.meta.linear?.[name]);
    }
    for (const [name, range] of Object.entries(zoomed)) layout[name] = { ...layout[name], range, autorange: false };
    return { data: withEndLabels(recoloured.data ?? [], layout), layout };
  }

  /** Names at the ends of lines; on a narrow page a legend instead, and no names in the strip above. */
  function withEndLabels(data, layout) {
    const isLabel = (trace) => trace.meta?.role === "end_labels";
    if (!data.some(isLabel)) return data;
    if (canvas.clientWidth >= NARROW_PX) {
      return data.map((trace) => (isLabel(trace) && isLinear ? { ...trace, ...trace.meta.linear } : trace));
    }
    layout.showlegend = true;
    layout.margin = { ...layout.margin, r: 12 };
    const strip = (layout.shapes ?? []).filter((shape) => shape.type === "rect");
    for (const shape of strip) delete shape.label;
    const top = Math.max(1, ...strip.map((shape) => (shape.yref === "paper" ? shape.y1 : 1)));
    layout.legend = { ...layout.legend, y: top + 0.02 };
    return data.filter((trace) => !isLabel(trace));
  }

  /** Ticks of the axes whose range is known, where the figure has none of its own. */
  function ticks(layout, ranges) {
    const change = {};
    for (const [name, { type, range, length }] of Object.entries(ranges)) {
      const own = layout[name] ?? {};
      if (own.tickvals || own.tickformat || own.ticksuffix || own.tickprefix || own.dtick || own.showticklabels === false) continue;
      if (type !== "linear" && type !== "log") continue;
      change[name] = ticksOf(name[0], type, range, length, message.language);
    }
    return change;
  }

  function rangesDrawn() {
    const full = canvas._fullLayout;
    const names = Object.keys(full).filter((name) => /^[xy]axis\d*$/.test(name));
    return Object.fromEntries(names.map((name) => [name, { type: full[name].type, range: full[name].range, length: full[name]._length }]));
  }

  let base = null; // layout of the newest figure without ticks
  let tickText = "";

  /** Draws the ticks again if the ranges on the screen ask for others. */
  function retick() {
    if (!base || !canvas._fullLayout) return undefined;
    const wanted = ticks(base, rangesDrawn());
    const text = JSON.stringify(wanted);
    if (text === tickText) return undefined;
    tickText = text;
    const change = {};
    for (const [name, { tickvals, ticktext }] of Object.entries(wanted)) {
      change[`${name}.tickmode`] = "array";
      change[`${name}.tickvals`] = tickvals;
      change[`${name}.ticktext`] = ticktext;
    }
    return Plotly.relayout(canvas, change);
  }

  /** Ticks for the ranges that the figure itself gives: with them one drawing is enough. */
  function withTicks(layout) {
    const ranges = {};
    for (const [name, axis] of Object.entries(layout)) {
      if (!/^[xy]axis\d*$/.test(name) || !axis.range) continue;
      const length = canvas._fullLayout?.[name]?._length ?? (name[0] === "x" ? canvas.clientWidth * 0.85 : canvas.clientHeight * 0.8);
      ranges[name] = { type: axis.type ?? "linear", range: axis.range, length };
    }
    const given = ticks(layout, ranges);
    tickText = JSON.stringify(given);
    const dressed = { ...layout };
    for (const [name, own] of Object.entries(given)) dressed[name] = { ...layout[name], tickmode: "array", ...own };
    return dressed;
  }

  async function paint() {
    if (isDrawing || !Plotly || !spec || !canvas.clientWidth) return;
    isDrawing = true;
    try {
      for (;;) {
        const figure = composed();
        const text = JSON.stringify(figure) + message.language;
        if (text === drawn) break;
        const isFirst = !drawn;
        drawn = text;
        base = figure.layout;
        await Plotly.react(canvas, figure.data, withTicks(base), config());
        await retick();
        if (isFirst) listen();
        frame.dataset.drawn = String(Number(frame.dataset.drawn ?? 0) + 1);
      }
    } finally {
      isDrawing = false;
    }
  }

  function listen() {
    canvas.on("plotly_relayout", (change) => {
      const names = Object.keys(change).map((name) => /^([xy]axis\d*)\.range/.exec(name)?.[1]);
      for (const name of names) if (name) zoomed[name] = [...canvas._fullLayout[name].range];
      if (names.some(Boolean)) retick();
    });
    canvas.on("plotly_doubleclick", reset);
    canvas.on("plotly_click", ({ points }) => {
      if (!message.is_clickable || !points.length) return;
      const { customdata, x, y, data } = points[0];
      figure.report({ customdata: customdata ?? null, x, y, name: data.name ?? "", at: Date.now() });
    });
  }

  const resized = new ResizeObserver(() => requestAnimationFrame(paint));
  resized.observe(canvas);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", paint);

  const figure = {
    report: null,
    dress(newest) {
      message = newest;
      frame.style.setProperty("--height", `${message.height}px`);
      canvas.setAttribute("aria-label", message.alt);
      bar.setAttribute("aria-label", message.words.tools);
      for (const [name, button] of Object.entries(tools)) {
        button.title = message.words[name];
        button.setAttribute("aria-label", message.words[name]);
      }
      frame.classList.toggle("clickable", message.is_clickable);
      tools.scale.hidden = !message.spec.layout?.meta?.scale_switch;
      tools.scale.className = "words";
      sayScale();
      if (Plotly) return;
      plotly(message.library).then(
        (loaded) => {
          if (Plotly) return; // rendered again while the library was loading: drawn already
          Plotly = loaded;
          canvas.textContent = "";
          paint();
        },
        () => (canvas.textContent = message.words.not_loaded),
      );
    },
    /** A faded figure is one of an earlier volume. */
    fade(isOld) {
      frame.classList.toggle("old", isOld);
    },
    draw(newest) {
      spec = newest;
      paint();
    },
    end() {
      resized.disconnect();
      scheme.removeEventListener("change", paint);
      if (canvas._fullLayout) Plotly.purge(canvas);
    },
  };
  return figure;
}

/** A logarithmic axis as a linear one: with the figure's own settings, else from 0, or free if it has no range. */
function linear(axis, settings) {
  if (axis.type !== "log") return axis;
  const range = axis.range && [0, 10 ** Math.max(...axis.range)];
  return { ...axis, type: "linear", ...(range && { range }), ...settings };
}

const style = (root, name) => getComputedStyle(root).getPropertyValue(name).trim();

/** Plotly's locale: names of days and months from the browser, texts from the page. */
function localeOf({ language, words }) {
  const name = (options, day) => new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(day);
  const days = Array.from({ length: 7 }, (_, i) => Date.UTC(2026, 1, 1 + i)); // a Sunday and the days after it
  const months = Array.from({ length: 12 }, (_, i) => Date.UTC(2026, i, 1));
  return {
    dictionary: { "Double-click to zoom back out": words.double_click },
    format: {
      days: days.map((day) => name({ weekday: "long" }, day)),
      shortDays: days.map((day) => name({ weekday: "short" }, day)),
      months: months.map((day) => name({ month: "long" }, day)),
      shortMonths: months.map((day) => name({ month: "short" }, day)),
      date: "%Y-%m-%d",
      ...(language === "zh-TW" && { year: "%Y年", month: "%Y年%b", dayMonth: "%b%-d日", dayMonthYear: "%Y年%b%-d日" }),
    },
  };
}
