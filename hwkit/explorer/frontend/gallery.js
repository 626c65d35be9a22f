// Pictures in a wrapping row, each pixel shown as a whole number of screen pixels.

const FACTORS = [8, 7, 6, 5, 4, 3, 2, 1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 1 / 7, 1 / 8];
const CELL = 56; // captions need that much
const PADDING = 6; // of a picture's cell, both sides; as in explorer.css
const GAP = 2; // between cells; as in explorer.css
const NOTE = 80; // room that the note on the scale takes

/** The width of a cell whose picture is `width` pixels wide; a caption needs some, too. */
function cellWidth(width, factor, captions) {
  return Math.max(captions ? CELL : 0, width * factor) + PADDING;
}

/** The width of the widest picture, and whether one has a caption. */
function measures(pictures) {
  const width = Math.max(...pictures.map((picture) => picture.width));
  return { width, captions: pictures.some((picture) => picture.caption || picture.detail) };
}

/** The width of pictures in `rows` full rows. */
function rowWidth(pictures, factor, rows) {
  const { width, captions } = measures(pictures);
  return Math.ceil(pictures.length / rows) * (cellWidth(width, factor, captions) + GAP) - GAP;
}

/** The width of the pictures as they wrap into `room` pixels. */
function takenWidth(pictures, factor, room) {
  const { width, captions } = measures(pictures);
  const cell = cellWidth(width, factor, captions) + GAP;
  return Math.min(pictures.length, Math.floor((room + GAP) / cell)) * cell - GAP;
}

/** The largest factor with which pictures fit `side`, and `rows` rows of `room` pixels. */
function wholeFactor(pictures, side, rows, room) {
  const { width, captions } = measures(pictures);
  const longest = Math.max(width, ...pictures.map((picture) => picture.height));
  const allowed = FACTORS.filter((factor) => longest * factor <= side);
  if (!allowed.length) return FACTORS[FACTORS.length - 1];
  const fits = (factor) => {
    const inRow = Math.floor((room + GAP) / (cellWidth(width, factor, captions) + GAP));
    return inRow * rows >= pictures.length;
  };
  // Below the width of a caption, smaller pictures save no room.
  const useful = allowed.filter((factor) => width * factor >= CELL / 2 || factor === allowed[0]);
  return useful.find(fits) ?? useful[useful.length - 1];
}

/** What the scale is, in words; nothing where a pixel is a pixel. */
function scaleNote(factor) {
  if (factor === 1) return "";
  if (factor > 1) return `each pixel shown ${factor}\u00a0×\u00a0${factor}`;
  const parts = Math.round(1 / factor);
  const words = { 2: "half size", 3: "a third of full size", 4: "a quarter of full size" };
  return `shown at ${words[parts] ?? `1/${parts} of full size`}`;
}

/** Whether two pictures' pixels, DataViews or null, are the same. */
function samePixels(one, other) {
  if (one === other) return true;
  if (!one || !other || one.byteLength !== other.byteLength) return false;
  for (let i = 0; i < one.byteLength; i += 1) {
    if (one.getUint8(i) !== other.getUint8(i)) return false;
  }
  return true;
}

