/**
 * The part that failed: the `request` itself, the main server of the kiosks (`central-base`), its `data-preparation`, the
 * agent that drives the printers of a kiosk (`satellite`), the `printer`, the `production` of the card inside the kiosk, or
 * the card `inventory`. `unknown` if no part is named.
 */
export type KioskComponent =
  | "request"
  | "central-base"
  | "data-preparation"
  | "satellite"
  | "printer"
  | "production"
  | "inventory"
  | "unknown";

/** The prefixes by which Wise groups its production errors. */
const COMPONENT_OF_PREFIX: ReadonlyMap<string, KioskComponent> = new Map([
  ["CB", "central-base"],
  ["DP", "data-preparation"],
  ["SAT", "satellite"],
  ["PRT", "printer"],
  ["PRD", "production"],
  ["INV", "inventory"],
]);

/** Returns the part that the prefix of an error code names: `PRT_…` is a printer error, even if the code is unknown. */
export function findComponent(code: string): KioskComponent {
  return COMPONENT_OF_PREFIX.get(code.slice(0, Math.max(0, code.indexOf("_")))) ?? "unknown";
}
