import { Clock, elapsedMs, type Instant } from "../time/clock.js";
import type { AnyTokenProvider } from "./token-source.js";

/** How long later rejections join a pending refresh, in milliseconds from its start. */
const JOINED_FOR_MS = 60_000;

/** How long a finished refresh is reused, in milliseconds: a 401 can come late by as long as a request lasts. */
const REUSED_FOR_MS = 10 * 60_000;

/** A pending or finished refresh, which replaces a rejected token. */
interface SharedRefresh {
  readonly token: Promise<string>;
  /** The token, once it has finished. */
  result: string | undefined;
  /** Whether its token was rejected, too. */
  isRejected: boolean;
  /** When it started or, once it has finished, when it finished. It is forgotten `keptForMs` later. */
  since: Instant;
  keptForMs: number;
}

/** The refreshes of a provider, by the owner of the token and the rejected token. */
type Refreshes = Map<string, SharedRefresh>;

const clock = new Clock();

const refreshesByProvider = new WeakMap<AnyTokenProvider, Refreshes>();

/** Neither part can contain a space. */
const createKey = (owner: string, token: string) => `${owner} ${token}`;

/**
 * Replaces a rejected token by another one, with a single refresh for each provider, owner and token ("single flight"),
 * however many calls were rejected with it, together or late. Wise voids the previous token at each refresh, so a second refresh
 * would undo the first. Owners never share a refresh, even if their tokens are equal: a placeholder for "none yet" may be.
 *
 * A refresh that fails, or returns the same token again, is forgotten: the next rejection starts another. A rejection also starts
 * another 60 s after the start of one that is still pending: a provider that hangs once must not lock a customer out forever. A
 * token that was rejected, too ({@link noteRejection}), is replaced in turn.
 *
 * @param refresh returns a token other than the rejected one that it gets.
 */
export function refreshOnce(
  provider: AnyTokenProvider,
  owner: string,
  rejectedToken: string,
  refresh: (rejectedToken: string) => Promise<string>,
): Promise<string> {
  const refreshes: Refreshes = refreshesByProvider.get(provider) ?? new Map();
  refreshesByProvider.set(provider, refreshes);
  forgetOldOnes(refreshes);
  const start = (rejected: string) => startRefresh(refreshes, owner, rejected, refresh);
  return findReplacement(refreshes, owner, rejectedToken, start) as Promise<string>;
}

/** Returns what replaced a rejected token, without another refresh: `undefined` if nothing did, or if that was rejected, too. */
export async function findRefreshed(
  provider: AnyTokenProvider,
  owner: string,
  rejectedToken: string,
): Promise<string | undefined> {
  const refreshes = refreshesByProvider.get(provider);
  return refreshes && findReplacement(refreshes, owner, rejectedToken, () => undefined);
}

/** Notes that the token of a refresh was rejected, too. */
export function noteRejection(provider: AnyTokenProvider, owner: string, token: string): void {
  for (const [key, refresh] of refreshesByProvider.get(provider) ?? []) {
    if (refresh.result === token && key.startsWith(createKey(owner, ""))) refresh.isRejected = true;
  }
}

function startRefresh(
  refreshes: Refreshes,
  owner: string,
  rejectedToken: string,
  refresh: (rejectedToken: string) => Promise<string>,
): SharedRefresh {
  const token = refresh(rejectedToken);
  const key = createKey(owner, rejectedToken);
  const started: SharedRefresh = {
    token,
    result: undefined,
    isRejected: false,
    since: clock.now(),
    keptForMs: JOINED_FOR_MS,
  };
  refreshes.set(key, started);
  const forget = () => {
    if (refreshes.get(key) === started) refreshes.delete(key);
  };
  token.then((result) => {
    started.result = result;
    started.since = clock.now();
    started.keptForMs = REUSED_FOR_MS;
    if (result === rejectedToken) forget();
  }, forget);
  return started;
}

function forgetOldOnes(refreshes: Map<string, SharedRefresh>): void {
  const now = clock.now();
  for (const [key, { since, keptForMs }] of refreshes) {
    if (elapsedMs(since, now) >= keptForMs) refreshes.delete(key);
  }
}

/** Returns the newest token: one that replaced `rejectedToken` may itself have been rejected and replaced since. */
async function findReplacement(
  refreshes: Refreshes,
  owner: string,
  rejectedToken: string,
  start: (rejectedToken: string) => SharedRefresh | undefined,
): Promise<string | undefined> {
  const seen = new Set<string>();
  for (let token = rejectedToken; ; ) {
    seen.add(token);
    const refresh = refreshes.get(createKey(owner, token)) ?? start(token);
    if (refresh === undefined) return undefined;
    const replacement = await refresh.token;
    if (seen.has(replacement)) return token;
    const isReplaced = refreshes.has(createKey(owner, replacement));
    if (!refresh.isRejected && !isReplaced) return replacement;
    token = replacement;
  }
}
