// Select boxes and, below them, what Python found for the choice; a sentence is announced.
let opened = 0;

function render({ model, el }) {
  const view = model.get("view");
  const box = document.createElement("section");
  box.className = "se se-chooser";
  box.setAttribute("aria-label", view.title);
  const title = document.createElement("strong");
  title.textContent = view.title;
  const form = document.createElement("div");
  form.className = "se-chooser-boxes";
  const prefix = `se-chooser-${++opened}-`;
  const selects = {};
  for (const { name, label, options } of view.boxes) {
    const words = document.createElement("label");
    words.htmlFor = prefix + name;
    words.textContent = label;
    const select = document.createElement("select");
    select.id = prefix + name;
    select.dataset.lmSuppressShortcuts = "true"; // a letter typed here is no command of the Lab
    for (const option of options) select.append(new Option(option, option));
    select.addEventListener("change", () => kernel.send({ values: { [name]: select.value } }));
    selects[name] = select;
    const pair = document.createElement("div");
    pair.append(words, select);
    form.append(pair);
  }
  const summary = document.createElement("p");
  summary.setAttribute("role", "status");
  const body = document.createElement("div");
  body.className = "se-chooser-found";
  body.dataset.lmSuppressShortcuts = "true";
  body.tabIndex = 0; // a wide table scrolls, and the keyboard has to reach it
  body.setAttribute("role", "region");
  body.setAttribute("aria-label", `Found: ${view.title}`);
  box.append(title, form, summary, body);
  el.append(box);
  const show = () => {
    const shown = model.get("shown");
    for (const [name, value] of Object.entries(shown.chosen)) selects[name].value = value;
    summary.textContent = shown.summary;
    body.innerHTML = shown.html; // made and escaped in Python
  };
  const kernel = patient(model, (sentence) => { summary.textContent = sentence; }, show);
  model.on("change:shown", show);
  show();
  return () => { kernel.stop(); model.off("change:shown", show); };
}
export default { render };
