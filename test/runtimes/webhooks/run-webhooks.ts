import { runAll } from "./assert.js";
import { conformance } from "./conformance.js";

console.log(JSON.stringify(await runAll(conformance)));
