// The page side of an explorer: controls, the conversation with the kernel, words beside the picture.

let views = 0;

// Makes an element: h("p", {class: "x"}, "text", child).
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined) node.setAttribute(name, value);
  }
  // JupyterLab would take arrow keys and Enter for its own shortcuts.
  if (["input", "button", "select", "canvas", "summary"].includes(tag)) node.dataset.lmSuppressShortcuts = "true";
  node.append(...children);
  return node;
}

// At most one question to the kernel is open. Meanwhile only the newest values are kept, behind at
// most one preset or reset, so nothing is lost and no queue grows.
function conversation(model, client, notice) {
  let open = 0, waiting = [], count = 0, timer = 0;
  const pump = () => {
    if (open || !waiting.length) return;
    open = ++count;
    timer = setTimeout(() => notice("The kernel has not answered yet. It may be busy; if it was restarted, run this cell again."), 4000);
    try { model.send({ ...waiting.shift(), from: [client, open] }); } catch { notice("This explorer is not connected to a kernel. Run this cell again."); }
  };
  return {
    ask(message) {
      const last = waiting.at(-1);
      if (message.kind !== "move") waiting = [message];
      else if (last && last.kind === "move") Object.assign(last.values, message.values);
      else waiting.push(message);
      pump();
    },
    answered(from) {
      if (!from || from[0] !== client || from[1] < open) return;
      open = 0;
      clearTimeout(timer);
      notice("");
      pump();
    },
    busy: () => Boolean(open || waiting.length),
  };
}

function lookOf(el, spec) {
  const style = getComputedStyle(el);
  const [r, g, b] = (style.backgroundColor.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
  const dark = 0.3 * r + 0.6 * g + 0.1 * b < 128;
  return {
    ink: style.color, ground: style.backgroundColor, font: style.fontFamily,
    muted: dark ? "#9aa4b0" : "#57606a", grid: dark ? "#363d46" : "#dde1e6",
    lines: dark ? spec.dark : spec.light,
    lut: new Uint8Array(spec.lut.buffer, spec.lut.byteOffset, spec.lut.byteLength),
  };
}

// ---- the view ---------------------------------------------------------------------------------

function tableOf({ caption, columns, rows }) {
  return h("table", {}, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...columns.map((c) => h("th", { scope: "col" }, c)))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell))))));
}

