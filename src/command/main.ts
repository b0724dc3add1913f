#!/usr/bin/env node
import { connectProcess } from "./process-io.js";
import { runCommandLine } from "./run-command-line.js";

const exitCode = await runCommandLine(process.argv.slice(2), connectProcess());
// Not `process.exit`, which would cut off output that is not written yet. A failure to write it has set a code already.
process.exitCode ||= exitCode;
