// The game: its menu, its two matrices cell by cell with what is marked in them, and its noise.

import { field, h, menu, mark, numberInput, short } from "./dom.js";
import { ask } from "./server.js";
import { actions, resize } from "./state.js";

const MARKS = [
  ["responses", "●", "best response of the follower"],
  ["stackelberg", "★", "Stackelberg outcome"],
  ["tolerant", "◇", "tolerant outcome"],
  ["nash", "N", "Nash equilibrium, if neither sees the other"],
];
const ROLES = ["leader", "follower"];

/** The part of the form that holds a game; `changed(true)` draws the form anew. */
export function gameForm({ catalogue, setup, place, changed, trouble }) {
  const path = `setups.${place}.game`;
  const { game } = setup;
  const replace = (other) => {
    // Reward laws stay as they are: the menu is for the utilities.
    setup.game = { ...other, noise: game.noise };
    changed(true);
  };
  return h("fieldset", { class: "game", "data-path": path },
    h("legend", { id: "game-name" }, title(game)),
    gameMenu(catalogue, replace, trouble),
    matrices(game, path, changed),
    slider(game, path, changed),
    sizes(game, catalogue.max_actions, changed),
    h("dl", { class: "legend", "aria-label": "Marks in the matrices" }, MARKS.map(([key, sign, text]) =>
      h("div", {}, h("dt", { class: `sign ${key}` }, sign), h("dd", { "data-legend": key }, text)))),
    h("p", { class: "note", id: "equilibria" }),
    noise(catalogue.laws, game, path, changed));
}

const title = (game) => `Game${game.name ? `: ${game.name}` : ""}`;

/** Change a utility: the game is then not the one of its name any more. */
function change(game, role, a, b, value) {
  game[role][a][b] = value;
  game.name = null;
  document.getElementById("game-name").textContent = title(game);
}

function gameMenu(catalogue, replace, trouble) {
  const parameters = h("div", { class: "parameters" });
  let choice = null;
  const options = [["", "choose a game …"], ...catalogue.families.map(({ name }) => [`family:${name}`, name]),
    ...catalogue.named.map((name) => [`named:${name}`, name])];
  const load = async () => {
    const answer = await ask("games", choice).catch((error) => ({ kind: "error", message: error.message }));
    if (answer.kind === "error") {
      trouble(answer.message);
      return;
    }
    trouble("");
    const which = answer.games.length > 1 ? Number(second.value) : 0;
    replace(answer.games[which]);
  };
  const second = menu([["0", "I"], ["1", "II"]], "0");
  const button = h("button", { type: "button", click: load, disabled: true }, "Load");
  const pick = (event) => {
    const [kind, name] = event.target.value.split(":");
    button.disabled = !kind;
    parameters.replaceChildren();
    if (kind === "named") choice = { family: "named", parameters: { name } };
    if (kind !== "family") return;
    const known = catalogue.families.find((each) => each.name === name).parameters;
    const values = Object.fromEntries(known.map((each) => [each.name, each.value]));
    choice = { family: name, parameters: values };
    parameters.append(...known.map((each) => parameterField(each, values)));
    if (catalogue.pairs.includes(name)) parameters.append(field("game of the pair", second));
  };
  return h("div", { class: "menu" },
    h("div", { class: "row" }, field("games", menu(options, "", { change: pick, id: "games" })), button), parameters);
}

function parameterField({ name, value }, values) {
  if (typeof value === "boolean") {
    const box = h("input", { type: "checkbox", checked: value, change: (event) => { values[name] = event.target.checked; } });
    return h("label", { class: "check" }, box, h("span", {}, name));
  }
  return field(name, numberInput(value, (given) => { values[name] = given ?? null; }));
}

/** Both matrices in one table: in each cell the leader's utility above the follower's. */
function matrices(game, path, changed) {
  const [rows, columns] = actions(game);
  const cell = (role, a, b) => {
    const accept = (value) => {
      if (value !== undefined) change(game, role, a, b, value);
      changed();
      follow(game, role, a, b);
    };
    return numberInput(game[role][a][b], accept, {
      class: role, "data-path": `${path}.${role}.${a}.${b}`, "aria-describedby": `marks-${a}-${b}`,
      "aria-label": `utility of the ${role} at ${rows[a]}, ${columns[b]}`, size: 6,
      focus: () => follow(game, role, a, b),
    });
  };
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Utilities of both players" },
    h("table", { class: "matrices" },
      h("caption", {}, h("span", { class: "key leader" }, "leader’s utility"), " above ",
        h("span", { class: "key follower" }, "follower’s")),
      h("thead", {}, h("tr", {}, h("td", {}), columns.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map((name, a) => h("tr", {}, h("th", { scope: "row" }, name), columns.map((_, b) =>
        h("td", { "data-cell": `${a}-${b}` }, cell("leader", a, b), cell("follower", a, b),
          h("span", { class: "marks", id: `marks-${a}-${b}` }))))))));
}

