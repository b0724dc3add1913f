import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { KioskError, WiseKioskClient } from "wise-card-kiosk";

const SOURCES = fileURLToPath(new URL("../../src", import.meta.url));

/** Returns every regular expression literal in the sources, with its file. */
function regularExpressions(): [file: string, pattern: string, flags: string][] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return files.flatMap((file) => {
    const found: [string, string, string][] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf("/");
        found.push([file, node.text.slice(1, end), node.text.slice(end + 1)]);
      }
      node.forEachChild(visit);
    };
    visit(ts.createSourceFile(file, readFileSync(join(SOURCES, file), "utf8"), ts.ScriptTarget.Latest, true));
    return found;
  });
}

/** Prefixes that bring an expression to its repetitions, and the texts that are then repeated. */
const BEGINNINGS = ["", "Bearer ", "/v3/spend/profiles/", "-----BEGIN PUBLIC KEY-----", "2024-01-01T12:24:56.", "127"];
const REPEATED = ["/", ".", " ", "\t", "\n", "a", "0", "1", "-", "+", "=", "[", "\\", ".1", "/a", "a ", "\u00ad"];

/** Long enough that a quadratic search takes many seconds, and a linear one a few milliseconds. */
const LENGTH = 100_000;

describe("every regular expression", () => {
  it.each(regularExpressions())("a regular expression in %s takes linear time: %s", (_file, pattern, flags) => {
    const expression = new RegExp(pattern, flags);
    const startedAt = performance.now();
    for (const beginning of BEGINNINGS) {
      for (const repeated of REPEATED) {
        expression.lastIndex = 0;
        expression.test(`${beginning}${repeated.repeat(LENGTH / repeated.length)}\u0001`);
        expect(performance.now() - startedAt).toBeLessThan(5000);
      }
    }
  });
});

describe("WiseKioskClient", () => {
  it.each<[string, (length: number) => object]>([
    ["a base URL of slashes", (length) => ({ baseUrl: `https://gateway.example/${"/".repeat(length)}x` })],
    ["a base URL that ends with slashes", (length) => ({ baseUrl: `https://gateway.example/x${"/".repeat(length)}` })],
    ["a host of dots", (length) => ({ baseUrl: `https://a${".".repeat(length)}b` })],
    ["a host of labels", (length) => ({ baseUrl: `http://${"a.".repeat(length / 2)}localhos` })],
    ["a user name", (length) => ({ baseUrl: `https://${"a".repeat(length)}@gateway.example` })],
    ["a base URL of spaces", (length) => ({ baseUrl: " ".repeat(length) })],
    ["a token of spaces", (length) => ({ token: `a${" ".repeat(length)}` })],
    ["a token of line breaks", (length) => ({ token: `${"\n".repeat(length)}Bearer` })],
    ["a version of digits", (length) => ({ apiVersion: "2".repeat(length) })],
    ["an environment of spaces", (length) => ({ environment: `${" ".repeat(length)}sandbox` })],
    ["the name of an option", (length) => ({ ["timeoutM".repeat(length / 8)]: 1 })],
    ["many options", (length) => Object.fromEntries(Array.from({ length: length / 10 }, (_, at) => [`name${at}`, at]))],
  ])("takes linear time for %s", (_title, options) => {
    // The shorter length first: if the time is quadratic, it fails in seconds and not in an hour.
    for (const length of [LENGTH, 2 ** 20]) {
      const startedAt = performance.now();
      const refusal = findRefusal({ environment: "sandbox", token: "token", ...options(length) });
      expect(performance.now() - startedAt).toBeLessThan(5000);
      expect(refusal?.message.length ?? 0).toBeLessThan(1000);
    }
  });
});

/** Returns the error of the constructor, if it throws. */
function findRefusal(options: object): KioskError | undefined {
  try {
    new WiseKioskClient(options as ConstructorParameters<typeof WiseKioskClient>[0]);
  } catch (error) {
    expect(error).toBeInstanceOf(KioskError);
    return error as KioskError;
  }
  return undefined;
}
