// The page: a change of its state plays the game anew, and stops what was still being played.

import { byId, firstMarked, h, mark, menu, rounds } from "./dom.js";
import { SCALES } from "./figures.js";
import { gameForm, showMarks } from "./game.js";
import { learnerForm, showResolved } from "./learner.js";
import { Results } from "./results.js";
import { runForm } from "./run_form.js";
import { ServerError, ask, play, slot } from "./server.js";
import { copy, fromHash, played, toHash, withView } from "./state.js";

const PATIENCE = 200; // milliseconds that a run may go on after a change, so that a drag shows what it passes
const RETRY = 1000;
const SLOW = 300; // milliseconds after which a run is said to be going on
const LINK_DELAY = 300;

let catalogue;
let initial;
let state;
let running = null; // the run in progress: its controller, when it began, and whether it is a fit
let wanted = null; // when the change was made that has not been answered yet
let losses = 0; // changes of whether the server answers: only the last one tries again
let waiting; // timer until the run in progress is stopped for a newer change
const results = new Results(byId("results"), () => start(true));

// ---- the form

function drawForm() {
  const setup = state.setups[state.view.active];
  const place = state.view.active;
  const focused = document.activeElement?.dataset?.path ?? document.activeElement?.id;
  const learner = (role) => learnerForm({
    learners: catalogue.learners, role, table: setup[role], path: `setups.${place}.${role}`, label: role,
    replace: (table) => {
      setup[role] = table;
      changed(true);
    },
    changed,
  });
  byId("controls").replaceChildren(
    tabs(),
    gameForm({ catalogue, setup, place, changed, trouble }),
    h("div", { class: "learners" }, learner("leader"), learner("follower")),
    runForm({ catalogue, state, changed }),
    scaleMenu());
  byId("compare").textContent = state.setups.length > 1 ? "Show set-up A only" : "Compare two set-ups";
  if (focused) (document.querySelector(`#controls [data-path="${CSS.escape(focused)}"]`) ?? byId(focused))?.focus();
}

function tabs() {
  if (state.setups.length === 1) return "";
  const choose = (place) => () => {
    state.view.active = place;
    drawForm();
    showKnown();
    keepLink();
  };
  const button = (letter, place) => h("button", {
    type: "button", id: `setup-${letter}`, "aria-pressed": String(state.view.active === place), click: choose(place),
  }, `Set-up ${letter}`);
  return h("div", { class: "tabs", role: "group", "aria-label": "Set-up that is shown here" }, button("A", 0), button("B", 1));
}

function scaleMenu() {
  const choose = (event) => {
    state.view.scale = event.target.value;
    results.redraw(state.view.scale);
    keepLink();
  };
  const select = menu(Object.entries(SCALES), SCALES[state.view.scale] ? state.view.scale : "auto", { id: "scale", change: choose });
  return h("fieldset", {}, h("legend", {}, "Figures"), h("label", { class: "field" }, h("span", {}, "scale of regret"), select));
}

// ---- changes and runs

/** Something was changed: play anew. `redraw` draws the form anew as well. */
function changed(redraw = false) {
  if (redraw) {
    drawForm();
    showKnown();
  }
  clearServerMarks();
  if (!losses) trouble("");
  const fault = firstMarked();
  if (fault) {
    stop();
    results.stale(true);
    say(`Not played: ${fault}`);
    return;
  }
  wanted = performance.now();
  keepLink();
  if (!running) start();
  else if (running.fits) {
    stop();
    start();
  } else if (!waiting) waiting = setTimeout(restart, Math.max(0, running.began + PATIENCE - performance.now()));
}

function restart() {
  stop();
  start();
}

function stop() {
  clearTimeout(waiting);
  waiting = null;
  running?.controller.abort();
  running = null;
  showProgress(null);
}

async function start(fits = false) {
  stop();
  const own = { controller: new AbortController(), began: performance.now(), fits };
  running = own;
  const asked = wanted ?? own.began;
  wanted = null;
  results.prepare(state.setups.length);
  if (fits) say("Fitting exponents …");
  setTimeout(() => running === own && byId("stop").hidden && showProgress(0, own), SLOW);
  const data = { state: played(state), slot: fits ? `${slot}-fits` : slot, exponents: fits };
  try {
    await play(data, own.controller.signal, (message) => receive(message, own, asked));
    if (running === own) found();
  } catch (error) {
    if (running === own) lost(error);
  }
  if (running !== own) return;
  running = null;
  clearTimeout(waiting);
  waiting = null;
  showProgress(null);
  if (wanted !== null) start();
}

let known = []; // what the server said of each set-up before it played

function receive(message, own, asked) {
  if (running !== own) return;
  const { kind } = message;
  if (kind === "marks") {
    known = message.setups;
    showKnown();
  } else if (kind === "progress") showProgress(message.done, own);
  else if (kind === "error") refused(message);
  else if (kind === "done") done(own, asked);
  else if (kind === "cancelled") say("Stopped.");
  else {
    results.receive(message, state.view.scale);
    if (kind === "result" && message.setup === state.setups.length - 1) {
      results.stale(false);
      results.settled().then(() => performance.measure("regret", { start: asked, end: performance.now() }));
    }
  }
}

