import { expect, it } from "vitest";
import { PRODUCTION_EVENT_TYPE } from "../../src/schemas/webhook-event.js";
import {
  afterConflict,
  afterCreate,
  afterDelete,
  afterList,
  beginEnsure,
  type EnsurePolicy,
  type EnsureProgress,
  type EnsureStep,
} from "../../src/subscriptions/choose-subscription.js";
import type { KioskSubscription } from "../../src/subscriptions/kiosk-subscription.js";

const POLICY: EnsurePolicy = { agreementMs: 1000, reconcileWindowMs: 10_000, maxRetries: 2 };

/** When the first list or creation was, in milliseconds. */
const T = 1_000_000;

/** Subscriptions in the order in which they win. */
const [A, B, C] = ["a", "b", "c"].map(
  (id): KioskSubscription => ({
    id,
    name: null,
    triggerOn: PRODUCTION_EVENT_TYPE,
    delivery: { version: "4.0.0", url: "https://bank.example/wise", mtlsEnabled: null },
    scope: null,
    createdBy: null,
    createdAt: null,
  }),
) as [KioskSubscription, KioskSubscription, KioskSubscription];

const list = (waitMs: number): EnsureStep => ({ do: "list", waitMs });
const get = ({ id }: KioskSubscription): EnsureStep => ({ do: "get", id });

const createdB = () => afterCreate(beginEnsure(), B, T, undefined)[0];
const createdBInDoubt = () => afterCreate(beginEnsure(), B, T, T + 5000)[0];

it.each<
  [string, () => EnsureProgress, readonly (readonly [atMs: number, matching: KioskSubscription[], step: EnsureStep])[]]
>([
  [
    "existing duplicates: resolves with the winner once the list is the same agreementMs later",
    beginEnsure,
    [
      [T, [A, B], list(1001)],
      [T + 999, [B, A], list(2)],
      [T + 1000, [A, B], get(A)],
    ],
  ],
  [
    "a list with as many, but other subscriptions: begins to wait again",
    beginEnsure,
    [
      [T, [A], list(1001)],
      [T + 1001, [B], list(1001)],
      [T + 2002, [B], get(B)],
    ],
  ],
  [
    "a duplicate beside an older one that appears during the call: waits for its creator within the reconcile window",
    beginEnsure,
    [
      [T, [A, B], list(1001)],
      [T + 1001, [A, B, C], list(1001)],
      [T + 2002, [A, B, C], list(1000)],
      [T + 1001 + 9999, [A, B, C], list(1000)],
      [T + 1001 + 10_000, [A, B, C], get(A)],
    ],
  ],
  [
    "a list with another, but without what it created: lists again within the reconcile window, then reads its own",
    createdB,
    [
      [T + 9999, [A], list(250)],
      [T + 10_000, [A], get(B)],
    ],
  ],
  [
    "a list with what it created: resolves with it once the list is the same agreementMs later",
    createdB,
    [
      [T + 1, [B], list(1001)],
      [T + 1001, [B], { do: "resolve", subscription: B }],
    ],
  ],
  [
    "another one that wins over what it created: deletes its own",
    createdB,
    [[T + 1, [A, B], { do: "delete", id: "b" }]],
  ],
  [
    "another one that wins over what it may have created: deletes the loser only agreementMs after the request can no longer arrive",
    createdBInDoubt,
    [
      [T + 100, [A, B], list(5901)],
      [T + 5999, [A, B], list(2)],
      [T + 6000, [A, B], { do: "delete", id: "b" }],
    ],
  ],
  [
    "a list with what it may have created: reads it, because another process may have created and deleted it",
    createdBInDoubt,
    [
      [T + 100, [B], list(5901)],
      [T + 6000, [B], get(B)],
    ],
  ],
  [
    "a second creation while an earlier request is in doubt: still waits until that can no longer arrive",
    () => afterCreate(createdBInDoubt(), A, T, undefined)[0],
    [[T + 100, [A, B], list(5901)]],
  ],
  [
    "a list without what it created and deleted: creates at most one more than maxRetries",
    () => ({ ...afterDelete(createdB(), B.id)[0], creations: POLICY.maxRetries }),
    [[T, [], { do: "create" }]],
  ],
  [
    "as many creations as it may attempt: gives up if a list shows none",
    () => ({ ...beginEnsure(), creations: POLICY.maxRetries + 1 }),
    [
      [T, [A], list(1001)],
      [T + 1001, [], { do: "give-up" }],
    ],
  ],
  [
    "a refusal to create one because one exists: gives up if a list shows none",
    () => afterConflict(POLICY, beginEnsure())[0],
    [[T, [], { do: "give-up" }]],
  ],
])("ensure chooses the next step after %s", (_title, begin, lists) => {
  let progress = begin();
  const steps = lists.map(([atMs, matching]) => {
    const [next, step] = afterList(POLICY, progress, matching, atMs);
    progress = next;
    return step;
  });
  expect(steps).toEqual(lists.map(([, , step]) => step));
});

it("ensure gives up if the lists have changed more than a hundred times", () => {
  let progress = beginEnsure();
  const steps = Array.from({ length: 101 }, (_, index) => {
    const [next, step] = afterList(POLICY, progress, [index % 2 === 0 ? A : B], T + index * 1001);
    progress = next;
    return step;
  });
  expect(steps.map((step) => step.do)).toEqual([...Array(100).fill("list"), "give-up"]);
});

it("ensure counts only lists that differ", () => {
  let progress = beginEnsure();
  for (let index = 0; index < 200; index += 1) {
    [progress] = afterList(POLICY, progress, [A], T);
  }
  expect(afterList(POLICY, progress, [A], T + 1000)[1]).toEqual(get(A));
});
