import { KioskArgumentError } from "../../errors/argument-error.js";
import { describeProduction } from "../../production/describe-production.js";
import { describeErrorCode } from "../../production/error-code-catalogue.js";
import type { ErrorCodeDescription } from "../../production/error-code-description.js";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../../production/error-codes.js";
import { likelyMatch } from "../../text/nearest-match.js";
import type { Command } from "../definition/command.js";
import { EXIT } from "../definition/exit-code.js";

const KNOWN_CODES: readonly string[] = [...new Set([...REQUEST_ERROR_CODES, ...PRODUCTION_ERROR_CODES])];

export const explainCommand: Command = {
  name: "explain",
  summary: "Says what an error code means, and what to do",
  details: ["It works offline. A code of both lists, UNKNOWN_ERROR, has a line for each."],
  parameters: [{ name: "CODE", choices: KNOWN_CODES }],
  options: [],
  async run({ parameters, results }) {
    const code = (parameters[0] ?? "").trim().toUpperCase();
    const kinds = (["request", "production"] as const).map((kind) => describeErrorCode(kind, code));
    const descriptions = kinds.filter((description) => description !== undefined);
    if (descriptions.length === 0) throw unknownCode(code);
    for (const description of descriptions) results.write(description, describeCode(description));
    return EXIT.done;
  },
};

function describeCode({ kind, code: errorCode }: ErrorCodeDescription): string {
  const unknown = { kioskId: null, occurredAt: null, description: null };
  return describeProduction(
    kind === "request"
      ? { ...unknown, status: "REQUEST_ERROR", errorCode }
      : { ...unknown, status: "PRODUCTION_ERROR", errorCode },
  );
}

function unknownCode(code: string): KioskArgumentError {
  const match = likelyMatch(code, KNOWN_CODES);
  const advice = match === undefined ? "" : `. Did you mean ${match}?`;
  return new KioskArgumentError("CODE", `must be an error code of Wise that this version knows${advice}`);
}
