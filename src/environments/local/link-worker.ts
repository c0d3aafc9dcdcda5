/** All link proxies of a cluster, in one worker thread: a busy control node does not slow the nodes' network down. */
import { parentPort } from 'node:worker_threads';
import { invariant, messageOf } from '../../core/errors.ts';
import { LinkProxy } from './link-proxy.ts';
import type { LinkCommand, LinkReport } from './links.ts';

const port = parentPort;
invariant(port !== null, () => 'the link proxies run outside of a worker thread');
const proxies = new Map<string, LinkProxy>();

const report = (message: LinkReport): void => port.postMessage(message);

async function perform(command: LinkCommand): Promise<void> {
  switch (command.kind) {
    case 'open':
      for (const address of command.links) {
        proxies.set(address.name, new LinkProxy(address, (nonce, fate) => report({ kind: 'probe', nonce, fate })));
      }
      await Promise.all([...proxies.values()].map((proxy) => proxy.open()));
      break;
    case 'cut':
      for (const [name, proxy] of proxies) proxy.cut = command.links.includes(name);
      break;
    case 'inject':
      proxies.get(command.link)?.inject(command.frame);
      break;
  }
}

port.on('message', (command: LinkCommand) => {
  const done = (error: string | null): void => report({ kind: 'done', id: command.id, error });
  perform(command).then(
    () => done(null),
    (error: unknown) => done(messageOf(error)),
  );
});
