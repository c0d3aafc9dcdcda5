/** What only the user can mend is said in one sentence, with the next thing to do, and exits 254. */
import { describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { type Ended, Workplace, program } from './harness-program.ts';
import { execa } from 'execa';

/** In this process, which is much faster; nothing of what is tried here gets so far as to start anything. */
async function harness(...words: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const screen = {
    print: (text: string) => void out.push(text),
    note: (text: string) => void err.push(text),
    colour: false,
  };
  const code = await main(words, screen);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const explore = (words: string): readonly string[] => ['explore', '--system', 'raft', ...words.split(' ')];
const test = (words: string): readonly string[] => ['test', '--env', 'sim', ...words.split(' ')];

describe('bad arguments', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], 'Say what to do: test, explore, bugs, images, clean, doctor, analyze, list. See harness --help.'],
    [
      ['tets'],
      'Unknown command "tets". Did you mean test? Known: analyze, bugs, clean, doctor, explore, images, list, test.',
    ],
    [['test', '--system'], '--system wants a value. See harness --help.'],
    [['test', '--env', 'sim'], 'Say what to test: --system craq | quorum | raft | two-phase-commit.'],
    [test('--system rfat'), 'Unknown system "rfat". Did you mean raft? Known: craq, quorum, raft, two-phase-commit.'],
    [
      test('--system raft --nemesis partitoin'),
      'Unknown nemesis "partitoin". Did you mean partition? Known: all, clock, disk, kill, membership, none, packets, partition, pause.',
    ],
    [
      test('--system raft --nemesis partition:rign'),
      'Unknown variant of partition "rign". Did you mean ring? Known: bridge, halves, minority-third, one, one-way, primary, ring.',
    ],
    [
      test('--system raft --bug stale-raed'),
      'Unknown bug of raft "stale-raed". Did you mean stale-read? Known: apply-retry-twice, commit-without-new-config, ' +
        'drop-session-token, forget-vote, lease-ignores-drift, no-fsync, no-leader-noop, old-term-commit, snapshot-loses-session, ' +
        'stale-read, truncate-committed, vote-for-shorter-log, wall-clock-lease.',
    ],
    [
      test('--system raft --workload registre'),
      'Unknown workload "registre". Did you mean register? Known: converge, insert, register, txn-bank.',
    ],
    [
      ['test', '--system', 'raft', '--env', 'smi'],
      'Unknown environment "smi". Did you mean sim? Known: docker, local, sim.',
    ],
    [
      ['test', '--system', 'raft', '--env', 'local', '--node-memory', '1g'],
      'The environment local cannot limit what a node uses: --node-memory and --node-cpus are for docker.',
    ],
    [
      ['test', '--system', 'raft', '--node-memory', '1x'],
      '--node-memory wants an amount such as 256m or 2g, from 64m on, and got "1x".',
    ],
    [
      ['images', '--base', ''],
      '--base wants the name of an image, such as node:22-bookworm-slim. Leave it out to use what is at hand.',
    ],
    [['test', '--system', 'raft', '--node-cpus', '0'], '--node-cpus wants a number from 0.01 to 1000, and got 0.'],
    [test('--system raft --rate fast'), '--rate wants a number, and got "fast".'],
    [test('--system raft --time-limit -5'), '--time-limit wants a number from 0.1 to 86400, and got -5.'],
    [test('--system raft --node-count 0'), '--node-count wants a whole number from 1 to 99, and got 0.'],
    [test('--system raft --seed 1.5'), '--seed wants a whole number from 0 to 9007199254740991, and got 1.5.'],
    [test('--system raft --test-count 0'), '--test-count wants a whole number from 1 to 1000000, and got 0.'],
    [test('--system raft --rate 1 --rate 2'), '--rate was given twice. Keep one.'],
    [
      test('--system raft --node-count 1 --nemesis partition'),
      'The nemesis partition needs at least 2 nodes; there are 1.',
    ],
    [
      test('--system raft --node-count 3 --nemesis partition:minority-third'),
      'The nemesis partition:minority-third needs at least 4 nodes; there are 3.',
    ],
    [
      test('--system raft --nemesis all,kill'),
      '--nemesis all takes every nemesis already, and stands alone. Leave the rest out, or name just those that you want, as in partition:ring,kill.',
    ],
    [
      ['test', '--env', 'local', '--system', 'raft', '--nemesis', 'clock'],
      'The environment local cannot do what the nemesis clock needs: clock. It can do: partition, kill, pause, membership.',
    ],
    [
      test('--system raft --nemesis none,kill'),
      'The nemesis none breaks nothing, so it cannot be combined with others.',
    ],
    [
      test('--system raft --set keyz=3'),
      'Unknown option "keyz". Did you mean keys? Known: cas, electionMax, electionMin, heartbeat, hot-key-share, keys, ' +
        'maxDrift, maxEntriesPerAppend, maxInFlight, maxSessions, operations-per-key, read, reads, snapshotChunk, snapshotEvery, write.',
    ],
    [
      test('--system raft --set keys=many'),
      '--set keys wants a whole number from 1 to 1000, and got "many". It means: Keys that are in use at once.',
    ],
    [
      test('--system raft --set write=0 --set read=0 --set cas=0'),
      'The shares of read, write and cas are all 0, so there is nothing to do: raise one of them.',
    ],
    [
      test('--system raft --weather storm=1'),
      'Unknown kind of weather "storm". Did you mean slow? Known: delay, duplicate, loss, slow, slowest.',
    ],
    [
      ['test', '--system', 'raft', '--env', 'local', '--weather', 'loss=0.1'],
      '--weather is for the simulation, which alone can make it. Add --env sim, or leave it out.',
    ],
    [explore('--seeds 0'), '--seeds wants a whole number from 1 to 1000000, and got 0.'],
    [explore('--check-determinism -1'), '--check-determinism wants a whole number from 0 to 1000000, and got -1.'],
    [
      explore('--seed 9007199254740991 --seeds 2'),
      '--seed 9007199254740991 leaves no room for 2 seeds. Use a smaller one.',
    ],
    [
      ['bugs', '--system', 'rfat'],
      'Unknown system "rfat". Did you mean raft? Known: craq, quorum, raft, two-phase-commit.',
    ],
    [['bugs', '--campaigns', 'x'], '--campaigns wants a number, and got "x".'],
    [['analyze', 'nowhere'], 'There is no run at nowhere. Give the folder of a run, or run harness test first.'],
    [
      ['analyze', '--store', 'none'],
      'There is no run at none/latest. Give the folder of a run, or run harness test first.',
    ],
  ];
  it.each(cases)('%j', async (words, message) => {
    const { code, out, err } = await harness(...words);
    expect({ code, out, err }).toEqual({ code: 254, out: '', err: message });
  });

  it('suggests the nearest flag for one that does not exist', async () => {
    const { code, err } = await harness(...test('--system raft --node-cuont 3'));
    expect(err).toMatch(
      /^Unknown flag of harness test "--node-cuont"\. Did you mean --node-count\? Known: --attempt-timeout, --bug, /,
    );
    expect(code).toBe(254);
  });

  it('refuses a word too many', async () => {
    const { code, err } = await harness(...test('--system raft now'));
    expect(err).toBe('harness test does not know what to do with "now". See harness test --help.');
    expect(code).toBe(254);
  });
});

