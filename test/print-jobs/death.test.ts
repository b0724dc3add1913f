import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { checkPrintJobStore } from "wise-card-kiosk/testing";
import { createFolderDatabase } from "../support/bank-databases.js";
import { BankWorld } from "../support/bank-world.js";
import { DEATHS, playDeath, WISES } from "../support/death-matrix.js";
import { journalPrintJobStore } from "../support/journal-print-job-store.js";

/** Each history starts three or four programs. */
vi.setConfig({ testTimeout: 60_000, maxConcurrency: 3 });

const FEW_DEATHS = [
  "before the record",
  "after the record",
  "after the intent",
  "before the request",
  "in flight",
  "after the response",
  "in the sweep, after its claim",
];

const FEW_WISES = [
  "refused it",
  "took it, and it jammed",
  "took it late",
  "took it, and reads lag",
  "never got it, and someone else printed at another kiosk",
];

/** A part of the matrix of `test/proofs/death.test.ts`: each death once, and each behaviour of Wise once. */
const CELLS = [
  ...FEW_DEATHS.map((death) => [death, "took it"] as const),
  ...FEW_WISES.map((wise) => ["in flight", wise] as const),
];

it("keeps every promise of a store in the files that the tests of killed processes use", async () => {
  const folder = mkdtempSync(`${tmpdir()}/bank-jobs-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  let stores = 0;
  await checkPrintJobStore(() => {
    stores += 1;
    mkdirSync(`${folder}/${stores}`);
    return journalPrintJobStore(`${folder}/${stores}`);
  });
});

describe.concurrent("a print whose process is killed", () => {
  it.each(CELLS)(
    "prints at most once and reports only true states if its process is killed %s, and Wise %s",
    async (...cell) => {
      const [step] = DEATHS.filter(({ title }) => title === cell[0]);
      const [wise] = WISES.filter(({ title }) => title === cell[1]);
      if (step === undefined || wise === undefined) throw new Error("The matrix has no such cell.");
      await playDeath(step, wise, await createFolderDatabase());
    },
  );

  it("waits for the window of the print, also in a sweep whose client has a shorter one and whose clock is ahead", async () => {
    await using world = await BankWorld.open(await createFolderDatabase());
    const late = { operation: "produceCard", fault: { arrivesAfterMs: 40_000 } } as const;
    const print = { do: "print", id: "job-1", reconcileWindowMs: 60_000 } as const;
    await world.live({ acts: [print], death: { at: "PUT sent", nth: 1 } }, [late]);
    world.advance(25_000);
    await world.live({ acts: [{ do: "sweep" }], skewMs: 90_000 });
    expect(
      (await world.listJobs()).map(({ state, version }) => [state, version]),
      world.story,
    ).toEqual([["requested", 4]]);
    await world.advanceUntilDue();
    await world.live({ acts: [{ do: "sweep" }] });
    expect(
      (await world.listJobs()).map(({ state }) => state),
      world.story,
    ).toEqual(["accepted"]);
    expect(world.prints, world.story).toHaveLength(1);
  });

  it("sends nothing for a card that is produced by an event, even if the process that stored it died and reads lag", async () => {
    await using world = await BankWorld.open(await createFolderDatabase(), { simulator: { readLagMs: 3_600_000 } });
    await world.live({ acts: [{ do: "print", id: "job-1" }] });
    world.end("PRODUCED");
    const [, event] = await world.listEvents();
    if (event === undefined) throw new Error("no event");
    await world.live({ acts: [{ do: "apply", event }], death: { at: "replace ends", nth: 1 } });
    await world.live({ acts: [{ do: "print", id: "job-2" }] });
    expect(
      (await world.listJobs()).map(({ state }) => state),
      world.story,
    ).toEqual(["produced", "not-sent"]);
    expect([world.kills, world.prints.length], world.story).toEqual([1, 1]);
  });
});
