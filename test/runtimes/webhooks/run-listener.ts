import { runAll } from "./assert.js";
import { listenerConformance } from "./listener-conformance.js";

console.log(JSON.stringify(await runAll(listenerConformance)));
