import { HIDDEN } from "../../testing/api/hide-secrets.js";
import { SHORTEST_SECRET } from "../../text/shortest-secret.js";

/** Hides the token of a sandbox in what it keeps and prints, wherever a program has put it. */
export class HiddenCredentials {
  readonly #token: string;

  /** @param token the access token of the sandbox. */
  constructor(token: string) {
    this.#token = token;
  }

  /** Hides the token of the sandbox in a text of any length: as it is, in a URL and in JSON. */
  hideToken(text: string): string {
    const token = this.#token;
    if (token.length < SHORTEST_SECRET) return text;
    return [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)].reduce(
      (rest, form) => rest.replaceAll(form, HIDDEN),
      text,
    );
  }
}

/** Returns the URL of a receiver without the secret that its query may contain. A user name or a password is refused. */
export function hideQuery(url: string): string {
  return url.replace(/([?#]).*/s, `$1${HIDDEN}`);
}
