// The quiz in a page. Python sends public items and the states of the answers so far; this file
// draws them and sends what the learner does. It holds no key and grades nothing.

const PATIENCE_MS = 8000;

/** Make an element; text is set as text, only `html` (made and escaped in Python) as HTML. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "html") node.innerHTML = value;
    else if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A control JupyterLab must not take keys from: the mark has to be on the control itself. */
function control(tag, attributes = {}, ...children) {
  return el(tag, { ...attributes, "data-lm-suppress-shortcuts": "true" }, ...children);
}

function button(text, onclick, attributes = {}) {
  return control("button", { type: "button", text, onclick, ...attributes });
}

/** The name of a button in a list of buttons, where the question is out of sight. */
function named(text, item) {
  return { "aria-label": `${text}, question ${item.number}` };
}

/** Radio buttons or check boxes. */
function choices(id, type, options, given, legend) {
  const chosen = new Set([].concat(given ?? []));
  const rows = options.map((option) => {
    const input = control("input", {
      type, id: `${id}-${option.name}`, name: id, value: option.name, checked: chosen.has(option.name),
    });
    return el("div", { class: "se-choice" }, input,
      el("label", { for: input.id, html: option.html }));
  });
  const node = legend
    ? el("fieldset", { class: "se-group" }, el("legend", { html: legend }), ...rows)
    : el("div", {}, ...rows);
  const ticked = () => [...node.querySelectorAll("input:checked")].map((input) => input.value);
  return { node, read: () => (type === "radio" ? ticked()[0] ?? null : ticked()) };
}

function field(id, label, given, { unit = null, hint = "" } = {}) {
  const input = control("input", {
    type: "text", id, value: given ?? "", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    "aria-describedby": hint ? `${id}-note` : null,
  });
  const node = el("div", { class: "se-field" }, el("label", { for: id, text: label }), input,
    unit ? el("span", { text: unit }) : null,
    hint ? el("span", { class: "se-muted", id: `${id}-note`, text: hint }) : null);
  return { node, read: () => input.value };
}

/** One select for each row. */
function rows(id, item, given) {
  const selects = item.rows.map((row) => {
    const select = control("select", { id: `${id}-${row.name}` }, el("option", { value: "", text: "Choose …" }),
      ...item.choices.map((choice) => el("option", { value: choice.name, text: choice.text })));
    select.value = given?.[row.name] ?? "";
    return [row, select];
  });
  const node = el("div", {}, ...selects.map(([row, select]) =>
    el("div", { class: "se-row" }, el("label", { for: select.id, html: row.html }), select)));
  return {
    node,
    read: () => Object.fromEntries(selects.map(([row, select]) => [row.name, select.value || null])),
  };
}

/** Steps moved by buttons or by dragging; untouched means unanswered. */
function steps(item, given, announce) {
  const list = el("ol", { class: "se-steps" });
  const known = new Map(item.steps.map((step) => [step.name, step]));
  const start = Array.isArray(given) && given.length === known.size ? given : [...known.keys()];
  let touched = Array.isArray(given);
  let dragged = null;

  function moved(line) {
    touched = true;
    const lines = [...list.children];
    lines.forEach((each, place) => {
      each.querySelector(".se-up").setAttribute("aria-disabled", String(place === 0));
      each.querySelector(".se-down").setAttribute("aria-disabled", String(place === lines.length - 1));
    });
    if (line) announce(`${known.get(line.dataset.name).text}: place ${lines.indexOf(line) + 1} of ${lines.length}`);
  }
  function shift(line, by, pressed) {
    const other = by < 0 ? line.previousElementSibling : line.nextElementSibling;
    if (!other) return;
    by < 0 ? other.before(line) : other.after(line);
    moved(line);
    pressed.focus();
  }
  for (const name of start) {
    const step = known.get(name);
    const line = el("li", { "data-name": name, draggable: "true" }, el("span", { html: step.html }));
    line.append(
      button("↑", (event) => shift(line, -1, event.currentTarget), { class: "se-up", "aria-label": `Move up: ${step.text}` }),
      button("↓", (event) => shift(line, 1, event.currentTarget), { class: "se-down", "aria-label": `Move down: ${step.text}` }));
    line.addEventListener("dragstart", (event) => { dragged = line; event.dataTransfer.effectAllowed = "move"; event.stopPropagation(); });
    line.addEventListener("dragover", (event) => { if (dragged) { event.preventDefault(); event.stopPropagation(); line.classList.add("se-over"); } });
    line.addEventListener("dragleave", () => line.classList.remove("se-over"));
    line.addEventListener("drop", (event) => {
      event.preventDefault(); event.stopPropagation(); line.classList.remove("se-over");
      if (!dragged || dragged === line || dragged.parentNode !== list) return;
      const all = [...list.children];
      all.indexOf(dragged) < all.indexOf(line) ? line.after(dragged) : line.before(dragged);
      moved(dragged);
    });
    line.addEventListener("dragend", () => { dragged = null; });
    list.append(line);
  }
  const before = touched;
  moved(null);
  touched = before;
  return { node: list, read: () => (touched ? [...list.children].map((line) => line.dataset.name) : null) };
}

