import { afterEach, expect } from "vitest";
import { ConnectionWatch } from "./connection-watch.js";

/**
 * For Vitest's `setupFiles`: no test needs the network, and the client sends no telemetry, so no connection may leave this
 * machine.
 */
const { targets } = new ConnectionWatch();

const LOOPBACK = /^(127\.|::1$|::ffff:127\.|(.+\.)?localhost$)/;

afterEach(() => {
  const strays = targets.splice(0).filter(({ address }) => !LOOPBACK.test(address));
  expect(strays, "connections to other machines").toEqual([]);
});
