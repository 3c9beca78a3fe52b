// Shows HTML made and escaped in Python; announces changes politely.
function render({ model, el }) {
  const box = document.createElement("section");
  box.className = "se";
  box.setAttribute("role", "region");
  const body = document.createElement("div");
  body.setAttribute("role", "status");
  box.append(body);
  el.append(box);
  const show = () => {
    box.setAttribute("aria-label", model.get("label"));
    body.innerHTML = model.get("html");
  };
  model.on("change:html change:label", show);
  show();
  return () => model.off("change:html change:label", show);
}
export default { render };
