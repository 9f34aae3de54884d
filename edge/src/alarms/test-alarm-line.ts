/** A line with its recorder and its alarms on real files and a clock that a test moves: stopped, cut off, started again. */
import type { AlarmChanged } from '@trame/protocol/alarms/alarm-events';
import type { TagValue } from '@trame/protocol/tag';
import type { AlarmConfig } from '../domain/alarms/alarm-config.ts';
import type { OwnWatch } from '../domain/alarms/alarm-condition.ts';
import { PLAIN_ALARM } from '../domain/alarms/plain-alarm.ts';
import { good, RecordedLine, tag } from '../pipeline/test-recorded-line.ts';
import type { AlarmCommand, AlarmVerdict } from '../ports/alarm-requests.ts';
import { AlarmDesk } from './alarm-desk.ts';

export function tagAlarm(id: string, over: Partial<AlarmConfig> = {}): AlarmConfig {
  const when = { tag: { device: 'scale', tag: id }, is: '=', value: true } as const;
  return { ...PLAIN_ALARM, id, label: id, source: 'tag', when, ...over };
}

export class AlarmLine {
  readonly line: RecordedLine;
  /** As they are at the next start. */
  alarms: readonly AlarmConfig[];
  own: OwnWatch = {
    disk: 'ok',
    clock: { state: 'checked', offsetMs: 0 },
    ledger: { state: 'ok', consumers: [] },
    certificateEndsAtMs: null,
    lateStations: null,
    programmeMixed: null,
    life: null,
    sorting: null,
  };
  /** Sources of alarms that were put back into service. */
  readonly inService: AlarmConfig['source'][] = [];
  #desk: AlarmDesk | null = null;

  constructor(dir: string, alarms: readonly AlarmConfig[]) {
    this.line = new RecordedLine(dir);
    this.alarms = alarms;
  }

  get desk(): AlarmDesk {
    if (this.#desk === null) throw new Error('the line does not run');
    return this.#desk;
  }

  async start(): Promise<void> {
    this.line.start();
    const { recorder, ledger, pipeline } = this.line.running;
    const tags = this.alarms.flatMap(({ when }) => when?.tag.tag ?? []);
    pipeline.online(
      'scale',
      tags.map((name) => tag(name, { type: 'bool', unit: null })),
    );
    this.#desk = new AlarmDesk({
      alarms: this.alarms,
      roles: this.line.roles,
      line: pipeline,
      recorder,
      ledger,
      own: () => this.own,
      dayOf: (wallMs) => new Date(wallMs).toISOString().slice(0, 10),
      onInService: (source) => this.inService.push(source),
      clock: this.line.clock,
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    await this.pass(1_000);
  }

  async stop(): Promise<void> {
    await this.line.stop();
    this.#desk = null;
  }

  async cutOff(): Promise<void> {
    await this.line.cutOff();
    this.#desk = null;
  }

  async say(name: string, value: TagValue): Promise<void> {
    this.line.running.pipeline.readings('scale', [good(name, value)]);
    await this.pass(100);
  }

  /** Time passes, a second at a time at most, and the alarms look. */
  async pass(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 1_000) {
      await this.line.pass(Math.min(1_000, leftMs));
      const { clock } = this.line;
      this.desk.observe({ wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() }, true);
      await this.line.pass(1);
    }
  }

  /** Asked, and recorded when it may be. @param meanwhile what happens while it is on its way to the disk. */
  async ask(command: AlarmCommand, args: object, meanwhile?: () => Promise<void>): Promise<AlarmVerdict> {
    const verdict = this.desk.decide(command, args);
    if (verdict.kind !== 'records') return verdict;
    await meanwhile?.();
    const outcome = await this.line.running.ledger.append(verdict.records);
    this.desk.settled(outcome.kind === 'stored');
    return verdict;
  }

  /** What the ledger says of an alarm, oldest first. */
  changes(alarm: string): readonly AlarmChanged[] {
    return this.line
      .events('alarm.changed')
      .map(({ payload }) => payload as AlarmChanged)
      .filter((change) => change.alarm === alarm);
  }

  story(alarm: string): readonly string[] {
    return this.changes(alarm).map(({ from, to, because }) => `${from} → ${to} (${because})`);
  }
}
