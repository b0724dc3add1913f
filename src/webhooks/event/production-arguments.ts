import { describeValue, mustBe } from "../../arguments/found-value.js";
import type { KioskProductionEvent } from "./webhook-event.js";

/**
 * Checks an event that the user passes.
 *
 * @throws {KioskArgumentError} if it is not a production event: for example its JSON text, or an event of another type.
 */
export function parseEventArgument(event: KioskProductionEvent): KioskProductionEvent {
  if (hasProduction(event)) return event;
  throw mustBe("event", "a production event returned by `unwrap`", describeArgument(event));
}

/**
 * Checks a state that the user stored; `null` counts as `undefined`.
 *
 * @throws {KioskArgumentError} if it is not a state: for example its JSON text.
 */
export function parseStateArgument<T extends { readonly cardToken: string }>(
  current: T | null | undefined,
): T | undefined {
  if (current === undefined || current === null) return undefined;
  if (hasProduction(current) && typeof current.cardToken === "string") return current;
  throw mustBe("current", "the `state` of an earlier result, null or undefined", describeArgument(current));
}

/** Returns whether a value has the parts that an event and a state share. */
function hasProduction(value: unknown): boolean {
  const { profileId, production } = (value ?? {}) as { readonly profileId?: unknown; readonly production?: unknown };
  const { status } = (production ?? {}) as { readonly status?: unknown };
  return typeof profileId === "number" && typeof status === "string";
}

function describeArgument(value: unknown): string {
  return typeof value === "string" ? "text: call `JSON.parse` on it first" : describeValue(value);
}
