// Elements of the page, and small things that all parts need.

/** Make an element; attributes that are functions are listeners, those that are false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** An input with its label above it. */
export function field(label, input, note = null) {
  return h("label", { class: "field" }, h("span", {}, label), input, note);
}

/** A menu; `options` are values, or [value, text] pairs. */
export function menu(options, value, attributes = {}) {
  const pairs = options.map((each) => (Array.isArray(each) ? each : [each, each]));
  if (value !== null && !pairs.some(([own]) => own === value)) pairs.push([value, `${value} (not known here)`]);
  const select = h("select", attributes, pairs.map(([own, text]) => h("option", { value: own }, text)));
  select.value = value ?? pairs[0][0];
  return select;
}

const GROUPED = /^\d{1,3}([,_ ]\d{3})+$/; // 1,000,000: only of whole numbers, as 0,125 may mean a fraction

/** An input for a number; `accept` gets it, or null if it may be empty and is. Anything else is marked. */
export function numberInput(value, accept, { empty = false, whole = false, ...attributes } = {}) {
  const read = (event) => {
    const input = event.target;
    const text = input.value.trim();
    const number = Number(whole && GROUPED.test(text) ? text.replace(/[,_ ]/g, "") : text);
    const fine = text === "" ? empty : Number.isFinite(number) && (!whole || Number.isSafeInteger(number));
    const allowed = `${whole ? "a whole number" : "a number"}${empty ? ", or nothing" : ""}`;
    mark(input, fine ? "" : `must be ${allowed}, got ${text === "" ? "nothing" : `“${text}”`}`);
    accept(fine ? (text === "" ? null : number) : undefined);
  };
  const shown = value === null || value === undefined ? "" : String(value);
  return h("input", {
    type: "text", inputmode: whole ? "numeric" : "decimal", spellcheck: "false", value: shown, input: read, ...attributes,
  });
}

/** Mark an input as bad, with the reason; without a reason it is fine again. */
export function mark(input, why) {
  if (why) {
    input.setAttribute("aria-invalid", "true");
    input.dataset.why = why;
    input.title = why;
  } else {
    input.removeAttribute("aria-invalid");
    delete input.dataset.why;
    input.removeAttribute("title");
  }
}

/** The first input that its own reader has marked, with its name and the reason. */
export function firstMarked() {
  const input = document.querySelector("#controls [data-why]:not([data-from-server])");
  if (!input) return null;
  const name = input.getAttribute("aria-label") ?? input.closest("label")?.firstElementChild?.textContent ?? "a value";
  return `${name}: ${input.dataset.why}`;
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten as it is printed. */
export const power = (exponent) => `10${[...String(exponent)].map((digit) => RAISED[digit] ?? "⁻").join("")}`;

/** A number of rounds, short: a power of ten, 1.2 × 10¹¹, or 12,345. */
export function rounds(number) {
  const exponent = Math.floor(Math.log10(number) + 1e-9);
  if (exponent < 6) return number.toLocaleString("en");
  const factor = Number((number / 10 ** exponent).toPrecision(3));
  return factor === 1 ? power(exponent) : `${factor} × ${power(exponent)}`;
}

/** A number with few digits. */
export function short(number, digits = 4) {
  if (number === null || number === undefined) return "–";
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size < 1e6 && size >= 1e-4) {
    const text = size >= 1e4 ? String(Math.round(number)) : number.toPrecision(digits);
    return (text.includes(".") ? text.replace(/\.?0+$/, "") : text).replace("-", "−");
  }
  const [factor, exponent] = number.toExponential(digits - 2).split("e");
  const trimmed = factor.replace(/\.?0+$/, "").replace("-", "−");
  const tens = power(Number(exponent));
  return /^−?1$/.test(trimmed) ? trimmed.replace("1", tens) : `${trimmed} × ${tens}`;
}
