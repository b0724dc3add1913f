import type { KioskSubscription } from "./kiosk-subscription.js";

/** Reads a subscription. Resolves with `undefined` if there is none. */
type Read = (id: string) => Promise<KioskSubscription | undefined>;

/**
 * Replaces subscriptions of a list with what a read of them finds. Drops those that are deleted meanwhile.
 *
 * @param isIncomplete whether to read a subscription.
 * @param found what earlier reads have found, by id. What is read now is added.
 */
export async function withDetails(
  read: Read,
  listed: readonly KioskSubscription[],
  isIncomplete: (subscription: KioskSubscription) => boolean,
  found: Map<string, KioskSubscription>,
): Promise<readonly KioskSubscription[]> {
  const known: KioskSubscription[] = [];
  for (const subscription of listed) {
    if (!isIncomplete(subscription)) {
      known.push(subscription);
      continue;
    }
    const { id } = subscription;
    const details = found.get(id) ?? (await read(id));
    if (details === undefined) continue;
    found.set(id, details);
    known.push(details);
  }
  return known;
}

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
