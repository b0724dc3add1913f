#!/usr/bin/env node
import { connectProcess } from "./process-io.js";
import { runCommandLine } from "./run-command-line.js";

/** How long a reader may take for what is left of the output once the program has been asked to end. */
const LONGEST_FAREWELL_MS = 2000;

const io = connectProcess();
const exitCode = await runCommandLine(process.argv.slice(2), io);
// Not `process.exit`, which would cut off output that is not written yet. A failure to write it has set a code already.
process.exitCode ||= exitCode;
// Only output that no one reads can keep the process alive from here on.
const endSoon = () => void setTimeout(() => process.exit(), LONGEST_FAREWELL_MS).unref();
if (io.signal.aborted) endSoon();
else io.signal.addEventListener("abort", endSoon);
