// Tick marks of number axes, in the reader's language: 20K and 1.5M, or 2萬 and 150萬.
const PX_PER_TICK = { x: 90, y: 48 };

/** Tick values and texts of an axis; `range` as Plotly holds it, with exponents of 10 if logarithmic. */
function ticksOf(letter, type, range, length, language) {
  const count = Math.max(3, Math.floor(length / PX_PER_TICK[letter]));
  const [low, high] = [Math.min(...range), Math.max(...range)];
  const values = type === "log" && high - low > 0.7 ? logTicks(low, high, count) : linearTicks(type, low, high, count);
  const step = values.length > 1 ? Math.min(...values.slice(1).map((value, i) => value - values[i])) : 1;
  return { tickvals: values, ticktext: values.map((value) => amountText(value, step, language)) };
}

/** Powers of ten, with 2 and 5 times each if there is room; or every second power and so on. */
function logTicks(low, high, count) {
  const decades = high - low;
  const factors = decades * 3 <= count ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / count));
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    if (((power % stride) + stride) % stride) continue;
    for (const factor of factors) {
      const value = factor * 10 ** power;
      if (value >= 10 ** low * 0.9999 && value <= 10 ** high * 1.0001) ticks.push(value);
    }
  }
  return ticks;
}

function linearTicks(type, low, high, count) {
  if (type === "log") [low, high] = [10 ** low, 10 ** high];
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power * 1.5 >= rough);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) ticks.push(i * step);
  return ticks;
}

function amountText(value, step, language) {
  const size = Math.max(Math.abs(value), step);
  const digits = Math.min(8, Math.max(1, Math.floor(Math.log10(size)) - Math.floor(Math.log10(step)) + 1));
  const format = { notation: "compact", maximumSignificantDigits: Math.max(2, digits) };
  return new Intl.NumberFormat(language, format).format(Math.abs(value) < step * 1e-9 ? 0 : value);
}
