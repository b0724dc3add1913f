import type { Operation } from "../../production/operation.js";
import { nearestMatch } from "../../text/nearest-match.js";

/** The card that a path names, and the operations on it. */
export interface KioskRoute {
  /** The profile id, percent-decoded. */
  readonly profileId: string;
  /** The card token, percent-decoded. */
  readonly cardToken: string;
  /** The operation for each allowed method. */
  readonly operations: Readonly<Partial<Record<string, Operation>>>;
}

/** Both generations of paths, after any prefix except another version: Wise has no `/2026Q3/v3/…`. */
const FORMS = [
  {
    pattern: /(?<!\/v\d+|\/\d{4}Q\d)\/(?:v3|\d{4}Q[1-4])\/spend\/profiles\/([^/]+)\/cards\/([^/]+)\/production$/,
    operations: { GET: "getProductionStatus", PUT: "produceCard" },
  },
  {
    pattern:
      /(?<!\/v\d+|\/\d{4}Q\d)\/(?:v1|\d{4}Q[1-4])\/simulation\/spend\/profiles\/([^/]+)\/cards\/([^/]+)\/production$/,
    operations: { POST: "simulateProductionStatus" },
  },
] as const;

const TEMPLATES = [
  "/v3/spend/profiles/{profileId}/cards/{cardToken}/production",
  "/v1/simulation/spend/profiles/{profileId}/cards/{cardToken}/production",
  "/2026Q3/spend/profiles/{profileId}/cards/{cardToken}/production",
  "/2026Q3/simulation/spend/profiles/{profileId}/cards/{cardToken}/production",
] as const;

/** Returns the route for a path, or `undefined` if Wise has no such path. */
export function findRoute(path: string): KioskRoute | undefined {
  const pathname = findPathname(path);
  for (const { pattern, operations } of FORMS) {
    const [, profileId, cardToken] = (pattern.exec(pathname) ?? []).map(percentDecoded);
    if (profileId !== undefined && cardToken !== undefined) return { profileId, cardToken, operations };
  }
  return undefined;
}

/** Whether a path is meant for the kiosk collection, even if Wise has no such path, for example because of its version. */
export function isKioskPath(path: string): boolean {
  return /\/spend\/profiles\/[^/]+\/cards\/[^/]+\/production$/.test(findPathname(path));
}

/** Returns the path template that is most similar to a path. */
export function nearestRoute(path: string): string {
  const templateLike = findPathname(path)
    .replace(/(?<=\/profiles\/)[^/]+/, "{profileId}")
    .replace(/(?<=\/cards\/)[^/]+/, "{cardToken}");
  return nearestMatch(templateLike, TEMPLATES) ?? TEMPLATES[0];
}

function findPathname(path: string): string {
  return path.replace(/[?#].*$/s, "");
}

function percentDecoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
