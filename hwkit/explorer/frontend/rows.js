// A row for each class or part: bars and marks on one horizontal axis, and a switch where a row
// has one. Places along the axis are shares of its width, so nothing is drawn anew when it changes.

const MIDDLE = 9; // of a row, which is 18 pixels high; as in explorer.css
const SHAPES = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
  ring: "M-5.2 0a5.2 5.2 0 1 0 10.4 0a5.2 5.2 0 1 0 -10.4 0z",
  triangle: "M0 -5l5 8.7h-10z",
  diamond: "M0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z",
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
  const fromZero = zero || series.some((one) => one.shape === "bar") || !values.length;
  const low = Math.min(...values, ...(fromZero ? [0] : []));
  const high = Math.max(...values, ...(fromZero ? [0] : []));
  const { values: marks, write } = ticks(low, high, 4);
  const [first, last] = [marks[0], marks[marks.length - 1]];
  const share = (value) => (100 * (value - first)) / (last - first);
  return { marks, share, write: percent ? (mark) => percentage(mark) : write };
}

/** Marks of one kind of point lie a little above or below each other, so that none hides another. */
function shift(series, index) {
  const points = series.flatMap((one, i) => (["bar", "line"].includes(one.shape) ? [] : [i]));
  const place = points.indexOf(index);
  if (place < 0 || points.length < 2) return 0;
  return ((place / (points.length - 1)) * 2 - 1) * 3;
}

function drawRow(row, { series, scale }) {
  const { marks, share } = scale;
  const parts = marks.map((mark) =>
    svg("line", {
      class: mark === 0 ? "hw-zero" : "hw-grid",
      ...{ x1: `${share(mark)}%`, x2: `${share(mark)}%`, y1: 0, y2: "100%" },
    }),
  );
  const drawn = series.map((one, i) => [one, row.values[i] ?? null, i]).filter(([, v]) => v !== null);
  // Bars first: what is drawn later lies above.
  drawn.sort(([one], [other]) => (other.shape === "bar") - (one.shape === "bar"));
  for (const [one, value, i] of drawn) {
    const data = { "data-series": one.name, "data-value": value };
    if (one.shape === "bar") {
      const [from, to] = [share(Math.min(0, value)), share(Math.max(0, value))];
      const place = { x: `${from}%`, width: `${to - from}%`, y: MIDDLE - 5, height: 10 };
      parts.push(svg("rect", { ...data, ...place, class: `hw-shape hw-bar hw-tone-${one.tone}` }));
    } else {
      const place = { x: `${share(value)}%`, y: MIDDLE + shift(series, i), overflow: "visible" };
      parts.push(svg("svg", { ...data, ...place, width: 1, height: 1 }, shape(one)));
    }
  }
  return parts;
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

/** The values of a row in words, and each beside the name of its series. */
function valuesOf(row, series, percent) {
  const write = percent ? percentage : number;
  const words = series.map((_, i) => row.values[i] ?? null).map((v) => (v === null ? "–" : write(v)));
  return { words, named: series.map((one, i) => `${one.name}: ${words[i]}`) };
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
    title: html("div", { class: "hw-title" }),
    legend: html("div", { class: "hw-legend", "aria-hidden": "true" }),
    message: html("div", { class: "hw-message" }),
    body: html("tbody"),
    foot: html("tr", { "aria-hidden": "true" }),
    footnote: html("div", { class: "hw-footnote" }),
  };
  parts.table = html("table", {}, parts.body, html("tfoot", {}, parts.foot));
  root.append(parts.title, parts.legend, parts.message, parts.table, parts.footnote);
  const retip = tips(root, "tbody tr");

  root.addEventListener("change", (event) => {
    const id = event.target.closest("input[type=checkbox]")?.dataset.id;
    if (id !== undefined) toggle(model, "off", id);
  });

  const traits = [
    ...["label", "measure", "series", "rows", "off", "zero", "percent", "message", "footnote"],
  ];
  const paint = () => {
    const data = Object.fromEntries(traits.map((name) => [name, model.get(name)]));
    const drawn = !data.message && data.rows.length > 0;
    for (const name of ["message", "footnote"]) {
      text(parts[name], data[name]);
      parts[name].hidden = !data[name];
    }
    text(parts.title, data.label);
    parts.title.hidden = !data.label;
    parts.table.hidden = !drawn;
    parts.legend.hidden = !drawn || data.series.length < 2;
    attributes(parts.table, { "aria-label": [data.label, data.measure].filter(Boolean).join(", ") });
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
