// Tooltips and names that ipywidgets leaves out: its dropdowns show no tooltip, and the handles of
// its sliders have no name that a screen reader could say.

/** The control that a label belongs to, found by the words of its label. */
function controlsByLabel(column) {
  const labels = [...column.querySelectorAll(".jupyter-widgets > .widget-label")];
  return labels.map((label) => [label.textContent.trim(), label.parentElement]);
}

function render({ model, el }) {
  el.hidden = true;
  let column = null;
  const tell = () => {
    const tips = model.get("tips");
    for (const [name, control] of controlsByLabel(column)) {
      if (tips[name]) attributes(control, { title: tips[name] });
      for (const handle of control.querySelectorAll("[role=slider]")) {
        attributes(handle, { "aria-label": name });
      }
    }
  };
  const late = new MutationObserver(tell); // controls are put into the page one by one
  const found = setInterval(() => {
    column = el.closest(".hwkit-controls");
    if (!column) return;
    clearInterval(found);
    tell();
    late.observe(column, { childList: true, subtree: true });
  }, 50);
  return () => {
    clearInterval(found);
    late.disconnect();
  };
}

export default { render };
