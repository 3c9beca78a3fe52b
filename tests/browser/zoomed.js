// What does not fit: parts of an output wider than their column, and words of a drawn picture that
// leave it, lie on one another or do not stand out. Runs in the page before any cell does.
(() => {
  const OUTPUT = ".jp-OutputArea-output";
  const zoomed = {};
  window.zoomed = zoomed;
  const called = (node) => `${node.closest(".jp-Cell").dataset.windowedListIndex}: ${node.tagName}.${String(node.className).slice(0, 40)} "${(node.textContent || "").trim().slice(0, 40)}"`;
  const scrolls = (node) => ["auto", "scroll"].includes(getComputedStyle(node).overflowX);

  // A wide table may scroll in a box of its own that the keyboard reaches and that has a name.
  const ownBox = (node, area) => {
    for (let n = node; n && n !== area; n = n.parentElement) if (n.matches('[tabindex="0"][aria-label]') && scrolls(n)) return n;
    return null;
  };

  zoomed.wide = (area) => {
    const edge = area.getBoundingClientRect().right, found = [];
    for (const node of [area, ...area.querySelectorAll("*")]) {
      if (!node.checkVisibility() || node.closest(".se-sr, svg, math") || ownBox(node, area)) continue;
      const style = getComputedStyle(node);
      if (node.getBoundingClientRect().right > edge + 2) found.push(`sticks out: ${called(node)}`);
      if (style.display !== "inline" && style.overflowX !== "visible" && node.clientWidth && node.scrollWidth > node.clientWidth + 1) found.push(`${scrolls(node) ? "scrolls sideways" : "cut off"}: ${called(node)}`);
    }
    return found;
  };

  const pen = CanvasRenderingContext2D.prototype, { clearRect, fillText, stroke } = pen;
  pen.clearRect = function (...where) {
    this.canvas.said = [];
    this.canvas.inks = [];
    return clearRect.apply(this, where);
  };
  pen.fillText = function (text, x, y, ...more) {
    const size = this.measureText(text);
    this.canvas.said?.push({
      text, ink: this.fillStyle, left: x - size.actualBoundingBoxLeft, right: x + size.actualBoundingBoxRight,
      top: y - size.actualBoundingBoxAscent, bottom: y + size.actualBoundingBoxDescent,
    });
    return fillText.call(this, text, x, y, ...more);
  };
  pen.stroke = function (...path) {
    if (this.lineWidth > 2) this.canvas.inks?.push(this.strokeStyle);
    return stroke.apply(this, path);
  };

  // Words that leave a picture or lie on one another. Each picture on the page is looked at.
  zoomed.pictures = () => [...document.querySelectorAll(`${OUTPUT} canvas`)].flatMap((canvas) => {
    const width = canvas.width / devicePixelRatio, height = canvas.height / devicePixelRatio, found = [];
    const said = (canvas.said || []).filter((word) => word.text.trim());
    if (!said.length) found.push("nothing is drawn");
    said.forEach((a, i) => {
      if (a.left < -1 || a.right > width + 1 || a.top < -1 || a.bottom > height + 1) found.push(`cut: ${a.text}`);
      for (const b of said.slice(i + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left), down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) found.push(`${a.text} on ${b.text}`);
      }
    });
    return found.map((what) => `${canvas.closest("section").getAttribute("aria-label")}: ${what}`);
  });

  const numbers = (color) => {
    const pad = document.createElement("canvas").getContext("2d");
    pad.fillStyle = color;
    return pad.fillStyle.startsWith("#") ? pad.fillStyle.match(/\w\w/g).map((v) => parseInt(v, 16)) : pad.fillStyle.match(/[\d.]+/g).slice(0, 3).map(Number);
  };
  const light = (color) => numbers(color).map((v) => (v <= 10 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);

  // Curves need 3 to 1 against the ground, words 4.5 (on a map they carry a ground of their own).
  zoomed.faint = () => [...document.querySelectorAll(`${OUTPUT} canvas[role="img"]`)].flatMap((canvas) => {
    const section = canvas.closest("section"), ground = getComputedStyle(section).backgroundColor;
    if (canvas.parentElement.previousElementSibling?.textContent.includes("VEGF (1 at")) return [];
    const inks = [...new Set(canvas.inks || [])].filter((ink) => contrast(ink, ground) < 3);
    const words = [...new Set((canvas.said || []).map((word) => word.ink))].filter((ink) => contrast(ink, ground) < 4.5);
    return [...inks, ...words].map((ink) => `${section.getAttribute("aria-label")}: ${ink} on ${ground}`);
  });

  // Everything in the outputs, with what CSS adds before and after it, that would move.
  zoomed.moving = (where) => {
    const found = document.getAnimations().filter((a) => a.effect?.target?.closest(where) && a.effect.getComputedTiming().endTime > 0).map((a) => `runs: ${a.effect.target.className}`);
    for (const node of document.querySelectorAll(`${where}, ${where} *`)) for (const part of [undefined, "::before", "::after"]) {
      const style = getComputedStyle(node, part);
      const lasts = `${style.transitionDuration}, ${style.animationDuration}`.split(", ").some((time) => parseFloat(time) > 0);
      if (lasts || (!part && style.scrollBehavior === "smooth")) found.push(`${node.tagName}.${node.className}${part || ""}: ${style.transitionProperty} ${style.transitionDuration} ${style.animationName}`);
    }
    return found;
  };
})();
