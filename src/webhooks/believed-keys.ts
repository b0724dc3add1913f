import { KioskArgumentError } from "../errors/argument-error.js";
import { type CheckedKey, checkPublicKey } from "./public-key.js";
import { WISE_WEBHOOK_KEYS } from "./webhook-keys.js";

/**
 * The keys to believe: those that are given, else the published one of the environment.
 *
 * @throws {KioskArgumentError} where there are none, or one can not serve.
 */
export function believedKeys(environment: unknown, publicKeys: unknown): readonly CheckedKey[] {
  if (environment !== undefined && environment !== "production" && environment !== "sandbox") {
    throw new KioskArgumentError("environment", 'has to be "production" or "sandbox"');
  }
  if (publicKeys !== undefined) return checkedKeys(publicKeys);
  if (environment !== undefined) return [checkPublicKey(WISE_WEBHOOK_KEYS[environment], "environment")];
  throw new KioskArgumentError("environment", 'is required ("production" or "sandbox"), unless publicKeys are given');
}

function checkedKeys(publicKeys: unknown): readonly CheckedKey[] {
  if (!Array.isArray(publicKeys) || publicKeys.length === 0) {
    throw new KioskArgumentError("publicKeys", "has to be a list with at least one key");
  }
  return publicKeys.map((key, index) => checkPublicKey(key, `publicKeys[${index}]`));
}
