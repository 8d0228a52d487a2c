// The form of a learner: made of what the registry knows of its parameters.

import { field, h, mark, menu, numberInput } from "./dom.js";

const SIMPLE = new Set(["int", "float", "bool", "str", "Sequence[int]", "Learner"]);

/** Learners for a seat whose parameters the page can ask for. */
export function offered(learners, role) {
  return learners.filter((entry) =>
    entry.roles.includes(role) && entry.parameters.every((each) => SIMPLE.has(each.type) || !each.required));
}

/** A learner with the parameters that have to be given. */
export function fresh(learners, name, role) {
  const entry = learners.find((each) => each.name === name);
  const table = { learner: name };
  for (const each of entry?.parameters ?? []) {
    if (each.required) table[each.name] = required(learners, each, role);
  }
  return table;
}

function required(learners, parameter, role) {
  if (parameter.type === "Learner") {
    const plain = offered(learners, role).find((entry) => entry.parameters.every((each) => !each.required));
    return fresh(learners, plain.name, role);
  }
  if (parameter.choices) return parameter.choices[0];
  if (parameter.type === "int") return parameter.least > 0 ? Math.max(parameter.least, 1000) : 0;
  return Math.max(parameter.least ?? 0, Math.min(parameter.most ?? 0.1, 0.1));
}

/**
 * The form of a learner. `replace` puts another table in its place; `changed` is called after a change of a
 * parameter; `path` is the place of the table in the state.
 */
export function learnerForm({ learners, role, table, path, label, replace, changed }) {
  const names = offered(learners, role).map((entry) => entry.name);
  const select = menu(names, table.learner, {
    "data-path": path, change: (event) => replace(fresh(learners, event.target.value, role)),
  });
  const entry = learners.find((each) => each.name === table.learner);
  const parameters = (entry?.parameters ?? []).map((each) =>
    parameterField({ learners, role, table, path: `${path}.${each.name}`, changed }, each));
  return h("fieldset", { class: "learner" },
    h("legend", {}, label),
    field("learner", select),
    entry ? h("p", { class: "note" }, entry.summary) : null,
    parameters.length ? h("div", { class: "parameters" }, parameters) : null);
}

function parameterField(form, parameter) {
  const { learners, role, table, path, changed } = form;
  const set = (value) => {
    if (value !== undefined) table[parameter.name] = value;
    changed();
  };
  const value = table[parameter.name] ?? parameter.default ?? null;
  const about = { "data-path": path, title: parameter.allowed };
  if (parameter.type === "Learner") {
    const replace = (other) => {
      table[parameter.name] = other;
      form.changed(true);
    };
    return learnerForm({ learners, role, table: value, path, label: parameter.name, replace, changed });
  }
  if (parameter.type === "bool") {
    const box = h("input", { type: "checkbox", checked: value, change: (event) => set(event.target.checked), ...about });
    return h("label", { class: "check" }, box, h("span", {}, parameter.name));
  }
  if (parameter.choices) {
    return field(parameter.name, menu(parameter.choices, value, { change: (event) => set(event.target.value), ...about }));
  }
  if (parameter.type === "int" || parameter.type === "float") {
    const options = { empty: !parameter.required && parameter.default === null, whole: parameter.type === "int", ...about };
    return field(parameter.name, numberInput(value, set, options));
  }
  return field(parameter.name, listInput(value, set, about));
}

/** Whole numbers with commas between them; nothing is None. */
function listInput(value, set, about) {
  const read = (event) => {
    const text = event.target.value.trim();
    const numbers = text ? text.split(/[\s,]+/).map(Number) : null;
    const fine = numbers === null || numbers.every(Number.isSafeInteger);
    mark(event.target, fine ? "" : "must be whole numbers with commas between them, or nothing");
    set(fine ? numbers : undefined);
  };
  return h("input", { type: "text", value: value ? value.join(", ") : "", input: read, ...about });
}

/** Show the defaults that the seat fills in, where nothing is given. */
export function showResolved(table, path) {
  for (const [name, value] of Object.entries(table ?? {})) {
    const input = document.querySelector(`[data-path="${path}.${name}"]`);
    if (value && typeof value === "object" && "learner" in value) showResolved(value, `${path}.${name}`);
    else if (input?.tagName === "INPUT" && input.type === "text" && value !== null) {
      input.placeholder = Array.isArray(value) ? value.slice(0, 5).join(", ") : String(value);
    }
  }
}
