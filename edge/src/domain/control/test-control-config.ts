/** The line that tests control: as line.yaml would say it. */
import type {
  CommandChannel,
  ControlConfig,
  PlcConfig,
  PressConfig,
  SorterConfig,
} from './control-config.ts';
import type { ControlSetup } from './control-types.ts';
import { CODE, STATIONS } from './test-plc.ts';

export function plcTag(tag: string): { readonly device: string; readonly tag: string } {
  return { device: 'plc', tag };
}

export function testConfig(channel: CommandChannel['kind'] = 'methods'): ControlConfig {
  return {
    plc: testPlcConfig(channel === 'methods' ? METHODS : HANDSHAKE),
    interlocks: [
      {
        id: 'doors',
        when: { tag: plcTag('doors'), is: '=', value: false },
        forbids: ['line.start', 'line.unhold', 'setpoint.write', 'programme.download'],
        words: 'Une porte est ouverte',
      },
    ],
    setpoints: [
      { id: 'speed', label: 'Tapis', tag: plcTag('speed'), unit: 'm/s', min: 0.1, max: 1.2, step: 0.05 },
    ],
    sorter: SORTER,
    bins: [
      {
        outlet: 'creme',
        warnPercent: 80,
        full: { tag: plcTag('full1'), is: '=', value: true },
        reaction: { kind: 'divert', to: 'reste' },
      },
      {
        outlet: 'laine',
        warnPercent: 80,
        full: { tag: plcTag('full2'), is: '=', value: true },
        reaction: { kind: 'hold' },
      },
    ],
    presses: [PRESS],
    scales: [
      {
        scale: 'infeed',
        tare: { device: 'scale', tag: 'tareNow' },
        zero: { device: 'scale', tag: 'zeroNow' },
      },
      {
        scale: 'platform',
        tare: { device: 'scale', tag: 'tareKey' },
        zero: { device: 'scale', tag: 'zeroKey' },
      },
    ],
  };
}

const METHODS: CommandChannel = {
  kind: 'methods',
  methods: { reset: 'Reset', start: 'Start', stop: 'Stop', hold: 'Hold', unhold: 'Unhold', clear: 'Clear' },
};

const HANDSHAKE: CommandChannel = {
  kind: 'handshake',
  codes: CODE,
  code: plcTag('code'),
  request: plcTag('request'),
  acknowledge: plcTag('acknowledge'),
  done: plcTag('done'),
  refused: plcTag('refused'),
  pulseMs: 2_000,
};

function testPlcConfig(channel: CommandChannel): PlcConfig {
  return {
    device: 'plc',
    channel,
    mode: {
      tag: plcTag('mode'),
      ask: { kind: 'tag', tag: plcTag('modeAsk') },
      numbers: { production: 1, maintenance: 2, school: 4 },
    },
    remote: plcTag('remote'),
    localEnable: plcTag('enable'),
    enableWithinMs: 10_000,
    warning: { tag: plcTag('horn'), atLeastMs: 3_000 },
    life: { write: plcTag('life'), everyMs: 500, reaction: 'maintien' },
    stationWithinMs: 3_000,
  };
}

const SORTER: SorterConfig = {
  device: 'plc',
  classes: ['cotton', 'wool', 'other'],
  outlets: { creme: 1, laine: 2, reste: 3 },
  table: [plcTag('route1'), plcTag('route2'), plcTag('route3')],
  programme: plcTag('programme'),
  version: plcTag('version'),
  diverters: { creme: plcTag('divert1'), laine: plcTag('divert2') },
  programmes: [
    { id: 'jour', label: 'Jour', version: 3, routes: { cotton: 'creme', wool: 'laine', other: 'reste' } },
    { id: 'nuit', label: 'Nuit', version: 7, routes: { cotton: 'reste', wool: 'reste', other: 'creme' } },
  ],
};

const PRESS: PressConfig = {
  id: 'presse-1',
  device: 'press',
  phase: { device: 'press', tag: 'cycle' },
  bales: { device: 'press', tag: 'bales' },
  outlet: { device: 'press', tag: 'outlet' },
  outlets: new Map([
    [1, 'creme'],
    [2, 'laine'],
  ]),
};

export function testSetup(control: ControlConfig): ControlSetup {
  return {
    control,
    stateTag: { ...plcTag('state'), states: null },
    emergencyStop: plcTag('estop'),
    stations: [
      { id: 'hopper', state: null, inSequence: false },
      ...STATIONS.map((id) => ({ id, state: plcTag(id), inSequence: true })),
    ],
    scales: new Map([
      [
        'infeed',
        {
          device: 'scale',
          stable: { device: 'scale', tag: 'stable' },
          belowMin: { device: 'scale', tag: 'belowMin' },
          gross: null,
          tare: null,
          intervalGrams: null,
        },
      ],
      [
        'platform',
        {
          device: 'scale',
          stable: { device: 'scale', tag: 'stable' },
          belowMin: { device: 'scale', tag: 'belowMin' },
          gross: { device: 'scale', tag: 'gross' },
          tare: { device: 'scale', tag: 'tare' },
          intervalGrams: 50,
        },
      ],
    ]),
    programmeHashes: new Map([
      ['jour', 'a'.repeat(64)],
      ['nuit', 'b'.repeat(64)],
    ]),
    getsVerdicts: false,
  };
}
