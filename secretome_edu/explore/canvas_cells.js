// Cells on a map: which kind to place, and placing, moving and removing by pointer and by keyboard.

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
