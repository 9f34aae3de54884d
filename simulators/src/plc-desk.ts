import { counts, isPressed, neverPressed, nextPress, press, type LocalEnable } from './local-enable.ts';
import type { PlcMethods, PlcWrites, Taken } from './opcua/plc-writes.ts';
import { beltSpeedRangeMmS } from './plant/belts.ts';
import { writeCode, writeRequest } from './plant/handshake.ts';
import type { LieTarget, PlantInputs } from './plant/hazards.ts';
import { pressTare, pressZero } from './plant/infeed.ts';
import type { PackMlState, PlcCommand } from './plant/packml.ts';
import type { Plant } from './plant/plant-state.ts';
import { askMode, commandPlc, unfitReason, type PlcRefusal } from './plant/plc-command.ts';
import type { Link } from './plant/plc-state.ts';
import { binNumber, binOf, sorterClasses } from './plant/sort-programme.ts';
import { giveVerdict } from './plant/sorter.ts';
import { isLost, lifeWritten, noLife, type LifeWatch } from './trame-life.ts';

/** States in which a person at the panel wants the line started. */
const standsIn: readonly PackMlState[] = ['stopped', 'idle', 'held'];
const maxProgrammeIdLength = 64;

/** What somebody changes at the panel of the line. */
export interface PanelRequest {
  readonly remote?: boolean;
  readonly press?: 'enable';
  readonly restarts?: boolean;
  readonly reset?: true;
}

export interface PanelView {
  readonly remote: boolean;
  readonly restarts: boolean;
  readonly localEnable: boolean;
}

/** Between the links and the PLC: everything that clients write, and what the wall clock has to say about it. */
export class PlcDesk {
  #plant: Plant;
  #monotonicMs: () => number;
  #inputs: () => PlantInputs;
  #changed: () => void;
  #enable: LocalEnable = neverPressed;
  #life: LifeWatch = noLife;

  /** @param inputs what reaches the plant now. @param changed runs when a client asked for something. */
  constructor(plant: Plant, monotonicMs: () => number, inputs: () => PlantInputs, changed: () => void) {
    this.#changed = changed;
    this.#plant = plant;
    this.#monotonicMs = monotonicMs;
    this.#inputs = inputs;
  }

