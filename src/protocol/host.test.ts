import { describe, expect, test } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { milliseconds, seconds } from '../core/time.ts';
import type { Effects } from './protocol.ts';
import { ScriptedNode } from './testing/scripted-runtime.ts';
import type { Step, TestDialect } from './testing/scripted-runtime.ts';

const n2 = nodeId('n2');

/** Persists and sends what it is told, in the order of the words: `p1 s2` persists 1, then sends 2. */
const obey: Step = (input, effects) => {
  const text = input.kind === 'message' ? input.message.text : input.kind === 'timer' ? input.timer : '';
  for (const word of text.split(' ')) {
    if (word.startsWith('p')) effects.persist({ entry: word.slice(1) });
    if (word.startsWith('s')) effects.send(n2, { type: 'note', text: word.slice(1) });
    if (word === 'throw') throw new Error('the machine broke');
  }
};

const note = (text: string): string => `n2 {"type":"note","text":"${text}"}`;

describe('rule 1: a step is synchronous', () => {
  test('a throw inside a step is a crash and a finding, and releases nothing of that step', () => {
    const node = new ScriptedNode({ step: obey });
    node.note('s1 p2 throw');
    expect(node.sent).toEqual([]);
    expect(node.flushes).toEqual([]);
    expect(node.crashes).toEqual([{ finding: true, error: new Error('the machine broke') }]);
    expect(node.host.alive).toBe(false);
  });

  test('the clocks are read once per step, after the input was taken', () => {
    const seen: number[] = [];
    const node = new ScriptedNode({ step: (_input, _effects, now) => void seen.push(now.monotonic) });
    const before = node.reads;
    node.time = 7;
    node.note('x');
    expect(node.reads - before).toBe(1);
    expect(seen).toEqual([7]);
  });

  test('effects that are used outside of their step are refused', () => {
    let leaked: Effects<TestDialect> | undefined;
    const node = new ScriptedNode({ step: (_input, effects) => void (leaked = effects) });
    node.note('x');
    expect(() => leaked?.send(n2, { type: 'note', text: 'late' })).toThrow('outside of the step');
  });
});

describe('the timers of a step', () => {
  test('are set once: a later step that says nothing of them leaves them as they are', () => {
    const node = new ScriptedNode({
      step: (input, effects) => {
        if (input.kind === 'message' && input.message.text === 'set') effects.setTimer('alarm', milliseconds(5));
      },
    });
    node.note('set');
    node.note('x');
    expect(node.timers.map(({ after, cancelled }) => [after, cancelled])).toEqual([[milliseconds(5), false]]);
  });
});

describe('rule 2: nothing leaves before what was persisted is durable', () => {
  test('a send is held until the record of its own step is durable, whichever came first', () => {
    const node = new ScriptedNode({ step: obey });
    node.note('s1 p2 s3');
    expect(node.sent).toEqual([]);
    node.synced();
    expect(node.sent).toEqual([note('1'), note('3')]);
  });

  test('a send of a later step that persisted nothing waits for the records of earlier steps', () => {
    const node = new ScriptedNode({ step: obey });
    node.note('p1');
    node.note('s2');
    expect(node.sent).toEqual([]);
    node.synced();
    expect(node.sent).toEqual([note('2')]);
  });

  test('records that come during a flush go together with the next one, and their outputs wait for it', () => {
    const node = new ScriptedNode({ step: obey });
    node.note('p1 s1');
    node.note('p2 s2');
    node.note('p3 s3');
    expect(node.flushes.map((flush) => flush.write)).toEqual([{ kind: 'append', records: ['{"entry":"1"}'] }]);
    node.synced();
    expect(node.sent).toEqual([note('1')]);
    expect(node.flushes.map((flush) => flush.write)).toEqual([
      { kind: 'append', records: ['{"entry":"2"}', '{"entry":"3"}'] },
    ]);
    node.synced();
    expect(node.sent).toEqual([note('1'), note('2'), note('3')]);
  });

  test('a step that persists nothing, with nothing outstanding, is released at once', () => {
    const node = new ScriptedNode({ step: obey });
    node.note('s1');
    expect(node.sent).toEqual([note('1')]);
  });

  test('a failed sync is fatal and releases nothing more, but is not a finding', () => {
    const node = new ScriptedNode({ step: obey });
    node.note('p1 s1');
    node.synced(new Error('no space left'));
    node.note('s2');
    expect(node.sent).toEqual([]);
    expect(node.crashes).toEqual([{ finding: false, error: new Error('no space left') }]);
  });

  test('a compaction counts as a persist, and what is persisted after it is kept behind it', () => {
    const node = new ScriptedNode({
      step: (_input, effects) => {
        effects.persist({ entry: 'old' });
        effects.compact([{ entry: 'whole' }]);
        effects.persist({ entry: 'new' });
        effects.send(n2, { type: 'note', text: 'after' });
      },
    });
    node.note('x');
    expect(node.sent).toEqual([]);
    expect(node.flushes[0]?.write).toEqual({ kind: 'replace', records: ['{"entry":"whole"}', '{"entry":"new"}'] });
    node.synced();
    expect(node.sent).toEqual([note('after')]);
  });

  test('timers take effect at the end of the step: the last word on a name counts', () => {
    const node = new ScriptedNode({
      step: (_input, effects) => {
        effects.setTimer('a', milliseconds(1));
        effects.setTimer('a', milliseconds(2));
        effects.setTimer('b', milliseconds(3));
        effects.clearTimer('b');
      },
    });
    node.note('x');
    expect(node.liveTimers()).toEqual([milliseconds(2)]);
  });
});

