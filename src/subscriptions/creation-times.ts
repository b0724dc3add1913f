import type { KioskSubscription } from "./kiosk-subscription.js";

/** Reads a subscription. Resolves with `undefined` if there is none. */
type Read = (id: string) => Promise<KioskSubscription | undefined>;

/**
 * Adds the times of creation if there are several subscriptions and the list does not show them. Drops those that are deleted
 * meanwhile.
 *
 * @param times the times that earlier reads have shown, by id. New ones are added.
 */
export async function withTimes(
  read: Read,
  listed: readonly KioskSubscription[],
  times: Map<string, string | null>,
): Promise<readonly KioskSubscription[]> {
  if (listed.length < 2) return listed;
  const known: KioskSubscription[] = [];
  for (const subscription of listed) {
    const { id, createdAt } = subscription;
    if (createdAt === null && !times.has(id)) {
      const found = await read(id);
      if (found === undefined) continue;
      times.set(id, found.createdAt);
    }
    known.push({ ...subscription, createdAt: createdAt ?? times.get(id) ?? null });
  }
  return known;
}
