import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its private key. */
export interface Certificate {
  /** The certificate in PEM. */
  readonly cert: string;
  /** The private key in PEM. */
  readonly key: string;
}

/** A certificate authority for one test. */
export interface Authority {
  /** The certificate of the authority, in PEM. */
  readonly ca: string;
  /** Issues a certificate for `127.0.0.1` and `localhost`. The default key is a new one on the curve P-256. */
  issue(commonName: string, key?: string): Certificate;
}

/** Creates a certificate authority. Its certificates are valid for one day. */
export function makeAuthority(): Authority {
  const own = { key: newKey(), cert: "" };
  own.cert = withFiles({ "ca.key": own.key }, (openssl) =>
    openssl("req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=Loopback authority", "-days", "1"),
  );
  return {
    ca: own.cert,
    issue(commonName, key = newKey()) {
      const files = { "ca.crt": own.cert, "ca.key": own.key, "own.key": key, "own.ext": EXTENSIONS, "own.csr": "" };
      const cert = withFiles(files, (openssl) => {
        openssl("req", "-new", "-key", "own.key", "-subj", `/CN=${commonName}`, "-out", "own.csr");
        const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "own.ext"];
        return openssl("x509", "-req", "-in", "own.csr", ...signer, "-days", "1");
      });
      return { cert, key };
    },
  };
}

const EXTENSIONS = "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n";

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Calls `use` with a function that runs `openssl` in a temporary folder with these files. */
function withFiles(files: Record<string, string>, use: (openssl: (...args: string[]) => string) => string): string {
  const cwd = mkdtempSync(join(tmpdir(), "loopback-certificates-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text, { mode: 0o600 });
    return use((...args) =>
      execFileSync("openssl", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    );
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
