import type { Dice } from "../support/dice.js";

/** Generates a quotation of a secret. */
export type Quote = () => string;

/** Creates what an HTTP library may throw. Some libraries put the request, with its token, into their errors. */
type CreateFailure = (text: string, inner: unknown) => unknown;

const refused = (text: string) => Object.assign(new Error(text), { code: "ECONNREFUSED", syscall: "connect" });

const FAILURES: readonly CreateFailure[] = [
  (text) => refused(text),
  (text, cause) => new TypeError("fetch failed", { cause: cause ?? text }),
  (text, cause) => new Error(text, { cause }),
  (text, inner) => new AggregateError([inner ?? refused(text), refused(text)], "other side closed"),
  (text, inner) => new AggregateError([text], text, { cause: inner }),
  (text) => Object.assign(new Error("reset"), { code: text, syscall: text }),
  (text) => Object.defineProperty(new Error("reset"), "name", { value: text }),
  (text) => Object.defineProperty(new Error("reset"), "stack", { value: `Error: reset\n    at ${text}` }),
  (text, cause) =>
    Object.assign(new Error("status 500", { cause }), { config: { headers: { Authorization: text } }, request: text }),
  (text, cause) => ({ message: text, code: "ECONNRESET", cause }),
  (text) => ({ message: [text], name: [text], stack: [text], code: [text] }),
  (text) => Object.assign([text], { errors: [text] }),
  (text) => text,
  (text) => Symbol(text),
  (text) =>
    Object.defineProperty(new Error("reset"), "cause", {
      get() {
        throw new Error(text);
      },
    }),
  function cyclic(text) {
    const error = new Error(text);
    return Object.assign(error, { cause: new Error(text, { cause: error }) });
  },
];

const PLAIN = ["connect ECONNREFUSED", "terminated", "", "\u0000\u202e\ud800"];

/** Generates what fails on the way: with a quoted secret in any place that an error has, or without one. */
export function generateFailure(dice: Dice, quote: Quote, depth = dice.below(7)): unknown {
  const text = dice.chance(0.3)
    ? dice.pick(PLAIN)
    : dice.pick([quote(), `Bearer ${quote()}`, `failed: ${quote()} (1)`]);
  const inner = depth === 0 ? undefined : generateFailure(dice, quote, depth - 1);
  return dice.pick(FAILURES)(text, inner);
}
