import { isKioskError } from "../errors/any-kiosk-error.js";
import { KioskApiError, type KioskNotFoundError } from "../errors/api-error.js";
import { catchOnly } from "./catch-only.js";
import { createGiveUpError, createMismatchError } from "./ensure-errors.js";
import type { EnsureActions } from "./ensure-subscription.js";
import { isAbsence, type SubscriptionCalls } from "./subscription-calls.js";
import type { WantedSubscription } from "./subscription-request.js";

/** Creates what `ensure` does at Wise from the operations of its call. */
export function createEnsureActions(calls: SubscriptionCalls, wanted: WantedSubscription): EnsureActions {
  let absence: KioskNotFoundError | undefined;
  let conflict: KioskApiError | undefined;
  const orAbsent = catchOnly(isAbsence, (error) => {
    absence = error;
  });
  const orConflict = catchOnly(isConflict, (error) => {
    conflict = error;
  });
  return {
    list: () => calls.list(),
    get: (id) => calls.get(id).catch(orAbsent),
    create: () => calls.create(wanted).catch(orConflict),
    delete: (id) => calls.delete(id).catch(orAbsent),
    wait: (ms) => calls.wait(ms),
    now: () => calls.now(),
    giveUp: () => conflict ?? createGiveUpError(absence, calls.history),
    async undo({ id }, mismatches) {
      let isDeleted = true;
      const orKept = catchOnly(isKioskError, () => {
        isDeleted = false;
      });
      await calls.delete(id).catch(orAbsent).catch(orKept);
      return createMismatchError(id, mismatches, isDeleted, calls.history);
    },
  };
}

function isConflict(error: unknown): error is KioskApiError {
  return error instanceof KioskApiError && error.httpStatus === 409;
}
