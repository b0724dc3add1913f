/** Returns the body of a test notification for an event that the simulator knows nothing of, as JSON text. */
export function otherEventBody(
  eventType: string,
  { schemaVersion, subscriptionId }: { readonly schemaVersion: string; readonly subscriptionId: string },
  sentAt: Date,
): string {
  return JSON.stringify({
    schema_version: schemaVersion,
    subscription_id: subscriptionId,
    event_type: eventType,
    sent_at: sentAt.toISOString(),
    data: {},
  });
}
