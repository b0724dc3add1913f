#!/usr/bin/env node
import { connectProcess } from "./process-io.js";
import { runCommandLine } from "./run-command-line.js";

// Not `process.exit`, which would cut off output that is not written yet.
process.exitCode = await runCommandLine(process.argv.slice(2), connectProcess());
