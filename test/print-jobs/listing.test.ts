import { describe, expect, it } from "vitest";
import { letTimePass, PRINT, STAGE_CARD, setStage } from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

/** Creates five jobs of five cards. The kiosk of the odd numbers does not exist. */
async function fiveJobs() {
  const cards = Array.from({ length: 5 }, (_, n) => ({ ...STAGE_CARD, cardToken: `card-${n}` }));
  const stage = setStage({ simulator: { cards: [STAGE_CARD, ...cards], kiosks: ["WIS00001"] } });
  for (const [n, card] of cards.entries()) {
    await stage.jobs.print({ ...card, id: `job-${n}`, kioskId: n % 2 === 0 ? "WIS00001" : "WIS0000X" });
    letTimePass(1000);
  }
  return stage;
}

const ids = (jobs: readonly { readonly id: string }[]) => jobs.map(({ id }) => id);

describe("list", () => {
  it("returns the newest jobs first, by state and kiosk", async () => {
    const { jobs } = await fiveJobs();
    expect(ids(await jobs.list())).toEqual(["job-4", "job-3", "job-2", "job-1", "job-0"]);
    expect(ids(await jobs.list({ states: ["refused"] }))).toEqual(["job-3", "job-1"]);
    expect(ids(await jobs.list({ kioskId: "wis00001", states: undefined }))).toEqual(["job-4", "job-2", "job-0"]);
    expect(ids(await jobs.list({ states: ["accepted", "refused"], kioskId: "WIS0000X" }))).toEqual(["job-3", "job-1"]);
  });

  it("pages through all jobs by the id of the last one", async () => {
    const { jobs } = await fiveJobs();
    const first = await jobs.list({ limit: 2 });
    const second = await jobs.list({ limit: 2, after: first.at(-1)?.id });
    const third = await jobs.list({ limit: 2, after: second.at(-1)?.id });
    expect([first, second, third].map(ids)).toEqual([["job-4", "job-3"], ["job-2", "job-1"], ["job-0"]]);
    expect(await jobs.list({ limit: 2, after: "job-0" })).toEqual([]);
  });

  it("accepts limits from 1 to 1000", async () => {
    const { jobs } = await fiveJobs();
    expect(ids(await jobs.list({ limit: 1 }))).toEqual(["job-4"]);
    expect(await jobs.list({ limit: 1000 })).toHaveLength(5);
  });

  it.each<[string, object]>([
    ["states", { states: ["printed"] }],
    ["states", { states: "accepted" }],
    ["kioskId", { kioskId: "" }],
    ["after", { after: "" }],
    ["limit", { limit: 0 }],
    ["limit", { limit: 1001 }],
    ["state", { state: "accepted" }],
  ])("refuses the option %s: %j", async (argument, options) => {
    const { jobs } = setStage();
    expect(await catchRejection(jobs.list(options as never))).toMatchObject({ code: "ERR_ARGUMENT", argument });
  });
});

describe("jobsOf", () => {
  it("returns the jobs of a card, the newest first", async () => {
    const { jobs } = setStage({ simulator: { kiosks: ["WIS00002"] } });
    await jobs.print(PRINT);
    await jobs.print({ ...PRINT, id: "job-2" });
    expect(ids(await jobs.jobsOf({ ...STAGE_CARD, ...{ more: true } }))).toEqual(["job-2", "job-1"]);
    expect(await jobs.jobsOf({ ...STAGE_CARD, cardToken: "other" })).toEqual([]);
  });

  it("refuses a value that is not a card", async () => {
    const { jobs } = setStage();
    expect(await catchRejection(jobs.jobsOf({ ...STAGE_CARD, cardToken: "" }))).toMatchObject({
      argument: "cardToken",
    });
    expect(await catchRejection(jobs.jobsOf(undefined as never))).toMatchObject({ argument: "card" });
  });
});

describe("get", () => {
  it("returns undefined for an id that no job has, and refuses an invalid id", async () => {
    const { jobs } = setStage();
    expect(await jobs.get("no job")).toBeUndefined();
    expect(await catchRejection(jobs.get(undefined as never))).toMatchObject({ argument: "id" });
  });
});

describe("purge", () => {
  it("deletes closed jobs that last changed before a time, and keeps open ones", async () => {
    const { jobs } = await fiveJobs();
    const job = await jobs.get("job-3");
    expect(await jobs.purge({ closedBefore: job?.updatedAt ?? "" })).toBe(1);
    expect(ids(await jobs.list())).toEqual(["job-4", "job-3", "job-2", "job-0"]);
    letTimePass(1000);
    expect(await jobs.purge({ closedBefore: new Date() })).toBe(1);
    expect(ids(await jobs.list())).toEqual(["job-4", "job-2", "job-0"]);
  });

  it.each<[Date | string, number]>([
    [new Date(8.64e15), 2],
    ["9999-12-31T23:59:59-01:00", 2],
    ["9999-12-31T23:59:59Z", 2],
    ["0000-01-01T00:00:00Z", 0],
    [new Date(-8.64e15), 0],
  ])("deletes the closed jobs from before the time %j: %d of 2", async (closedBefore, count) => {
    const { jobs } = await fiveJobs();
    expect(await jobs.purge({ closedBefore })).toBe(count);
  });

  it.each<[string, object | undefined]>([
    ["closedBefore", {}],
    ["closedBefore", { closedBefore: "yesterday" }],
    ["closedBefore", { closedBefore: "2026-01-31T12:00:00" }],
    ["closedBefore", { closedBefore: new Date(Number.NaN) }],
    ["closedBefore", { closedBefore: 0 }],
    ["before", { before: new Date() }],
    ["options", undefined],
  ])("refuses the option %s: %j", async (argument, options) => {
    const { jobs } = setStage();
    expect(await catchRejection(jobs.purge(options as never))).toMatchObject({ code: "ERR_ARGUMENT", argument });
  });
});
