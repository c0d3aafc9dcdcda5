import { afterEach, describe, expect, it, vi } from 'vitest';
import { can, cannot, unfit } from '../environments/fitness.ts';
import type { Fitness } from '../environments/fitness.ts';
import { doctorCommand, wordsOf } from './doctor.ts';
import type { Terminal } from './terminal.ts';

describe('what the doctor says', () => {
  it('names what was seen of each fault, and what to do about those that cannot be had', () => {
    const text = wordsOf({
      environment: 'docker',
      usable: true,
      summary: 'Docker 27.',
      advice: null,
      facts: ['Images: made from node:22-bookworm-slim.'],
      faults: [can('partition', 'dropped'), cannot('packets:delay', 'no netem', 'sudo modprobe sch_netem')],
    });
    expect(text).toBe(`--env docker can be used
  Docker 27.
  Images: made from node:22-bookworm-slim.
  yes  partition       dropped
   no  packets:delay   no netem
                       To do: sudo modprobe sch_netem`);
  });

  it('says what to do about an environment that cannot be used', () => {
    expect(wordsOf(unfit('docker', 'No engine: there is no socket.', 'Install Docker.')))
      .toBe(`--env docker cannot be used
  No engine: there is no socket.
  To do: Install Docker.`);
  });

  it('breaks long lines where they begin again under their first word', () => {
    const lines = wordsOf(unfit('local', 'word '.repeat(60).trim(), 'Do.')).split('\n');
    expect(lines.map((line) => line.length <= 110)).toEqual(lines.map(() => true));
    expect(lines.slice(1, -1).join(' ').replaceAll(/\s+/g, ' ').trim()).toBe('word '.repeat(60).trim());
    expect(lines.length).toBe(5);
  });
});

describe('harness doctor', () => {
  afterEach(() => void vi.unstubAllEnvs());

  const asked = async (env: string): Promise<{ readonly code: number; readonly found: readonly Fitness[] }> => {
    const printed: string[] = [];
    const screen: Terminal = { print: (text) => void printed.push(text), note: () => {}, colour: false };
    const code = await doctorCommand({ env, json: true }, screen);
    return { code, found: JSON.parse(printed.join('')) as Fitness[] };
  };

  it('ends with 2 where the environment that was asked about cannot be used, and says what to do', async () => {
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
    expect(await asked('docker')).toEqual({
      code: 2,
      found: [
        {
          environment: 'docker',
          usable: false,
          summary: 'No engine: there is no socket at unix:///nowhere/docker.sock.',
          advice: 'Check DOCKER_HOST, or unset it to use the engine of this machine.',
          facts: [],
          faults: [],
        },
      ],
    });
  });

  it('tries a process of this machine, and finds that it can be paused and killed', async () => {
    const { code, found } = await asked('local');
    expect(code).toBe(0);
    const possible = found[0]?.faults.filter(({ can: has }) => has).map(({ fault }) => fault);
    expect(possible?.toSorted()).toEqual(['kill', 'membership', 'partition', 'pause']);
  });

  it('finds that local processes cannot be had where a socket cannot be made', async () => {
    vi.stubEnv('TMPDIR', `/tmp/${'long'.repeat(30)}`);
    expect(await asked('local')).toMatchObject({ code: 2, found: [{ usable: false, faults: [] }] });
  });

  it('finds every fault in the simulation', async () => {
    const { code, found } = await asked('sim');
    expect({ code, can: found[0]?.faults.every(({ can: has }) => has) }).toEqual({ code: 0, can: true });
  });

  it('guesses which environment was meant', async () => {
    await expect(asked('dcker')).rejects.toThrow(/docker/);
  });
});
