import fc from "fast-check";

/**
 * The seed of every property test and random history of the source. It is the same each time, so that a test fails only if the code
 * has changed. `PROPERTY_SEED` chooses another.
 */
export const PROPERTY_SEED = Number(process.env["PROPERTY_SEED"] ?? 20_260_101);

// For Vitest's `setupFiles`.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: PROPERTY_SEED });
