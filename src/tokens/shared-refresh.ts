import { Clock, elapsedMs, type Instant } from "../time/clock.js";
import type { AnyTokenProvider } from "./token-source.js";

/** How long later rejections join a pending refresh, in milliseconds from its start. */
const JOINED_FOR_MS = 60_000;

/** How long a rejected token is known and its refresh reused, in milliseconds: a 401 comes late by as long as a request lasts. */
const REUSED_FOR_MS = 10 * 60_000;

/** What is known of a rejected token. */
export interface Rejection {
  /** The refresh that replaces it, pending or finished; missing if none has started. */
  readonly refresh?: Promise<string>;
  /** Whether its refresh has finished, or none has started. */
  isOver: boolean;
  /** When it was rejected, when its refresh started or, once that has finished, when it finished. */
  since: Instant;
}

/** The rejected tokens of a provider, by their owner and the token. */
type Rejections = Map<string, Rejection>;

const clock = new Clock();

const rejectionsByProvider = new WeakMap<AnyTokenProvider, Rejections>();

/** Neither part can contain a space. */
const createKey = (owner: string, token: string) => `${owner} ${token}`;

/**
 * Replaces a rejected token by another one, with a single refresh for each provider, owner and token ("single flight"),
 * however many calls were rejected with it, together or late. Wise voids the previous token at each refresh, so a second refresh
 * would undo the first. Owners never share a refresh, even if their tokens are equal: a placeholder for "none yet" may be.
 *
 * A refresh that fails, or returns the same token again, is forgotten: the next call that needs one starts another. So does a call
 * 60 s after the start of one that is still pending: a provider that hangs once must not lock a customer out forever. A token that
 * was rejected, too ({@link noteRejection}), is replaced in turn.
 *
 * @param refresh returns a token other than the rejected one that it gets.
 */
export function refreshOnce(
  provider: AnyTokenProvider,
  owner: string,
  rejectedToken: string,
  refresh: (rejectedToken: string) => Promise<string>,
): Promise<string> {
  const rejections = rejectionsOf(provider);
  const start = (rejected: string) => startRefresh(rejections, owner, rejected, refresh);
  return findReplacement(rejections, owner, rejectedToken, start) as Promise<string>;
}

/** Returns what replaced a rejected token, without another refresh: `undefined` if nothing did, or if that was rejected, too. */
export async function findRefreshed(
  provider: AnyTokenProvider,
  owner: string,
  rejectedToken: string,
): Promise<string | undefined> {
  return findReplacement(rejectionsOf(provider), owner, rejectedToken);
}

/** Notes that a token was rejected and that this call does not replace it. The next call that gets the token does. */
export function noteRejection(provider: AnyTokenProvider, owner: string, token: string): void {
  const rejections = rejectionsOf(provider);
  const key = createKey(owner, token);
  if (!rejections.has(key)) rejections.set(key, { isOver: true, since: clock.now() });
}

/** Returns what is known of a rejected token; `undefined` if it was not rejected. */
export function findRejection(provider: AnyTokenProvider, owner: string, token: string): Rejection | undefined {
  return rejectionsOf(provider).get(createKey(owner, token));
}

/** Returns the rejected tokens of a provider, without those that are to be forgotten. */
function rejectionsOf(provider: AnyTokenProvider): Rejections {
  const rejections: Rejections = rejectionsByProvider.get(provider) ?? new Map();
  rejectionsByProvider.set(provider, rejections);
  const now = clock.now();
  for (const [key, { since, isOver }] of rejections) {
    if (elapsedMs(since, now) >= (isOver ? REUSED_FOR_MS : JOINED_FOR_MS)) rejections.delete(key);
  }
  return rejections;
}

function startRefresh(
  rejections: Rejections,
  owner: string,
  rejectedToken: string,
  refresh: (rejectedToken: string) => Promise<string>,
): Promise<string> {
  const token = refresh(rejectedToken);
  const key = createKey(owner, rejectedToken);
  const noted = rejections.get(key);
  const started: Rejection = { refresh: token, isOver: false, since: clock.now() };
  rejections.set(key, started);
  const forget = () => {
    if (rejections.get(key) !== started) return;
    if (noted === undefined) rejections.delete(key);
    else rejections.set(key, noted);
  };
  token.then((result) => {
    started.since = clock.now();
    started.isOver = true;
    if (result === rejectedToken) forget();
  }, forget);
  return token;
}

/** Returns the newest token: one that replaced `rejectedToken` may itself have been rejected and replaced since. */
async function findReplacement(
  rejections: Rejections,
  owner: string,
  rejectedToken: string,
  start?: (rejectedToken: string) => Promise<string>,
): Promise<string | undefined> {
  const seen = new Set<string>();
  for (let token = rejectedToken; ; ) {
    seen.add(token);
    // Without a refresh it is `undefined`, which was never rejected.
    const replacement = (await (rejections.get(createKey(owner, token))?.refresh ?? start?.(token))) as string;
    if (seen.has(replacement)) return token;
    if (!rejections.has(createKey(owner, replacement))) return replacement;
    token = replacement;
  }
}