function openAnswer(id, state, given) {
  const area = control("textarea", { id, rows: 5 });
  area.value = given?.text ?? "";
  const node = el("div", {}, el("div", { class: "se-field" }, el("label", { for: id, text: "Your answer" }), area));
  if (!state.rubric) return { node, read: () => ({ text: area.value, met: null }) };
  node.append(el("p", { class: "se-verdict", text: "Model answer" }), el("div", { html: state.model_answer }));
  const ticks = choices(`${id}-met`, "checkbox", state.rubric, given?.met, "My answer says");
  node.append(ticks.node);
  return { node, read: () => ({ text: area.value, met: ticks.read() }) };
}

/** Return {node, read} for one item. */
function body(id, item, state, announce) {
  const given = state.response;
  switch (item.type) {
    case "single_choice": return choices(id, "radio", item.options, given);
    case "multiple_choice": return choices(id, "checkbox", item.options, given);
    case "ordering": return steps(item, given, announce);
    case "matching": case "categorize": return rows(id, item, given);
    case "open_answer": return openAnswer(id, state, given);
    case "two_tier": {
      const answer = choices(`${id}-answer`, "radio", item.options, given?.answer);
      const reason = choices(`${id}-reason`, "radio", item.reasons, given?.reason, item.reason_stem);
      return { node: el("div", {}, answer.node, reason.node),
        read: () => ({ answer: answer.read(), reason: reason.read() }) };
    }
    case "prediction":
      if (item.form === "choice") return choices(id, "radio", item.options, given);
      return field(id, item.form === "number" ? "Your guess" : "Your prediction", given, { unit: item.unit });
    case "numeric":
      return field(id, "Your answer", given, { unit: item.unit, hint: item.needs_unit ? "with its unit" : "" });
    default: return field(id, "Your answer", given);
  }
}

