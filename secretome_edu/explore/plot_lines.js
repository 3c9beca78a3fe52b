// Curves in one coordinate system, labeled where they end or, in a narrow place, below.

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
  tickTexts(ctx, look, xTicks.map((t) => [t.text, sx(t.value)]), width, box.bottom + 13);
  centered(ctx, look, panel.x.label, (box.left + box.right) / 2, width, box.bottom + 33);
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
