import { isEnvironment } from "../../arguments/environment.js";
import { describeValue, mustBe, quoteValue } from "../../arguments/found-value.js";
import { type CheckedKey, checkPublicKey } from "./public-key.js";
import { WISE_WEBHOOK_KEYS } from "./webhook-keys.js";

/**
 * Returns the keys to trust: those configured, or the environment's published key.
 *
 * @throws {KioskArgumentError} if no key is configured, or if one of the keys is unusable.
 */
export function trustedKeys(environment: unknown, publicKeys: unknown): readonly CheckedKey[] {
  if (environment !== undefined && !isEnvironment(environment)) {
    throw mustBe("environment", "'production' or 'sandbox'", quoteValue(environment));
  }
  if (publicKeys !== undefined) return parsePublicKeys(publicKeys);
  if (environment !== undefined) return [checkPublicKey(WISE_WEBHOOK_KEYS[environment], "environment")];
  throw mustBe("environment", "'production' or 'sandbox' (unless you pass `publicKeys`)", "undefined");
}

function parsePublicKeys(publicKeys: unknown): readonly CheckedKey[] {
  const keys = listItems(publicKeys);
  if (keys.length === 0) throw mustBe("publicKeys", "an array with at least one key", describeValue(publicKeys));
  return keys.map((key, index) => checkPublicKey(key, `publicKeys[${index}]`));
}

/** Returns the items of an array, holes included; none if the value is not an array or cannot be read. */
function listItems(list: unknown): readonly unknown[] {
  try {
    return Array.isArray(list) ? Array.from(list) : [];
  } catch {
    return [];
  }
}
