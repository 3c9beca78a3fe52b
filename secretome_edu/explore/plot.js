// Drawing only: one panel of a frame onto a canvas. Nothing here knows controls or the kernel.
// `look` holds the colors of the theme, the palette of the lines and the color table of fields.

const FONT = 13, LINE = 17;
const DASHES = { solid: [], steps: [], dashed: [9, 5], dotted: [2, 4], markers: [], crosses: [] };
const SUPER = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

const power = (n) => "10" + String(n).split("").map((c) => SUPER[c]).join("");
const clamp = (v, low, high) => Math.min(Math.max(v, low), high);

// ---- axes -------------------------------------------------------------------------------------

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

// ---- text -------------------------------------------------------------------------------------

function wrap(ctx, text, width) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && ctx.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function write(ctx, look, text, x, y, align = "left", baseline = "middle", halo = true) {
  ctx.textAlign = align;
  ctx.textBaseline = baseline;
  if (halo) {
    ctx.lineWidth = 4;
    ctx.lineJoin = "round";
    ctx.setLineDash([]);
    ctx.strokeStyle = look.ground;
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = look.ink;
  ctx.fillText(text, x, y);
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

// ---- curves -----------------------------------------------------------------------------------

const WIDE = 470; // from here on curves are labeled where they end, below it under the axes

// Grid, ticks and label of the horizontal axis; returns the box of the axes and its scale.
function frameOf(ctx, look, panel, width, height, left, right, bottom) {
  const box = { left, right: width - right, top: 28, bottom: height - bottom };
  const sx = scaleOf(panel.x, box.left, box.right);
  const xTicks = ticksOf(panel.x, Math.max(3, Math.floor((box.right - box.left) / 70)));
  ctx.lineWidth = 1;
  ctx.setLineDash([]);
  ctx.strokeStyle = look.grid;
  ctx.beginPath();
  for (const t of xTicks) { const x = Math.round(sx(t.value)) + 0.5; ctx.moveTo(x, box.top); ctx.lineTo(x, box.bottom); }
  ctx.stroke();
  for (const t of xTicks) write(ctx, look, t.text, clamp(sx(t.value), box.left, width - ctx.measureText(t.text).width / 2), box.bottom + 13, "center", "middle", false);
  write(ctx, look, panel.x.label, (box.left + box.right) / 2, box.bottom + 33, "center", "middle", false);
  return { box, sx };
}

function edge(ctx, look, box) {
  ctx.setLineDash([]);
  ctx.lineWidth = 1.2;
  ctx.strokeStyle = look.muted;
  ctx.beginPath();
  ctx.moveTo(box.left + 0.5, box.top);
  ctx.lineTo(box.left + 0.5, box.bottom + 0.5);
  ctx.lineTo(box.right, box.bottom + 0.5);
  ctx.stroke();
}

function sample(ctx, look, line, x, y) {
  stroke(ctx, look, line);
  ctx.beginPath();
  if (!sign(ctx, line.style, x + 11, y)) ctx.moveTo(x, y), ctx.lineTo(x + 22, y);
  finish(ctx, line.style);
}

// Adds a dot or a cross to the path; false where the style is a line.
function sign(ctx, style, x, y) {
  if (style === "markers") ctx.moveTo(x + 4, y), ctx.arc(x, y, 4, 0, 7);
  else if (style === "crosses") ctx.moveTo(x - 4, y - 4), ctx.lineTo(x + 4, y + 4), ctx.moveTo(x - 4, y + 4), ctx.lineTo(x + 4, y - 4);
  else return false;
  return true;
}

const finish = (ctx, style) => (style === "markers" ? ctx.fill() : ctx.stroke());

function stroke(ctx, look, line) {
  ctx.strokeStyle = ctx.fillStyle = look.lines[line.color % look.lines.length];
  ctx.lineWidth = 2.4;
  ctx.lineJoin = "round";
  ctx.setLineDash(DASHES[line.style]);
}

// Labels of vertical rules hang from `top`, inside the axes or above them.
function rules(ctx, look, panel, box, sx, sy, taken, top = box.top + 10) {
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = look.muted;
  for (const [value, text] of panel.hlines || []) {
    const y = sy(value);
    if (!(y >= box.top - 1 && y <= box.bottom + 1)) continue;
    ctx.setLineDash([7, 4]);
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = look.muted;
    ctx.beginPath(); ctx.moveTo(box.left, y); ctx.lineTo(box.right, y); ctx.stroke();
    label(ctx, look, taken, text, [[box.right - 4, y - 10, "right"], [box.left + 6, y - 10, "left"], [box.right - 4, y + 10, "right"], [box.left + 6, y + 10, "left"]]);
  }
  for (const [value, text] of panel.vlines || []) {
    const x = sx(value);
    if (!(x >= box.left - 1 && x <= box.right + 1)) continue;
    ctx.setLineDash([2, 3]);
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = look.muted;
    ctx.beginPath(); ctx.moveTo(x, box.top); ctx.lineTo(x, box.bottom); ctx.stroke();
    const wide = ctx.measureText(text).width + 5;
    const align = x + wide > box.right && x - wide > box.left ? "right" : "left";
    const at = align === "right" ? x - 5 : Math.min(x + 5, box.right + 5 - wide);
    label(ctx, look, taken, text, [0, 1, 2, 3, 4].map((i) => [at, top + i * LINE, align]));
  }
}

function linesHeight(panel, width) {
  const plot = clamp(width * 0.62, 250, 380);
  return width < WIDE && panel.lines.length > 1 ? plot + panel.lines.length * LINE * 1.3 : plot;
}

function drawLines(ctx, look, panel, width, height) {
  const many = panel.lines.length > 1, direct = many && width >= WIDE;
  const yTicks = ticksOf(panel.y, Math.max(4, Math.floor(height / 60)));
  const margin = direct ? Math.min(width * 0.3, Math.max(...panel.lines.map((l) => ctx.measureText(l.label).width)) + 2) : 0;
  const left = Math.max(24, ...yTicks.map((t) => ctx.measureText(t.text).width)) + 12;
  const under = many && !direct ? panel.lines.length * LINE * 1.3 : 0;
  const { box, sx } = frameOf(ctx, look, panel, width, height, left, direct ? margin + 38 : 14, 48 + under);
  const sy = scaleOf(panel.y, box.bottom, box.top);
  ctx.strokeStyle = look.grid;
  ctx.beginPath();
  for (const t of yTicks) { const y = Math.round(sy(t.value)) + 0.5; ctx.moveTo(box.left, y); ctx.lineTo(box.right, y); }
  ctx.stroke();
  for (const t of yTicks) write(ctx, look, t.text, box.left - 7, sy(t.value), "right", "middle", false);
  write(ctx, look, panel.y.label, 2, 11, "left", "middle", false);
  edge(ctx, look, box);

  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top - 2, box.right - box.left + 2, box.bottom - box.top + 4);
  ctx.clip();
  const ends = panel.lines.map((line) => curve(ctx, look, line, sx, sy, box));
  ctx.restore();

  rules(ctx, look, panel, box, sx, sy, []);
  if (direct) directLabels(ctx, look, panel, ends, box, margin);
  else if (many) panel.lines.forEach((line, i) => {
    const y = height - under + (i + 0.5) * LINE * 1.3;
    sample(ctx, look, line, box.left, y);
    write(ctx, look, line.label, box.left + 30, y, "left", "middle", false);
  });
}

// Draws one curve and returns the height at which it ends inside the axes.
function curve(ctx, look, line, sx, sy, box) {
  const xs = new Float32Array(line.x.buffer.slice(line.x.byteOffset, line.x.byteOffset + line.x.byteLength));
  const ys = new Float32Array(line.y.buffer.slice(line.y.byteOffset, line.y.byteOffset + line.y.byteLength));
  stroke(ctx, look, line);
  ctx.beginPath();
  let open = false, end = NaN, before = NaN;
  for (let i = 0; i < xs.length; i++) {
    const x = sx(xs[i]), y = clamp(sy(ys[i]), -1e4, 1e4);
    if (Number.isNaN(x) || Number.isNaN(y)) { open = false; continue; }
    if (sign(ctx, line.style, x, y));
    else if (!open) ctx.moveTo(x, y);
    else if (line.style === "steps") { ctx.lineTo(x, before); ctx.lineTo(x, y); }
    else ctx.lineTo(x, y);
    open = true;
    before = y;
    if (x <= box.right + 1) end = y;
  }
  finish(ctx, line.style);
  return end;
}

// Labels beside the ends of the curves, pushed apart so that none covers another.
function directLabels(ctx, look, panel, ends, box, margin) {
  const items = panel.lines.map((line, i) => ({ line, rows: wrap(ctx, line.label, margin), y: clamp(Number.isNaN(ends[i]) ? box.bottom : ends[i], box.top, box.bottom) }));
  for (const item of items) item.half = (item.rows.length * LINE) / 2 + 2;
  items.sort((a, b) => a.y - b.y);
  for (let round = 0; round < 60; round++) {
    for (let i = 1; i < items.length; i++) {
      const overlap = items[i - 1].y + items[i - 1].half - (items[i].y - items[i].half);
      if (overlap > 0) { items[i - 1].y -= overlap / 2; items[i].y += overlap / 2; }
    }
    for (const item of items) item.y = clamp(item.y, box.top + item.half - 20, box.bottom - item.half + 8);
  }
  for (const { line, rows, y } of items) {
    sample(ctx, look, line, box.right + 8, y);
    rows.forEach((row, i) => write(ctx, look, row, box.right + 36, y + (i - (rows.length - 1) / 2) * LINE, "left", "middle", false));
  }
}

// ---- fields -----------------------------------------------------------------------------------

const BAR = 84, MOST = 460;

function fieldHeight(panel, width) {
  const side = Math.min(width - BAR, MOST);
  return (side * panel.extent[1]) / panel.extent[0] + 34 + (panel.kinds.length + (panel.level ? 1 : 0) + (panel.mask ? 1 : 0)) * LINE * 1.25;
}

function drawField(ctx, look, panel, width, cursor) {
  const side = Math.min(width - BAR, MOST);
  const box = { left: 1, top: 8, width: side, height: (side * panel.extent[1]) / panel.extent[0] };
  const image = new ImageData(panel.columns, panel.rows);
  const source = new Uint8Array(panel.pixels.buffer, panel.pixels.byteOffset, panel.pixels.byteLength);
  for (let row = 0; row < panel.rows; row++) for (let column = 0; column < panel.columns; column++) {
    const from = source[(panel.rows - 1 - row) * panel.columns + column] * 3, to = (row * panel.columns + column) * 4;
    image.data[to] = look.lut[from]; image.data[to + 1] = look.lut[from + 1]; image.data[to + 2] = look.lut[from + 2]; image.data[to + 3] = 255;
  }
  const small = new OffscreenCanvas(panel.columns, panel.rows);
  small.getContext("2d").putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = true;
  ctx.drawImage(small, box.left, box.top, box.width, box.height);
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.strokeStyle = look.muted;
  ctx.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
  if (panel.level) contour(ctx, source, panel, box);
  if (panel.mask) places(ctx, panel, box);
  for (const [kind, x, y, on] of panel.points) {
    const shape = (panel.kinds.find((k) => k[0] === kind) || [0, 0, "circle"])[2];
    mark(ctx, shape, box.left + (x / panel.extent[0]) * box.width, box.top + (1 - y / panel.extent[1]) * box.height, on);
  }
  if (cursor) crosshair(ctx, box, panel, cursor);
  scaleBar(ctx, panel, box);
  colorBar(ctx, look, panel, box);
  key(ctx, look, panel, box);
  return box;
}

// Marked places of the map: white on black, which shows on every color.
function places(ctx, panel, box) {
  const mask = new Uint8Array(panel.mask.buffer, panel.mask.byteOffset, panel.mask.byteLength);
  const w = box.width / panel.columns, h = box.height / panel.rows;
  for (const [color, grow] of [["#000", 1.6], ["#fff", 0.2]]) {
    ctx.fillStyle = color;
    mask.forEach((on, i) => {
      if (on) ctx.fillRect(box.left + (i % panel.columns) * w - grow, box.top + (panel.rows - 1 - Math.floor(i / panel.columns)) * h - grow, w + 2 * grow, h + 2 * grow);
    });
  }
}

// Marching squares on the bytes of the field; a dark line under a light dashed one shows on all colors.
function contour(ctx, source, panel, box) {
  const at = panel.level.place, { rows, columns } = panel;
  if (!(at > 0 && at < 255)) return;
  const px = (c) => box.left + ((c + 0.5) / columns) * box.width, py = (r) => box.top + (1 - (r + 0.5) / rows) * box.height;
  ctx.beginPath();
  for (let r = 0; r + 1 < rows; r++) for (let c = 0; c + 1 < columns; c++) {
    const a = source[r * columns + c], b = source[r * columns + c + 1], d = source[(r + 1) * columns + c], e = source[(r + 1) * columns + c + 1];
    const hits = [];
    if (a < at !== b < at) hits.push([px(c + (at - a) / (b - a)), py(r)]);
    if (b < at !== e < at) hits.push([px(c + 1), py(r + (at - b) / (e - b))]);
    if (d < at !== e < at) hits.push([px(c + (at - d) / (e - d)), py(r + 1)]);
    if (a < at !== d < at) hits.push([px(c), py(r + (at - a) / (d - a))]);
    for (let i = 0; i + 1 < hits.length; i += 2) { ctx.moveTo(...hits[i]); ctx.lineTo(...hits[i + 1]); }
  }
  twoTone(ctx, 3.2, 1.4);
}

function twoTone(ctx, outer, inner) {
  ctx.setLineDash([]);
  ctx.strokeStyle = "#000"; ctx.lineWidth = outer; ctx.stroke();
  ctx.strokeStyle = "#fff"; ctx.lineWidth = inner; ctx.stroke();
}

function mark(ctx, shape, x, y, on, r = 7) {
  ctx.beginPath();
  if (shape === "circle") ctx.arc(x, y, r, 0, 7);
  else if (shape === "square") ctx.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (shape === "diamond") { ctx.moveTo(x, y - r * 1.2); ctx.lineTo(x + r * 1.2, y); ctx.lineTo(x, y + r * 1.2); ctx.lineTo(x - r * 1.2, y); ctx.closePath(); }
  else { ctx.moveTo(x, y - r * 1.1); ctx.lineTo(x + r * 1.1, y + r * 0.8); ctx.lineTo(x - r * 1.1, y + r * 0.8); ctx.closePath(); }
  if (on) { ctx.fillStyle = "#fff"; ctx.fill(); }
  ctx.setLineDash([]);
  ctx.lineJoin = "round";
  ctx.strokeStyle = "#000"; ctx.lineWidth = on ? 2 : 4; ctx.stroke();
  if (!on) { ctx.strokeStyle = "#fff"; ctx.lineWidth = 1.6; ctx.stroke(); }
}

function crosshair(ctx, box, panel, cursor) {
  const x = box.left + (cursor[0] / panel.extent[0]) * box.width, y = box.top + (1 - cursor[1] / panel.extent[1]) * box.height;
  ctx.beginPath();
  ctx.moveTo(x - 16, y); ctx.lineTo(x - 5, y); ctx.moveTo(x + 5, y); ctx.lineTo(x + 16, y);
  ctx.moveTo(x, y - 16); ctx.lineTo(x, y - 5); ctx.moveTo(x, y + 5); ctx.lineTo(x, y + 16);
  twoTone(ctx, 4, 2);
}

function scaleBar(ctx, panel, box) {
  const goal = panel.extent[0] / 4, base = 10 ** Math.floor(Math.log10(goal));
  const um = [5, 2, 1].map((m) => m * base).find((v) => v <= goal) || base;
  const length = (um / panel.extent[0]) * box.width, x = box.left + 12, y = box.top + box.height - 14;
  const text = um >= 1000 ? `${um / 1000} mm` : `${um} µm`;
  ctx.fillStyle = "rgba(0,0,0,0.6)";
  ctx.fillRect(x - 7, y - 22, Math.max(length, ctx.measureText(text).width) + 14, 32);
  ctx.fillStyle = "#fff";
  ctx.fillRect(x, y, length, 4);
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillText(text, x, y - 6);
}

function colorBar(ctx, look, panel, box) {
  const x = box.left + box.width + 14, top = box.top + 22, bottom = box.top + box.height;
  for (let y = top; y < bottom; y++) {
    const place = Math.round((255 * (bottom - 1 - y)) / (bottom - 1 - top)) * 3;
    ctx.fillStyle = `rgb(${look.lut[place]},${look.lut[place + 1]},${look.lut[place + 2]})`;
    ctx.fillRect(x, y, 14, 1.5);
  }
  write(ctx, look, panel.bar.label, x, box.top + 7, "left", "middle", false);
  const scale = scaleOf(panel.bar, bottom, top);
  for (const t of ticksOf(panel.bar, 5)) {
    const y = scale(t.value);
    ctx.fillStyle = look.ink;
    ctx.fillRect(x + 14, Math.round(y), 4, 1);
    write(ctx, look, t.text, x + 21, clamp(y, top + 6, bottom - 6), "left", "middle", false);
  }
}

function key(ctx, look, panel, box) {
  let y = box.top + box.height + 22;
  if (panel.level) {
    ctx.beginPath(); ctx.moveTo(box.left + 2, y); ctx.lineTo(box.left + 24, y);
    twoTone(ctx, 4, 1.6);
    write(ctx, look, panel.level.label, box.left + 34, y, "left", "middle", false);
    y += LINE * 1.25;
  }
  if (panel.mask) {
    mark(ctx, "square", box.left + 13, y, true, 4);
    write(ctx, look, panel.maskLabel, box.left + 34, y, "left", "middle", false);
    y += LINE * 1.25;
  }
  for (const [, text, shape] of panel.kinds) {
    mark(ctx, shape, box.left + 13, y, true, 6);
    write(ctx, look, text, box.left + 34, y, "left", "middle", false);
    y += LINE * 1.25;
  }
}

// ---- intervals and bars -----------------------------------------------------------------------

const ROW = 27;

const spansHeight = (panel) => panel.rows.length * ROW + 28 + 52;

function drawSpans(ctx, look, panel, width, height) {
  const names = Math.min(width * 0.42, Math.max(...panel.rows.map((r) => ctx.measureText(r.label).width)));
  const { box: inner, sx: scale } = frameOf(ctx, look, panel, width, height, names + 14, 16, 48);
  edge(ctx, look, inner);
  const heaviest = Math.max(...panel.rows.map((r) => r.weight)) || 1;
  panel.rows.forEach((row, i) => {
    const y = inner.top + (i + 0.5) * ROW, low = clamp(scale(row.low), inner.left, inner.right), high = clamp(scale(row.high), inner.left, inner.right);
    stroke(ctx, look, { style: "solid", color: row.color });
    if (panel.style === "bar") ctx.fillRect(Math.min(low, high), y - 8, Math.max(Math.abs(high - low), 1), 16);
    else {
      ctx.beginPath(); ctx.moveTo(low, y); ctx.lineTo(high, y); ctx.stroke();
      if (row.middle !== null) {
        const r = 3 + 5 * Math.sqrt(row.weight / heaviest), x = scale(row.middle);
        ctx.beginPath();
        if (row.summary) { ctx.moveTo(x, y - 9); ctx.lineTo(x + 9, y); ctx.lineTo(x, y + 9); ctx.lineTo(x - 9, y); ctx.closePath(); } else ctx.rect(x - r, y - r, 2 * r, 2 * r);
        ctx.fill();
      }
    }
    write(ctx, look, wrap(ctx, row.label, names + 4)[0], inner.left - 8, y, "right", "middle", false);
  });
  rules(ctx, look, panel, inner, scale, () => NaN, [], inner.top - 10);
}

// ---- one panel --------------------------------------------------------------------------------

// Draws a panel at the canvas's width in the page and returns where its field lies (or nothing).
function drawPanel(canvas, panel, look, cursor) {
  const width = Math.max(canvas.parentElement.clientWidth, 120), ratio = window.devicePixelRatio || 1;
  const height = Math.round(panel.type === "lines" ? linesHeight(panel, width) : panel.type === "field" ? fieldHeight(panel, width) : spansHeight(panel));
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  ctx.font = `${FONT}px ${look.font}`;
  if (panel.type === "lines") return drawLines(ctx, look, panel, width, height);
  if (panel.type === "field") return drawField(ctx, look, panel, width, cursor);
  return drawSpans(ctx, look, panel, width, height);
}
