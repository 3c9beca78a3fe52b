// Sliders and choices: each returns its element and how to show a value.

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
