#!/usr/bin/env node
import { connectProcess } from "./process-io.js";
import { runProgram } from "./run-program.js";

// Not `process.exit`, which would cut off output that is not written yet.
process.exitCode = await runProgram(process.argv.slice(2), connectProcess());
