import { expect, it } from "vitest";
import { connectionRefused, connectionReset } from "../../src/testing/adapters/network-errors.js";

it.each([
  ["https://kiosk.example", "kiosk.example", 443],
  ["http://kiosk.example", "kiosk.example", 80],
  ["https://kiosk.example:8443/path", "kiosk.example", 8443],
  ["http://[::1]:8080", "::1", 8080],
])("the error for a connection that %s refuses is that of Node.js", (origin, address, port) => {
  const error = connectionRefused(origin);
  expect({ ...error, message: error.message }).toEqual({
    message: `connect ECONNREFUSED ${address}:${port}`,
    errno: -111,
    code: "ECONNREFUSED",
    syscall: "connect",
    address,
    port,
  });
});

it("the error for a connection that was reset is that of Node.js", () => {
  const error = connectionReset();
  expect({ ...error, message: error.message }).toEqual({
    message: "read ECONNRESET",
    errno: -104,
    code: "ECONNRESET",
    syscall: "read",
  });
});
