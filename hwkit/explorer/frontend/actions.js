// The question in words, what is being computed, and what can be taken along: code and figures.

const TOLD = 2000; // ms for which a button says what it has done

/** Lets the browser save what Python sent. */
function download({ name, type }, [data]) {
  const url = URL.createObjectURL(new Blob([data], { type }));
  html("a", { href: url, download: name }).click();
  // The browser reads the blob after the click; when it has done so is not told.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Once for the model, so that a widget shown twice saves a file once. */
function initialize({ model }) {
  model.on("msg:custom", (message, buffers) => {
    if (message?.kind === "file") download(message, buffers);
  });
}

/** A button that keeps its width while it says `done`. */
function button(words, done, title) {
  return html(
    "button",
    { class: "hw-button", type: "button", title },
    html("span", { class: "hw-button-words" }, words),
    html("span", { class: "hw-button-done", "aria-hidden": "true" }, done),
  );
}

/** A dialog with the code selected, for browsers that keep pages from the clipboard. */
function codeDialog() {
  const area = html("textarea", { readonly: true, spellcheck: "false", "aria-label": "code" });
  const dialog = html(
    "dialog",
    { class: "hw-dialog", "aria-label": "Code of what is on screen" },
    html("p", {}, "This cell computes what is on screen. Copy it with Ctrl+C (on a Mac: ⌘C)."),
    area,
    html("form", { method: "dialog" }, html("button", { class: "hw-button" }, "Close")),
  );
  const open = (code) => {
    area.value = code;
    area.rows = Math.min(24, code.split("\n").length + 1);
    dialog.showModal();
    area.focus();
    area.select();
  };
  return { dialog, open };
}

function makeParts() {
  return {
    sentence: html("div", { class: "hw-sentence", role: "heading", "aria-level": "2" }),
    spinner: html("span", { class: "hw-spinner", "aria-hidden": "true" }),
    busy: html("span", { class: "hw-busy-words", role: "status", "aria-live": "polite" }),
    said: html("span", { class: "hw-unseen", role: "status", "aria-live": "polite" }),
    copy: button(
      "Copy as code",
      "Copied",
      "Copy a cell of Python that computes what is on screen. With Shift: look at it first.",
    ),
    png: button("Save PNG", "Saved", "Save the pictures and charts as one figure of pixels"),
    svg: button("Save SVG", "Saved", "Save them as a figure that stays sharp at any size"),
    words: html("span", { class: "hw-problem-words", role: "alert" }),
    dismiss: button("OK", "", "Hide this message"),
    ...codeDialog(),
  };
}

function render({ model, el }) {
  const parts = makeParts();
  const problem = html("div", { class: "hw-problem" }, parts.words, parts.dismiss);
  const busy = html("div", { class: "hw-busy" }, parts.spinner, parts.busy);
  const buttons = html("div", { class: "hw-buttons", role: "group", "aria-label": "take along" });
  buttons.append(parts.copy, parts.png, parts.svg);
  const bar = html("div", { class: "hw-bar-of-actions" }, parts.sentence, busy, buttons);
  const root = html("div", {}, bar, problem, parts.said, parts.dialog);
  const timers = new Set();

  const told = (node, words) => {
    node.classList.add("hw-done");
    text(parts.said, words);
    const timer = setTimeout(() => {
      node.classList.remove("hw-done");
      text(parts.said, "");
      timers.delete(timer);
    }, TOLD);
    timers.add(timer);
  };

  parts.copy.addEventListener("click", async (event) => {
    const code = model.get("code");
    if (event.shiftKey || !navigator.clipboard) return parts.open(code);
    try {
      await navigator.clipboard.writeText(code);
    } catch {
      return parts.open(code); // refused: the reader copies by hand
    }
    return told(parts.copy, "Copied");
  });
  parts.png.addEventListener("click", () => model.send({ kind: "save", format: "png" }));
  parts.svg.addEventListener("click", () => model.send({ kind: "save", format: "svg" }));
  parts.dismiss.addEventListener("click", () => {
    model.set("problem", "");
    model.save_changes();
  });
  model.on("msg:custom", (message) => {
    if (message?.kind !== "file") return;
    told(message.name.endsWith(".svg") ? parts.svg : parts.png, `Saved ${message.name}`);
  });

  const paint = () => {
    text(parts.sentence, model.get("sentence"));
    text(parts.busy, model.get("busy"));
    busy.title = model.get("busy");
    busy.classList.toggle("hw-idle", !model.get("busy"));
    text(parts.words, model.get("problem"));
    problem.classList.toggle("hw-hidden", !model.get("problem"));
    parts.copy.disabled = !model.get("code");
  };
  const close = () => {
    timers.forEach(clearTimeout);
    if (parts.dialog.open) parts.dialog.close();
  };
  const traits = ["code", "busy", "sentence", "problem"];
  return mount({ model, el, name: "hw-actions", traits, root, paint, close });
}

export default { initialize, render };
