// A row for each class or part: bars and marks on one horizontal axis, and a switch where a row
// has one. Places along the axis are shares of its width, so nothing is drawn anew when it changes.

const SHAPES = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
  ring: "M-5.2 0a5.2 5.2 0 1 0 10.4 0a5.2 5.2 0 1 0 -10.4 0z",
  triangle: "M0 -5l5 8.7h-10z",
  line: "M-1 -8h2v16h-2z",
  bar: "M-7 -4.5h14v9h-14z",
};

/** A mark with its middle at (0, 0). */
function shape({ shape: name, tone }) {
  return svg("path", { class: `hw-shape hw-${name} hw-tone-${tone}`, d: SHAPES[name] });
}

/** The x axis: its ticks, and where a value lies, in percent of the width. */
function horizontalScale({ rows, series, zero, percent }) {
  const values = rows.flatMap((row) => row.values).filter((value) => value !== null);
  const fromZero = zero || series.some((one) => one.shape === "bar");
  const [first, last] = range(values, fromZero);
  const { values: marks, write } = ticks(first, last, 5);
  const share = (value) => (100 * (value - first)) / (last - first);
  return { marks, share, write: percent ? (mark) => percentage(mark) : write };
}

/** Points lie a little above or below those of other series, so that none hides another. */
function shift(series, index) {
  const points = series.flatMap((one, i) => (["bar", "line"].includes(one.shape) ? [] : [i]));
  const place = points.indexOf(index);
  if (place < 0 || points.length < 2) return 0;
  return ((place / (points.length - 1)) * 2 - 1) * 3;
}

function drawRow(row, { series, scale }) {
  const { marks, share } = scale;
  const grid = marks.map((mark) =>
    svg("line", {
      class: mark === 0 ? "hw-zero" : "hw-grid",
      ...{ x1: `${share(mark)}%`, x2: `${share(mark)}%`, y1: 0, y2: "100%" },
    }),
  );
  const all = series.map((one, i) => [one, row.values[i] ?? null, i]);
  const drawn = all.filter(([, value]) => value !== null);
  // Bars first: what is drawn later lies above.
  drawn.sort(([one], [other]) => (other.shape === "bar") - (one.shape === "bar"));
  // Heights are counted from the middle of the row.
  const middle = svg("svg", { y: "50%", overflow: "visible" });
  for (const [one, value, i] of drawn) {
    const data = { "data-series": one.name, "data-value": value };
    if (one.shape === "bar") {
      const [from, to] = [share(Math.min(0, value)), share(Math.max(0, value))];
      const place = { x: `${from}%`, width: `${to - from}%`, y: -5, height: 10 };
      const kind = { class: `hw-shape hw-tone-${one.tone}` };
      middle.append(svg("rect", { ...data, ...place, ...kind }));
    } else {
      const place = { x: `${share(value)}%`, y: shift(series, i), overflow: "visible" };
      middle.append(svg("svg", { ...data, ...place, width: 1, height: 1 }, shape(one)));
    }
  }
  return [...grid, middle];
}

function makeRow(row) {
  const name = html("span", { class: "hw-name" });
  const label = row.switch === null ? html("span") : html("label");
  if (row.switch !== null) label.append(html("input", { type: "checkbox", "data-id": row.id }));
  label.append(name);
  return html(
    "tr",
    {},
    html("th", { scope: "row" }, label),
    html(
      "td",
      { class: "hw-plot" },
      svg("svg", { class: "hw-strip", "aria-hidden": "true" }),
      html("span", { class: "hw-row-note" }),
      html("span", { class: "hw-unseen" }),
    ),
    html("td", { class: "hw-numbers", "aria-hidden": "true" }),
  );
}

/** The values of a row in words, and those that there are beside the name of their series. */
function valuesOf(row, series, percent) {
  const write = percent ? percentage : number;
  const values = series.map((_, i) => row.values[i] ?? null);
  const words = values.map((value) => (value === null ? "–" : write(value)));
  const named = series.map((one, i) => `${one.name}: ${words[i]}`);
  return { words, named: named.filter((_, i) => values[i] !== null) };
}

