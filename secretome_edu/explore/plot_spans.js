// Intervals and bars beside their labels, and the choice of the right drawing for a panel.

const ROW = 27;

// Labels beside the rows, in as many lines as they need, and the heights of the rows.
function spanLabels(ctx, panel, width) {
  const names = Math.min(width * 0.42, Math.max(...panel.rows.map((r) => ctx.measureText(r.label).width)));
  const labels = panel.rows.map((r) => wrap(ctx, r.label, names + 4));
  return { names, labels, heights: labels.map((lines) => Math.max(ROW, lines.length * LINE + 6)) };
}

const spansHeight = (ctx, panel, width) => spanLabels(ctx, panel, width).heights.reduce((a, b) => a + b, 28 + 52);

function drawSpans(ctx, look, panel, width, height) {
  const { names, labels, heights } = spanLabels(ctx, panel, width);
  const { box: inner, sx: scale } = frameOf(ctx, look, panel, width, height, names + 14, 16, 48);
  edge(ctx, look, inner);
  const heaviest = Math.max(...panel.rows.map((r) => r.weight)) || 1;
  let under = inner.top;
  panel.rows.forEach((row, i) => {
    const y = under + heights[i] / 2;
    under += heights[i];
    const low = clamp(scale(row.low), inner.left, inner.right), high = clamp(scale(row.high), inner.left, inner.right);
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
    labels[i].forEach((text, n) => write(ctx, look, text, inner.left - 8, y + (n - (labels[i].length - 1) / 2) * LINE, "right", "middle", false));
  });
  rules(ctx, look, panel, inner, scale, () => NaN, [], inner.top - 10);
}

// Draws a panel at the canvas's width in the page and returns where its field lies (or nothing).
function drawPanel(canvas, panel, look, cursor) {
  const width = Math.max(canvas.parentElement.clientWidth, 120), ratio = window.devicePixelRatio || 1;
  const ctx = canvas.getContext("2d"), font = `${FONT}px ${look.font}`;
  ctx.font = font; // a canvas that changes its size forgets it
  const height = Math.round(panel.type === "lines" ? linesHeight(panel, width) : panel.type === "field" ? fieldHeight(ctx, panel, width) : spansHeight(ctx, panel, width));
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  ctx.setLineDash([]); // what the last picture left behind
  ctx.lineJoin = "round";
  ctx.font = font;
  if (panel.type === "lines") return drawLines(ctx, look, panel, width, height);
  if (panel.type === "field") return drawField(ctx, look, panel, width, cursor);
  return drawSpans(ctx, look, panel, width, height);
}
