#!/usr/bin/env node
import { connectProcess } from "./process-io.js";
import { runCommandLine } from "./run-command-line.js";

/** How long a reader may take for the rest of the output once a signal has arrived. */
const LONGEST_FLUSH_MS = 2000;

const io = connectProcess();
const exitCode = await runCommandLine(process.argv.slice(2), io);
// Not `process.exit`, which would cut off output that is not written yet. A failure to write it has set a code already.
process.exitCode ||= exitCode;
// Only output that no one reads can keep the process alive from here on.
const endSoon = () => void setTimeout(() => process.exit(), LONGEST_FLUSH_MS).unref();
if (io.signal.aborted) endSoon();
else io.signal.addEventListener("abort", endSoon);
