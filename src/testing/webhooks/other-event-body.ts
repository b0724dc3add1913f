import { timesOfSending } from "./production-event-body.js";

/** Returns a function for the bodies of a test notification for an event that the simulator knows nothing of, as JSON text. */
export function otherEventBodies(
  eventType: string,
  { schemaVersion, subscriptionId }: { readonly schemaVersion: string; readonly subscriptionId: string },
  clock: { readonly now: Date },
): () => string {
  const sentAt = timesOfSending(clock, 1);
  return () =>
    JSON.stringify({
      schema_version: schemaVersion,
      subscription_id: subscriptionId,
      event_type: eventType,
      sent_at: sentAt().toISOString(),
      data: {},
    });
}
