// What came of the runs: one column for each set-up.

import { h, rounds, short } from "./dom.js";
import { drawCourse, drawRegret, saveFigure, scaleFor } from "./figures.js";

const ROLES = ["leader", "follower"];
const NO_INTERVAL = "none";
const ALONE = "There is no interval for a single replication, and where all replications are alike by chance.";

/** The columns of results; `askFits` plays more horizons. */
export class Results {
  constructor(root, askFits) {
    this.root = root;
    this.askFits = askFits;
    this.columns = [];
    this.waiting = new Map();
    this.drawn = null;
    this.difference = h("p", { class: "difference", hidden: true });
    this.root.append(this.difference, h("div", { class: "columns" }));
  }

  /** Have as many columns as there are set-ups; what they show stays until it is replaced. */
  prepare(count) {
    if (this.columns.length === count) return;
    this.columns = Array.from({ length: count }, (_, place) =>
      new Column(count > 1 ? "AB"[place] : "", () => this.askFits()));
    this.root.querySelector(".columns").replaceChildren(...this.columns.map((column) => column.element));
    this.difference.hidden = true;
  }

  stale(is) {
    this.root.classList.toggle("stale", is);
  }

  receive(message, scale) {
    const column = this.columns[message.setup];
    if (message.kind === "result") {
      column.result = message;
      column.forgetFits();
      column.tell();
      this.draw("regrets", () => this.drawRegrets(scale));
    } else if (message.kind === "course") {
      column.course = message;
      this.draw(message.setup, () => column.drawCourse());
    } else if (message.kind === "difference") this.tellDifference(message);
    else if (message.kind === "fit") column.tellFit(message);
  }

  /** Draw something in the next frame, once, however many messages came for it until then. */
  draw(what, how) {
    this.waiting.set(what, how);
    this.drawn ??= new Promise((resolve) => {
      requestAnimationFrame(() => {
        const all = [...this.waiting.values()];
        this.waiting.clear();
        this.drawn = null;
        for (const each of all) each();
        resolve();
      });
    });
  }

  /** Wait until everything is drawn. */
  async settled() {
    while (this.drawn) await this.drawn;
  }

  drawRegrets(scale) {
    const known = this.columns.map((column) => column.result);
    if (known.some((result) => !result)) return;
    const own = scaleFor(scale, known);
    for (const column of this.columns) column.drawRegret(known, own);
  }

  redraw(scale) {
    this.drawRegrets(scale);
    for (const column of this.columns) column.drawCourse();
  }

  tellDifference({ mean, low, high }) {
    const parts = ROLES.map((role, player) => {
      const limits = low[player] === null ? "" : ` [${short(low[player])}, ${short(high[player])}]`;
      return `${role} ${short(mean[player])}${limits}`;
    });
    this.difference.textContent = `Regret at the end in B minus A, with the same noise: ${parts.join(", ")} (95 % intervals over pairs of replications).`;
    this.difference.hidden = false;
  }
}

class Column {
  constructor(letter, askFits) {
    this.letter = letter;
    this.result = null;
    this.course = null;
    this.caption = h("p", { class: "caption" });
    this.table = h("table", { class: "numbers" });
    this.how = h("p", { class: "note" });
    this.alone = h("p", { class: "note", hidden: true }, ALONE);
    this.regret = h("div", { class: "plot", role: "img" });
    this.heat = h("div", { class: "plot", role: "img" });
    this.rows = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": `Regret over time${this.suffix}` });
    this.fitButton = h("button", { type: "button", class: "fit", click: askFits }, "Fit exponents");
    this.fit = h("div", { class: "fits", role: "status" });
    const unfold = h("details", {}, h("summary", {}, "Regret over time as numbers"), this.rows);
    this.element = h("section", { class: "column", "aria-label": `Results${this.suffix}` },
      letter ? h("h2", {}, `Set-up ${letter}`) : null,
      this.caption,
      this.card("Regret", this.regret, () => this.regretCsv(), this.how,
        h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": `Regret at the end${this.suffix}` }, this.table),
        this.alone, unfold),
      this.card("Where the rounds went", this.heat, () => this.courseCsv(), this.courseNote = h("p", { class: "note" })),
      h("div", { class: "card" }, h("div", { class: "head" }, h("h3", {}, "Growth with the horizon"), this.fitButton), this.fit));
  }

  get suffix() {
    return this.letter ? ` of set-up ${this.letter}` : "";
  }

  card(title, plot, csv, ...below) {
    const name = `${title.toLowerCase().replaceAll(" ", "-")}${this.letter ? `-${this.letter}` : ""}`;
    const save = (format) => h("button", {
      type: "button", class: "save", "aria-label": `Save ${title.toLowerCase()}${this.suffix} as ${format.toUpperCase()}`,
      click: () => (format === "csv" ? download(csv(), `${name}.csv`) : plot.data && saveFigure(plot, format, name)),
    }, format.toUpperCase());
    return h("div", { class: "card" },
      h("div", { class: "head" }, h("h3", {}, title),
        h("span", { class: "saves", role: "group", "aria-label": `Save ${title.toLowerCase()}${this.suffix}` }, ["png", "svg", "csv"].map(save))),
      plot, below);
  }