describe('rule 3: callbacks of an earlier life are inert', () => {
  test('after stop, a late sync releases nothing and a late timer steps nothing', () => {
    const steps: string[] = [];
    const node = new ScriptedNode({
      step: (input, effects) => {
        steps.push(input.kind);
        effects.setTimer('again', milliseconds(1));
        effects.persist({ entry: 1 });
        effects.send(n2, { type: 'note', text: 'held' });
      },
    });
    node.note('x');
    node.host.stop();
    node.fireAll();
    node.synced();
    node.note('y');
    expect(steps).toEqual(['message']);
    expect(node.sent).toEqual([]);
  });

  test('a timer that was reset or cleared does not fire, even if its callback was already on its way', () => {
    const fired: string[] = [];
    const node = new ScriptedNode({
      step: (input, effects) => {
        if (input.kind === 'timer') fired.push(input.timer);
        else if (input.kind === 'message' && input.message.text === 'set') effects.setTimer('t', milliseconds(1));
        else effects.clearTimer('t');
      },
    });
    node.note('set');
    node.note('clear');
    node.fireAll();
    expect(fired).toEqual([]);
    node.note('set');
    node.fireAll();
    expect(fired).toEqual(['t']);
  });

  test('start is handed the records that survived, and may already send', () => {
    const seen: unknown[] = [];
    const node = new ScriptedNode({
      step: obey,
      records: ['{"entry":1}', '{"entry":2}'],
      start: (records, effects) => {
        seen.push(...records);
        effects.send(n2, { type: 'note', text: 'hello' });
      },
    });
    expect(seen).toEqual([{ entry: 1 }, { entry: 2 }]);
    expect(node.sent).toEqual([note('hello')]);
  });
});

describe('rule 4: all passes through the codec when it is handed over', () => {
  test('changing an object after it was sent or persisted changes nothing', () => {
    const shared = { type: 'note' as const, text: 'first' };
    const entry = { entry: 'first' };
    const node = new ScriptedNode({
      step: (_input, effects) => {
        effects.send(n2, shared);
        effects.persist(entry);
        shared.text = 'second';
        entry.entry = 'second';
      },
    });
    node.note('x');
    expect(node.flushes[0]?.write.records).toEqual(['{"entry":"first"}']);
    node.synced();
    expect(node.sent).toEqual([note('first')]);
  });
});

describe('rule 8: the planted bug no-fsync', () => {
  test('outputs go at once, and the log is written once a second', () => {
    const node = new ScriptedNode({ step: obey, sync: 'every-second' });
    node.note('p1 s1');
    node.note('p2 s2');
    expect(node.sent).toEqual([note('1'), note('2')]);
    expect(node.flushes).toEqual([]);
    expect(node.liveTimers()).toEqual([seconds(1)]);
    node.fireAll();
    expect(node.flushes.map((flush) => flush.write)).toEqual([
      { kind: 'append', records: ['{"entry":"1"}', '{"entry":"2"}'] },
    ]);
  });
});

