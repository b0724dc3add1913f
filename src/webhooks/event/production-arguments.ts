import { describeValue, mustBe } from "../../arguments/found-value.js";
import type { KioskProductionEvent } from "./webhook-event.js";

/**
 * Checks an event that a user passes on.
 *
 * @throws {KioskArgumentError} if it is not a production event, such as its JSON text or an event of another type.
 */
export function parseEventArgument(event: KioskProductionEvent): KioskProductionEvent {
  if (hasProduction(event)) return event;
  throw mustBe("event", "a production event, as `unwrap` returned it", found(event));
}

/**
 * Checks a state that a user has stored; `null` is the same as `undefined`.
 *
 * @throws {KioskArgumentError} if it is not a state, such as its JSON text.
 */
export function parseStateArgument<T extends { readonly cardToken: string }>(
  current: T | null | undefined,
): T | undefined {
  if (current === undefined || current === null) return undefined;
  if (hasProduction(current) && typeof current.cardToken === "string") return current;
  throw mustBe("current", "the `state` of an earlier result, null or undefined", found(current));
}

/** What an event and a state have in common. */
function hasProduction(value: unknown): boolean {
  const { profileId, production } = (value ?? {}) as { readonly profileId?: unknown; readonly production?: unknown };
  const { status } = (production ?? {}) as { readonly status?: unknown };
  return typeof profileId === "number" && typeof status === "string";
}

function found(value: unknown): string {
  return typeof value === "string" ? "text: call `JSON.parse` on it first" : describeValue(value);
}
