import { setTimeout as pause } from "node:timers/promises";
import type { FastifyBaseLogger } from "fastify";
import type { PrintJobs } from "wise-card-kiosk/print-jobs";

/** If jobs are left, the next sweep follows soon. */
const SOON_MS = 1000;

/**
 * Sweeps immediately and then at intervals. Every instance does so: they share the jobs. Returns a function that stops the sweeps;
 * the jobs of an interrupted sweep are due again within a minute.
 */
export function startSweeps(jobs: PrintJobs, everyMs: number, log: FastifyBaseLogger): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      try {
        const { left } = await jobs.sweep({ signal });
        await pause(left > 0 ? Math.min(SOON_MS, everyMs) : everyMs, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        log.error(error);
        await pause(everyMs, undefined, { signal }).catch(() => {});
      }
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}
