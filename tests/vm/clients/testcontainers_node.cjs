// A program with Testcontainers for Node, as a user's tests would have it. Prints `ok` when all was as it should be.
// Arguments: the image (a busybox) and a folder with a Dockerfile.
//
// All containers go on until they are stopped, and heed SIGTERM: a bare program as process 1 takes ten seconds to stop,
// and Podman can lose the last lines of a log that is followed while its container ends.
"use strict";

const assert = require("node:assert/strict");
const { text } = require("node:stream/consumers");
const { GenericContainer, Network, Wait } = require("testcontainers");

const untilStopped = (script) => ["sh", "-c", `trap "exit 0" TERM; { ${script}; } & wait`];

// A published port, exec, copying both ways and another container on the same network.
async function webServer(image) {
  const network = await new Network().start();
  const server = await new GenericContainer(image)
    .withCommand(untilStopped("httpd -f -p 80 -h /tmp"))
    .withExposedPorts(80)
    .withNetwork(network)
    .withNetworkAliases("server")
    .withCopyContentToContainer([{ content: "copied in\n", target: "/tmp/before" }])
    .withWaitStrategy(Wait.forHttp("/before", 80))
    .start();
  const address = `http://${server.getHost()}:${server.getMappedPort(80)}`;
  assert.equal(await (await fetch(`${address}/before`)).text(), "copied in\n");

  const done = await server.exec(["sh", "-c", "echo out > /tmp/made; echo err >&2; exit 3"]);
  assert.deepEqual([done.exitCode, done.stdout, done.stderr], [3, "", "err\n"]);

  await server.copyContentToContainer([{ content: "later\n", target: "/tmp/after" }]);
  assert.equal(await (await fetch(`${address}/after`)).text(), "later\n");
  assert.match(await text(await server.copyArchiveFromContainer("/tmp/made")), /^made\0[^]*out\n/);

  const client = await new GenericContainer(image)
    .withCommand(untilStopped("wget -q -O - http://server/before; sleep 1000"))
    .withNetwork(network)
    .withWaitStrategy(Wait.forLogMessage("copied in"))
    .start();
  await client.stop();
  await server.stop();
  await network.stop();
}

// An image that is built for one container and goes with it.
async function build(folder) {
  const image = await GenericContainer.fromDockerfile(folder).build();
  const container = await image
    .withCommand(untilStopped("cat /built; sleep 1000"))
    .withWaitStrategy(Wait.forLogMessage("built"))
    .start();
  await container.stop();
}

async function main([image, folder]) {
  await webServer(image);
  await build(folder);
  console.log("ok");
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
