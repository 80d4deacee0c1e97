"use strict";
document.documentElement.classList.add("js");
const make = (tag, text, more) => Object.assign(document.createElement(tag), {textContent: text}, more);
const all = (where, what) => Array.from(where.querySelectorAll(what));
const number = text => {
  const plain = text.replace(/[,%~<\s]/g, "").replace(/[×x]/g, "*");
  return /^-?[\d.]+(\*[\d.]+)*$/.test(plain) ? plain.split("*").reduce((a, b) => a * b, 1) : NaN;
};
const cell = text => /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
function equip(model) {
  const table = model.querySelector("table.layers");
  if (!table) return;
  const body = table.tBodies[0], rows = Array.from(body.rows), heads = Array.from(table.tHead.rows[0].cells);
  const columns = heads.map(head => head.textContent), folded = new Set();
  const panel = model.querySelector(".panel"), tools = table.closest(".scroll").previousElementSibling;
  const level = row => +(row.dataset.l || 0), group = row => row.classList.contains("g");
  const search = make("input", "", {type: "search", placeholder: "conv 3x3, bn, 64×56×56 …"});
  const label = make("label", "Find layers "), said = make("span", "", {className: "dim"});
  said.setAttribute("role", "status");
  label.append(search);
  const inputs = columns.indexOf("inputs");
  const texts = new Map(rows.map(row => [row, Array.from(row.cells).filter((_, at) => at !== inputs).map(one => one.textContent).join(" ").toLowerCase()]));
  let sorted = -1, falls = false;
  function refresh() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let hidden = Infinity, shown = 0;
    for (const row of rows) {
      if (level(row) <= hidden) hidden = Infinity;
      const found = words.every(word => texts.get(row).includes(word)) && !(group(row) && (words.length || sorted >= 0));
      row.hidden = !found || (hidden < Infinity && !words.length && sorted < 0);
      if (folded.has(row) && hidden === Infinity) hidden = level(row);
      shown += !row.hidden && !group(row);
    }
    if (words.length) said.textContent = shown + (shown === 1 ? " layer" : " layers");
    else said.textContent = "";
  }
  function sort(place) {
    const values = new Map(rows.map(row => [row, row.cells[place].textContent]));
    const numeric = rows.some(row => !Number.isNaN(number(values.get(row))));
    if (sorted !== place) [sorted, falls] = [place, numeric];
    else if (falls === numeric) falls = !falls;
    else sorted = -1;
    heads.forEach((head, at) => at === sorted ? head.setAttribute("aria-sort", falls ? "descending" : "ascending") : head.removeAttribute("aria-sort"));
    const order = sorted < 0 ? rows : [...rows].sort((a, b) => {
      const [one, other] = [values.get(a), values.get(b)], [x, y] = [number(one), number(other)];
      if (numeric && Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
      const sign = numeric && !Number.isNaN(x) ? x - y : one.localeCompare(other, "en", {numeric: true});
      return falls ? -sign : sign;
    });
    body.append(...order);
    refresh();
  }
  heads.forEach((head, place) => {
    const button = make("button", head.textContent, {type: "button", title: head.title});
    head.replaceChildren(button);
    button.onclick = () => sort(place);
  });
  for (const row of rows.filter(group)) {
    const head = row.cells[0], button = make("button", head.textContent, {type: "button"});
    button.setAttribute("aria-expanded", "true");
    head.replaceChildren(button);
    button.onclick = () => fold(row, !folded.has(row));
  }
  function fold(row, closed) {
    folded[closed ? "add" : "delete"](row);
    row.cells[0].firstChild.setAttribute("aria-expanded", !closed);
    refresh();
  }
  const each = make("button", "Fold stages", {type: "button"});
  each.onclick = () => {
    const closed = folded.size === 0;
    rows.filter(group).forEach(row => fold(row, closed));
    each.textContent = closed ? "Unfold stages" : "Fold stages";
  };
  const csv = make("button", "Copy as CSV", {type: "button"});
  csv.onclick = async () => {
    const plain = text => /^[\d,]+$/.test(text) ? text.replaceAll(",", "") : text.replaceAll("×", "x");
    const kept = Array.from(body.rows).filter(row => !group(row) && !row.hidden);
    const lines = kept.map(row => Array.from(row.cells).map(one => cell(plain(one.textContent))).join(","));
    await copy([columns.map(cell).join(","), ...lines].join("\n") + "\n");
    said.textContent = "copied: " + kept.length + " rows";
  };
  tools.append(label, ...(rows.some(group) ? [each] : []), csv, said);
  search.oninput = refresh;
  function choose(row, box) {
    all(model, ".here").forEach(one => one.classList.remove("here"));
    row.classList.add("here");
    (box ? [box] : all(model, ".picture a").filter(one => one.getAttribute("href") === "#" + row.id)).forEach(one => one.classList.add("here"));
    const list = make("dl", "");
    Array.from(row.cells).forEach((one, place) => {
      if (place && one.textContent.trim()) list.append(make("dt", columns[place]), make("dd", one.textContent));
    });
    const link = row.cells[0].querySelector("a"), worked = link && document.getElementById(link.hash.slice(1));
    panel.replaceChildren(make("h" + panel.dataset.h, row.cells[0].textContent), list);
    if (worked) panel.append(make("h" + panel.dataset.h, "Worked out"), worked.querySelector("dl").cloneNode(true));
    panel.append(make("p", ""));
    panel.lastChild.append(make("a", "Its row in the table", {href: "#" + row.id}));
    panel.scrollTop = 0;
  }
  for (const box of all(model, ".picture a")) {
    box.addEventListener("click", event => {
      const row = document.getElementById(box.getAttribute("href").slice(1));
      if (!row || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      choose(row, box);
      if (panel.getBoundingClientRect().top > innerHeight - 80) panel.scrollIntoView({block: "nearest"});
    });
  }
  for (const row of rows) row.addEventListener("click", event => { if (!event.target.closest("button")) choose(row); });
}
document.querySelectorAll(".model").forEach(equip);
