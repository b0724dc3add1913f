import { vi } from "vitest";

/** For Vitest's `setupFiles`: `vi.waitFor` gives up after a second by default, and a busy machine must not fail a test. */
const { waitFor } = vi;

const LONGEST_WAIT_MS = 20_000;

vi.waitFor = (callback, options) => waitFor(callback, options ?? LONGEST_WAIT_MS);
