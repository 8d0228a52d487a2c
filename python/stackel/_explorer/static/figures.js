// Figures, drawn by plotly.js. Leader and follower differ by colour and by line style.

import { rounds, short } from "./dom.js";

const PLAYERS = [
  { role: "leader", line: "solid", symbol: "circle" },
  { role: "follower", line: "dash", symbol: "square-open" },
];
export const SCALES = { auto: "automatic", log: "logarithmic", symlog: "logarithmic on both sides of 0", linear: "linear", per_round: "regret per round" };
const HEIGHT = 300;

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function layout(extra) {
  const text = css("--text");
  const axis = { gridcolor: css("--grid"), zerolinecolor: css("--quiet"), linecolor: css("--quiet"), automargin: true };
  return {
    height: HEIGHT, margin: { l: 56, r: 12, t: 8, b: 44 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: css("--font"), size: 12, color: text }, hovermode: "x unified",
    hoverlabel: { bgcolor: css("--card"), font: { color: text } },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    ...extra, xaxis: { ...axis, ...extra.xaxis }, yaxis: { ...axis, ...extra.yaxis },
  };
}

/** The axis of time, the same in both figures of a run. */
const time = (t) => ({
  type: "log", exponentformat: "power", dtick: t.at(-1) > 1e6 ? 2 : 1, title: { text: "t (rounds)" },
  range: [Math.log10(start(t)), Math.log10(t.at(-1)) + 0.01],
});

/** Where time begins in the figures: a step before the first checkpoint, as 0 has no logarithm. */
const start = (t) => (t.length > 1 ? (t[0] * t[0]) / t[1] : t[0] / 10);

/** The scale for results: as chosen, or logarithmic if all means have a logarithm, and else on both sides of 0. */
export function scaleFor(chosen, results) {
  if (chosen !== "auto") return chosen;
  const late = results.flatMap(({ mean }) => mean.flat()).filter((value) => value !== 0);
  return late.length && late.every((value) => value > 0) ? "log" : late.length ? "symlog" : "linear";
}

/** How values are drawn on a scale: a function of value and round, and the axis. */
function drawing(scale, results) {
  const values = results.flatMap(({ mean, low, high }) => [mean, low, high].flat(2)).filter((v) => v !== null && v !== 0);
  if (scale === "per_round") return { of: (value, t) => value / t, axis: { title: { text: "regret per round" } } };
  const title = { text: "regret (units of utility)" };
  if (scale === "log") {
    const positive = results.flatMap(({ mean }) => mean.flat()).filter((value) => value > 0);
    const floor = Math.min(...positive) / 10;
    // A limit of 0 or less has no logarithm: the band goes down to the edge.
    return { of: (value) => (value > 0 ? Math.max(value, floor) : floor), hides: (value) => !(value > 0),
      axis: { type: "log", exponentformat: "power", dtick: 1, title } };
  }
  if (scale !== "symlog" || !values.length) return { of: (value) => value, axis: { title, exponentformat: "power" } };
  const largest = Math.max(...values.map(Math.abs));
  const unit = 10 ** Math.max(Math.floor(Math.log10(largest)) - 4, Math.floor(Math.log10(Math.min(...values.map(Math.abs)))));
  const of = (value) => Math.sign(value) * Math.log10(1 + Math.abs(value) / unit);
  const powers = [];
  for (let size = unit; size <= largest * 1.01; size *= 10) powers.push(size);
  const ticks = [...powers.map((size) => -size).reverse(), 0, ...powers];
  return { of, axis: { title, tickvals: ticks.map(of), ticktext: ticks.map((tick) => short(tick, 2)) } };
}

/** A text as it is: plotly.js would take parts of it for tags. */
const literal = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const colour = (player) => css(player ? "--follower" : "--leader");

function band(result, player, draw) {
  const { rounds: t, low, high } = result;
  const kept = t.map((_, k) => k).filter((k) => low[player][k] !== null);
  if (!kept.length) return [];
  const there = kept.map((k) => draw.of(high[player][k], t[k]));
  const back = kept.map((k) => draw.of(low[player][k], t[k])).reverse();
  const x = kept.map((k) => t[k]);
  return [{
    x: [...x, ...x.toReversed()], y: [...there, ...back], fill: "toself", mode: "lines", line: { width: 0 },
    fillcolor: colour(player), opacity: 0.2, hoverinfo: "skip", showlegend: false,
  }];
}

function curve(result, player, draw) {
  const { rounds: t, mean, low, high } = result;
  const { role, line, symbol } = PLAYERS[player];
  const y = mean[player].map((value, k) => (draw.hides?.(value) ? null : draw.of(value, t[k])));
  const told = mean[player].map((value, k) =>
    `${short(value)}${low[player][k] === null ? "" : ` [${short(low[player][k])}, ${short(high[player][k])}]`}`);
  return {
    x: t, y, customdata: told, mode: "lines+markers", name: literal(`${role}: ${result.players[player].learner}`),
    line: { color: colour(player), dash: line, width: 2 },
    marker: { symbol, size: 6, maxdisplayed: 12, color: colour(player) }, hovertemplate: `${role} %{customdata}<extra></extra>`,
  };
}

/** Draw the regrets of one result; `all` are the results whose axes are to be the same. */
export function drawRegret(element, result, all, scale) {
  const draw = drawing(scale, all);
  const traces = [...[0, 1].flatMap((player) => band(result, player, draw)), ...[0, 1].map((p) => curve(result, p, draw))];
  const range = all.length > 1 ? { range: shared(all, draw) } : {};
  return show(element, traces, layout({ xaxis: time(result.rounds), yaxis: { ...draw.axis, ...range } }));
}

function shared(all, draw) {
  const values = all.flatMap(({ rounds: t, mean, low, high }) => [mean, low, high].flatMap((each) =>
    each.flatMap((row) => row.map((v, k) => (v === null ? null : draw.of(v, t[k])))))).filter((v) => v !== null);
  const ends = draw.axis.type === "log" ? values.filter((v) => v > 0).map(Math.log10) : values;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = 0.05 * (high - low || 1);
  return [low - room, high + room];
}

/** Draw where the rounds went: a row for each outcome, from dark (none) to bright (all). */
export function drawCourse(element, course) {
  const { rounds: t, outcomes, shares } = course;
  const edges = [start(t), ...t];
  const trace = {
    type: "heatmap", x: edges, y: outcomes.map(literal), z: shares,
    zmin: 0, zmax: 1, colorscale: "Cividis", colorbar: { title: { text: "share", side: "right" }, thickness: 12 },
    customdata: shares.map(() => t.map((end, k) => `rounds ${rounds((k ? t[k - 1] : 0) + 1)} to ${rounds(end)}`)),
    hovertemplate: "%{y}, %{customdata}: %{z:.4f}<extra></extra>",
  };
  const height = Math.max(180, 80 + 22 * outcomes.length);
  return show(element, [trace], layout({
    height, hovermode: "closest", xaxis: time(t), yaxis: { autorange: "reversed", type: "category", showgrid: false },
  }));
}

function show(element, traces, about) {
  return globalThis.Plotly.react(element, traces, about, { displayModeBar: false, responsive: true });
}

/** Save a figure as a file: png or svg. */
export function saveFigure(element, format, filename) {
  const { width } = element.getBoundingClientRect();
  const { height } = element.layout;
  const background = css("--card");
  return globalThis.Plotly.downloadImage(
    { data: element.data, layout: { ...element.layout, paper_bgcolor: background, plot_bgcolor: background } },
    { format, width: Math.round(width), height, scale: format === "png" ? 2 : 1, filename });
}