async function done(own, asked) {
  if (own.fits) {
    say("Exponents are fitted.");
    return;
  }
  await results.settled();
  const took = performance.now() - asked;
  performance.measure("answer", { start: asked, end: performance.now() });
  const { horizon, replications } = state;
  say(`Played ${rounds(horizon)} rounds, ${replications === 1 ? "once" : `${rounds(replications)} times`}, in ${took < 1000 ? `${Math.round(took)} ms` : `${(took / 1000).toFixed(1)} s`}.`);
}

function showKnown() {
  const place = state.view.active;
  if (!known[place]) return;
  showMarks(known[place]);
  for (const role of ["leader", "follower"]) showResolved(known[place].resolved[role], `setups.${place}.${role}`);
}

// ---- what is told

let spoken = "";

function say(text) {
  if (text === spoken) return;
  spoken = text;
  byId("status").textContent = text;
}

function trouble(text) {
  const box = byId("trouble");
  box.hidden = !text;
  if (box.textContent !== text) box.textContent = text;
}

function showProgress(share, own = null) {
  const [bar, button] = [byId("progress"), byId("stop")];
  const slow = own && performance.now() - own.began >= SLOW - 1;
  bar.hidden = button.hidden = share === null || !slow;
  if (share === null || !slow) return;
  bar.value = share;
  const left = ((performance.now() - own.began) / 1000) * (1 / Math.max(share, 1e-9) - 1);
  say(`Playing: ${(100 * share).toFixed(0)} %${share > 0.01 ? `, about ${duration(left)} to go` : ""}.`);
}

function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Show an error at the control that it is about. */
function refused({ message, where }) {
  results.stale(true);
  say(`Not played: ${message}`);
  for (let length = where.length; length > 0; length -= 1) {
    const input = document.querySelector(`#controls [data-path="${CSS.escape(where.slice(0, length).join("."))}"]`);
    if (!input) continue;
    if (input.matches("fieldset")) input.classList.add("refused");
    else {
      mark(input, message);
      input.dataset.fromServer = "";
    }
    break;
  }
}

function clearServerMarks() {
  for (const input of document.querySelectorAll("[data-from-server]")) {
    mark(input, "");
    delete input.dataset.fromServer;
  }
  for (const fieldset of document.querySelectorAll(".refused")) fieldset.classList.remove("refused");
}

/** The server did not answer: say so, and try again until it does. */
async function lost(error) {
  results.stale(true);
  if (!(error instanceof ServerError)) {
    trouble(`The page failed: ${error.message}`);
    throw error;
  }
  if (!error.gone) {
    trouble(error.message);
    say("Not played.");
    return;
  }
  trouble("The connection to stackel is lost. It is tried again every second; if the process has ended, start it again.");
  say("Waiting for the server.");
  losses += 1;
  const mine = losses;
  await new Promise((resolve) => {
    setTimeout(resolve, RETRY);
  });
  if (!running && mine === losses) start();
}

/** The server answered again. */
function found() {
  if (losses) trouble("");
  losses = 0;
}

// ---- links and the whole page

let linkTimer;

function keepLink() {
  clearTimeout(linkTimer);
  linkTimer = setTimeout(() => history.replaceState(null, "", toHash(state)), LINK_DELAY);
}

function readLink() {
  let found = null;
  let fault = "";
  try {
    found = fromHash(location.hash);
  } catch (error) {
    fault = `The link does not hold what this page needs (${error.message}). The page begins with its own state.`;
  }
  state = found ?? withView(copy(initial));
  return fault;
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // a frame may not be allowed to
  }
}

async function copyLink() {
  clearTimeout(linkTimer);
  history.replaceState(null, "", toHash(state));
  say((await copyText(location.href)) ? "The link is copied." : "The link is the address of this page: copy it from there.");
}

async function copyPython() {
  const answer = await ask("python", { state: played(state), exponents: Boolean(document.querySelector(".fits table")) })
    .catch((error) => ({ kind: "error", message: error.message, where: [] }));
  if (answer.kind === "error") {
    refused(answer);
    return;
  }
  const dialog = byId("program");
  dialog.querySelector("pre").textContent = answer.python;
  dialog.showModal();
  byId("copied").textContent = (await copyText(answer.python)) ? "It is copied." : "Select it to copy it.";
}

function compare() {
  if (state.setups.length > 1) {
    state.setups.length = 1;
    state.view.active = 0;
  } else {
    state.setups.push(copy(state.setups[0]));
    state.view.active = 1;
  }
  changed(true);
}

async function begin() {
  try {
    ({ catalogue, initial } = await ask("choices", {}));
  } catch (error) {
    trouble(error.gone ? "The connection to stackel is lost. Start it again, and open the address that it prints." : error.message);
    say("");
    return;
  }
  const fault = readLink();
  drawForm();
  byId("compare").addEventListener("click", compare);
  byId("python").addEventListener("click", copyPython);
  byId("link").addEventListener("click", copyLink);
  byId("close-program").addEventListener("click", () => byId("program").close());
  byId("stop").addEventListener("click", () => {
    stop();
    say("Stopped.");
  });
  byId("skip").addEventListener("click", () => byId("results").focus());
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => {
    const wrong = readLink();
    changed(true);
    trouble(wrong);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => results.redraw(state.view.scale));
  if (fault) trouble(fault);
  start();
}

begin();