/** Paints RGB bytes into a canvas of the picture's own size. */
function paintPixels(canvas, { width, height, pixels }) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; to < image.data.length; from += 3, to += 4) {
    image.data[to] = pixels.getUint8(from);
    image.data[to + 1] = pixels.getUint8(from + 1);
    image.data[to + 2] = pixels.getUint8(from + 2);
    image.data[to + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function makePicture(select) {
  const node = html(
    select === "none" ? "div" : "button",
    { class: "hw-picture", type: select === "none" ? null : "button" },
    html(
      "span",
      { class: "hw-frame" },
      html("canvas", { role: "img", hidden: true }),
      html("span", { class: "hw-words" }),
    ),
    html(
      "span",
      { class: "hw-words-below" },
      html("span", { class: "hw-caption" }),
      html("span", { class: "hw-detail" }),
    ),
  );
  node.hwRole = { none: "listitem", one: "radio", many: "button" }[select];
  return node;
}

function updatePicture(node, picture, factor, chosen) {
  const [frame, below] = node.children;
  const [caption, detail] = below.children;
  const [canvas, words] = frame.children;
  const isChosen = chosen.includes(picture.id);
  attributes(node, {
    role: node.hwRole,
    title: [picture.caption, picture.detail].filter(Boolean).join(", ") || picture.alt,
    "data-id": picture.id,
    "data-pending": String(picture.pending),
    "data-chosen": String(isChosen),
    "aria-busy": String(picture.pending),
    "aria-checked": node.hwRole === "radio" ? String(isChosen) : null,
    "aria-pressed": node.hwRole === "button" ? String(isChosen) : null,
  });
  const hasCaption = Boolean(picture.caption || picture.detail);
  node.style.width = `${cellWidth(picture.width, factor, hasCaption)}px`;
  frame.style.width = `${picture.width * factor}px`;
  frame.style.minHeight = `${picture.height * factor}px`;
  text(caption, picture.caption);
  text(detail, picture.detail);
  caption.hidden = !picture.caption;
  detail.hidden = !picture.detail;
  below.hidden = !hasCaption;
  const drawn = Boolean(picture.pixels) && !picture.message;
  canvas.hidden = !drawn;
  words.hidden = drawn;
  words.classList.toggle("hw-message", Boolean(picture.message));
  text(words, drawn ? "" : picture.message || "…");
  attributes(canvas, { "aria-label": picture.alt });
  canvas.classList.toggle("hw-pixelated", factor > 1);
  if (!drawn) return;
  const sameSize = canvas.width === picture.width && canvas.height === picture.height;
  if (!sameSize || !samePixels(node.hwPixels, picture.pixels)) paintPixels(canvas, picture);
  node.hwPixels = picture.pixels;
}

function render({ model, el }) {
  const root = html("div");
  const title = html("div", { class: "hw-title", "aria-hidden": "true" }); // the list says it, too
  const list = html("div", { class: "hw-pictures" });
  const note = html("span", { class: "hw-note" });
  root.append(title, html("div", { class: "hw-scaled" }, list, note));
  const enter = roving(list, "button.hw-picture");

  list.addEventListener("click", (event) => {
    const id = event.target.closest("button.hw-picture")?.dataset.id;
    if (id === undefined) return;
    if (model.get("select") === "many") toggle(model, "chosen", id);
    else {
      model.set("chosen", [id]);
      model.save_changes();
    }
  });

  const paint = (width) => {
    const pictures = model.get("pictures");
    const select = model.get("select");
    const chosen = model.get("chosen");
    const [side, rows] = [model.get("side"), model.get("rows")];
    attributes(list, {
      role: { none: "list", one: "radiogroup", many: "group" }[select],
      "aria-label": model.get("label") || null,
    });
    text(title, model.get("label"));
    title.hidden = !model.get("titled");
    let factor = 1;
    let room = 0;
    if (pictures.length) {
      factor = wholeFactor(pictures, side, rows, width || Infinity);
      room = width - takenWidth(pictures, factor, width);
      const wanted = wholeFactor(pictures, side, rows, Infinity);
      el.style.setProperty("--hw-basis", `${rowWidth(pictures, wanted, rows)}px`);
    }
    keyed(
      list,
      pictures,
      (picture) => `${select} ${picture.id}`,
      () => makePicture(select),
      (node, picture) => updatePicture(node, picture, factor, chosen),
    );
    text(note, scaleNote(factor));
    attributes(list, { title: scaleNote(factor) || null });
    note.hidden = !note.textContent || room < NOTE; // a tooltip says the same
    if (select !== "none") enter(list.querySelector('[data-chosen="true"]'));
  };

  const traits = ["label", "titled", "pictures", "chosen", "select", "side", "rows"];
  return mount({ model, el, name: "hw-gallery", traits, root, paint });
}

export default { render };
