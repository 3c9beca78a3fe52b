// Axes and text, shared by all pictures. Drawing only: nothing in the plot files knows controls or
// the kernel. `look` holds the theme's colors, the palette of lines and the color table of fields.

const FONT = 13, LINE = 17;
const DASHES = { solid: [], steps: [], dashed: [9, 5], dotted: [2, 4], markers: [], crosses: [] };
const SUPER = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

const power = (n) => "10" + String(n).split("").map((c) => SUPER[c]).join("");
const clamp = (v, low, high) => Math.min(Math.max(v, low), high);

function ticksOf(axis, most) {
  return axis.scale === "log" ? logTicks(axis.low, axis.high, most) : linearTicks(axis.low, axis.high, most);
}

function linearTicks(low, high, most) {
  const rough = (high - low) / Math.max(most, 2);
  const base = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * base).find((s) => s >= rough * 0.7);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    ticks.push({ value: i * step, text: plain(i * step, step) });
  }
  return ticks;
}

function plain(value, step) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) {
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    return `${Number((value / 10 ** exponent).toPrecision(2))}×${power(exponent)}`;
  }
  const digits = clamp(-Math.floor(Math.log10(step) + 1e-9), 0, 6);
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function logTicks(low, high, most) {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  const text = (n) => (n >= -3 && n <= 3 ? (10 ** n).toLocaleString("en-US", { maximumFractionDigits: 3 }) : power(n));
  const ticks = [];
  if (last - first < 1) {
    for (let n = first - 1; n <= last; n++) for (const m of [1, 2, 5]) {
      const value = m * 10 ** n;
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push({ value, text: plain(value, 10 ** n) });
    }
    return ticks;
  }
  const stride = Math.max(1, Math.ceil((last - first + 1) / most));
  for (let n = first; n <= last; n += stride) ticks.push({ value: 10 ** n, text: text(n) });
  return ticks;
}

function scaleOf(axis, from, to) {
  const f = axis.scale === "log" ? Math.log : (v) => v;
  const low = f(axis.low), span = f(axis.high) - low || 1;
  return (value) => (axis.scale === "log" && value <= 0 ? NaN : from + ((f(value) - low) / span) * (to - from));
}

function wrap(ctx, text, width) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && ctx.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function write(ctx, look, text, x, y, align = "left", baseline = "middle", halo = true, most = undefined) {
  ctx.textAlign = align;
  ctx.textBaseline = baseline;
  if (halo) {
    ctx.lineWidth = 4;
    ctx.lineJoin = "round";
    ctx.setLineDash([]);
    ctx.strokeStyle = look.ground;
    ctx.strokeText(text, x, y, most);
  }
  ctx.fillStyle = look.ink;
  ctx.fillText(text, x, y, most);
}

// Writes as near to x as the picture is wide; letters move closer in a text wider than it.
function centered(ctx, look, text, x, width, y) {
  const half = Math.min(ctx.measureText(text).width, width) / 2;
  write(ctx, look, text, Math.max(Math.min(x, width - half), half), y, "center", "middle", false, width);
}

// Numbers under an axis; one that would touch the number before it is left out.
function tickTexts(ctx, look, ticks, width, y) {
  let free = -Infinity;
  for (const [text, at] of ticks) {
    const half = ctx.measureText(text).width / 2, x = clamp(at, half, width - half);
    if (x - half < free) continue;
    centered(ctx, look, text, x, width, y);
    free = x + half + 5;
  }
}

// Places a label where no earlier one is: the first free of the places offered.
function label(ctx, look, taken, text, places) {
  const width = ctx.measureText(text).width;
  const boxes = places.map(([x, y, align]) => [align === "right" ? x - width : x, y - 8, width, 16]);
  const free = boxes.findIndex((b) => !taken.some((t) => b[0] < t[0] + t[2] && t[0] < b[0] + b[2] && b[1] < t[1] + t[3] && t[1] < b[1] + b[3]));
  const at = Math.max(free, 0);
  taken.push(boxes[at]);
  write(ctx, look, text, places[at][0], places[at][1], places[at][2]);
}
