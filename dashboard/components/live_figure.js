// An ECharts chart. It shows the newest specification for its key: its own, or the one sent with the live panel.
const elements = new WeakMap();
let echarts;

export default async function ({ data, parentElement: root }) {
  const message = JSON.parse(new TextDecoder().decode(data));
  if (!echarts) {
    const font = document.fonts.load(`12px ${style(root, "--st-font")}`).catch(() => []); // to measure labels
    [echarts] = await Promise.all([import(new URL(message.library, location.origin).href), font]);
  }
  const { key } = message;
  let element = elements.get(root);
  if (!element) {
    element = build(root, key);
    elements.set(root, element);
    page.charts.set(key, element);
  }
  element.dress(message);
  const newest = page.newest.get(key);
  if (!newest || newest.at <= message.at) page.newest.set(key, message);
  element.draw(page.newest.get(key).spec);
  return () => {
    element.end();
    if (page.charts.get(key) === element) {
      page.charts.delete(key);
      page.newest.delete(key);
    }
  };
}

function build(root, key) {
  const frame = root.appendChild(document.createElement("div"));
  frame.className = "chart";
  const tools = frame.appendChild(document.createElement("div"));
  tools.className = "tools";
  const save = tools.appendChild(document.createElement("button"));
  const enlarge = tools.appendChild(document.createElement("button"));
  save.textContent = "download";
  enlarge.textContent = "fullscreen";
  const canvas = frame.appendChild(document.createElement("div"));
  canvas.setAttribute("role", "img");

  let theme = themeOf(root);
  const chart = echarts.init(canvas, theme);
  let drawn = null;
  let text = "";

  save.onclick = () => {
    const link = document.createElement("a");
    link.href = chart.getDataURL({ pixelRatio: 2, backgroundColor: style(root, "--st-background-color") });
    link.download = `${key}.png`;
    link.click();
  };
  enlarge.hidden = !document.fullscreenEnabled;
  enlarge.onclick = () =>
    document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen();
  const resized = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width && height && (width !== chart.getWidth() || height !== chart.getHeight())) chart.resize();
  });
  resized.observe(canvas);
  const paint = () => chart.setOption(readable(drawn), { replaceMerge: ["series", "xAxis", "yAxis"] });

  return {
    dress({ height, alt, words }) {
      canvas.style.height = `${height}px`;
      canvas.setAttribute("aria-label", alt);
      for (const [button, word] of [
        [save, words.save],
        [enlarge, words.enlarge],
      ]) {
        button.title = word;
        button.setAttribute("aria-label", word);
      }
      const now = themeOf(root);
      if (JSON.stringify(now) !== JSON.stringify(theme)) chart.setTheme((theme = now));
    },
    draw(spec) {
      if (spec === drawn) return;
      drawn = spec;
      const before = text;
      text = JSON.stringify(spec);
      if (text !== before) paint();
    },
    end() {
      resized.disconnect();
      chart.dispose();
    },
  };
}

/** Specification with formatter functions in place of "{tips}" and of amount formats such as "%,.0f USD". */
function readable(spec) {
  if (spec.tooltip?.formatter === "{tips}") {
    const formatter = (points) => {
      const withTip = points.filter(({ data }) => data?.tip);
      return withTip.length ? [withTip[0].name, ...withTip.map(({ marker, data }) => marker + data.tip)].join("<br>") : "";
    };
    return { ...spec, tooltip: { ...spec.tooltip, formatter } };
  }
  const format = /^%,\.(\d)f(.*)$/s.exec(spec.tooltip?.valueFormatter ?? "");
  if (!format) return spec;
  const digits = Number(format[1]);
  const number = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const valueFormatter = (value) => (typeof value === "number" ? number.format(value) + format[2] : "–");
  return { ...spec, tooltip: { ...spec.tooltip, valueFormatter } };
}

const style = (root, name) => getComputedStyle(root).getPropertyValue(name).trim();

/** ECharts theme from the page's colours and font. */
function themeOf(root) {
  const isDark = getComputedStyle(root).colorScheme === "dark";
  const text = style(root, "--st-text-color");
  const quiet = style(root, "--st-gray-text-color");
  const line = style(root, "--st-border-color-light");
  const ground = style(root, "--st-background-color");
  const words = { color: quiet, fontFamily: style(root, "--st-font"), fontSize: 12 };
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { lineStyle: { color: line } },
    axisLabel: { ...words, textBorderColor: ground, textBorderWidth: 2 },
    nameTextStyle: words,
    splitLine: { lineStyle: { color: line } },
  };
  const valueAxis = { ...axis, axisLabel: { ...axis.axisLabel, hideOverlap: true } };
  return {
    backgroundColor: "transparent",
    darkMode: isDark,
    ...(isDark && { line: { symbol: "circle" } }), // a hollow symbol would be white inside
    textStyle: words,
    legend: {
      textStyle: words,
      inactiveColor: line,
      pageIconColor: quiet,
      pageIconInactiveColor: line,
      pageTextStyle: { color: quiet },
    },
    tooltip: {
      confine: true,
      backgroundColor: ground,
      borderColor: line,
      textStyle: { ...words, color: text, fontWeight: "normal" },
    },
    axisPointer: { label: { color: text, backgroundColor: ground, borderColor: line, borderWidth: 1 } },
    categoryAxis: axis,
    valueAxis,
    logAxis: valueAxis,
  };
}
