import { existsSync, readFileSync } from "node:fs";

/** Node.js has it from 23.9. */
const runtime: { threadCpuUsage?(): NodeJS.CpuUsage; cpuUsage(): NodeJS.CpuUsage } = process;

/** On Linux, begins with the nanoseconds that the thread that reads it has been on a processor. */
const SCHEDULE = "/proc/thread-self/schedstat";
const hasSchedule = existsSync(SCHEDULE);

/** Reads the processor time of this thread so far, in milliseconds. Elsewhere on older versions of Node.js, it is that of all threads. */
export function readThreadTime(): number {
  if (runtime.threadCpuUsage === undefined && hasSchedule) {
    return Number.parseInt(readFileSync(SCHEDULE, "latin1"), 10) / 1_000_000;
  }
  const { user, system } = runtime.threadCpuUsage?.() ?? runtime.cpuUsage();
  return (user + system) / 1000;
}
