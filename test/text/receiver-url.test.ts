import { expect, it } from "vitest";
import { receiverUrlFault } from "../../src/text/receiver-url.js";

it.each(["https://bank.example/wise", "https://1.2.3.4.example/wise", "HTTPS://bank.example"])(
  "a receiver may have the URL %s",
  (url) => {
    expect(receiverUrlFault(url, false)).toBeUndefined();
  },
);

it.each([
  ["ftp://bank.example/https://name@bank.example", "must begin with https://"],
  ["ftp://localhost/https://bank.example", "must begin with https://"],
  ["http://bank.example", "must begin with https://"],
  ["https://1.2.3.44/wise", "no IP address"],
  ["https://0x7b000001/wise", "no IP address"],
  ["https://[2001:db8::1]/wise", "no IP address"],
  ["https://bank.example:443/wise", "must not name a port"],
  ["https://bank.example:/wise", "must not name a port"],
])("a receiver must not have the URL %s", (url, fault) => {
  expect(receiverUrlFault(url, true)).toContain(fault);
});

it("a receiver on this machine is accepted only if that is allowed", () => {
  expect(receiverUrlFault("http://localhost.:3000/wise", true)).toBeUndefined();
  expect(receiverUrlFault("http://localhost.:3000/wise", false)).toContain("must not be on this machine");
});
