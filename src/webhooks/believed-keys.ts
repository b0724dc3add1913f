import { KioskArgumentError } from "../errors/argument-error.js";
import { type CheckedKey, checkPublicKey } from "./public-key.js";
import { WISE_WEBHOOK_KEYS } from "./webhook-keys.js";

/**
 * The keys to trust: the given ones, else the published one of the environment.
 *
 * @throws {KioskArgumentError} if there are none, or one of them cannot be used.
 */
export function believedKeys(environment: unknown, publicKeys: unknown): readonly CheckedKey[] {
  if (environment !== undefined && environment !== "production" && environment !== "sandbox") {
    throw new KioskArgumentError("environment", 'must be "production" or "sandbox"');
  }
  if (publicKeys !== undefined) return checkedKeys(publicKeys);
  if (environment !== undefined) return [checkPublicKey(WISE_WEBHOOK_KEYS[environment], "environment")];
  throw new KioskArgumentError("environment", 'is required ("production" or "sandbox"), unless publicKeys are given');
}

function checkedKeys(publicKeys: unknown): readonly CheckedKey[] {
  const keys = itemsOf(publicKeys);
  if (keys.length === 0) throw new KioskArgumentError("publicKeys", "must be a list with at least one key");
  return keys.map((key, index) => checkPublicKey(key, `publicKeys[${index}]`));
}

/** The items of a list, holes included; none if it is no list, or one that cannot be read. */
function itemsOf(list: unknown): readonly unknown[] {
  try {
    return Array.isArray(list) ? Array.from(list) : [];
  } catch {
    return [];
  }
}