describe('a system whose options contradict each other', () => {
  it('is refused before anything starts', async () => {
    const { code, out, err } = await harness(...test('--system raft --set electionMin=900 --set electionMax=600'));
    expect(out).toBe('');
    expect(err).toMatch(/election/);
    expect(err).not.toMatch(/\n/);
    expect(code).toBe(254);
  });
});

describe('a store where no folder can be made', () => {
  it('is refused, also where the file system has folders that take none', async () => {
    using place = new Workplace();
    const words = [program, 'test', '--env', 'sim', '--system', 'raft', '--seed', '1', '--store', '/proc/store'];
    // What never looks at its signals is killed.
    const { exitCode, stderr } = await execa(process.execPath, words, {
      cwd: place.folder,
      reject: false,
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    expect(stderr).toMatch(/Runs cannot be kept in \/proc\/store: .*Give another folder with --store\.$/);
    expect(exitCode).toBe(254);
  });
});

describe('output that nobody reads to its end', () => {
  it('costs neither the run nor its exit code', async () => {
    using place = new Workplace();
    const pipe = `"${process.execPath}" "${program}" test --env sim --system raft --time-limit 5 --seed 1 | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await execa('bash', ['-c', pipe], { cwd: place.folder });
    expect(stdout.split('\n').at(-1)).toBe('0');
    expect(stderr).toBe('');
  });
});

describe('help', () => {
  it('has examples and exits 0, and the program itself passes exit codes on', async () => {
    using place = new Workplace();
    expect(await place.harness('test', '--system', 'rfat')).toEqual({
      code: 254,
      out: '',
      err: 'Unknown system "rfat". Did you mean raft? Known: craq, quorum, raft, two-phase-commit.',
    });
    const { code, out } = await place.harness('test', '--help');
    expect(out).toContain('harness test --system raft --nemesis partition ');
    expect(out).toContain('--nemesis-interval');
    expect(code).toBe(0);
  });

  it('lists everything there is, also as JSON', async () => {
    const text = await harness('list');
    for (const word of ['raft', 'stale-read', 'register', 'partition:ring', 'html']) expect(text.out).toContain(word);
    const { systems } = JSON.parse((await harness('list', '--json')).out) as {
      readonly systems: readonly { readonly name: string; readonly claims: readonly string[] }[];
    };
    expect(systems).toMatchObject([
      { name: 'craq', claims: ['linearizable'] },
      { name: 'quorum', claims: ['linearizable'] },
      { name: 'raft', claims: ['linearizable'] },
      { name: 'two-phase-commit', claims: ['linearizable', 'strict-serializable'] },
    ]);
  });
});
