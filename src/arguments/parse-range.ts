import { describeValue, mustBe } from "./found-value.js";

/** The numbers that an argument may have. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** What the number is. Default: `a number of milliseconds`. */
  readonly unit?: "a number" | "a number of milliseconds" | "an integer";
}

/**
 * Parses a number.
 *
 * @throws {KioskArgumentError} if it is not in the range, or not an integer although the unit says so.
 */
export function parseRange(
  argument: string,
  value: unknown,
  { min, max, unit = "a number of milliseconds" }: NumberRange,
): number {
  const isInRange = typeof value === "number" && value >= min && value <= max;
  if (isInRange && (unit !== "an integer" || Number.isInteger(value))) return value;
  throw mustBe(argument, `${unit} from ${min} to ${max}`, describeValue(value));
}
