// Measures `unwrap` in a process of its own, and sends the results to the parent. Argument: the options of `measureUnwrap` as JSON.
import { measureUnwrap } from "./measure-unwrap.mjs";

const [, , options] = process.argv;
process.send(await measureUnwrap(JSON.parse(options)));
process.on("disconnect", () => process.exit());
