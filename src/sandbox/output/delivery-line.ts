import type { DeliveryAttempt } from "../../testing/webhooks/delivery-target.js";
import { printable } from "../../text/printable.js";
import type { SentDelivery } from "../state/delivery-log.js";
import { toEventView } from "../view/to-event-view.js";
import { formatTimeOfDay } from "./line-parts.js";

/** Returns an attempt of a delivery as one line for people. Without an attempt, there is no receiver. */
export function formatDelivery({ delivery, at }: SentDelivery, attempt: DeliveryAttempt | undefined): string {
  const { status, errorCode, cardToken } = toEventView(delivery);
  const words = [status ?? "another event", errorCode, cardToken].filter((word) => word !== null);
  return `${formatTimeOfDay(at)} webhook ${printable(words.join(" "))} → ${formatAttempt(attempt)}`;
}

/** Returns an attempt of a delivery as data for a JSON line. */
export function toDeliveryRecord({ delivery, at, url }: SentDelivery, attempt: DeliveryAttempt | undefined) {
  const { deliveryId, cardToken, status, errorCode } = toEventView(delivery);
  return {
    type: "delivery",
    at,
    deliveryId,
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

function formatAttempt(attempt: DeliveryAttempt | undefined): string {
  if (attempt === undefined) return "no receiver";
  const { httpStatus, failure, durationMs } = attempt;
  const again = attempt.attempt === 1 ? "" : `, attempt ${attempt.attempt}`;
  return `${httpStatus ?? `no response (${failure})`}, ${durationMs} ms${again}`;
}
