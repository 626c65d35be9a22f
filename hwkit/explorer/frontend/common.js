// What the explorer's widgets share. widgets.py puts this file before each widget's own, since
// anywidget loads one string for a widget and nothing is fetched from elsewhere.

const SVG = "http://www.w3.org/2000/svg";

/** Attributes of an element; null and false take one away, true leaves it empty. */
function attributes(node, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  return node;
}

/** A new HTML element. */
function html(tag, values = {}, ...children) {
  const node = attributes(document.createElement(tag), values);
  node.append(...children);
  return node;
}

/** A new SVG element. */
function svg(tag, values = {}, ...children) {
  const node = attributes(document.createElementNS(SVG, tag), values);
  node.append(...children);
  return node;
}

/** Sets the text only where it differs, so that screen readers are not told the same again. */
function text(node, words) {
  if (node.textContent !== words) node.textContent = words;
  return node;
}

/**
 * Keeps a notebook's command mode from taking the arrow keys, Enter and Space from what is focused;
 * in the explorer also from the sliders and lists of ipywidgets.
 */
function keepKeys({ target }) {
  if (target.closest?.(".hw, .hwkit-explorer")) {
    target.setAttribute("data-lm-suppress-shortcuts", "true");
  }
}

/**
 * One view of a widget: a root with the class `name`, painted at once and again after changes of
 * `traits` (several that arrive together: once) and of its own width. Returns the clean-up.
 */
function mount({ model, el, name, traits, root, paint, close = () => {} }) {
  attributes(root, { class: `hw ${name}` });
  const listening = new AbortController();
  document.addEventListener("focusin", keepKeys, { capture: true, signal: listening.signal });
  el.classList.add("hw-host", `${name}-host`);
  el.append(root);
  let waiting = false;
  let gone = false;
  let width = 0;
  const repaint = () => {
    waiting = false;
    if (gone) return;
    paint(width);
    root.dataset.painted = Number(root.dataset.painted ?? 0) + 1;
  };
  const changed = () => {
    if (!waiting) queueMicrotask(repaint);
    waiting = true;
  };
  const sized = new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    // A scroll bar that comes and goes by our own height must not start a loop: a little more
    // room is not used.
    if (now === width || (now > width && now - width < 20 && width > 0)) return;
    width = now;
    requestAnimationFrame(repaint);
  });
  model.on(traits.map((trait) => `change:${trait}`).join(" "), changed);
  width = Math.floor(root.clientWidth);
  repaint();
  sized.observe(root);
  return () => {
    gone = true;
    listening.abort();
    sized.disconnect();
    close();
    root.remove();
  };
}

/** Shows a chart paler while other values are on their way. */
function wait(root, pending) {
  attributes(root, { "aria-busy": String(pending) });
}

/**
 * Makes `parent`'s children follow `items`: those whose key stays are kept (with their focus) and
 * updated, others are made or removed.
 */
