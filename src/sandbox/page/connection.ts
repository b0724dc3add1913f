import type { StateView } from "../view/view-schemas.js";

/** The outcome of a request to the sandbox. */
export interface Outcome {
  readonly ok: boolean;
  /** The HTTP status; `undefined` if no response arrived. */
  readonly status: number | undefined;
  /** The parsed body; `undefined` if it is not JSON. */
  readonly body: unknown;
}

/** Longer than any fault but the one that never responds. */
const REQUEST_TIMEOUT_MS = 10_000;

/** How the line of an event begins that contains the state. */
const DATA = "data: ";

const TOKEN_KEY = "sandbox-token";

/** The connection of the page to its sandbox. */
export class Connection {
  /** The token that a person entered. The sandbox needs it only if it is open to the network. */
  #token: string | null = sessionStorage.getItem(TOKEN_KEY);

  /** Uses another token from now on: until the tab is closed, once the sandbox accepts it. */
  useToken(token: string): void {
    this.#token = token;
  }

  /** Sends a request to the control API. */
  control(method: string, path: string, body?: object): Promise<Outcome> {
    return this.#send(`/_sandbox${path}`, method, body, this.#token);
  }

  /** Sends a request to print a card, as a bank would. */
  print(profileId: string, cardToken: string, kioskId: string, token: string | null): Promise<Outcome> {
    const path = `/v3/spend/profiles/${encodeURIComponent(profileId)}/cards/${encodeURIComponent(cardToken)}/production`;
    return this.#send(path, "PUT", { kioskId }, token ?? this.#token);
  }

  /** Calls `onState` with every state of the sandbox until `signal` or the sandbox ends that. Returns the status if it is not 200. */
  async follow(onState: (state: StateView) => void, signal: AbortSignal): Promise<number | undefined> {
    const init = { headers: authorization(this.#token), cache: "no-store", signal } as const;
    const response = await fetch("/_sandbox/events", init);
    if (!response.ok || response.body === null) return response.status;
    if (this.#token !== null) sessionStorage.setItem(TOKEN_KEY, this.#token);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = `${text}${part.value}`.split("\n\n");
      text = events.pop() ?? "";
      // Not `/^data: (.*)$/m`, which would end the line at U+2028.
      const lines = events.flatMap((event) => event.split("\n"));
      const newest = lines.findLast((line) => line.startsWith(DATA));
      if (newest !== undefined) onState(JSON.parse(newest.slice(DATA.length)));
    }
    return undefined;
  }

  async #send(path: string, method: string, body: object | undefined, token: string | null): Promise<Outcome> {
    try {
      const headers = {
        ...authorization(token),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      };
      const init = { method, headers, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) };
      const response = await fetch(path, body === undefined ? init : { ...init, body: JSON.stringify(body) });
      const text = await response.text();
      return { ok: response.ok, status: response.status, body: parsed(text) };
    } catch {
      return { ok: false, status: undefined, body: undefined };
    }
  }
}

function authorization(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
