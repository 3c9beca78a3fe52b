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

// At most one question to the kernel is open; meanwhile only the newest is kept.
function conversation(model, client, notice) {
  let open = 0, next = null, count = 0, timer = 0;
  const pump = () => {
    if (open || !next) return;
    open = ++count;
    const message = next;
    next = null;
    timer = setTimeout(() => notice("The kernel has not answered yet. It may be busy; if it was restarted, run this cell again."), 4000);
    try { model.send({ ...message, from: [client, open] }); } catch { notice("This explorer is not connected to a kernel. Run this cell again."); }
  };
  return {
    ask(message) {
      const values = { ...(next && next.values), ...message.values };
      next = message.kind === "move" ? { kind: "move", values } : message;
      pump();
    },
    answered(from) {
      if (!from || from[0] !== client || from[1] < open) return;
      open = 0;
      clearTimeout(timer);
      notice("");
      pump();
    },
    busy: () => Boolean(open || next),
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

// ---- controls: each returns its element and how to show a value --------------------------------

function slider(control, id, ask) {
  const output = h("output", { for: id });
  const input = h("input", {
    id, type: "range", min: 0, max: control.grid.length - 1, step: 1,
    oninput: () => {
      const i = Number(input.value);
      say(control.texts[i]);
      ask({ kind: "move", values: { [control.name]: control.grid[i] } });
    },
  });
  const say = (text) => { output.textContent = text; input.setAttribute("aria-valuetext", text); };
  const show = (value, text) => {
    let near = 0;
    control.grid.forEach((v, i) => { if (Math.abs(v - value) < Math.abs(control.grid[near] - value)) near = i; });
    input.value = near;
    say(text);
  };
  const node = h("div", { class: "se-x-control" }, h("label", { for: id }, control.label), output, input);
  if (control.play) node.append(player(input, control.label));
  return [node, show];
}

// A button that lets a slider run to its end, one stop at a time.
function player(input, name) {
  let timer = 0;
  const stop = () => { clearInterval(timer); timer = 0; button.textContent = "Play"; };
  const step = () => {
    if (Number(input.value) >= Number(input.max) || !input.isConnected) return stop();
    input.value = Number(input.value) + 1;
    input.dispatchEvent(new Event("input"));
  };
  const button = h("button", {
    type: "button", "aria-label": `Play: ${name}`,
    onclick: () => {
      if (timer) return stop();
      if (Number(input.value) >= Number(input.max)) input.value = 0;
      button.textContent = "Pause";
      timer = setInterval(step, 120);
    },
  }, "Play");
  return button;
}

function choice(control, id, ask) {
  const options = control.options.map(([value, text]) => h("option", { value }, text));
  const input = h("select", { id, onchange: () => ask({ kind: "move", values: { [control.name]: input.value } }) }, ...options);
  return [h("div", { class: "se-x-control" }, h("label", { for: id }, control.label), input), (value) => { input.value = value; }];
}

const SHAPE = { circle: "●", square: "■", triangle: "▲", diamond: "◆" };

function cellKinds(control, id) {
  const radios = control.kinds.map(([name, text, shape], i) => {
    const radio = h("input", { type: "radio", name: id, value: name, id: `${id}-${i}` });
    radio.checked = i === 0;
    return [h("div", {}, radio, h("label", { for: `${id}-${i}` }, `${SHAPE[shape]} ${text}`)), radio];
  });
  const box = h("fieldset", { class: "se-x-cells" }, h("legend", {}, control.label), ...radios.map(([row]) => row),
    h("span", { class: "se-muted" }, "Click the map to place, a cell to remove it, drag to move. Keyboard: focus the map, arrow keys, Enter, Delete."));
  return [box, () => radios.map(([, radio]) => radio).find((radio) => radio.checked).value];
}

// Lets cells be placed, moved and removed on the canvas, by pointer and by keyboard.
function placing(canvas, control, kindNow, cellsNow, boxNow, ask, announce, redraw) {
  const [wide, tall] = control.extent;
  const cursor = [wide / 2, tall / 2];
  const put = (cells) => ask({ kind: "move", values: { [control.name]: cells } });
  const labelOf = (kind) => control.kinds.find((k) => k[0] === kind)[1];
  const near = (x, y) => {
    const found = cellsNow().map((c, i) => [Math.hypot(c[1] - x, c[2] - y), i]).sort((a, b) => a[0] - b[0])[0];
    return found && found[0] < wide / 32 ? found[1] : -1;
  };
  const place = (x, y) => {
    if (cellsNow().length >= control.most) return announce(`The map holds at most ${control.most} cells.`);
    put([...cellsNow(), [kindNow(), x, y]]);
    announce(`${labelOf(kindNow())} placed at ${Math.round(x)}, ${Math.round(y)} µm. ${cellsNow().length + 1} cells.`);
  };
  const remove = (i) => {
    announce(`${labelOf(cellsNow()[i][0])} removed. ${cellsNow().length - 1} cells.`);
    put(cellsNow().filter((_, j) => j !== i));
  };
  const where = (event) => {
    const rect = canvas.getBoundingClientRect(), box = boxNow();
    const x = (event.clientX - rect.left - box.left) / box.width, y = 1 - (event.clientY - rect.top - box.top) / box.height;
    return x < 0 || x > 1 || y < 0 || y > 1 ? null : [Math.round(x * wide), Math.round(y * tall)];
  };
  let held = -1, moved = false;
  canvas.addEventListener("pointerdown", (event) => {
    const at = where(event);
    if (!at) return;
    [cursor[0], cursor[1]] = at;
    held = near(...at);
    moved = false;
    if (held >= 0) canvas.setPointerCapture(event.pointerId);
    else place(...at);
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = held >= 0 && where(event);
    if (!at || (!moved && Math.hypot(at[0] - cursor[0], at[1] - cursor[1]) < wide / 80)) return;
    moved = true;
    put(cellsNow().map((c, i) => (i === held ? [c[0], ...at] : c)));
  });
  canvas.addEventListener("pointerup", () => {
    if (held >= 0 && !moved) remove(held);
    held = -1;
  });
  canvas.addEventListener("keydown", (event) => {
    const step = (event.shiftKey ? 1 / 128 : 1 / 32) * wide;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    if (move) {
      cursor[0] = clamp(Math.round(cursor[0] + move[0]), 0, wide);
      cursor[1] = clamp(Math.round(cursor[1] + move[1]), 0, tall);
      const i = near(...cursor);
      announce(`${cursor[0]}, ${cursor[1]} µm${i >= 0 ? `, on ${labelOf(cellsNow()[i][0])}` : ""}`);
      redraw();
    } else if (event.key === "Enter" || event.key === " ") {
      place(...cursor);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      const i = near(...cursor);
      if (i >= 0) remove(i);
      else announce("No cell here to remove.");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  canvas.addEventListener("focus", redraw);
  canvas.addEventListener("blur", redraw);
  return () => (document.activeElement === canvas || canvas.getRootNode().activeElement === canvas ? cursor : null);
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

  let look = lookOf(root, spec), shown = [];
  const draw = () => {
    const { panels } = model.get("frame");
    panels.forEach((p, i) => {
      const found = drawPanel(shown[i].canvas, p, look, p.type === "field" ? cursorOf() : null);
      if (found) box = found;
    });
  };
  const build = (panels) => {
    shown = panels.map((p) => {
      const live = p.type === "field" && cellsControl;
      const canvas = h("canvas", live
        ? { role: "application", tabindex: "0", "aria-roledescription": "map", "aria-label": `${p.title}. Arrow keys move the cursor, Enter places a cell, Delete removes one.` }
        : { role: "img", "aria-label": p.title });
      const title = h("p", { class: "se-x-panel-title" }, p.title);
      if (live) cursorOf = placing(canvas, cellsControl, kindNow, () => model.get("frame").values[cellsControl.name], () => box, talk.ask, announce, draw);
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

  const restyle = () => { look = lookOf(root, spec); draw(); };
  const observer = new MutationObserver(restyle);
  for (const node of [document.body, document.documentElement]) observer.observe(node, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-theme", "data-jp-theme-name", "class"] });
  const media = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => window.matchMedia(query));
  media.forEach((m) => m.addEventListener("change", restyle));
  let width = 0;
  const resize = new ResizeObserver(() => { if (root.clientWidth !== width) { width = root.clientWidth; restyle(); } });
  model.on("change:frame", update);
  model.on("msg:custom", receive);
  update();
  resize.observe(root);
  return () => {
    model.off("change:frame", update);
    model.off("msg:custom", receive);
    observer.disconnect();
    resize.disconnect();
    media.forEach((m) => m.removeEventListener("change", restyle));
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
