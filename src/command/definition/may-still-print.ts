import type { Production } from "../../production/production.js";

/** Whether a print may follow, or go on, after `produceCard` resolved with this production. */
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
