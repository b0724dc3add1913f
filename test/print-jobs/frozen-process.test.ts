import { describe, expect, it, vi } from "vitest";
import { createFolderDatabase } from "../support/bank-databases.js";
import type { StepOfMany } from "../support/bank-plan.js";
import { BankWorld } from "../support/bank-world.js";
import { findBrokenPromises } from "../support/find-broken-promises.js";

/** Each test starts two programs or more. */
vi.setConfig({ testTimeout: 60_000, maxConcurrency: 3 });

const AFTER_THE_RECORD: StepOfMany = { at: "insert ends", nth: 1 };
const BEFORE_THE_INTENT: StepOfMany = { at: "replace begins", nth: 1 };
const AFTER_THE_INTENT: StepOfMany = { at: "replace ends", nth: 1 };
const IN_FLIGHT: StepOfMany = { at: "PUT sent", nth: 1 };
const BEFORE_THE_OUTCOME: StepOfMany = { at: "replace begins", nth: 2 };

/** Prints in a process that freezes at a step until another process has swept all due jobs. */
async function printFrozenAt(step: StepOfMany, world: BankWorld): Promise<void> {
  const meanwhile = async () => {
    await world.advanceUntilDue();
    await world.live({ acts: [{ do: "sweep" }] });
  };
  await world.live({ acts: [{ do: "print", id: "job-1" }], freeze: { step, meanwhile } });
}

describe.concurrent("a print whose process freezes, as on a suspended machine", () => {
  it.each([
    ["after the record", AFTER_THE_RECORD],
    ["before the intent", BEFORE_THE_INTENT],
    ["after the intent", AFTER_THE_INTENT],
  ])("sends nothing if its process is frozen %s until a sweep has closed the job", async (_, step) => {
    await using world = await BankWorld.open(await createFolderDatabase());
    await printFrozenAt(step, world);
    expect(
      (await world.listJobs()).map(({ state }) => state),
      world.story,
    ).toEqual(["not-sent"]);
    expect(
      world.simulator.requests.filter(({ method }) => method === "PUT"),
      world.story,
    ).toEqual([]);
  });

  it("prints for a job that is not-sent if the store ignores versions, so that these tests can fail", async () => {
    // The attempt must not time out while the process is frozen.
    const options = { storeDefect: "ignores versions", timeoutMs: 600_000 } as const;
    await using world = await BankWorld.open(await createFolderDatabase(), options);
    await printFrozenAt(BEFORE_THE_INTENT, world);
    expect(await findBrokenPromises(world, false), world.story).toContainEqual(
      expect.stringMatching("wrong: job-1 not-sent"),
    );
    expect(world.prints, world.story).toHaveLength(1);
  });

  it("writes a new intent if its process freezes after the first for longer than a request may wait", async () => {
    await using world = await BankWorld.open(await createFolderDatabase());
    // Longer than a request may wait after its intent, which is 5 s, and shorter than its time limit.
    const meanwhile = async () => world.advance(7000);
    await world.live({ acts: [{ do: "print", id: "job-1" }], freeze: { step: AFTER_THE_INTENT, meanwhile } });
    const written = (await world.listWrites()).map(({ state, intent }) => [state, intent?.requests]);
    expect(written, world.story).toEqual([
      ["requested", undefined],
      ["requested", 1],
      ["requested", 1],
      ["accepted", 1],
    ]);
    const [, first, second] = (await world.listWrites()).map(({ intent }) => Date.parse(intent?.sendBy ?? ""));
    expect((second ?? 0) - (first ?? 0), world.story).toBeGreaterThanOrEqual(7000);
  });

  it.each([
    ["in flight", IN_FLIGHT],
    ["before it stores the outcome", BEFORE_THE_OUTCOME],
  ])("keeps what a sweep has found if its process is frozen %s", async (_, step) => {
    await using world = await BankWorld.open(await createFolderDatabase());
    const meanwhile = async () => {
      world.end("PRODUCED");
      await world.advanceUntilDue();
      await world.live({ acts: [{ do: "sweep" }] });
    };
    await world.live({ acts: [{ do: "print", id: "job-1" }], freeze: { step, meanwhile } });
    expect(
      (await world.listJobs()).map(({ state }) => state),
      world.story,
    ).toEqual(["produced"]);
    expect(world.prints, world.story).toHaveLength(1);
  });

  it("does not trust a read from before the end of the request, however long the reading process freezes", async () => {
    await using world = await BankWorld.open(await createFolderDatabase());
    const late = { operation: "produceCard", fault: { arrivesAfterMs: 4000 } } as const;
    await world.live({ acts: [{ do: "print", id: "job-1" }], death: IN_FLIGHT }, [late]);
    const meanwhile = async () => world.advance(60_000);
    const step: StepOfMany = { at: "GET ends", nth: 1 };
    // The clock of this machine is 2 minutes ahead, so the job is already due for it.
    await world.live({ acts: [{ do: "sweep" }], skewMs: 120_000, freeze: { step, meanwhile } });
    await world.advanceUntilDue();
    await world.live({ acts: [{ do: "sweep" }] });
    const states = (await world.listWrites()).map(({ state }) => state);
    expect(new Set(states), world.story).toEqual(new Set(["requested", "accepted"]));
    expect(world.prints, world.story).toHaveLength(1);
  });
});
