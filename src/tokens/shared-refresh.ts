import { Clock, elapsedMs, type Instant } from "../time/clock.js";
import type { TokenProvider } from "./token-provider.js";

/** How long an exchange that is not answered yet is joined, from its beginning. */
const JOINED_FOR_MS = 60_000;

/** How long an exchange that was answered is used again: a 401 can come late by as long as a request lasts. */
const REUSED_FOR_MS = 10 * 60_000;

/** A rejected token being exchanged for another one, or exchanged already. */
interface Exchange {
  readonly token: Promise<string>;
  /** It is forgotten `keptForMs` after `since`. */
  since: Instant;
  keptForMs: number;
}

const clock = new Clock();

const exchangesOf = new WeakMap<TokenProvider, Map<string, Exchange>>();

/**
 * Exchanges a rejected token for another one: one refresh for each provider and token, however many calls were rejected with
 * it, at once or late. Wise voids the previous token at each refresh, so a second refresh would undo the first.
 *
 * A refresh that fails, or gives the same token again, is forgotten: the next rejection asks again. So does one 60 s after a
 * refresh began that was never answered: a provider that hangs once must not keep a customer out for ever.
 */
export function exchangeRejectedToken(
  provider: TokenProvider,
  rejectedToken: string,
  refresh: () => Promise<string>,
): Promise<string> {
  const exchanges = exchangesOf.get(provider) ?? new Map<string, Exchange>();
  exchangesOf.set(provider, exchanges);
  forgetOldOnes(exchanges);
  const known = exchanges.get(rejectedToken);
  if (known !== undefined) return known.token.then((token) => newestOf(exchanges, token));

  const exchange: Exchange = { token: refresh(), since: clock.now(), keptForMs: JOINED_FOR_MS };
  exchanges.set(rejectedToken, exchange);
  const forget = () => {
    if (exchanges.get(rejectedToken) === exchange) exchanges.delete(rejectedToken);
  };
  exchange.token.then((token) => {
    exchange.since = clock.now();
    exchange.keptForMs = REUSED_FOR_MS;
    if (token === rejectedToken) forget();
  }, forget);
  return exchange.token;
}

function forgetOldOnes(exchanges: Map<string, Exchange>): void {
  const now = clock.now();
  for (const [rejectedToken, { since, keptForMs }] of exchanges) {
    if (elapsedMs(since, now) >= keptForMs) exchanges.delete(rejectedToken);
  }
}

/** Follows a token that was itself rejected and exchanged since. */
async function newestOf(exchanges: ReadonlyMap<string, Exchange>, token: string): Promise<string> {
  const seen = new Set<string>();
  let newest = token;
  for (let next = exchanges.get(newest); next !== undefined && !seen.has(newest); next = exchanges.get(newest)) {
    seen.add(newest);
    newest = await next.token;
  }
  return newest;
}
