import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { runCommandLine } from "../../../src/command/run-command-line.js";
import { wise } from "../../support/signed-delivery.js";
import { mustHold } from "../check-outcome.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { generateDelivery, isReallySigned } from "./deliveries.js";

const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const keyFile = join(folder, "key.pem");
writeFileSync(keyFile, wise.publicKey);

/** Control characters that could forge text on a terminal, except for the line break. */
const CONTROL = /[^\P{Cc}\n]|\p{Cf}/u;

/** The command `verify-webhook`, inside this process. */
export const commandTarget: FuzzTarget = {
  name: "command",
  share: 8,
  run: async (dice, secrets) => {
    const delivery = generateDelivery(dice, secrets);
    const [, signature = ""] = delivery.headers.find(([name]) => name.toLowerCase() === "x-signature-sha256") ?? [];
    const args = ["verify-webhook", "-", "--public-key-file", keyFile, `--signature=${signature}`];
    const written: string[] = [];
    const output = { write: (text: string) => written.push(text) };
    const exitCode = await runCommandLine(dice.chance(0.5) ? [...args, "--json"] : args, {
      stdout: output,
      stderr: output,
      stdin: Readable.from([delivery.body]),
      env: {},
      signal: new AbortController().signal,
    });
    const text = written.join("");
    mustHold([0, 1, 2].includes(exitCode), `the exit code ${exitCode}: ${text}`);
    mustHold(!text.includes("ERR_UNEXPECTED") && !text.includes("Unexpected error"), text);
    mustHold(!CONTROL.test(text), `control characters in ${JSON.stringify(text)}`);
    const headers = [["x-signature-sha256", signature]] as const;
    if (exitCode === 0)
      mustHold(isReallySigned({ ...delivery, headers }), "a delivery without a signature was accepted");
    else
      mustHold(
        !delivery.isSigned || /Not a valid Wise webhook event/.test(text),
        `a signed delivery was refused: ${text}`,
      );
  },
};
