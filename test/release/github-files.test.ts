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

  it("proposes updates weekly, in groups, and never declarations that describe a newer Node.js than the oldest", () => {
    const schedule = { interval: "weekly" };
    const declarations = { "dependency-name": "@types/node", "update-types": ["version-update:semver-major"] };
    expect(version).toBe(2);
    expect(updates).toEqual([
      { "package-ecosystem": "github-actions", directory: "/", schedule, groups: { actions: { patterns: ["*"] } } },
      {
        "package-ecosystem": "npm",
        directory: "/",
        schedule,
        groups: {
          dependencies: { "dependency-type": "production" },
          tools: { "dependency-type": "development" },
        },
        ignore: [declarations],
      },
      {
        "package-ecosystem": "npm",
        directories: expect.arrayContaining(["/test/types"]),
        schedule,
        groups: { tests: { patterns: ["*"] } },
      },
    ]);
  });
});

it("CODEOWNERS asks the owner of the repository to review every file", () => {
  const [, owner] = /github\.com\/([^/]+)\//.exec(JSON.parse(read("package.json")).homepage) ?? [];
  expect(read(".github/CODEOWNERS")).toBe(`* @${owner}\n`);
});

it("the template of pull requests asks for a test, all checks, a line for users and no secret", () => {
  const asked = read(".github/PULL_REQUEST_TEMPLATE.md").matchAll(/^- \[ \] (.*)$/gm);
  expect(Array.from(asked, ([, text]) => text)).toEqual([
    "A test fails without this change.",
    "`bash .ci/run` passes.",
    "`CHANGELOG.md` has a line, if users notice the change.",
    "No token, key or personal data is in code, fixtures or logs.",
  ]);
});

/** The forms of issues: the label of each, and what they ask for. */
const FORMS: Readonly<Record<string, { readonly label: string; readonly asked: readonly string[] }>> = {
  "defect.yml": { label: "defect", asked: ["happened", "reproduce", "version", "runtime", "print"] },
  "request.yml": { label: "request", asked: ["task", "today"] },
};

describe("the issue templates", () => {
  it("there are forms for defects and requests only", () => {
    const files = repositoryFiles().filter((path) => path.startsWith(".github/ISSUE_TEMPLATE/"));
    const names = files.map((path) => path.replace(/.*\//, ""));
    expect(names.sort()).toEqual(["config.yml", ...Object.keys(FORMS)]);
  });

  it.each(Object.entries(FORMS))("the form %s has a name, a description, a label and questions", (file, form) => {
    const { body, name, description, ...more } = parse(read(`.github/ISSUE_TEMPLATE/${file}`)) as Form;
    expect([name, description].every((text) => text.length > 0)).toBe(true);
    expect(more).toEqual({ labels: [form.label] });
    const questions = body.filter(({ type }) => type !== "markdown");
    expect(questions.map(({ id }) => id)).toEqual(form.asked);
    for (const { type, attributes, validations } of questions) {
      expect(["textarea", "input", "dropdown"]).toContain(type);
      expect(attributes.label).toBeTruthy();
      expect(validations).toEqual({ required: true });
    }
  });

  it("the form of a defect warns of secrets before its first question", () => {
    const [first] = (parse(read(".github/ISSUE_TEMPLATE/defect.yml")) as Form).body;
    expect(first).toEqual({
      type: "markdown",
      attributes: { value: "Never paste a token, a key, or the details of a card or a customer." },
    });
  });

  it("the configuration refuses blank issues, and sends vulnerabilities to the security page", () => {
    const { contact_links: links, ...more } = parse(read(".github/ISSUE_TEMPLATE/config.yml"));
    expect(more).toEqual({ blank_issues_enabled: false });
    const repository = JSON.parse(read("package.json")).homepage.replace("#readme", "");
    expect(links).toEqual([
      expect.objectContaining({ url: `${repository}/security/advisories/new` }),
      expect.objectContaining({ url: "https://docs.wise.com" }),
    ]);
    for (const link of links) expect(Object.keys(link)).toEqual(["name", "url", "about"]);
  });
});

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Question[];
}

interface Question {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly value?: string };
  readonly validations?: { readonly required?: boolean };
}

it("SECURITY.md fits on one page", () => {
  expect(read(".github/SECURITY.md").trimEnd().split("\n").length).toBeLessThanOrEqual(70);
});
