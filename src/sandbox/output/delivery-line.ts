import { printable } from "../../text/printable.js";
import type { LoggedAttempt, SentDelivery } from "../state/delivery-log.js";
import { toEventView } from "../view/to-event-view.js";
import { formatCard, formatTimeOfDay } from "./line-parts.js";

/** Returns an attempt of a delivery as one line for people. Without an attempt, there is no receiver. */
export function formatDelivery({ delivery, at }: SentDelivery, attempt: LoggedAttempt | undefined): string {
  const { status, errorCode, profileId, cardToken } = toEventView(delivery);
  const what = `${printable([status ?? "another event", errorCode].join(" "))} ${formatCard(profileId, cardToken)}`;
  return `${formatTimeOfDay(attempt?.at ?? at)} webhook ${what} → ${formatAttempt(attempt)}`;
}

/** Returns an attempt of a delivery as data for a JSON line. */
export function toDeliveryRecord({ delivery, at, url }: SentDelivery, attempt: LoggedAttempt | undefined) {
  const { deliveryId, profileId, cardToken, status, errorCode } = toEventView(delivery);
  return {
    type: "delivery",
    at: attempt?.at ?? at,
    deliveryId,
    profileId,
    cardToken,
    status,
    errorCode,
    url,
    attempt: attempt?.attempt ?? null,
    httpStatus: attempt?.httpStatus ?? null,
    failure: attempt?.failure ?? null,
    durationMs: attempt?.durationMs ?? null,
  };
}

function formatAttempt(attempt: LoggedAttempt | undefined): string {
  if (attempt === undefined) return "no receiver";
  const { httpStatus, failure, durationMs } = attempt;
  const again = attempt.attempt === 1 ? "" : `, attempt ${attempt.attempt}`;
  return `${httpStatus ?? `no response (${failure})`}, ${durationMs} ms${again}`;
}
