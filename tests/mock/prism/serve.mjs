// Serves the contract with Prism, a mock server that knows nothing of AI Rudder, on a free port of this machine.
//
// The first line of its output is `listening on http://127.0.0.1:PORT`. It ends when its standard input closes.
// Needs target/debug/xtask and prism/node_modules: `make build-mock`.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createLogger } from "@stoplight/prism-core";
import { getHttpOperationsFromSpec } from "@stoplight/prism-http";
import { createServer } from "@stoplight/prism-http-server";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "airudder-mock-"));
const bundle = join(folder, "openapi.json");
execFileSync(join(root, "target", "debug", "xtask"), ["bundle", bundle], { stdio: ["ignore", "ignore", "inherit"] });
const operations = await getHttpOperationsFromSpec(bundle);
rmSync(folder, { recursive: true });

const server = createServer(operations, {
  cors: false,
  components: { logger: createLogger("mock", { level: "silent" }) },
  // A request that breaks the contract gets an error in place of an answer, so that no suite can pass with one.
  config: {
    isProxy: false,
    validateRequest: true,
    validateResponse: true,
    checkSecurity: true,
    errors: true,
    upstreamProxy: undefined,
    mock: { dynamic: false },
  },
});
console.log(`listening on ${await server.listen(0, "127.0.0.1")}`);

process.stdin.resume();
process.stdin.on("close", () => process.exit());
