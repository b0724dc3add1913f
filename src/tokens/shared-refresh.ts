import type { TokenProvider } from "./token-provider.js";

/** How many exchanges are remembered for each provider; a 401 can only come late by as long as a request lasts. */
const REMEMBERED = 1000;

const exchangesOf = new WeakMap<TokenProvider, Map<string, Promise<string>>>();

/**
 * Exchanges a rejected token for another one: one refresh for each provider and token, however many calls were rejected with
 * it, at once or late. Wise voids the previous token at each refresh, so a second refresh would undo the first.
 *
 * A refresh that fails, or gives the same token again, is forgotten: the next rejection asks again.
 */
export function exchangeRejectedToken(
  provider: TokenProvider,
  rejectedToken: string,
  refresh: () => Promise<string>,
): Promise<string> {
  const exchanges = exchangesOf.get(provider) ?? new Map<string, Promise<string>>();
  exchangesOf.set(provider, exchanges);
  const known = exchanges.get(rejectedToken);
  if (known !== undefined) return known.then((token) => newestOf(exchanges, token));

  const exchange = refresh();
  exchanges.set(rejectedToken, exchange);
  const forget = () => exchanges.delete(rejectedToken);
  exchange.then((token) => token === rejectedToken && forget(), forget);
  const [oldest] = exchanges.keys();
  if (exchanges.size > REMEMBERED && oldest !== undefined) exchanges.delete(oldest);
  return exchange;
}

/** Follows a token that was itself rejected and exchanged since. */
async function newestOf(exchanges: ReadonlyMap<string, Promise<string>>, token: string): Promise<string> {
  const seen = new Set<string>();
  let newest = token;
  for (let next = exchanges.get(newest); next !== undefined && !seen.has(newest); next = exchanges.get(newest)) {
    seen.add(newest);
    newest = await next;
  }
  return newest;
}