function keyed(parent, items, key, make, update) {
  const kept = new Map([...parent.children].map((child) => [child.hwKey, child]));
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  let place = parent.firstElementChild;
  items.forEach((item, index) => {
    const name = key(item);
    let node = kept.get(name);
    if (node) kept.delete(name);
    else {
      node = make(item);
      node.hwKey = name;
    }
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
    update(node, item, index);
  });
  for (const node of kept.values()) node.remove();
  // An element that is moved loses the focus.
  if (focused?.isConnected && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
}

/**
 * Arrow keys, Home and End move the focus between the elements that match `selector`, of which one
 * is reached by Tab. Call the returned function after each repaint.
 */
function roving(root, selector) {
  let current = null;
  const all = () => [...root.querySelectorAll(selector)];
  const enter = (node) => {
    for (const other of all()) other.setAttribute("tabindex", other === node ? "0" : "-1");
    current = node;
  };
  const beside = (nodes, node, key) => {
    const place = nodes.indexOf(node);
    if (key === "ArrowRight") return nodes[place + 1];
    if (key === "ArrowLeft") return nodes[place - 1];
    if (key === "Home") return nodes[0];
    if (key === "End") return nodes[nodes.length - 1];
    const here = node.getBoundingClientRect();
    const way = key === "ArrowDown" ? 1 : -1;
    const distance = (box) => [Math.abs(box.top - here.top), Math.abs(box.left - here.left)];
    return nodes
      .map((other) => [other, other.getBoundingClientRect()])
      .filter(([, box]) => way * (box.top - here.top) > here.height / 2)
      .map(([other, box]) => [other, ...distance(box)])
      .sort((a, b) => a[1] - b[1] || a[2] - b[2])[0]?.[0];
  };
  root.addEventListener("keydown", (event) => {
    const node = event.target.closest(selector);
    if (!node || !/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
    event.preventDefault();
    const next = beside(all(), node, event.key);
    if (next) {
      enter(next);
      next.focus();
    }
  });
  root.addEventListener("focusin", (event) => {
    const node = event.target.closest(selector);
    if (node) enter(node);
  });
  return (first) => enter(current?.isConnected ? current : (first ?? all()[0] ?? null));
}

/**
 * Shows `data-tip` of the hovered or focused element that matches `selector`. Call the returned
 * function after each repaint.
 */
function tips(root, selector) {
  const tip = html("div", { class: "hw-tip", "aria-hidden": "true", hidden: true });
  let target = null;
  const show = (node) => {
    target = node?.isConnected ? node : null;
    tip.hidden = !target?.dataset.tip;
    if (tip.hidden) return;
    text(tip, target.dataset.tip);
    const frame = root.getBoundingClientRect();
    const box = (target.querySelector("[data-tip-here]") ?? target).getBoundingClientRect();
    const left = box.left + box.width / 2 - frame.left - tip.offsetWidth / 2;
    const above = box.top - frame.top - tip.offsetHeight - 4;
    tip.style.left = `${Math.max(0, Math.min(left, frame.width - tip.offsetWidth))}px`;
    tip.style.top = `${above < 0 ? box.bottom - frame.top + 4 : above}px`;
  };
  root.addEventListener("pointerover", (event) => show(event.target.closest(selector)));
  root.addEventListener("pointerleave", () => show(null));
  root.addEventListener("focusin", (event) => show(event.target.closest(selector)));
  root.addEventListener("focusout", () => show(null));
  root.addEventListener("keydown", (event) => event.key === "Escape" && show(null));
  root.append(tip);
  return () => target && show(target);
}

/** A list trait with `item` put in, or taken out where it is there; saved. */
function toggle(model, trait, item) {
  const before = model.get(trait);
  const without = before.filter((other) => other !== item);
  model.set(trait, without.length < before.length ? without : [...before, item]);
  model.save_changes();
}

/** Three significant digits, with a true minus sign: "0.42", "−12.3", "4.2e−6". */
function number(value) {
  const size = Math.abs(value);
  let words;
  if (size === 0) words = "0";
  else if (size < 1e-3 || size >= 1e5) words = value.toExponential(1);
  else words = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  return words.replaceAll("-", "−").replace("e+", "e");
}

/** As `number`, with a plus sign before positive values. */
function signed(value) {
  return value > 0 ? `+${number(value)}` : number(value);
}

/** A share of one as "34%"; small ones keep a digit. */
function percentage(value) {
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 1 : 0;
  return `${(100 * value).toFixed(digits)}%`.replace("-", "−");
}

/** About `count` round numbers from `low` to `high`, and how they are written. */
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * (1 - 1e-9));
  const step = unit * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const decimals = -Math.floor(Math.log10(step) + 1e-9) + (unit === 2.5 ? 1 : 0);
  const write = (value) => {
    if (value === 0) return "0";
    const plain = step >= 1e-3 && Math.max(-low, high) < 1e5;
    const words = plain ? value.toFixed(Math.max(0, decimals)) : value.toExponential(1);
    return words.replaceAll("-", "−").replace("e+", "e");
  };
  return { values, write };
}

/** The range of an axis that holds all values (and zero, if it is to), with a little room. */
function range(values, zero) {
  const all = zero || !values.length ? [0, ...values] : values;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = high > low ? 0.04 * (high - low) : Math.abs(high) / 2 || 1;
  return [low === 0 && high > 0 ? 0 : low - room, high === 0 && low < 0 ? 0 : high + room];
}
