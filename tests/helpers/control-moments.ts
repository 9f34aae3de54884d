/** Moments of a line that is controlled, as its picture and its alarms say them, and what a server answers about them. */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import { testControl } from '@trame/protocol/control/test-control';
import type { Session } from '@trame/protocol/dashboard-api';
import type { LiveLine, LiveState } from '@trame/protocol/live-state';
import type { Scripted } from './scripted-dashboard.ts';

export const ME = 'a'.repeat(32);
export const OTHER = 'b'.repeat(32);
export const REQUEST = 'c'.repeat(32);

export const SESSION: Session = {
  login: 'encadrement',
  role: 'supervisor',
  expiresAt: 4_000_000_000_000,
  installation: 'demo',
  timeZone: 'Europe/Paris',
  actorRef: ME,
};

export const JAM: CommandReason = {
  code: 'interlock',
  ref: 'sorter-jam',
  words: 'Bourrage au trieur. Dégagez-le, portes consignées.',
};
export const ENABLE: CommandReason = { code: 'no-local-enable', ref: null, words: '' };

const STATIONS = [
  ['tremie', 'hopper', 'Trémie'],
  ['tapis', 'belt', 'Tapis d’alimentation'],
  ['tri-1', 'sortingPost', 'Tri 1'],
  ['nir', 'nir', 'NIR'],
  ['trieur', 'sorter', 'Trieur'],
  ['bacs', 'bins', 'Bacs'],
  ['presse', 'press', 'Presse'],
] as const;

function stationsDrawn(): LiveLine['description']['stations'] {
  return STATIONS.map(([id, kind, label]) => ({ id, kind, label }));
}

export function full(changes: Partial<ControlPicture>): Partial<ControlPicture> {
  return {
    state: 'idle',
    holder: ME,
    interlocks: [
      {
        id: 'guard-doors',
        words: 'Une porte de protection est ouverte. Fermez-la sur place.',
        forbidding: false,
        unknown: false,
        forbids: ['line.start', 'line.unhold'],
      },
      {
        id: 'sorter-jam',
        words: JAM.words,
        forbidding: false,
        unknown: false,
        forbids: ['line.start', 'line.unhold'],
      },
    ],
    modes: ['production', 'maintenance', 'school'],
    setpoints: [
      {
        id: 'infeed-belt',
        label: 'Vitesse du tapis d’alimentation',
        unit: 'm/s',
        min: 0.1,
        max: 1.2,
        step: 0.05,
        value: 0.8,
      },
    ],
    sorter: {
      active: { programme: 'standard', version: 1 },
      programmes: [
        { id: 'standard', label: 'Tri courant', version: 1 },
        { id: 'laine', label: 'Laine à part', version: 1 },
      ],
      diverters: [
        { outlet: 'creme', to: null },
        { outlet: 'effilochage', to: 'creme' },
      ],
    },
    scales: [{ id: 'infeed-scale', tare: true, zero: true }],
    presses: [{ id: 'press', outlet: 'creme', phase: 'compressing', bales: 12 }],
    ...changes,
  };
}

export function alarm(changes: Partial<AlarmRow>): AlarmRow {
  const name = changes.alarm ?? 'bourrage-trieur';
  return {
    id: `tri-1:${name}`,
    site: 'site',
    line: 'tri-1',
    alarm: name,
    priority: 1,
    source: 'tag',
    label: 'Bourrage au trieur',
    cause: 'De la matière bloque la bande du trieur.',
    consequence: 'La ligne s’arrête en amont, la trémie se remplit.',
    response: 'Consignez les portes, dégagez la bande, réarmez, puis redémarrez.',
    group: 'trieur',
    station: 'trieur',
    device: null,
    state: 'unacknowledged',
    occurrence: 3,
    condition: true,
    value: true,
    raisedAt: Date.now() - 180_000,
    changedAt: Date.now() - 180_000,
    first: true,
    comment: null,
    until: null,
    ...changes,
  };
}

export const THREE = [
  alarm({}),
  alarm({
    alarm: 'presse-pleine',
    priority: 2,
    label: 'Presse 2 bloquée',
    state: 'acknowledged',
    first: false,
    comment: 'Maintenance appelée',
  }),
  alarm({
    alarm: 'debit',
    priority: 3,
    label: 'Débit faible',
    state: 'returned',
    first: false,
    value: 412.5,
  }),
];