function render({ model, el }) {
  const client = `${Date.now()}-${++views}`, id = `se-x-${client}`;
  const spec = model.get("spec");
  const notice = h("p", { class: "se-warn se-x-notice", role: "alert" });
  const talk = conversation(model, client, (text) => { notice.textContent = text; });
  const spoken = h("span", { class: "se-sr", role: "status" });
  const announce = (text) => { spoken.textContent = text; };
  const description = h("p", { class: "se-x-description", role: "status" });
  const readouts = h("dl", { class: "se-x-readouts" });
  const pictures = h("div", { class: "se-x-pictures" });
  const tables = h("div", { class: "se-x-tables", hidden: "", tabindex: "0", role: "region", "aria-label": "The numbers behind the picture" });
  const shows = {};
  let cursorOf = () => null, kindNow = null, box = null, cellsControl = null;
  const cells = [];

  const panel = h("div", { class: "se-x-controls" });
  for (const control of spec.controls) {
    const own = `${id}-${control.name}`;
    if (control.type === "cells") {
      const [node, now] = cellKinds(control, own);
      kindNow = now;
      cellsControl = control;
      cells.push(node);
      continue;
    }
    const [node, show] = (control.type === "slider" ? slider : choice)(control, own, talk.ask);
    shows[control.name] = show;
    panel.append(node);
  }
  const tableButton = h("button", {
    type: "button", "aria-expanded": "false",
    onclick: () => {
      tables.hidden = !tables.hidden;
      tableButton.setAttribute("aria-expanded", String(!tables.hidden));
      tableButton.textContent = tables.hidden ? "Show as table" : "Hide the table";
      if (!tables.hidden) model.send({ kind: "table" });
    },
  }, "Show as table");
  const body = h("div", { class: "se-x-body" },
    h("div", {}, panel, ...cells,
      h("div", { class: "se-x-buttons", role: "group", "aria-label": "Presets" },
        ...spec.presets.map((label) => h("button", { type: "button", onclick: () => talk.ask({ kind: "preset", label }) }, label)),
        h("button", { type: "button", onclick: () => { talk.ask({ kind: "reset" }); announce("Reset."); } }, "Reset"))),
    pictures);
  const root = h("section", { class: "se se-x", "aria-label": `Explorer: ${spec.title}` },
    h("p", { class: "se-x-title" }, spec.title), h("p", {}, spec.question), body,
    readouts, description, notice, spoken,
    h("div", { class: "se-x-buttons" }, tableButton,
      h("button", { type: "button", onclick: () => model.send({ kind: "picture" }) }, "Save picture"),
      h("details", {}, h("summary", {}, "What the controls mean"), legend(spec.legend))),
    tables);
  el.append(root);

  // Nothing is drawn while the explorer has no width (a cell scrolled far away): it would be drawn
  // too small, without the theme's colors. It is drawn when it has one again.
  let look = null, shown = [], drawnWidth = 0;
  const draw = () => {
    drawnWidth = root.isConnected ? pictures.clientWidth : 0;
    if (!drawnWidth) return;
    look ??= lookOf(root, spec);
    const { panels } = model.get("frame");
    panels.forEach((p, i) => {
      const found = drawPanel(shown[i].canvas, p, look, p.type === "field" ? cursorOf() : null);
      if (found) box = found;
    });
  };
  // Cells placed faster than the kernel answers must not be lost: the page's own list goes first.
  let ahead = null;
  const cellsNow = () => ahead ?? model.get("frame").values[cellsControl.name];
  const askCells = (message) => { ahead = message.values[cellsControl.name]; talk.ask(message); };
  const build = (panels) => {
    shown = panels.map((p) => {
      const live = p.type === "field" && cellsControl;
      const canvas = h("canvas", live
        ? { role: "application", tabindex: "0", "aria-roledescription": "map", "aria-label": `${p.title}. Arrow keys move the cursor, Enter places a cell, Delete removes one.` }
        : { role: "img", "aria-label": p.title });
      const title = h("p", { class: "se-x-panel-title" }, p.title);
      if (live) cursorOf = placing(canvas, cellsControl, kindNow, cellsNow, () => box, askCells, announce, draw);
      return { canvas, title, node: h("div", { class: "se-x-panel" }, title, h("div", {}, canvas)) };
    });
    pictures.replaceChildren(...shown.map((s) => s.node));
    body.classList.toggle("se-x-one", panels.length === 1);
  };

  let settle = 0;
  const update = () => {
    const frame = model.get("frame");
    talk.answered(frame.answers);
    if (shown.length !== frame.panels.length) build(frame.panels);
    draw();
    frame.panels.forEach((p, i) => {
      shown[i].title.textContent = p.title;
      if (shown[i].canvas.getAttribute("role") === "img") shown[i].canvas.setAttribute("aria-label", p.title);
    });
    // A slider in the hand must not jump back to a value that is already old.
    if (!talk.busy()) ahead = null;
    if (!talk.busy()) for (const [name, show] of Object.entries(shows)) show(frame.values[name], frame.texts[name]);
    readouts.replaceChildren(...frame.readouts.map(([label, text]) => h("div", {}, h("dt", {}, label), h("dd", {}, text))));
    clearTimeout(settle);
    settle = setTimeout(() => {
      description.textContent = frame.description;
      if (!tables.hidden) model.send({ kind: "table" });
    }, shown.length && description.textContent ? 350 : 0);
  };
  const receive = (message) => {
    if (message.kind === "table") tables.replaceChildren(...message.tables.map(tableOf));
    if (message.kind === "picture") h("a", { href: `data:image/png;base64,${message.png}`, download: `${spec.name}.png` }).click();
    if (message.kind === "problem") { talk.answered(message.answers); notice.textContent = message.text; }
  };

  const restyle = () => { look = null; draw(); };
  // A theme announces itself before its colors have arrived and faded in, so they are read again
  // a few times; the last look is the one that stays.
  let later = [];
  const retheme = () => {
    later.forEach(clearTimeout);
    restyle();
    later = [100, 400, 1500, 4000].map((ms) => setTimeout(restyle, ms));
  };
  const observer = new MutationObserver(retheme);
  for (const node of [document.body, document.documentElement]) observer.observe(node, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-theme", "data-jp-theme-name", "class"] });
  const media = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => window.matchMedia(query));
  media.forEach((m) => m.addEventListener("change", retheme));
  const again = () => { if (pictures.clientWidth !== drawnWidth) restyle(); };
  const resize = new ResizeObserver(again), appear = new IntersectionObserver(again);
  model.on("change:frame", update);
  model.on("msg:custom", receive);
  update();
  resize.observe(pictures);
  appear.observe(root);
  return () => {
    model.off("change:frame", update);
    model.off("msg:custom", receive);
    observer.disconnect();
    resize.disconnect();
    appear.disconnect();
    media.forEach((m) => m.removeEventListener("change", retheme));
    later.forEach(clearTimeout);
    clearTimeout(settle);
  };
}

// The legend comes from the kernel as escaped HTML with its mathematics already set.
function legend(markup) {
  const box = h("div", { class: "se-x-legend" });
  box.innerHTML = markup;
  return box;
}

export default { render };
