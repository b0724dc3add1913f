import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/pages.js";

const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules"));
const foldersIn = (folder: string): string[] =>
  [...new Set(filesIn(folder).map((path) => dirname(path)))].filter((path) => path !== ".").sort();

/** Returns the folders that a page describes: the first cell of a row of a table, as code. */
const described = (page: string): string[] =>
  [...read(page).matchAll(/^\| `([a-z/-]+)` \|/gm)].map(([, folder = ""]) => folder).sort();

it("src/README.md describes every folder of src, and no other", () => {
  expect(described("src/README.md")).toEqual(foldersIn("src"));
});

it("src/README.md names only files that exist", () => {
  const named = [...read("src/README.md").matchAll(/`([a-z/-]+\.ts)`/g)].map(([, path]) => `src/${path}`);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

it("test/README.md names the tests of every folder of src", () => {
  const topFolders = foldersIn("src").filter((folder) => !folder.includes("/"));
  expect(topFolders.filter((folder) => !described("test/README.md").includes(folder))).toEqual([]);
});

it("test/README.md names only files and folders that exist", () => {
  const named = [...read("test/README.md").matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

it("no two files of src declare an export of the same name", () => {
  const kinds = "(?:(?:abstract|async) )*(?:const|function|class|interface|type|enum)";
  const declared = filesIn("src").flatMap((path) => {
    const names = read(`src/${path}`).matchAll(new RegExp(`^export ${kinds}\\*? (\\w+)`, "gm"));
    // One file may declare a value and its type, or overloads.
    return [...new Set([...names].map(([, name = ""]) => name))];
  });
  expect(declared.length).toBeGreaterThan(500);
  expect(declared.filter((name, index) => declared.indexOf(name) < index)).toEqual([]);
});