/** A line whose picture came just now, or `agoMs` before. */
export function stateOf(
  changes: Partial<ControlPicture>,
  alarms: readonly AlarmRow[] = [],
  agoMs = 0,
): LiveState {
  const now = Date.now();
  const picture = testControl({ at: now - agoMs, stateSince: now - 95_000, ...full(changes) });
  return {
    lines: {
      'tri-1': {
        id: 'tri-1',
        site: 'site',
        line: 'tri-1',
        state: 'online',
        since: now - 3_600_000,
        lastMessageAt: now,
        description: {
          stations: stationsDrawn(),
          outlets: [
            { id: 'creme', label: 'Crème', route: 'reuse' },
            { id: 'effilochage', label: 'Effilochage', route: 'recycling' },
          ],
        },
        devices: {},
        control: picture,
        controlAt: now - agoMs,
      },
    },
    alarms: Object.fromEntries(alarms.map((row) => [row.id, row])),
  };
}

/** The same with these changes of each line. */
export function changed(state: LiveState, changes: Partial<LiveLine>): LiveState {
  const lines = Object.values(state.lines).map((line) => [line.id, { ...line, ...changes }] as const);
  return { ...state, lines: Object.fromEntries(lines) };
}

/** A line whose device has this label and does not answer, so that it cannot start. */
export function deviceAway(id: string, label: string, alarms: readonly AlarmRow[]): LiveState {
  const away: CommandReason = { code: 'device-offline', ref: id, words: '' };
  return changed(stateOf(refusing('idle', { 'line.start': [away] }), alarms), {
    description: { stations: stationsDrawn(), outlets: [], devices: [{ id, label }] },
    devices: { [id]: { state: 'offline', since: Date.now() - 60_000, tags: {} } },
  });
}

/** As a line refuses in this state what PackML does not know there, and these for other reasons. */
export function refusing(
  state: ControlPicture['state'],
  more: Partial<ControlPicture['refusals']> = {},
): Pick<ControlPicture, 'state' | 'refusals'> {
  const wrong = (...legal: readonly ControlPicture['state'][]): CommandReason[] =>
    legal.includes(state) ? [] : [{ code: 'wrong-state', ref: state, words: '' }];
  const refusals = {
    'line.start': wrong('idle'),
    'line.stop': state === 'stopped' ? wrong() : [],
    'line.hold': wrong('execute'),
    'line.unhold': wrong('held'),
    'line.reset': wrong('stopped', 'complete', 'aborted'),
    'line.mode': wrong('stopped', 'idle', 'aborted'),
  };
  return { state, refusals: { ...refusals, ...more } };
}

export function answered(outcome: string): object {
  return {
    id: REQUEST,
    code: outcome === 'checking' ? 'accepted' : outcome,
    detail: null,
    seq: 7,
    outcome,
    reasons: [],
  };
}

export function row(outcome: string): object {
  return {
    id: REQUEST,
    command: 'line.start',
    actorRef: ME,
    at: Date.now(),
    outcome,
    reasons: [],
    detail: null,
    late: null,
  };
}

export function alarmAnswer(path: string): Scripted | undefined {
  const now = Date.now();
  if (path.startsWith('/api/v1/alarms/journal')) {
    const rows = (['unacknowledged', 'acknowledged', 'normal'] as const).map((to, index) => ({
      id: String(index).repeat(32),
      site: 'site',
      line: 'tri-1',
      alarm: 'bourrage-trieur',
      label: 'Bourrage au trieur',
      priority: 1,
      at: now - index * 60_000,
      occurrence: 3,
      from: 'normal',
      to,
      because: index === 1 ? 'person' : 'condition',
      condition: null,
      value: true,
      first: true,
      comment: index === 1 ? 'Vu, on dégage' : null,
    }));
    return { status: 200, body: { rows, next: null } };
  }
  if (path.startsWith('/api/v1/alarms/kpi')) {
    const body = {
      from: now - 7 * 86_400_000,
      to: now,
      raised: 64,
      perHour: 12.4,
      peakPerTenMinutes: 7,
      floodPercent: 0,
      byPriority: [
        { priority: 1, raised: 4, percent: 6.25 },
        { priority: 2, raised: 20, percent: 31.25 },
        { priority: 3, raised: 40, percent: 62.5 },
      ],
      top: [{ id: 'tri-1:debit', label: 'Débit faible', priority: 3, raised: 32, percent: 50 }],
      chattering: [{ id: 'tri-1:debit', label: 'Débit faible', times: 4 }],
      stale: [],
      medianToAcknowledgeMs: 48_000,
    };
    return { status: 200, body };
  }
  return path.startsWith('/api/v1/alarms') ? { status: 200, body: { rows: THREE, next: null } } : undefined;
}
