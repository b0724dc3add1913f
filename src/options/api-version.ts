import { mustBe, quoteValue } from "../arguments/found-value.js";

/**
 * The version of the Wise API: `legacy` for paths with a version for each resource (`/v3/spend/…`), or a quarter such as
 * `2026Q3` (`/2026Q3/spend/…`).
 *
 * @see https://docs.wise.com/guides/developer/global-versioning
 */
export type ApiVersion = "legacy" | `${number}Q${1 | 2 | 3 | 4}`;

/**
 * Validates `apiVersion`.
 *
 * @throws {KioskArgumentError} if the version is invalid.
 */
export function parseApiVersion(value: unknown): ApiVersion {
  if (value === "legacy" || (typeof value === "string" && /^\d{4}Q[1-4]$/.test(value))) return value as ApiVersion;
  throw mustBe("apiVersion", "'legacy' or a quarter such as '2026Q3'", quoteValue(value));
}
