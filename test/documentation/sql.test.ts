import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { page } from "../support/pages.js";

/** The statements of the page about a database, in order. */
const STATEMENTS = page("examples/backend/README.md")
  .blocks.filter(({ language }) => language === "sql")
  .flatMap(({ code }) => code.replaceAll(/--.*$/gm, "").split(";"))
  .map((statement) => statement.trim())
  .filter((statement) => statement !== "");

/** The statements of the page, with the start of each. */
const TABLES = ["create table kiosk_card", "create table wise_event"];
const CLAIM = "insert into kiosk_card (profile_id, card_token, print_id, print_until)";
const RELEASE = "update kiosk_card set print_id = null";
const INSERT_KEY = "insert into wise_event";
const INSERT_CARD = "insert into kiosk_card (profile_id, card_token) values";
const LOCK = "select state from kiosk_card";
const STORE = "update kiosk_card set state";

const ONE = "00000000-0000-4000-8000-000000000001";
const OTHER = "00000000-0000-4000-8000-000000000002";

let database: PGlite;

beforeAll(async () => {
  database = await PGlite.create();
}, 60_000);

afterAll(() => database.close());

/** Runs the statement of the page that begins with `start`. The parameters are numbered as on the page. */
function run(start: string, ...parameters: unknown[]) {
  const statement = STATEMENTS.find((one) => one.startsWith(start));
  if (statement === undefined) throw new Error(`The page has no statement that begins with: ${start}`);
  const used = [...new Set(statement.match(/\$\d/g))].sort();
  const numbered = statement.replaceAll(/\$\d/g, (name) => `$${used.indexOf(name) + 1}`);
  return database.query(
    numbered,
    used.map((name) => parameters[Number(name.slice(1)) - 1]),
  );
}

describe("the statements of examples/backend/README.md", () => {
  it("create the tables of the page", async () => {
    for (const table of TABLES) await run(table);
    expect(STATEMENTS).toHaveLength(TABLES.length + 8);
  });

  it("claim a card for one request only, until it releases the claim", async () => {
    expect((await run(CLAIM, 123456, "card", ONE)).rows).toEqual([{ print_id: ONE }]);
    expect((await run(CLAIM, 123456, "card", OTHER)).rows).toEqual([]);
    expect((await run(RELEASE, 123456, "card", OTHER)).affectedRows).toBe(0);
    expect((await run(RELEASE, 123456, "card", ONE)).affectedRows).toBe(1);
    expect((await run(CLAIM, 123456, "card", OTHER)).rows).toEqual([{ print_id: OTHER }]);
  });

  it("claim a card whose claim has expired", async () => {
    await database.query("update kiosk_card set print_until = now() - interval '1 second'");
    expect((await run(CLAIM, 123456, "card", ONE)).rows).toEqual([{ print_id: ONE }]);
  });

  it("cannot store an event that names no card, as the page says", async () => {
    await expect(run(INSERT_CARD, undefined, 123456, null)).rejects.toThrow("card_token");
    expect(page("examples/backend/README.md").markdown).toContain(
      "An event with `null` as its `cardToken` names no card",
    );
  });

  it("store the state of a card once for each event", async () => {
    const handle = async (state: object) => {
      await run("begin");
      const { affectedRows } = await run(INSERT_KEY, "key");
      if (affectedRows === 1) {
        await run(INSERT_CARD, undefined, 123456, "another card");
        expect((await run(LOCK, undefined, 123456, "another card")).rows).toEqual([{ state: null }]);
        await run(STORE, undefined, 123456, "another card", JSON.stringify(state));
      }
      await run("commit");
    };
    await handle({ status: "IN_PROGRESS" });
    await handle({ status: "READY" });
    expect((await run(LOCK, undefined, 123456, "another card")).rows).toEqual([{ state: { status: "IN_PROGRESS" } }]);
  });
});
