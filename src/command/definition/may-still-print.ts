import type { Production } from "../../production/production.js";

/**
 * Returns whether a print of this request may follow, or go on, after `produceCard` resolved with this production. After some
 * refusals the print of another request may: the advice for them is to read the status.
 */
export function mayStillPrint(production: Production): boolean {
  switch (production.status) {
    case "PRODUCED":
    case "PRODUCTION_ERROR":
      return false;
    case "REQUEST_ERROR":
      return production.errorCode === "REQUEST_CREATED_BUT_NOT_STARTED";
    case "READY":
    case "IN_PROGRESS":
    case "UNRECOGNIZED":
      return true;
  }
}