describe('requests', () => {
  test('an answer carries the number of its request, and a second answer is dropped', () => {
    const node = new ScriptedNode({
      step: (input, effects) => {
        if (input.kind !== 'request') return;
        effects.reply(input.id, { type: 'ok' });
        effects.reply(input.id, { type: 'ok' });
      },
    });
    node.ask({ type: 'read' }, 42);
    expect(node.sent).toEqual(['c1 {"type":"ok","in_reply_to":42}']);
  });

  test('what is no frame is dropped without a crash', () => {
    const node = new ScriptedNode({ step: obey });
    node.host.receiveClient('{"src":"c1"');
    node.host.receiveClient('null');
    node.host.receiveClient('{"src":"c1","dest":"n1","body":{}}');
    expect(node.crashes).toEqual([]);
    expect(node.host.alive).toBe(true);
  });

  test('the harness may inspect, peek and probe without the machine noticing', () => {
    const steps: string[] = [];
    const node = new ScriptedNode({ step: (input) => void steps.push(input.kind) });
    node.ask({ type: 'harness/inspect' }, 1);
    node.ask({ type: 'harness/peek', key: 'k' }, 2);
    node.ask({ type: 'harness/probe', to: 'n2', nonce: 9 }, 3);
    node.host.receivePeer('{"src":"n2","dest":"n1","body":{"type":"harness/probe","nonce":8}}');
    node.ask({ type: 'harness/probes' }, 4);
    expect(steps).toEqual([]);
    expect(node.sent).toEqual([
      'c1 {"type":"harness/inspect_ok","inspection":{"role":"scripted"},"in_reply_to":1}',
      'c1 {"type":"harness/peek_ok","value":"peeked k","in_reply_to":2}',
      'n2 {"type":"harness/probe","nonce":9}',
      'c1 {"type":"harness/probe_ok","in_reply_to":3}',
      'c1 {"type":"harness/probes_ok","seen":[8],"in_reply_to":4}',
    ]);
  });
});

describe('scopes', () => {
  const script = (records: readonly string[] = []) => {
    const inputs: unknown[] = [];
    const loaded: unknown[] = [];
    let child: Effects<TestDialect> | undefined;
    const node = new ScriptedNode({
      records,
      start: (own, effects) => {
        const scope = effects.scope<TestDialect>('config');
        child = scope.effects;
        loaded.push([...own], [...scope.records]);
      },
      step: (input, effects) => {
        inputs.push(input);
        const at = input.kind === 'scoped' ? child : effects;
        at?.persist({ entry: 'x' });
        at?.setTimer('t', milliseconds(1));
        at?.send(n2, { type: 'note', text: 'out' });
        if (input.kind === 'scoped' && input.input.kind === 'timer') at?.compact([{ entry: 'small' }]);
      },
    });
    return { node, inputs, loaded };
  };

  test("a child's messages, timers, requests and records come back to the child", () => {
    const { node, inputs } = script();
    node.host.receivePeer(
      '{"src":"n2","dest":"n1","body":{"type":"harness/scoped","scope":"config","message":{"type":"note","text":"in"}}}',
    );
    expect(node.flushes[0]?.write.records).toEqual(['{"harness/scope":"config","record":{"entry":"x"}}']);
    node.synced();
    expect(node.sent).toEqual(['n2 {"type":"harness/scoped","scope":"config","message":{"type":"note","text":"out"}}']);
    node.fireAll();
    node.ask({ type: 'read', scope: 'config' });
    expect(inputs).toMatchObject([
      {
        kind: 'scoped',
        scope: 'config',
        input: { kind: 'message', from: 'n2', message: { type: 'note', text: 'in' } },
      },
      { kind: 'scoped', scope: 'config', input: { kind: 'timer', timer: 't' } },
      { kind: 'scoped', scope: 'config', input: { kind: 'request' } },
    ]);
  });

  test("compacting a child's log leaves the parent's as it is, and each is handed its own at the next start", () => {
    const stored = ['{"entry":"mine"}', '{"harness/scope":"config","record":{"entry":"theirs"}}'];
    const { node, loaded } = script(stored);
    expect(loaded).toEqual([[{ entry: 'mine' }], [{ entry: 'theirs' }]]);
    node.host.receivePeer(
      '{"src":"n2","dest":"n1","body":{"type":"harness/scoped","scope":"config","message":{"type":"note","text":"in"}}}',
    );
    node.fireAll();
    node.synced();
    expect(node.flushes[0]?.write).toEqual({
      kind: 'replace',
      records: ['{"entry":"mine"}', '{"harness/scope":"config","record":{"entry":"small"}}'],
    });
  });
});
