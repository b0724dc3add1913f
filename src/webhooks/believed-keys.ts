import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { type CheckedKey, checkPublicKey } from "./public-key.js";
import { WISE_WEBHOOK_KEYS } from "./webhook-keys.js";

/**
 * The keys to believe: those that are given, else the published one of the environment.
 *
 * @throws {KioskArgumentError} where there are none, or one can not serve.
 */
export function believedKeys(environment: unknown, publicKeys: unknown): readonly CheckedKey[] {
  if (environment !== undefined && environment !== "production" && environment !== "sandbox") {
    throw mustBe("environment", "'production' or 'sandbox'", quoteValue(environment));
  }
  if (publicKeys !== undefined) return checkedKeys(publicKeys);
  if (environment !== undefined) return [checkPublicKey(WISE_WEBHOOK_KEYS[environment], "environment")];
  throw mustBe("environment", "'production' or 'sandbox' unless `publicKeys` are given", "undefined");
}

function checkedKeys(publicKeys: unknown): readonly CheckedKey[] {
  if (!Array.isArray(publicKeys) || publicKeys.length === 0) {
    const found = Array.isArray(publicKeys) ? "an empty one" : describeValue(publicKeys);
    throw mustBe("publicKeys", "an array of keys", found);
  }
  return publicKeys.map((key, index) => checkPublicKey(key, `publicKeys[${index}]`));
}