/** Draw one item and return a function that draws its newer states. */
function question(host, model, place, mode, prefix) {
  let item = model.get("items")[place];
  const alone = model.get("items").length === 1;
  let since = null;
  let asked = null; // the action whose answer should take the focus
  let part = null;
  let waiting = null;
  const id = `${prefix}-${place}`;
  // The live region stays in the page while the rest is drawn again, or nothing is announced.
  const feedback = control("div", { class: "se-feedback", role: "status", "aria-live": "polite", tabindex: "-1" });
  const form = el("form", { "data-item": item.id, novalidate: true }, el("fieldset"), feedback);
  host.append(form);

  function send(action, more = {}) {
    if (asked) return; // a double click is one answer
    asked = action;
    clearTimeout(waiting);
    waiting = setTimeout(complain, PATIENCE_MS);
    try { model.send({ action, item: item.id, ...more }); } catch { complain(); } // the line is closed
  }

  function complain() {
    clearTimeout(waiting);
    asked = null;
    feedback.replaceChildren(el("p", { text: "The kernel does not answer. Run this cell again; your answers are kept." }));
  }

  function draw(state) {
    const typed = asked === "hint" ? part.read() : state.response;
    const status = el("div", { class: "se-sr", role: "status" });
    part = body(id, item, { ...state, response: typed }, (text) => { status.textContent = text; });
    const sure = item.confidence && !state.done
      ? control("select", { id: `${id}-sure` }, ...[["", "not said"], ["1", "a guess"], ["2", "fairly sure"], ["3", "certain"]]
        .map(([value, text]) => el("option", { value, text })))
      : null;
    const practice = mode === "practice" && item.type !== "prediction";
    const check = practice ? "Check" : item.type === "prediction" ? "Note my prediction" : "Record";
    const hint = `Hint ${state.hints.length + 1} of ${item.hints}`;
    const act = (text, action) => button(text, () => send(action), { class: `se-${action}`, ...named(text, item) });
    const actions = el("div", { class: "se-actions" },
      state.done ? null : control("button", { type: "submit", class: "se-primary", text: check, ...named(check, item) }),
      state.hints.length < item.hints && !state.done ? act(hint, "hint") : null,
      state.can_reveal ? act("Show the solution", "solution") : null,
      state.done ? act("Start over", "again") : null,
      sure ? el("div", { class: "se-sure" }, el("label", { for: sure.id, text: "How sure are you?" }), sure) : null);
    form.firstChild.replaceWith(el("fieldset", { class: "se-ask" },
      el("legend", {}, alone ? null : el("span", { class: "se-muted", text: `${item.number}. ` }), el("span", { html: item.legend })),
      el("div", { html: item.body, hidden: !item.body }),
      el("p", { class: "se-muted", text: item.instruction, hidden: !item.instruction }),
      ...item.media.map((media) => el("img", { src: media.src, alt: media.alt })),
      part.node, actions, status));
    if (state.done) {
      part.node.querySelectorAll("input, select, textarea, button").forEach((each) => { each.disabled = true; });
      part.node.querySelectorAll("[draggable]").forEach((each) => { each.draggable = false; });
    }
    form.onsubmit = (event) => {
      event.preventDefault();
      const duration = since === null ? null : (performance.now() - since) / 1000;
      send("answer", { response: part.read(), confidence: sure && sure.value ? Number(sure.value) : null, duration_s: duration });
    };
    // JupyterLab keeps the browser from submitting on Enter, so the form does it itself.
    form.onkeydown = (event) => {
      if (event.key !== "Enter" || !event.target.matches("input, select")) return;
      event.preventDefault();
      form.requestSubmit();
    };
    form.oninput = () => { since ??= performance.now(); };
  }

  function say(state) {
    const said = [];
    if (state.word) said.push(el("p", { class: "se-verdict" }, el("span", { "aria-hidden": "true", text: `${state.icon} ` }), state.word));
    if (state.feedback) said.push(el("div", { html: state.feedback }));
    state.hints.forEach((hint, n) => said.push(el("div", {}, el("p", { class: "se-verdict", text: `Hint ${n + 1}` }), el("div", { html: hint }))));
    if (state.solution) said.push(el("div", { html: state.solution }));
    if (state.left !== null) said.push(el("p", { class: "se-muted", text: `Attempts left: ${state.left}` }));
    feedback.className = `se-feedback se-is-${state.state}`;
    feedback.replaceChildren(...said);
  }

  function show() {
    clearTimeout(waiting);
    item = model.get("items")[place];
    const state = model.get("states")[item.id];
    draw(state);
    say(state);
    const take = asked;
    asked = null;
    if (take === "again") form.querySelector("input, select, textarea, button")?.focus();
    else if (take) feedback.focus();
  }
  show();
  return show;
}

function render({ model, el: host }) {
  // Every widget on a page loads this file anew, so only chance keeps their names apart.
  const prefix = `se-quiz-${Math.random().toString(36).slice(2)}`;
  const title = model.get("title");
  const section = el("section", { class: "se se-quiz", "aria-label": title || "Questions", lang: "en" },
    title ? el("h3", { text: title }) : null);
  host.append(section);
  const redraw = model.get("items").map((_, place) => question(section, model, place, model.get("mode"), prefix));
  let shown = model.get("states");
  const update = () => {
    const now = model.get("states");
    model.get("items").forEach((item, place) => {
      if (JSON.stringify(now[item.id]) !== JSON.stringify(shown[item.id])) redraw[place]();
    });
    shown = now;
  };
  model.on("change:states", update);
  return () => model.off("change:states", update);
}

export default { render };
