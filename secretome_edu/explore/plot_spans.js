// Intervals and bars beside their labels, and the choice of the right drawing for a panel.

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
    const words = wrap(ctx, row.label, names + 4).slice(0, 2);
    words.forEach((line, j) => write(ctx, look, line, inner.left - 8, y + (j - (words.length - 1) / 2) * FONT, "right", "middle", false));
  });
  rules(ctx, look, panel, inner, scale, () => NaN, [], inner.top - 10);
}

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
  ctx.setLineDash([]); // what the last picture left behind
  ctx.lineJoin = "round";
  ctx.font = `${FONT}px ${look.font}`;
  if (panel.type === "lines") return drawLines(ctx, look, panel, width, height);
  if (panel.type === "field") return drawField(ctx, look, panel, width, cursor);
  return drawSpans(ctx, look, panel, width, height);
}
