// The server behind the page: requests with its token, and messages line by line.

const TOKEN = "stackel-token";

/** The token of the address, or the one that was kept when another tab was opened with it. */
function findToken() {
  const url = new URL(location.href);
  const given = url.searchParams.get("token");
  try {
    if (given) localStorage.setItem(TOKEN, given);
    else return localStorage.getItem(TOKEN) ?? "";
  } catch {
    return given ?? ""; // a frame of a notebook may have no storage: its address keeps the token
  }
  url.searchParams.delete("token");
  history.replaceState(null, "", url);
  return given;
}

const token = findToken();

/** The server refused, or could not be reached (`gone`). */
export class ServerError extends Error {
  constructor(message, gone) {
    super(message);
    this.gone = gone;
  }
}

async function send(action, data, signal) {
  let response;
  try {
    response = await fetch(`api/${action}`, {
      method: "POST", body: JSON.stringify(data), headers: { "X-Stackel-Token": token }, signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ServerError("the server cannot be reached", true);
  }
  if (!response.ok) throw new ServerError(await response.text(), false);
  return response;
}

/** What an action answers; the answer can be an error of its own, with `kind` "error". */
export async function ask(action, data) {
  return (await send(action, data)).json();
}

const LAST = new Set(["done", "cancelled", "error"]);

/** Pass on the messages of a run, until it is done. Aborting the signal makes the server stop it. */
export async function play(data, signal, receive) {
  const response = await send("play", data, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let last = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (text + value).split("\n");
      text = lines.pop();
      for (const line of lines) {
        if (signal.aborted) return;
        const message = JSON.parse(line);
        last = message.kind;
        receive(message);
      }
    }
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof TypeError ? new ServerError("the connection was lost", true) : error;
  }
  if (!LAST.has(last)) throw new ServerError("the connection was lost", true);
}

/** A name for this tab, so that its runs stop only its own. */
export const slot = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
