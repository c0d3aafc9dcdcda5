import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine.ts';
import { removeImages } from './images.ts';

interface Shelved {
  readonly id: string;
  readonly tags: readonly string[] | null;
  /** Images or containers that keep it from being removed, for as long as they are there. */
  readonly usedBy: readonly string[];
}

/** An engine that has images of ours and refuses to remove what is used. */
function shelf(...images: readonly Shelved[]): { readonly engine: Engine; readonly left: () => readonly string[] } {
  const there = new Map(images.flatMap((image) => (image.tags ?? [image.id]).map((name) => [name, image])));
  const docker = {
    listImages: ({ filters }: { readonly filters: unknown }) => {
      expect(filters).toEqual({ label: ['harness.image'] });
      return Promise.resolve([...new Set(there.values())].map(({ id, tags }) => ({ Id: id, RepoTags: tags })));
    },
    getImage: (name: string) => ({
      remove: () =>
        there.get(name)?.usedBy.some((user) => user === 'a container' || there.has(user)) === true
          ? Promise.reject(new Error('conflict'))
          : Promise.resolve(there.delete(name)),
    }),
  };
  return { engine: { docker: docker as unknown as Docker } as Engine, left: () => [...there.keys()] };
}

describe('removing our images', () => {
  it('takes what others are built on once those are gone', async () => {
    const { engine, left } = shelf(
      { id: '1', tags: ['harness-base:1'], usedBy: ['harness-node:2'] },
      { id: '2', tags: ['harness-node:2'], usedBy: [] },
    );
    expect(await removeImages(engine)).toEqual(['harness-node:2', 'harness-base:1']);
    expect(left()).toEqual([]);
  });

  it('leaves what a container uses, and comes to an end', async () => {
    const { engine, left } = shelf(
      { id: '1', tags: ['harness-node:1'], usedBy: ['a container'] },
      { id: '2', tags: ['harness-node:2'], usedBy: [] },
    );
    expect(await removeImages(engine)).toEqual(['harness-node:2']);
    expect(left()).toEqual(['harness-node:1']);
  });

  it('removes an image that has lost its name by its id', async () => {
    const { engine, left } = shelf({ id: 'sha256:3', tags: null, usedBy: [] });
    expect(await removeImages(engine)).toEqual(['sha256:3']);
    expect(left()).toEqual([]);
  });
});
