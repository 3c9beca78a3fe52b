// Maps with color bar, scale bar, contour, cells and marked places.

const BAR = 84, UNDER = 24, MOST = 460;
const KEY_LINE = LINE * 1.4;
const SAMPLE = 85; // place in the color table of the ground behind the marks of the legend

const edgeTicks = (size) => linearTicks(0, size, 4).map((t) => ({ ...t, share: t.value / size }));

// Where the map lies: beside the numbers of its height, beside its color bar.
function fieldBox(ctx, panel, width) {
  const left = Math.max(44, ...edgeTicks(panel.extent[1]).map((t) => ctx.measureText(t.text).width + 12));
  const side = Math.min(width - BAR - left, MOST);
  return { left, top: 8, width: side, height: (side * panel.extent[1]) / panel.extent[0] };
}

function fieldHeight(ctx, panel, width) {
  const box = fieldBox(ctx, panel, width);
  const signs = [...panel.signs.map(([text]) => text), panel.level && panel.level.label, panel.mask && panel.maskLabel];
  const lines = signs.filter(Boolean).reduce((sum, text) => sum + keyLines(ctx, box, text, width).length, 0);
  return box.height + 32 + UNDER + lines * KEY_LINE;
}

const keyLines = (ctx, box, text, width) => wrap(ctx, text, width - box.left - 34);

function drawField(ctx, look, panel, width, cursor) {
  const box = fieldBox(ctx, panel, width);
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
  edges(ctx, look, panel, box);
  scaleBar(ctx, panel, box);
  colorBar(ctx, look, panel, box);
  key(ctx, look, panel, box, width);
  return box;
}

// Ticks in micrometers, so that a place named in words can be found.
function edges(ctx, look, panel, box) {
  ctx.fillStyle = look.muted;
  for (const { share } of edgeTicks(panel.extent[0])) ctx.fillRect(box.left + share * box.width - 0.5, box.top + box.height, 1, 5);
  for (const { share } of edgeTicks(panel.extent[1])) ctx.fillRect(box.left - 5, box.top + (1 - share) * box.height - 0.5, 5, 1);
  const right = box.left + box.width;
  const across = edgeTicks(panel.extent[0]).map(({ text, share }) => (share ? [text, box.left + share * box.width] : [`${text} µm`, box.left + 10]));
  tickTexts(ctx, look, across, right + ctx.measureText("0").width, box.top + box.height + 14);
  for (const { text, share } of edgeTicks(panel.extent[1])) {
    if (share > 0) write(ctx, look, text, box.left - 8, clamp(box.top + (1 - share) * box.height, box.top + 6, box.top + box.height), "right", "middle", false);
  }
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

function key(ctx, look, panel, box, width) {
  let y = box.top + box.height + UNDER + 16;
  const entry = (text, drawSign) => {
    drawSign();
    for (const line of keyLines(ctx, box, text, width)) {
      write(ctx, look, line, box.left + 34, y, "left", "middle", false);
      y += KEY_LINE;
    }
  };
  // White marks need the ground of a map, or a filled one looks hollow on a light page.
  const ground = () => {
    ctx.fillStyle = `rgb(${look.lut[SAMPLE * 3]},${look.lut[SAMPLE * 3 + 1]},${look.lut[SAMPLE * 3 + 2]})`;
    ctx.fillRect(box.left, y - 11, 26, 22);
  };
  if (panel.level) entry(panel.level.label, () => {
    ctx.beginPath(); ctx.moveTo(box.left + 2, y); ctx.lineTo(box.left + 24, y);
    twoTone(ctx, 4, 1.6);
  });
  if (panel.mask) entry(panel.maskLabel, () => { ground(); mark(ctx, "square", box.left + 13, y, true, 4); });
  for (const [text, shape, on] of panel.signs) entry(text, () => { ground(); mark(ctx, shape, box.left + 13, y, on, 6); });
}
