// Watches a learner without a mouse: where the Tab key stops, how the focus shows, what is
// announced, and which parts of a page listen to a mouse. Runs in the page before any cell does.
(() => {
  const OUTPUT = ".jp-OutputArea-output";
  const TABBED = ':is(a[href], button, input, select, textarea, summary, [tabindex="0"])';
  const MOUSE = new Set(["click", "dblclick", "mousedown", "mouseup", "pointerdown", "dragstart", "mouseover", "pointerenter"]);
  const watched = { stops: [], heard: [], mouse: [] };
  window.watched = watched;

  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (MOUSE.has(type) && this instanceof Element) watched.mouse.push([this, type]);
    return listen.call(this, type, ...rest);
  };

  const cellOf = (node) => Number(node.closest(".jp-Cell")?.dataset.windowedListIndex ?? -1);
  const words = (node) => (node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent || "").trim().slice(0, 60);

  // The same control has the same name after it was drawn again.
  const nameOf = (node) => {
    const group = node.type === "radio" ? `radio ${node.name}` : node.id || `${node.tagName.toLowerCase()} ${node.href || ""} ${words(node)}`;
    return `cell ${cellOf(node)}: ${group}`;
  };

  // Links a chooser finds change with the choice, so they are not asked for by name.
  watched.controls = () => [...document.querySelectorAll(`${OUTPUT} ${TABBED}`)]
    .filter((node) => !node.disabled && !node.closest(".se-chooser-found a") && node.checkVisibility({ visibilityProperty: true }))
    .map(nameOf);

  const numbers = (color) => (color.match(/[\d.]+/g) || []).map(Number);
  function groundOf(node) {
    for (let n = node; n; n = n.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(n).backgroundColor);
      if (a > 0.5) return [r, g, b];
    }
    return [255, 255, 255];
  }
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  // What is wrong with how the focus shows: an outline of two pixels in 3 to 1 (WCAG 2.2), or the
  // browser's own ring, and the control in sight.
  function wrongWith(node) {
    // The first line of a link that runs over two.
    const style = getComputedStyle(node), rect = node.getClientRects()[0] || node.getBoundingClientRect();
    const found = [];
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) found.push("no outline");
    else if (style.outlineStyle !== "auto") {
      if (parseFloat(style.outlineWidth) < 2) found.push(`outline of ${style.outlineWidth}`);
      const ratio = contrast(numbers(style.outlineColor), groundOf(node.parentElement));
      if (ratio < 3) found.push(`outline contrast ${ratio.toFixed(1)}`);
    }
    const view = (node.closest(".jp-WindowedPanel-outer") || document.documentElement).getBoundingClientRect();
    if (rect.bottom < view.top + 4 || rect.top > view.bottom - 4) found.push("out of sight");
    else if (rect.width && rect.height) {
      const x = rect.left + Math.min(rect.width / 2, 8), y = Math.min(Math.max(rect.top + Math.min(rect.height / 2, 8), view.top + 2), view.bottom - 2);
      const top = document.elementFromPoint(x, y);
      if (top && !node.contains(top) && !top.contains(node) && !node.labels?.[0]?.contains(top)) found.push(`covered by ${top.tagName}.${top.className}`);
    }
    return found;
  }

  // Within one output the next stop stands below or to the right of the one before.
  function upwards(before, node) {
    if (!before?.node.isConnected || before.node === node || before.output !== node.closest(OUTPUT)) return [];
    const a = before.node.getBoundingClientRect(), b = node.getBoundingClientRect();
    if (b.bottom <= a.top + 1 && b.left < a.right) return [`above the stop before it, ${before.name}`];
    if (b.right <= a.left + 1 && b.top < a.bottom - 4 && b.bottom > a.top + 4) return [`left of the stop before it, ${before.name}`];
    return [];
  }

  let before = null;
  listen.call(document, "keyup", (event) => {
    const node = document.activeElement;
    if (event.key !== "Tab" || !node.closest(OUTPUT)) { if (event.key === "Tab") before = null; return; }
    const name = nameOf(node), output = node.closest(OUTPUT);
    const found = [...wrongWith(node), ...(event.shiftKey ? [] : upwards(before, node))];
    watched.stops.push({ name, found });
    before = { node, name, output };
  }, true);

  // Where the keyboard is now, for the learner to decide what to do.
  watched.here = () => {
    const node = document.activeElement;
    const output = node.closest(OUTPUT);
    const section = node.closest(".se");
    const form = node.closest("form");
    const part = !output || !section ? "" : form?.dataset.item ? "question"
      : section.matches(".se-x") ? "explorer" : section.matches(".se-chooser") ? "chooser" : form ? "exercise" : "";
    return {
      inside: Boolean(output), notebook: Boolean(node.closest(".jp-Notebook")), body: node === document.body,
      cell: cellOf(node), part, name: nameOf(node), tag: node.tagName.toLowerCase(), type: node.type || "",
      id: node.id, words: words(node), item: form?.dataset.item || "", cls: String(node.className),
      value: node.type === "checkbox" || node.type === "radio" ? [node.value, node.checked] : node.value ?? "",
      line: node.closest("li")?.dataset.name || "", heading: section?.innerText.slice(0, 80) || "",
      open: node.parentElement?.open, said: node.getAttribute("aria-valuetext") || "", max: node.max || "", option: node.selectedIndex ?? -1, options: node.length ?? 0,
    };
  };

  // Everything a screen reader would say by itself, with the cell it comes from.
  new MutationObserver((changes) => {
    const regions = new Set(changes.map((c) => (c.target.closest ? c.target : c.target.parentElement)?.closest('[role="status"], [role="alert"]')).filter(Boolean));
    for (const region of regions) if (region.closest(OUTPUT) && region.innerText.trim()) watched.heard.push([cellOf(region), region.innerText.trim()]);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });

  // Parts that a mouse can use and no key: neither they, nor what they hold or stand in, take the focus.
  watched.mouseOnly = () => [...new Set(watched.mouse.filter(([node]) => node.isConnected && node.closest(`${OUTPUT} .se`)
    && !node.matches(`${TABBED}, label, :disabled`) && !node.querySelector(`${TABBED}`) && !node.closest(TABBED)
    && !node.closest("li")?.querySelector("button")).map(([node, type]) => `${type} on ${node.tagName}.${node.className}`))];
})();
