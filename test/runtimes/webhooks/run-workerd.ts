import { runAll } from "./assert.js";
import { conformance } from "./conformance.js";

/** For `workerd test`. */
export default {
  async test(): Promise<void> {
    console.log(JSON.stringify(await runAll(conformance)));
  },
};
