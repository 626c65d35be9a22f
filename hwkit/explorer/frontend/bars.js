// The influences of neurons as vertical bars, by rank; a click chooses a neuron.

const DIGIT = 7; // width of a digit of the numbers under the bars
const LINE = 13; // height of a line of small text

/** The slots of the chart: one for each bar, and two for the gap. */
function slots(bars, gap, left, width) {
  const hasGap = gap >= 0 && gap <= bars.length;
  const size = width / Math.max(1, bars.length + (hasGap ? 2 : 0));
  const x = (index) => left + (index + (hasGap && index >= gap ? 2 : 0)) * size;
  return { size, x, gap: hasGap ? left + gap * size : null };
}

/** How the indices under the bars are written so that none overlaps another. */
function indexLabels(bars, size) {
  const longest = Math.max(1, ...bars.map((bar) => String(bar.id).length)) * DIGIT;
  if (size >= longest + 3) return { rotated: false, every: 1, height: LINE };
  return { rotated: true, every: Math.ceil((LINE - 1) / size), height: longest + 6 };
}

/** The y axis: its ticks, and where a value lies. */
function verticalScale(bars, top, bottom) {
  const values = bars.map((bar) => bar.value);
  const [low, high] = range(values, true);
  const { values: marks, write } = ticks(low, high, 5);
  const y = (value) => top + ((high - value) / (high - low)) * (bottom - top);
  return { y, marks, write };
}

function makeBar() {
  return svg(
    "g",
    { class: "hw-bar", role: "button" },
    svg("rect", { class: "hw-hit", "data-tip-here": true }), // the tip hides no bar
    svg("rect", { class: "hw-value" }),
    svg("path", { class: "hw-mark" }),
    svg("text", { class: "hw-index" }),
  );
}

function updateBar(node, bar, chart) {
  const { place, isChosen } = chart;
  const [hit, value, mark, index] = node.children;
  const words = `neuron ${bar.id}, influence ${signed(bar.value)}, rank ${bar.rank}`;
  attributes(node, {
    class: `hw-bar ${bar.value < 0 ? "hw-negative" : "hw-positive"}`,
    "data-id": bar.id,
    "data-value": bar.value,
    "data-top": String(bar.top),
    "data-tip": words,
    "aria-label": words,
    "aria-pressed": String(isChosen),
  });
  const { left, size, top, bottom, y, labels } = place;
  attributes(hit, { x: left, y: top, width: size, height: bottom - top + labels.height + 8 });
  const [from, to] = [y(Math.max(0, bar.value)), y(Math.min(0, bar.value))];
  const thickness = Math.max(1, Math.min(size * 0.78, 34));
  attributes(value, {
    x: left + (size - thickness) / 2,
    y: to - from < 1 ? from - 0.5 : from,
    width: thickness,
    height: Math.max(1, to - from),
  });
  const middle = left + size / 2;
  const half = Math.min(5, Math.max(3, size / 2));
  attributes(mark, {
    d: isChosen ? `M${middle - half} ${bottom + 8}l${half} -7l${half} 7z` : "M0 0",
    visibility: isChosen ? null : "hidden",
  });
  const baseline = bottom + 8;
  attributes(index, {
    x: middle,
    y: labels.rotated ? baseline + 3 : baseline + LINE - 3,
    transform: labels.rotated ? `rotate(-90 ${middle} ${baseline + 3})` : null,
    "text-anchor": labels.rotated ? "end" : "middle",
    dy: labels.rotated ? "0.35em" : null,
    visibility: place.labelled ? null : "hidden",
  });
  text(index, String(bar.id));
}

/** The axis and what stands behind the bars. */
function drawAxis(layer, { marks, write, y, left, right, middle, gap, size, omitted }) {
  const parts = marks.flatMap((mark) => [
    svg("line", {
      class: mark === 0 ? "hw-zero" : "hw-grid",
      ...{ x1: left, x2: right, y1: y(mark), y2: y(mark) },
    }),
    svg("text", { class: "hw-tick", x: left - 5, y: y(mark), dy: "0.35em" }),
  ]);
  marks.forEach((mark, i) => text(parts[2 * i + 1], write(mark)));
  if (gap !== null) {
    const at = gap + size;
    const words = svg("text", { class: "hw-omitted", x: at, y: middle, dy: "0.35em" });
    const long = `${omitted} more`.length * DIGIT;
    if (long > 2 * size) words.setAttribute("transform", `rotate(-90 ${at} ${middle})`);
    parts.push(text(words, `${omitted} more`));
  }
  layer.replaceChildren(...parts);
}