function updateRow(node, row, chart) {
  const { off, series, percent } = chart;
  const [head, plot, numbers] = node.children;
  const [strip, note, unseen] = plot.children;
  const box = head.querySelector("input");
  const { words, named } = valuesOf(row, series, percent);
  attributes(node, {
    "data-id": row.id,
    "data-off": String(off.includes(row.id)),
    "data-tip": [row.name, ...named, row.note].filter(Boolean).join("\n"),
    class: row.strong ? "hw-strong" : null,
  });
  if (box) {
    box.checked = !off.includes(row.id);
    box.title = `Untick to see the picture without: ${row.name}`;
  }
  text(head.querySelector(".hw-name"), row.name);
  text(note, row.note);
  text(unseen, [...named, row.note].filter(Boolean).join(", "));
  numbers.replaceChildren(...(percent ? words.map((word) => html("span", {}, word)) : []));
  numbers.hidden = !percent;
  strip.replaceChildren(...drawRow(row, chart));
}

function drawLegend(legend, series) {
  legend.replaceChildren(
    ...series.map((one) =>
      html(
        "span",
        { class: "hw-key" },
        svg("svg", { viewBox: "-8 -8 16 16", width: 16, height: 16 }, shape(one)),
        one.name,
      ),
    ),
  );
}

function drawAxis(foot, { marks, share, write }, measure) {
  const numbers = marks.map((mark) =>
    svg("text", { class: "hw-tick", x: `${share(mark)}%`, y: 11 }, write(mark)),
  );
  const strip = svg("svg", { class: "hw-strip", "aria-hidden": "true" }, ...numbers);
  const words = html("div", { class: "hw-measure" }, measure);
  foot.replaceChildren(html("td"), html("td", { class: "hw-plot" }, strip, words), html("td"));
}

function render({ model, el }) {
  const root = html("div");
  const parts = {
    title: html("span", { class: "hw-title" }),
    measure: html("span", { class: "hw-measure" }),
    legend: html("div", { class: "hw-legend", "aria-hidden": "true" }),
    message: html("div", { class: "hw-message" }),
    body: html("tbody"),
    foot: html("tr", { "aria-hidden": "true" }),
    footnote: html("div", { class: "hw-footnote" }),
  };
  parts.table = html("table", {}, parts.body, html("tfoot", {}, parts.foot));
  const head = html("div", { class: "hw-head" }, parts.title, parts.measure, parts.legend);
  root.append(head, parts.message, parts.table, parts.footnote);
  const retip = tips(root, "tbody tr");

  root.addEventListener("change", (event) => {
    const id = event.target.closest("input[type=checkbox]")?.dataset.id;
    if (id !== undefined) toggle(model, "off", id);
  });

  const traits = [
    ...["label", "measure", "series", "rows", "off", "zero", "percent", "message", "pending", "footnote"],
  ];
  const paint = () => {
    const data = Object.fromEntries(traits.map((name) => [name, model.get(name)]));
    const drawn = !data.message && data.rows.length > 0;
    wait(root, data.pending);
    for (const name of ["message", "footnote"]) {
      text(parts[name], data[name]);
      parts[name].hidden = !data[name];
    }
    text(parts.title, data.label);
    parts.title.hidden = !data.label;
    // Where every bar has its number beside it, an axis would say nothing more.
    text(parts.measure, data.measure);
    parts.measure.hidden = !drawn || !data.percent;
    parts.foot.hidden = data.percent;
    parts.table.hidden = !drawn;
    parts.table.classList.toggle(
      "hw-switched",
      data.rows.some((row) => row.switch !== null),
    );
    parts.legend.hidden = !drawn || data.series.length < 2;
    const name = [data.label, data.measure].filter(Boolean).join(", ");
    attributes(parts.table, { "aria-label": name });
    if (drawn) {
      const scale = horizontalScale(data);
      drawLegend(parts.legend, data.series);
      drawAxis(parts.foot, scale, data.measure);
      keyed(
        parts.body,
        data.rows,
        (row) => `${row.switch === null} ${row.id}`,
        makeRow,
        (node, row) => updateRow(node, row, { ...data, scale }),
      );
    }
    retip();
  };
  return mount({ model, el, name: "hw-rows", traits, root, paint });
}

export default { render };
