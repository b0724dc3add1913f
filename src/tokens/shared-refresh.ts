import { Clock, elapsedMs, type Instant } from "../time/clock.js";
import type { AnyTokenProvider } from "./token-source.js";

/** How long later rejections join a pending refresh, in milliseconds from its start. */
const JOINED_FOR_MS = 60_000;

/** How long a finished refresh is reused, in milliseconds: a 401 can come late by as long as a request lasts. */
const REUSED_FOR_MS = 10 * 60_000;

/** A pending or finished refresh, which replaces a rejected token. */
interface SharedRefresh {
  readonly token: Promise<string>;
  /** When it started or, once it has finished, when it finished. It is forgotten `keptForMs` later. */
  since: Instant;
  keptForMs: number;
}

const clock = new Clock();

/** The refreshes of each provider, by the owner of the token and the rejected token. */
const refreshesByProvider = new WeakMap<AnyTokenProvider, Map<string, SharedRefresh>>();

/** Neither part can contain a space. */
const createKey = (owner: string, token: string) => `${owner} ${token}`;

/**
 * Replaces a rejected token by another one, with a single refresh for each provider, owner and token ("single flight"),
 * however many calls were rejected with it, together or late. Wise voids the previous token at each refresh, so a second refresh
 * would undo the first. Owners never share a refresh, even if their tokens are equal: a placeholder for "none yet" may be.
 *
 * A refresh that fails, or returns the same token again, is forgotten: the next rejection starts another. A rejection also starts
 * another 60 s after the start of one that is still pending: a provider that hangs once must not lock a customer out forever.
 */
export function refreshOnce(
  provider: AnyTokenProvider,
  owner: string,
  rejectedToken: string,
  refresh: () => Promise<string>,
): Promise<string> {
  const refreshes = refreshesByProvider.get(provider) ?? new Map<string, SharedRefresh>();
  refreshesByProvider.set(provider, refreshes);
  forgetOldOnes(refreshes);
  const key = createKey(owner, rejectedToken);
  const known = refreshes.get(key);
  if (known !== undefined) return known.token.then((token) => findNewest(refreshes, owner, token));

  const started: SharedRefresh = { token: refresh(), since: clock.now(), keptForMs: JOINED_FOR_MS };
  refreshes.set(key, started);
  const forget = () => {
    if (refreshes.get(key) === started) refreshes.delete(key);
  };
  started.token.then((token) => {
    started.since = clock.now();
    started.keptForMs = REUSED_FOR_MS;
    if (token === rejectedToken) forget();
  }, forget);
  return started.token;
}

function forgetOldOnes(refreshes: Map<string, SharedRefresh>): void {
  const now = clock.now();
  for (const [key, { since, keptForMs }] of refreshes) {
    if (elapsedMs(since, now) >= keptForMs) refreshes.delete(key);
  }
}

/** Returns the newest token: `token` may itself have been rejected and replaced since, for the same owner. */
async function findNewest(
  refreshes: ReadonlyMap<string, SharedRefresh>,
  owner: string,
  token: string,
): Promise<string> {
  const seen = new Set<string>();
  const findRefresh = (rejected: string) =>
    seen.has(rejected) ? undefined : refreshes.get(createKey(owner, rejected));
  let newest = token;
  for (let next = findRefresh(newest); next !== undefined; next = findRefresh(newest)) {
    seen.add(newest);
    newest = await next.token;
  }
  return newest;
}
