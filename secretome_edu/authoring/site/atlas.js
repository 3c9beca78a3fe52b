// The book's side of an explorer: stored frames answer its moves where a notebook has a kernel.
// Joined behind the explorer's own page module; nothing here knows a model or computes a value.

const STORED = new URL("atlas/", document.currentScript.src);
const arriving = {}, atlases = {};

// A page opened from a folder may not fetch a file but may load a script: each is a call of this.
globalThis.secretomeAtlas = (name, text) => arriving[name](text);

function atlasOf(name) {
  atlases[name] ??= new Promise((resolve, reject) => {
    arriving[name] = resolve;
    document.head.append(h("script", { src: new URL(`${name}.js`, STORED), onerror: reject }));
  }).then(inflated).then(unpacked);
  return atlases[name];
}

async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The layout is told in packing.py.
function unpacked(block) {
  let at = 4 + new DataView(block.buffer).getUint32(0, true);
  const content = JSON.parse(new TextDecoder().decode(block.subarray(4, at)));
  const buffers = [];
  for (const [count, length, width, order] of content.columns) {
    const numbers = new (width === 4 ? Uint32Array : Uint8Array)((count * length) / width);
    for (let byte = 0; byte < width; byte++) {
      for (let i = 0; i < numbers.length; i++) numbers[i] |= block[at++] << (8 * byte);
    }
    for (let start = 0; start < numbers.length; start += length / width) {
      for (let round = 0; round < order; round++) {
        for (let i = start + 1; i < start + length / width; i++) numbers[i] += numbers[i - 1];
      }
    }
    for (let start = 0; start < count; start++) buffers.push(new Uint8Array(numbers.buffer, start * length, length));
  }
  const whole = (part) => {
    if (part === null || typeof part !== "object") return part;
    if ("$" in part) return buffers[part.$];
    if (Array.isArray(part)) return part.map(whole);
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, whole(inner)]));
  };
  return { ...content, spec: whole(content.spec), frame: (i) => whole(content.frames[i]) };
}

// What an explorer calls `model`; every move is answered at once.
function storedModel(atlas, picture) {
  const heard = {};
  const tell = (event, ...told) => (heard[event] ?? []).forEach((listener) => listener(...told));
  let place, frame;
  const go = (to, answers = null) => {
    place = [...to];
    const number = atlas.axes.reduce((sum, [, stops], i) => sum * stops.length + place[i + 1], place[0]);
    frame = { ...atlas.frame(number), answers };
    tell("change:frame");
  };
  const moved = (values) => [place[0], ...atlas.axes.map(([name, stops], i) => (name in values ? stops.indexOf(values[name]) : place[i + 1]))];
  go(atlas.start);
  return {
    get: (name) => ({ spec: atlas.spec, frame })[name],
    on: (event, listener) => (heard[event] ??= []).push(listener),
    off: (event, listener) => { heard[event] = (heard[event] ?? []).filter((other) => other !== listener); },
    send(message) {
      if (message.kind === "move") go(moved(message.values), message.from);
      else if (message.kind === "preset") go(atlas.presets[message.label], message.from);
      else if (message.kind === "reset") go(atlas.start, message.from);
      else if (message.kind === "table") tell("msg:custom", { kind: "table", tables: frame.tables });
      else if (message.kind === "picture") tell("msg:custom", { kind: "picture", png: picture() });
    },
  };
}

// The panels below each other, each under its title, on the ground they are drawn for.
function pictureOf(box) {
  const style = getComputedStyle(box.querySelector(".se")), ratio = window.devicePixelRatio || 1, head = 30 * ratio;
  const panels = [...box.querySelectorAll(".se-x-panel")].map((panel) => [panel.querySelector("canvas"), panel.textContent]);
  const sheet = h("canvas", {
    width: Math.max(...panels.map(([canvas]) => canvas.width)),
    height: panels.reduce((sum, [canvas]) => sum + canvas.height + head, 0),
  });
  const ctx = sheet.getContext("2d");
  ctx.fillStyle = style.backgroundColor;
  ctx.fillRect(0, 0, sheet.width, sheet.height);
  ctx.fillStyle = style.color;
  ctx.font = `600 ${15 * ratio}px ${style.fontFamily}`;
  let y = 0;
  for (const [canvas, title] of panels) {
    ctx.fillText(title, 4 * ratio, y + 20 * ratio);
    ctx.drawImage(canvas, 0, y + head);
    y += canvas.height + head;
  }
  return sheet.toDataURL("image/png").split(",")[1];
}

// What does not move here, with its values, and where it does.
function whatStays(atlas, model, live) {
  const values = h("dl", {});
  const show = () => values.replaceChildren(...atlas.fixed.map(([name, label]) => h("div", {}, h("dt", {}, label), h("dd", {}, model.get("frame").texts[name]))));
  model.on("change:frame", show);
  show();
  const words = atlas.fixed.length ? "The controls above move in steps; these stay as they are here. All move freely in the " : "The controls move in steps here, and freely in the ";
  return h("div", { class: "se-x-stays" }, h("p", {}, words, h("a", { href: live }, "live notebook"), "."), values);
}

async function mount(box) {
  const atlas = await atlasOf(box.dataset.explorer);
  const el = h("div", { class: "se-atlas-live" });
  const model = storedModel(atlas, () => pictureOf(el));
  box.append(el);
  render({ model, el });
  [...el.querySelectorAll(".se-x-buttons")].at(-1).before(whatStays(atlas, model, box.dataset.live));
  box.classList.add("se-atlas-moves");
}

// Each is loaded when a reader comes near; if that fails, the printed explorer stays.
const near = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
  near.unobserve(target);
  mount(target).catch((problem) => console.warn(problem));
}), { rootMargin: "600px" });
document.querySelectorAll(".se-atlas").forEach((box) => near.observe(box));