function drawBars(parts, width, height, data) {
  const { bars, gap, omitted, chosen } = data;
  const top = 6;
  const measure = verticalScale(bars, 0, 1);
  const left = Math.max(...measure.marks.map((mark) => measure.write(mark).length)) * DIGIT + 10;
  const right = width - 4;
  const { size, x, gap: gapAt } = slots(bars, gap, left, Math.max(1, right - left));
  const labels = indexLabels(bars, size);
  const bottom = Math.max(top + 20, height - labels.height - 8);
  const { y, marks, write } = verticalScale(bars, top, bottom);
  attributes(parts.chart, { width, height, viewBox: `0 0 ${width} ${height}` });
  // The words of the gap stand where no zero line crosses them.
  const middle = y(0) > (top + bottom) / 2 ? (top + y(0)) / 2 : (y(0) + bottom) / 2;
  drawAxis(parts.axis, { marks, write, y, left, right, middle, gap: gapAt, size, omitted });
  const place = (index) => {
    const inGroup = gapAt !== null && index >= gap ? index - gap : index;
    const labelled = inGroup % labels.every === 0;
    return { left: x(index), size, top, bottom, y, labels, labelled };
  };
  keyed(
    parts.bars,
    bars,
    (bar) => bar.id,
    makeBar,
    (node, bar, index) =>
      updateBar(node, bar, {
        place: place(index),
        isChosen: chosen.includes(bar.id),
      }),
  );
}

function render({ model, el }) {
  const root = html("div");
  const parts = {
    title: html("div", { class: "hw-title" }),
    measure: html("div", { class: "hw-measure" }),
    message: html("div", { class: "hw-message" }),
    axis: svg("g", { "aria-hidden": "true" }),
    bars: svg("g", {}),
    below: html("div", { class: "hw-measure hw-below" }, "neuron (channel index), by rank"),
  };
  parts.chart = svg("svg", { class: "hw-chart", role: "group" }, parts.axis, parts.bars);
  root.append(parts.title, parts.measure, parts.message, parts.chart, parts.below);
  const enter = roving(root, ".hw-bar");
  const retip = tips(root, ".hw-bar");

  const press = (node) => node && toggle(model, "chosen", Number(node.dataset.id));
  root.addEventListener("click", (event) => press(event.target.closest(".hw-bar")));
  root.addEventListener("keydown", (event) => {
    const node = event.target.closest(".hw-bar");
    if (!node || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (!event.repeat) press(node);
  });

  const paint = (width) => {
    const names = ["label", "measure", "bars", "gap", "omitted", "chosen", "message", "height"];
    wait(root, model.get("pending"));
    const data = Object.fromEntries(names.map((name) => [name, model.get(name)]));
    const drawn = !data.message && data.bars.length > 0;
    text(parts.title, data.label);
    text(parts.measure, data.measure);
    text(parts.message, data.message);
    parts.title.hidden = !data.label;
    parts.measure.hidden = !drawn;
    parts.below.hidden = !drawn;
    parts.message.hidden = !data.message;
    const name = [data.label, data.measure].filter(Boolean).join(", ");
    attributes(parts.chart, { "aria-label": name });
    parts.chart.classList.toggle("hw-hidden", !drawn);
    parts.message.style.minHeight = `${data.height}px`;
    if (drawn && width) drawBars(parts, width, data.height, data);
    enter(parts.bars.querySelector('[aria-pressed="true"]'));
    retip();
  };

  const traits = [
    ...["label", "measure", "bars", "gap", "omitted", "chosen", "message", "pending", "height"],
  ];
  return mount({ model, el, name: "hw-bars", traits, root, paint });
}

export default { render };
