import { expect, it } from "vitest";
import { isLoopbackHost } from "../../src/text/loopback-host.js";

it.each(["localhost", "wise.localhost", "127.0.0.1", "127.100.200.255", "[::1]"])("%s is this machine", (hostname) => {
  expect(isLoopbackHost(hostname)).toBe(true);
});

it.each([".localhost", "localhost.example", "notlocalhost", "9127.0.0.1", "127.0.0.1.example", "128.0.0.1", "[::2]"])(
  "%s is another machine",
  (hostname) => {
    expect(isLoopbackHost(hostname)).toBe(false);
  },
);