  tell() {
    const { caption, players, mean, low, high, rounds: t, benchmark, engine, error_bound: bound, replications, of } = this.result;
    const part = replications < of ? ` The first ${replications} of ${of} replications, until all are played.` : "";
    this.caption.textContent = caption;
    const last = t.length - 1;
    const line = (name, of) => h("tr", {}, h("th", { scope: "row" }, name), players.map((_, p) => h("td", {}, of(p))));
    this.how.textContent = `After ${rounds(t[last])} rounds; engine ${engine}${bound ? `, error bound ${short(bound, 2)}` : ""}.${part}`;
    this.table.replaceChildren(
      h("thead", {}, h("tr", {}, h("td", {}), ROLES.map((role) => h("th", { scope: "col" }, role)))),
      h("tbody", {},
        line(benchmark, (p) => short(players[p].alpha)),
        line("utility a round", (p) => short(players[p].utility, 6)),
        line("regret", (p) => short(mean[p][last])),
        line("95 % interval", (p) => (low[p][last] === null ? NO_INTERVAL : `${short(low[p][last])} to ${short(high[p][last])}`)),
        line("regret a round", (p) => short(mean[p][last] / t[last]))));
    this.alone.hidden = players.every((_, p) => low[p][last] !== null);
    const rows = t.map((time, k) => h("tr", {}, h("th", { scope: "row" }, rounds(time)), ROLES.map((_, p) => h("td", {},
      `${short(mean[p][k])}${low[p][k] === null ? "" : ` [${short(low[p][k])}, ${short(high[p][k])}]`}`))));
    this.rows.replaceChildren(h("table", { class: "numbers" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "round"), ROLES.map((role) => h("th", { scope: "col" }, role)))),
      h("tbody", {}, rows)));
  }

  drawRegret(all, scale) {
    const { players, mean, rounds: t } = this.result;
    const ends = players.map(({ role, learner }, p) => `${role} ${learner}: ${short(mean[p].at(-1))}`).join(", ");
    this.regret.setAttribute("aria-label", `Regret of both players over ${rounds(t.at(-1))} rounds${this.suffix}; at the end, ${ends}`);
    return drawRegret(this.regret, this.result, all, scale);
  }

  drawCourse() {
    if (!this.course) return;
    const { outcomes, shares, replications } = this.course;
    const most = shares.reduce((best, row, i) => (row.at(-1) > shares[best].at(-1) ? i : best), 0);
    this.heat.setAttribute("aria-label",
      `Share of each outcome over time${this.suffix}; in the last rounds mostly ${outcomes[most]}: ${short(shares[most].at(-1))}`);
    this.courseNote.textContent = `Share of each outcome between checkpoints, mean of ${replications === 1 ? "one replication" : `the first ${replications} replications`}.`;
    drawCourse(this.heat, this.course);
  }

  forgetFits() {
    this.fit.replaceChildren();
  }

  tellFit({ exponent, ci, reliable, notes, horizons }) {
    const cell = (p) => (exponent[p] === null ? "no positive regret"
      : `${short(exponent[p], 3)}${ci[p][0] === null ? "" : ` [${short(ci[p][0], 3)}, ${short(ci[p][1], 3)}]`}${reliable[p] ? "" : ", not reliable"}`);
    this.fit.replaceChildren(
      h("p", { class: "note" }, `The regret at T grows like T to the power of these exponents, over ${horizons.length} horizons from ${rounds(horizons[0])} to ${rounds(horizons.at(-1))}:`),
      h("table", { class: "numbers" },
        h("tbody", {}, ROLES.map((role, p) => h("tr", {}, h("th", { scope: "row" }, role), h("td", {}, cell(p)))))),
      notes.length ? h("ul", { class: "note" }, notes.map((note) => h("li", {}, note))) : "");
  }

  regretCsv() {
    if (!this.result) return "";
    const { rounds: t, mean, low, high } = this.result;
    const lines = ROLES.flatMap((role, p) => t.map((time, k) => [role, time, mean[p][k], low[p][k], high[p][k]]));
    return csvOf([["player", "round", "regret", "regret_low", "regret_high"], ...lines]);
  }

  courseCsv() {
    if (!this.course) return "";
    const { rounds: t, outcomes, shares } = this.course;
    const lines = outcomes.flatMap((outcome, i) => t.map((time, k) => [outcome, k ? t[k - 1] : 0, time, shares[i][k]]));
    return csvOf([["outcome", "after_round", "to_round", "share"], ...lines]);
  }
}

function csvOf(lines) {
  const cell = (value) => (value === null ? "" : /[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return lines.map((line) => line.map(cell).join(",")).join("\n") + "\n";
}

function download(text, filename) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  h("a", { href: url, download: filename }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