  /** The local enable is pressed now. */
  get localEnable(): boolean {
    return isPressed(this.#enable, this.#monotonicMs());
  }

  /** It was pressed within the last ten seconds. */
  get enabled(): boolean {
    return counts(this.#enable, this.#monotonicMs());
  }

  get trameLost(): boolean {
    return isLost(this.#life, this.#monotonicMs());
  }

  /** A moment passes: the person at the panel does what there is to do. */
  observe(): void {
    const { plc, panel } = this.#plant;
    const inputs = this.#inputs();
    if (!plc.powered || plc.booting) this.#life = noLife;
    const wanted =
      inputs.crewPresent &&
      !inputs.hazards.noLocalEnable &&
      panel.remote &&
      standsIn.includes(plc.state) &&
      unfitReason(this.#plant, inputs) === null;
    this.#enable = nextPress(this.#enable, wanted, this.#monotonicMs());
  }

  /** What clients may write over OPC UA. */
  writes(): PlcWrites {
    const { sorter } = this.#plant;
    return {
      setBeltSpeed: (mmS) => this.#setBeltSpeed(mmS),
      giveVerdicts: (verdicts) => {
        for (const verdict of verdicts) giveVerdict(this.#plant, verdict);
        return true;
      },
      writeCode: (code) => this.#writeCode('opcua', code),
      writeRequest: (up) => this.#writeRequest('opcua', up),
      askMode: (number) => this.#askMode(number),
      writeLife: (value) => this.#writeLife(value),
      setRoute: (index, number) => this.#setRoute(index, number),
      setProgrammeId: (id) => {
        if (id.length > maxProgrammeIdLength) return false;
        if (!this.#lies('Sorter.Programme')) sorter.programme.id = id;
        this.#changed();
        return true;
      },
      setProgrammeVersion: (version) => {
        if (!this.#lies('Sorter.Programme')) sorter.programme.version = version;
        this.#changed();
        return true;
      },
      setDivert: (bin, number) => {
        const to = binOf(number);
        if ((to === null && number !== 0) || to === bin) return false;
        if (!this.#lies('Bin.DivertTo')) sorter.divertTo[bin] = to;
        this.#changed();
        return true;
      },
    };
  }

  /** The methods of the PackML companion. */
  methods(): PlcMethods {
    return {
      command: (command) => this.#call(() => this.#command(command)),
      setMode: (number) => this.#call(() => askMode(this.#plant, number, 'outside')),
    };
  }

  /** What a Modbus master may write to the line. */
  lineWrites() {
    return {
      writeCode: (code: number) => this.#writeCode('modbus', code),
      writeRequest: (up: boolean) => this.#writeRequest('modbus', up),
      askMode: (number: number) => this.#askMode(number) === 'taken',
      writeLife: (value: number) => this.#writeLife(value),
      setBeltSpeed: (mmS: number) => this.#setBeltSpeed(mmS),
    };
  }

  /** The keys of the reception scale. */
  scaleKeys() {
    const key = (work: () => boolean) => () => {
      this.#changed();
      return this.#lies('infeed-scale') || work();
    };
    return { tare: key(() => pressTare(this.#plant)), zero: key(() => pressZero(this.#plant)) };
  }

  panel(): PanelView {
    const { remote, restarts } = this.#plant.panel;
    return { remote, restarts, localEnable: this.localEnable };
  }

  /** Somebody does something at the panel. Gives why the PLC refuses the reset, or null. */
  changePanel(request: PanelRequest): PlcRefusal | null {
    const { panel, plc } = this.#plant;
    const inputs = this.#inputs();
    panel.remote = request.remote ?? panel.remote;
    panel.restarts = request.restarts ?? panel.restarts;
    if (request.press === 'enable' && !inputs.hazards.noLocalEnable) {
      this.#enable = press(this.#monotonicMs());
    }
    if (request.reset === undefined) return null;
    const command: PlcCommand = plc.state === 'aborted' ? 'clear' : 'reset';
    const isReset = plc.state === 'held' || plc.state === 'idle';
    const refusal = isReset ? null : commandPlc(this.#plant, command, 'panel', inputs);
    // Who resets at the panel has seen why it stood: from here on it is the crew's again.
    if (refusal === null) plc.why = 'panel';
    return refusal;
  }

  #lies(target: LieTarget): boolean {
    return this.#inputs().hazards.lies.includes(target);
  }

  #command(command: PlcCommand): PlcRefusal | null {
    return commandPlc(this.#plant, command, 'outside', this.#inputs());
  }

  #call(work: () => PlcRefusal | null): Taken | 'no-answer' {
    this.#changed();
    const { hazards } = this.#inputs();
    if (hazards.plcMute || this.#plant.plc.booting) return 'no-answer';
    return hazards.plcIgnores ? 'taken' : takenBy(work());
  }

  #askMode(number: number): Taken {
    this.#changed();
    const { hazards } = this.#inputs();
    if (hazards.plcMute || hazards.plcIgnores) {
      this.#plant.plc.modeRequest = number;
      return 'taken';
    }
    return takenBy(askMode(this.#plant, number, 'outside'));
  }

  #writeCode(link: Link, code: number): boolean {
    this.#changed();
    writeCode(this.#plant, link, code);
    return true;
  }

  #writeRequest(link: Link, up: boolean): boolean {
    this.#changed();
    writeRequest(this.#plant, link, up, this.#inputs());
    return true;
  }

  #writeLife(value: number): boolean {
    this.#plant.plc.trameLife = value;
    this.#life = lifeWritten(this.#life, value, this.#monotonicMs());
    return true;
  }

  #setBeltSpeed(mmS: number): boolean {
    this.#changed();
    const { low, high } = beltSpeedRangeMmS;
    if (!(mmS >= low && mmS <= high)) return false;
    const other = mmS > (low + high) / 2 ? mmS - 100 : mmS + 100;
    this.#plant.infeedBelt.setpointMmS = this.#lies('InfeedBelt.SpeedSetpoint') ? other : mmS;
    return true;
  }

  #setRoute(index: number, number: number): boolean {
    this.#changed();
    const fabric = sorterClasses[index];
    const bin = binOf(number);
    if (fabric === undefined || bin === null) return false;
    const other = binOf((binNumber(bin) % 8) + 1) ?? bin;
    this.#plant.sorter.programme.routes[fabric] = this.#lies('Sorter.Route') ? other : bin;
    return true;
  }
}

function takenBy(refusal: PlcRefusal | null): Taken {
  if (refusal === null) return 'taken';
  return refusal === 'unknown-mode' ? 'out-of-range' : 'wrong-state';
}
