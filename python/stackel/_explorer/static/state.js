// The state of the page: what is played, and how it is shown. A link holds all of it.

const VIEW = { active: 0, scale: "auto" };

/** The state that a link holds, or null; a fault is thrown. */
export function fromHash(hash) {
  const text = hash.replace(/^#/, "");
  if (!text) return null;
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const { view, ...played } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  check(played);
  return withView(played, view);
}

export function toHash({ view, ...played }) {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...played, view }));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `#${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** A state with a view of it. */
export function withView(played, view = {}) {
  const active = view?.active === 1 && played.setups.length > 1 ? 1 : 0;
  const scale = typeof view?.scale === "string" ? view.scale : VIEW.scale;
  return { ...played, view: { active, scale } };
}

/** What the server needs of a state. */
export function played({ view: _, ...rest }) {
  return rest;
}

/** Throw unless the parts that the page itself reads have their form; the server checks everything else. */
function check(state) {
  const fail = (why) => {
    throw new Error(why);
  };
  const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isTable(state) || !Array.isArray(state.setups)) fail("it holds no set-ups");
  if (state.setups.length < 1 || state.setups.length > 2) fail("it holds no one or two set-ups");
  for (const setup of state.setups) {
    if (!isTable(setup) || !isTable(setup.game)) fail("a set-up without a game");
    const { leader, follower, noise } = setup.game;
    const isMatrix = (m) => Array.isArray(m) && m.length > 0 && m.every(
      (row) => Array.isArray(row) && row.length > 0 && row.length === m[0].length && row.every(Number.isFinite));
    if (!isMatrix(leader) || !isMatrix(follower)) fail("a game without matrices of numbers");
    if (leader.length !== follower.length || leader[0].length !== follower[0].length) fail("matrices of two shapes");
    if (!Array.isArray(noise) || noise.length !== 2 || !noise.every(isTable)) fail("a game without reward laws");
    for (const role of ["leader", "follower"]) {
      if (!isTable(setup[role]) || typeof setup[role].learner !== "string") fail(`a set-up without a ${role}`);
    }
  }
  if (!Number.isSafeInteger(state.horizon) || state.horizon < 1) fail("no horizon");
  if (!Number.isSafeInteger(state.replications)) fail("no replications");
  if (typeof state.seed !== "string") fail("no seed");
  if (!isTable(state.benchmark)) fail("no benchmark");
}

export const copy = (value) => structuredClone(value);

const names = (labels, count, letter) => labels ?? Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);

/** Names of the actions of both players. */
export function actions(game) {
  return [
    names(game.leader_labels, game.leader.length, "a"),
    names(game.follower_labels, game.leader[0].length, "b"),
  ];
}

/** Give a game another size: new outcomes are worth nothing, and labels that do not fit any more are gone. */
export function resize(game, rows, columns) {
  for (const role of ["leader", "follower"]) {
    game[role] = Array.from({ length: rows }, (_, a) =>
      Array.from({ length: columns }, (_, b) => game[role][a]?.[b] ?? 0));
  }
  for (const [key, count, letter] of [["leader_labels", rows, "a"], ["follower_labels", columns, "b"]]) {
    if (game[key]) game[key] = Array.from({ length: count }, (_, i) => game[key][i] ?? `${letter}${i + 1}`);
  }
  game.name = null;
}
