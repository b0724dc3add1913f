import type { OptionNames } from "../arguments/parse-options.js";
import {
  FOLLOW_OPTION_NAMES,
  type FollowOptions,
  WAIT_OPTION_NAMES,
  type WaitOptions,
} from "../following/follow-options.js";
import { CALL_OPTION_NAMES, type CallOptions } from "./client-options.js";

/** The names of all options of `waitForProduction`. */
export const WAIT_CALL_OPTION_NAMES: OptionNames<WaitOptions & CallOptions> = {
  ...WAIT_OPTION_NAMES,
  ...CALL_OPTION_NAMES,
};

/** The names of all options of `watchProduction`. */
export const WATCH_CALL_OPTION_NAMES: OptionNames<FollowOptions & CallOptions> = {
  ...FOLLOW_OPTION_NAMES,
  ...CALL_OPTION_NAMES,
};
