import { LONGEST_RETRY_AFTER_MS } from "../answer/retry-after.js";
import type { ErrorOf, WriteVerdict } from "../answer/verdict.js";
import type { Production } from "../production/production.js";

/** What a read means for a request in doubt. */
export type Settling = "resolve" | "send-again" | "stop";

/** What is known of a write so far. */
export interface Settlement {
  readonly maxRetries: number;
  /** How many requests were sent, those aside that a 401 answered and another token followed. */
  readonly sends: number;
  /** When the first request of which nobody knows whether it took effect began, on the monotonic clock. */
  readonly doubtSince: number | undefined;
  /** The last production known from before the latest request. */
  readonly before: Production | undefined;
  /** The last production that was read. */
  readonly lastRead: Production | undefined;
  /** The `REQUEST_ERROR` that answered the latest request, while a request before it is in doubt. */
  readonly refused: Production | undefined;
  /** The error of the latest request that failed. */
  readonly lastError: ErrorOf | undefined;
}

/** A wait before the next step: none, or one as between retries. */
type Pause = { readonly retryAfterMs: number | null } | undefined;

/** What to do next. */
export type Step<T> =
  | { readonly do: "send" | "read"; readonly pause: Pause }
  | { readonly do: "resolve"; readonly value: T | Production }
  | { readonly do: "reject"; readonly error: ErrorOf; readonly mayHaveTakenEffect: boolean };

/** What is known after an event, and what to do next. */
export type Next<T> = readonly [Settlement, Step<T>];

/** Before anything was sent. */
export function beginSettlement(maxRetries: number, before: Production | undefined): Settlement {
  return {
    maxRetries,
    sends: 0,
    doubtSince: undefined,
    before,
    lastRead: undefined,
    refused: undefined,
    lastError: undefined,
  };
}

/**
 * What to do after a request:
 *
 * | outcome | no doubt | an earlier request of the call is in doubt |
 * | --- | --- | --- |
 * | success | resolve | resolve |
 * | `REQUEST_ERROR` | resolve | read, with this answer in hand |
 * | surely not taken up | wait, send | wait, read |
 * | 401, and another token to be had | send | read |
 * | rejected; `Retry-After` above 60 s | reject | reject, it may have taken effect |
 * | ambiguous | now in doubt: wait, read | wait, read |
 *
 * Without retries nothing is sent or read again.
 */
export function afterSend<T>(known: Settlement, verdict: WriteVerdict<T>, startedAt: number): Next<T> {
  const sent: Settlement = { ...known, sends: known.sends + 1, refused: undefined };
  const inDoubt = known.doubtSince !== undefined;
  switch (verdict.kind) {
    case "done":
      return [sent, { do: "resolve", value: verdict.value }];
    case "refused": {
      const refused = { ...sent, refused: verdict.production };
      return inDoubt
        ? [refused, { do: "read", pause: undefined }]
        : [sent, { do: "resolve", value: verdict.production }];
    }
    case "unauthorized":
      return [
        { ...known, refused: undefined, lastError: verdict.error },
        { do: inDoubt ? "read" : "send", pause: undefined },
      ];
    case "rejected":
      return [sent, { do: "reject", error: verdict.error, mayHaveTakenEffect: inDoubt }];
    case "expired":
      return [sent, { do: "reject", error: verdict.error, mayHaveTakenEffect: inDoubt || verdict.requestSent }];
    case "not-taken":
    case "ambiguous": {
      const { error, retryAfterMs } = verdict;
      const doubtSince = known.doubtSince ?? (verdict.kind === "ambiguous" ? startedAt : undefined);
      const failed: Settlement = { ...sent, lastError: error, doubtSince };
      const mayHaveTakenEffect = doubtSince !== undefined;
      const isOver =
        known.maxRetries === 0 ||
        (retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS ||
        (!mayHaveTakenEffect && sent.sends > known.maxRetries);
      if (isOver) return [failed, { do: "reject", error, mayHaveTakenEffect }];
      return [failed, { do: mayHaveTakenEffect ? "read" : "send", pause: { retryAfterMs } }];
    }
  }
}

/**
 * What to do after a read that is to settle a request in doubt. To send again is to send at once: the wait came before the
 * read, and the less time passes between them the less can happen in it.
 *
 * | | no answer in hand | a `REQUEST_ERROR` in hand |
 * | --- | --- | --- |
 * | resolve | resolve with what was read | resolve with what was read |
 * | send again | send, if retries are left, else reject | resolve with the answer in hand |
 * | stop | reject | resolve with the answer in hand |
 */
export function afterRead<T>(known: Settlement, read: Production, settling: Settling): Next<T> {
  const informed: Settlement = { ...known, lastRead: read };
  if (settling === "resolve") return [informed, { do: "resolve", value: read }];
  if (known.refused !== undefined) return [informed, { do: "resolve", value: known.refused }];
  if (settling === "send-again" && known.sends <= known.maxRetries) {
    return [
      { ...informed, before: read },
      { do: "send", pause: undefined },
    ];
  }
  return [informed, inDoubtForGood(known)];
}

/** What to do after such a read failed: nobody knows, and nothing more can be done about it. */
export function afterFailedRead<T>(known: Settlement): Next<T> {
  return [known, inDoubtForGood(known)];
}

function inDoubtForGood(known: Settlement): Step<never> {
  return { do: "reject", error: known.lastError as ErrorOf, mayHaveTakenEffect: true };
}
