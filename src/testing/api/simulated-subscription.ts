/** A subscription of the simulated application, in Wise's words. */
export interface SimulatedSubscription {
  readonly id: string;
  readonly name: string;
  readonly delivery: { readonly version: string; readonly url: string; readonly mtls_enabled?: boolean | undefined };
  readonly trigger_on: string;
  readonly scope: { readonly domain: "application"; readonly id: string };
  readonly created_by: { readonly type: "application"; readonly id: string };
  /** In whole seconds, as Wise's example shows it. */
  readonly created_at: string;
}

/** A time as subscriptions show it: in whole seconds. */
export function toWholeSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z/, "Z");
}
