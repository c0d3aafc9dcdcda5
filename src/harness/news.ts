/** Tells the journal, once each, what a cluster has noticed by itself: findings, and failures of its environment. */
import type { Cluster } from '../environments/environment.ts';
import type { Mark } from './marks.ts';

export class News {
  readonly #cluster: Pick<Cluster, 'findings' | 'troubles'>;
  readonly #mark: (mark: Mark) => void;
  #findings = 0;
  #troubles = 0;

  constructor(cluster: Pick<Cluster, 'findings' | 'troubles'>, mark: (mark: Mark) => void) {
    this.#cluster = cluster;
    this.#mark = mark;
  }

  /** What would still be seen then is the environment's, not the system's. */
  get environmentFailed(): boolean {
    return this.#troubles > 0;
  }

  tell(): void {
    for (const { kind, node, at, text } of this.#cluster.findings().slice(this.#findings))
      this.#mark({ mark: 'finding', kind, node, at, text });
    this.#findings = this.#cluster.findings().length;
    for (const text of (this.#cluster.troubles?.() ?? []).slice(this.#troubles)) {
      this.#mark({ mark: 'note', text: `The environment failed: ${text}` });
      this.#troubles++;
    }
  }
}
