/**
 * Packets that are dropped on arrival, in a chain of our own. What A sends to B is dropped at B, and only what goes to
 * the ports on which B takes its peers: the connection that B has opened to A keeps its acknowledgements, so cutting
 * A -> B leaves B -> A flowing. There is no exception for connections that exist already. Without ports, everything that
 * A sends is dropped, whoever opened the connection, and whatever it is made of.
 */
import { runTool } from './run-tool.ts';

const chain = 'HARNESS';
/** Waits for the lock of others that change rules. */
const restore = ['--noflush', '--wait'];

/** A kernel can do one or the other; the legacy one wants more rights than NET_ADMIN. */
const flavours = ['iptables-nft', 'iptables-legacy', 'iptables'] as const;

interface Cut {
  readonly source: string;
  /** Null: whatever it is sent to. */
  readonly port: number | null;
}

interface Rule extends Cut {
  /** As the tool itself writes it. */
  readonly text: string;
  /** How many it has dropped. */
  readonly packets: number;
}

export class Rules {
  readonly #flavour: string;
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(flavour: string) {
    this.#flavour = flavour;
  }

  get flavour(): string {
    return this.#flavour;
  }

  /** Makes the chain; rejects with what every kind of iptables complained of. */
  static async open(): Promise<Rules> {
    const complaints: string[] = [];
    const table = `*filter\n:${chain} - [0:0]\n-I INPUT -j ${chain}\nCOMMIT\n`;
    for (const flavour of flavours)
      try {
        await runTool(`${flavour}-restore`, restore, table);
        return new Rules(flavour);
      } catch (error) {
        complaints.push((error as Error).message);
      }
    throw new Error(complaints.join('; '));
  }

  /** One change after the other, in the order in which they were asked for. Rules that stay keep their counters. */
  async cut(sources: readonly string[], ports: readonly number[] | null): Promise<void> {
    const change = this.#changes.then(() => this.#cut(sources, ports));
    this.#changes = change.catch(() => null);
    await change;
  }

  /** What is there is asked first, since others may have changed it. */
  async #cut(sources: readonly string[], ports: readonly number[] | null): Promise<void> {
    const present = await this.#read();
    const wanted = sources.flatMap((source) => (ports ?? [null]).map((port) => ({ source, port })));
    const lines = [
      ...present.filter((rule) => !wanted.some((cut) => same(cut, rule))).map(({ text }) => `-D ${text}`),
      ...wanted
        .filter((cut) => !present.some((rule) => same(cut, rule)))
        .map(
          ({ source, port }) =>
            `-A ${chain} -s ${source}/32 ${port === null ? '' : `-p tcp -m tcp --dport ${port} `}-j DROP`,
        ),
    ];
    if (lines.length > 0) await runTool(`${this.#flavour}-restore`, restore, `*filter\n${lines.join('\n')}\nCOMMIT\n`);
  }

  async dropped(): Promise<{ readonly [source: string]: number }> {
    const counts: { [source: string]: number } = {};
    for (const { source, packets } of await this.#read()) counts[source] = (counts[source] ?? 0) + packets;
    return counts;
  }

  async #read(): Promise<readonly Rule[]> {
    const text = await runTool(`${this.#flavour}-save`, ['-c', '-t', 'filter']);
    return [...text.matchAll(/^\[(\d+):\d+\] -A (HARNESS -s ([\d.]+)\S* (?:.*--dport (\d+) )?-j DROP)$/gm)].map(
      ([, packets, rule = '', source = '', port]) => ({
        text: rule,
        source,
        port: port === undefined ? null : Number(port),
        packets: Number(packets),
      }),
    );
  }
}

const same = (one: Cut, other: Cut): boolean => one.source === other.source && one.port === other.port;
