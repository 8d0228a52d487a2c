// What all set-ups share: horizon, replications, seed and benchmark.

import { field, h, mark, menu, numberInput, rounds } from "./dom.js";

const LONGEST = 12; // powers of ten on the slider
const BENCHMARKS = {
  stackelberg: "Stackelberg", weak: "Stackelberg, ties against the leader",
  mixed_stackelberg: "best commitment to a mixture", tolerant: "gamma-tolerant",
  self_tolerant: "gamma-self-tolerant", pair: "two numbers",
};

/** The part of the form for the whole page; `changed(true)` draws the form anew. */
export function runForm({ catalogue, state, changed }) {
  return h("fieldset", { class: "run" }, h("legend", {}, "Rounds and benchmark"),
    horizon(state, changed),
    h("div", { class: "row" },
      field("replications", numberInput(state.replications, (value) => {
        if (value !== undefined) state.replications = value;
        changed();
      }, { whole: true, "data-path": "replications" })),
      seed(state, changed)),
    benchmark(catalogue, state, changed));
}

function horizon(state, changed) {
  const tell = (value) => {
    slider.value = String(Math.log10(value));
    slider.setAttribute("aria-valuetext", `${rounds(value)} rounds`);
  };
  const set = (value) => {
    if (value !== undefined) {
      state.horizon = value;
      if (value >= 1) tell(value);
    }
    changed();
  };
  const input = numberInput(state.horizon, set, { whole: true, "data-path": "horizon" });
  const drag = (event) => {
    const power = Number(event.target.value);
    // Between powers of ten, numbers of two digits: they are easier to read.
    const unit = 10 ** Math.max(0, Math.floor(power) - 1);
    state.horizon = Math.max(1, Math.round(10 ** power / unit) * unit);
    input.value = String(state.horizon);
    mark(input, "");
    slider.setAttribute("aria-valuetext", `${rounds(state.horizon)} rounds`);
    changed();
  };
  const slider = h("input", { type: "range", id: "horizon", min: 0, max: LONGEST, step: 0.05, input: drag,
    "aria-label": "horizon, on a logarithmic scale", list: "powers" });
  tell(state.horizon);
  const powers = h("datalist", { id: "powers" }, Array.from({ length: LONGEST + 1 }, (_, i) => h("option", { value: i })));
  return h("div", {}, field("horizon (rounds)", input), slider, powers);
}

function seed(state, changed) {
  const read = (event) => {
    state.seed = event.target.value.trim();
    changed();
  };
  const input = h("input", { type: "text", inputmode: "numeric", value: state.seed, input: read, "data-path": "seed" });
  const draw = () => {
    state.seed = String(crypto.getRandomValues(new Uint32Array(1))[0]);
    input.value = state.seed;
    changed();
  };
  return h("div", { class: "seed" }, field("seed", input), h("button", { type: "button", id: "new-seed", click: draw }, "New seed"));
}

function benchmark(catalogue, state, changed) {
  const table = state.benchmark;
  const choose = (event) => {
    const kind = event.target.value;
    state.benchmark = { kind };
    if (kind === "tolerant" || kind === "self_tolerant") state.benchmark.gamma = table.gamma ?? null;
    if (kind === "pair") Object.assign(state.benchmark, { leader: 0.5, follower: 0.5 });
    changed(true);
  };
  const number = (name, empty, note = null) => field(name, numberInput(table[name], (value) => {
    if (value !== undefined) table[name] = value;
    changed();
  }, { empty, "data-path": `benchmark.${name}`, placeholder: empty ? "shrinks with T" : null }), note);
  return h("div", { class: "row" },
    field("benchmark", menu(catalogue.benchmarks.map((kind) => [kind, BENCHMARKS[kind] ?? kind]), table.kind,
      { change: choose, "data-path": "benchmark.kind" })),
    "gamma" in table ? number("gamma", true) : null,
    table.kind === "pair" ? [number("leader", false), number("follower", false)] : null);
}
