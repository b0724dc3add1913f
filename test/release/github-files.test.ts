import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../support/pages.js";
import { repositoryFiles } from "../support/repository-copy.js";

const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** Returns the names of the dependencies of a manifest that are not aliases. */
function updatedDependencies(manifest: string): string[] {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(manifest));
  const all: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies };
  return Object.keys(all).filter((name) => !all[name]?.startsWith("npm:"));
}

/** Checks whether a name of dependabot.yml, in which `*` stands for any characters, is that of a dependency. */
function isNamedBy(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[^\w-]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

interface Updates {
  readonly "package-ecosystem": string;
  readonly directory?: string;
  readonly directories?: readonly string[];
  readonly schedule: { readonly interval: string };
  readonly groups: Readonly<Record<string, unknown>>;
  readonly ignore?: readonly { readonly "dependency-name": string }[];
}

describe("dependabot.yml", () => {
  const { version, updates } = parse(read(".github/dependabot.yml")) as { version: number; updates: Updates[] };
  const foldersOf = (ecosystem: string) =>
    updates
      .filter((update) => update["package-ecosystem"] === ecosystem)
      .flatMap(({ directory, directories = [] }) => (directory === undefined ? directories : [directory]));

  it("covers the actions, and every manifest with a lock file", () => {
    const locked = repositoryFiles().filter((path) => /(^|\/)package-lock\.json$/.test(path));
    const folders = locked.map((path) => `/${dirname(path)}`.replace("/.", "/"));
    expect(foldersOf("npm").toSorted()).toEqual(folders.toSorted());
    expect(foldersOf("github-actions")).toEqual(["/"]);
  });

  it("ignores only dependencies that it would update, which aliases are not", () => {
    for (const { directory, directories = [directory], ignore = [] } of updates) {
      const updated = directories.flatMap((folder) => updatedDependencies(`.${folder}/package.json`));
      expect(ignore.filter((rule) => !updated.some((name) => isNamedBy(rule["dependency-name"], name)))).toEqual([]);
    }
  });

  it("proposes updates weekly, in groups", () => {
    expect(version).toBe(2);
    for (const { schedule, groups } of updates) {
      expect(schedule.interval).toBe("weekly");
      expect(Object.keys(groups).length).toBeGreaterThan(0);
    }
  });
});

describe("the issue templates", () => {
  const forms = repositoryFiles().filter((path) => /^\.github\/ISSUE_TEMPLATE\/(?!config)/.test(path));

  it.each(forms)("the form %s has a name, a description and questions with a label", (path) => {
    const { name, description, body } = parse(read(path)) as { name: string; description: string; body: Question[] };
    expect([name, description].every((text) => text.length > 0)).toBe(true);
    const questions = body.filter(({ type }) => type !== "markdown");
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    for (const { type, attributes, validations } of questions) {
      expect(["textarea", "input", "dropdown"]).toContain(type);
      expect(attributes.label).toBeTruthy();
      expect(validations?.required).toBe(true);
    }
  });

  it("the configuration sends vulnerabilities to the security page", () => {
    const { contact_links } = parse(read(".github/ISSUE_TEMPLATE/config.yml")) as { contact_links: { url: string }[] };
    expect(contact_links.map(({ url }) => url)).toContainEqual(expect.stringContaining("/security/advisories/new"));
  });
});

interface Question {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string };
  readonly validations?: { readonly required?: boolean };
}

it("SECURITY.md fits on one page", () => {
  expect(read(".github/SECURITY.md").trimEnd().split("\n").length).toBeLessThanOrEqual(70);
});
