// Looks at every picture on the page as the browser has laid it out; what is wrong is left in <pre id="faults">.
"use strict";
const faults = [], near = 0.6;
const inside = (small, big) => small.x >= big.x - near && small.y >= big.y - near && small.x + small.width <= big.x + big.width + near && small.y + small.height <= big.y + big.height + near;
const apart = (one, other) => one.x + one.width <= other.x + near || other.x + other.width <= one.x + near || one.y + one.height <= other.y + near || other.y + other.height <= one.y + near;
const channels = color => color.match(/[\d.]+/g).slice(0, 3).map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const light = color => channels(color).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
const fill = element => getComputedStyle(element).fill;
function look(svg) {
  const say = text => faults.push(svg.id + ": " + text);
  const whole = svg.viewBox.baseVal, page = fill(svg.querySelector(".page"));
  const boxes = [], frames = [];
  for (const group of svg.querySelectorAll("g")) {
    const shapes = Array.from(group.children).filter(one => one.matches("rect,circle")), shape = shapes.at(-1);
    if (!shape) continue;
    const box = shape.getBBox(), name = group.querySelector("title").textContent.slice(0, 60);
    const framed = shape.matches(".frame"), round = shape.matches("circle");
    (framed ? frames : boxes).push({box, name});
    for (const text of group.querySelectorAll("text")) {
      const beside = round && !text.matches(".text");
      if (!beside && !inside(text.getBBox(), box)) say(`text "${text.textContent}" outside ${name}`);
      const ratio = contrast(fill(text), beside ? page : fill(shape));
      if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)} of "${text.textContent}" on ${name}`);
    }
  }
  boxes.forEach((one, at) => boxes.slice(at + 1).forEach(other => {
    if (!apart(one.box, other.box)) say(`${one.name} lies on ${other.name}`);
  }));
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBBox();
    if (box.x < -near || box.y < -near || box.x + box.width > whole.width + near || box.y + box.height > whole.height + near) say(`text "${text.textContent}" outside the picture`);
    if (!text.closest("g")) for (const one of boxes) if (!apart(box, one.box)) say(`"${text.textContent}" lies on ${one.name}`);
  }
  const shown = Array.from(svg.querySelectorAll("text")).map(text => text.textContent).join("\n");
  for (const name of JSON.parse(svg.parentElement.dataset.names)) if (!shown.includes(name)) say(`no ${name}`);
  const drawn = svg.getBoundingClientRect();
  if (drawn.right > document.body.getBoundingClientRect().right + 1) say("wider than the page");
}
const pictures = document.querySelectorAll("svg");
pictures.forEach(look);
document.getElementById("faults").textContent = `${pictures.length} pictures, page ${document.body.clientWidth}\n` + faults.join("\n");
