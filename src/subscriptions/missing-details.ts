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

/** Does the same with subscriptions without a time of creation, if there are several. */
export async function withTimes(
  read: Read,
  listed: readonly KioskSubscription[],
  found: Map<string, KioskSubscription>,
): Promise<readonly KioskSubscription[]> {
  return withDetails(read, listed, ({ createdAt }) => createdAt === null && listed.length > 1, found);
}
