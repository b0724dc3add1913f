import { requireOptionNames } from "../arguments/parse-options.js";
import { type CallSettings, parseCallValues } from "../options/call-settings.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { CALL_OPTION_NAMES, type CallOptions } from "./client-options.js";

/** Most calls have no options of their own. */
const NO_SETTINGS: CallSettings<TokenProvider> = /* @__PURE__ */ parseCallValues({});

/**
 * Validates the options of a call.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid.
 */
export function parseCallOptions(options: CallOptions | undefined): CallSettings<TokenProvider> {
  if (options === undefined) return NO_SETTINGS;
  requireOptionNames("options", options, CALL_OPTION_NAMES);
  return parseCallValues(options);
}
