// The exercise form. Judging happens in Python; this file only shows and asks.
function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function render({ model, el }) {
  const view = model.get("view");
  const prefix = `se-${view.id}-${Math.random().toString(36).slice(2, 8)}`;
  const title = make("p", { id: `${prefix}-title` });
  title.append(make("strong", { textContent: `Exercise: ${view.title}` }));
  const prompt = make("div", { innerHTML: view.prompt });
  const form = make("form", { noValidate: true });
  const inputs = new Map();
  for (const field of view.fields) {
    const id = `${prefix}-${field.name}`;
    const label = make("label", { htmlFor: id, textContent: field.label });
    label.style.marginRight = "0.6em";
    const input = make("input", { id, type: "text", autocomplete: "off", spellcheck: false });
    input.style.width = "9em";
    input.dataset.lmSuppressShortcuts = "true";
    // JupyterLab takes Enter for itself before the browser submits the form.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
      form.requestSubmit();
    });
    inputs.set(field.name, input);
    const row = make("p", {}, label, input);
    form.append(row);
  }
  const ask = (action) => kernel.send({
    action, values: Object.fromEntries([...inputs].map(([name, input]) => [name, input.value])),
  });
  const buttons = make("p");
  buttons.style.display = "flex";
  buttons.style.gap = "0.6em";
  buttons.style.flexWrap = "wrap";
  if (view.fields.length) buttons.append(make("button", { type: "submit", className: "se-primary", textContent: "Check" }));
  const hint = make("button", { type: "button" });
  const solution = make("button", { type: "button", textContent: "Solution" });
  // Not `disabled`: that would take the focus from who has just pressed it.
  hint.addEventListener("click", () => { if (hint.ariaDisabled !== "true") ask("hint"); });
  solution.addEventListener("click", () => ask("solution"));
  buttons.append(hint, solution);
  form.append(buttons);
  form.addEventListener("submit", (event) => { event.preventDefault(); ask("check"); });
  for (const control of form.querySelectorAll("button")) control.dataset.lmSuppressShortcuts = "true";
  const status = make("div");
  status.setAttribute("role", "status");
  const box = make("section", { className: "se" }, title, prompt, form, status);
  box.setAttribute("aria-labelledby", title.id);
  el.append(box);

  const show = () => {
    const state = model.get("state");
    status.innerHTML = state.html;
    for (const [name, input] of inputs) {
      if (state.values[name] !== undefined && document.activeElement !== input) input.value = state.values[name];
    }
    hint.textContent = view.hints ? `Hint (${state.hints} of ${view.hints} open)` : "No hints";
    hint.ariaDisabled = String(state.hints >= view.hints);
  };
  const kernel = patient(model, (sentence) => { status.textContent = sentence; }, show);
  model.on("change:state", show);
  show();
  return () => { kernel.stop(); model.off("change:state", show); };
}
export default { render };
