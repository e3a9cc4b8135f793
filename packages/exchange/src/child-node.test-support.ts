// A node in a process of its own: `node child-node.ts INDEX ENTRIES PORT`, spoken to over IPC.
import { createNode, entryOf, publicKeyOf, stateId } from './federation.test-support.ts';
import { sampleItems } from './memory-ports.test-support.ts';

const [index = 0, entries = 0, port = 0] = process.argv.slice(2).map(Number);

const node = await createNode(index, {
  listen: [`/ip4/127.0.0.1/tcp/${port}`],
  batches: { maxEntries: 20 },
});

process.on('message', (message: { peerIndex: number; addresses: string[] }) => {
  void (async () => {
    const { peerIndex, addresses } = message;
    const peer = stateId(peerIndex);
    const ledger = node.ports.ledgerFor(peer);
    if (ledger.size === 0) ledger.append(...sampleItems(entries));
    const always = { notBeforeSeconds: 0, notAfterSeconds: 4_000_000_000 };
    node.exchange.addPeer({
      peer,
      transports: [{ publicKey: await publicKeyOf(peerIndex), addresses, ...always }],
    });
  })();
});
process.on('disconnect', () => process.exit());

await node.exchange.start();
process.send?.({ entry: entryOf(node), addresses: node.exchange.addresses });