const followed = { role: "leader", a: 0, b: 0 };

/** A slider for the utility that was last looked at. */
function slider(game, path, changed) {
  const drag = (event) => {
    const { role, a, b } = followed;
    const value = Number(event.target.value);
    change(game, role, a, b, value);
    const input = document.querySelector(`[data-path="${path}.${role}.${a}.${b}"]`);
    input.value = String(value);
    mark(input, "");
    changed();
  };
  if (followed.a >= game.leader.length || followed.b >= game.leader[0].length) Object.assign(followed, { a: 0, b: 0 });
  const range = h("input", { type: "range", id: "drag", input: drag });
  queueMicrotask(() => follow(game, followed.role, followed.a, followed.b, true));
  return field(h("span", { id: "dragged" }, "drag"), range);
}

function follow(game, role, a, b, anew = false) {
  const range = document.getElementById("drag");
  if (!range) return;
  const values = [...game.leader.flat(), ...game.follower.flat()];
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const same = followed.role === role && followed.a === a && followed.b === b;
  Object.assign(followed, { role, a, b });
  if (anew || !same || Number(range.max) < high || Number(range.min) > low) {
    // About a hundred steps, each a power of ten.
    Object.assign(range, { min: low, max: high, step: 10 ** (Math.ceil(Math.log10(high - low)) - 2) });
  }
  range.value = String(game[role][a][b]);
  const [rows, columns] = actions(game);
  document.getElementById("dragged").textContent = `drag: utility of the ${role} at ${rows[a]}, ${columns[b]}`;
}

function sizes(game, most, changed) {
  const set = (rows, columns) => {
    resize(game, rows, columns);
    changed(true);
  };
  const [m, n] = [game.leader.length, game.leader[0].length];
  const counts = Array.from({ length: most }, (_, i) => [String(i + 1), String(i + 1)]);
  return h("div", { class: "row" },
    field("leader actions", menu(counts, String(m), { id: "rows", change: (event) => set(Number(event.target.value), n) })),
    field("follower actions", menu(counts, String(n), { id: "columns", change: (event) => set(m, Number(event.target.value)) })));
}

function noise(laws, game, path, changed) {
  return ROLES.map((role, player) => {
    const table = game.noise[player];
    const choose = (event) => {
      const law = laws.find((each) => each.name === event.target.value);
      game.noise[player] = { law: law.name, ...Object.fromEntries(law.parameters.map((each) => [each.name, each.value])) };
      changed(true);
    };
    const law = laws.find((each) => each.name === table.law);
    const set = (name) => (value) => {
      if (value !== undefined) table[name] = value;
      changed();
    };
    return h("div", { class: "row" },
      field(`noise of the ${role}`, menu(laws.map(({ name }) => name), table.law,
        { change: choose, "data-path": `${path}.noise.${player}` })),
      (law?.parameters ?? []).map(({ name }) =>
        field(name, Array.isArray(table[name]) ? h("output", {}, "one for each cell")
          : numberInput(table[name], set(name), { "data-path": `${path}.noise.${player}.${name}` }))));
  });
}

/** Show what is marked in the game. */
export function showMarks(marks) {
  const at = {
    responses: (a, b) => marks.responses[a][b],
    stackelberg: (a, b) => marks.stackelberg[0] === a && marks.stackelberg[1] === b,
    tolerant: (a, b) => marks.tolerant[a][b],
    nash: (a, b) => marks.nash[a][b],
  };
  for (const cell of document.querySelectorAll("td[data-cell]")) {
    const [a, b] = cell.dataset.cell.split("-").map(Number);
    if (a >= marks.responses.length || b >= marks.responses[0].length) continue;
    const found = MARKS.filter(([key]) => at[key](a, b));
    cell.className = found.map(([key]) => `is-${key}`).join(" ");
    cell.querySelector(".marks").replaceChildren(...found.flatMap(([key, sign, text]) => [
      h("span", { class: `sign ${key}`, "aria-hidden": "true" }, sign), h("span", { class: "hidden" }, `${text}; `)]));
  }
  const tolerant = document.querySelector('[data-legend="tolerant"]');
  if (tolerant) tolerant.textContent = `tolerant outcome, gamma = ${short(marks.gamma, 3)}`;
  const note = document.getElementById("equilibria");
  if (!note) return;
  const parts = [];
  if (marks.ambiguous) parts.push("The Stackelberg values depend on how the follower breaks ties.");
  if (marks.mixed === null) parts.push("Nash equilibria with mixtures are left out of games this large.");
  else if (marks.mixed.length) parts.push(`Nash with mixtures: ${marks.mixed.join("; ")}.`);
  note.textContent = parts.join(" ");
}
