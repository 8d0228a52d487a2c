"use strict";

// Name the value under the pointer, or the next one for an arrow key: curve, place, value, interval.
function readable(figure) {
  const plot = figure.querySelector(".plot"), svg = plot.querySelector("svg");
  const tip = figure.querySelector(".tip");
  const curves = JSON.parse(figure.querySelector("script").textContent)
    .map(([name, groups, points]) => ({ name, groups, points }));
  const mark = svg.appendChild(element("g", { class: "mark" }));
  let at = null; // the curve's and the point's place in their lists

  const hidden = ({ groups }) => groups.some(
    (group) => figure.querySelector(`[value="${group}"]:not(:checked)`));

  function show(place) {
    at = place;
    mark.replaceChildren();
    tip.classList.toggle("shown", place !== null);
    if (place === null) return;
    const curve = curves[place.curve];
    const [x, y, low, high, argument, value] = curve.points[place.point];
    mark.append(element("path", { d: `M${x} ${low}V${high}` }), element("circle", { cx: x, cy: y, r: 5 }));
    const { x: across, y: up } = figure.dataset;
    tip.replaceChildren(
      line("strong", curve.name), line("span", `${across}: ${argument}`), line("span", `${up}: ${value}`));
    const box = svg.viewBox.baseVal;
    tip.classList.toggle("left", x > box.width / 2);
    tip.style.setProperty("--x", x / box.width);
    tip.style.setProperty("--y", y / box.height);
  }

  function nearest(event) {
    const to = svg.getScreenCTM().inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(to);
    let best = null, distance = 30;
    curves.forEach((curve, c) => hidden(curve) || curve.points.forEach((point, p) => {
      // Of curves equally near, those with a name of their own come first.
      const away = Math.hypot(point[0] - x, point[1] - y) + (curve.groups[0] === "single" ? 1 : 0);
      if (away < distance) [best, distance] = [{ curve: c, point: p }, away];
    }));
    return best;
  }

  function step(event) {
    const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const across = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
    if (event.key === "Escape") show(null);
    if (!along && !across) return;
    event.preventDefault();
    const usable = curves.map((curve, c) => c).filter((c) => curves[c].points.length && !hidden(curves[c]));
    if (!usable.length) return;
    const now = at ?? { curve: usable[0], point: along > 0 ? -1 : 0 };
    const turn = (usable.indexOf(now.curve) + across + usable.length) % usable.length;
    const last = curves[usable[turn]].points.length - 1;
    show({ curve: usable[turn], point: Math.min(Math.max(now.point + along, 0), last) });
  }

  plot.addEventListener("pointermove", (event) => show(nearest(event)));
  plot.addEventListener("pointerdown", (event) => show(nearest(event)));
  plot.addEventListener("pointerleave", () => show(null));
  plot.addEventListener("keydown", step);
  plot.addEventListener("blur", () => show(null));
  figure.addEventListener("change", () => show(null));
}

function element(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function line(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function copyable(code) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  });
  code.parentElement.append(button);
}

document.querySelectorAll("figure.panel").forEach(readable);
if (navigator.clipboard) document.querySelectorAll("pre > code").forEach(copyable);
