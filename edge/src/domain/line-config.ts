/**
 * The configuration of a line after it was read and checked: defaults filled in, durations in ms, every
 * reference known to exist. Inside the edge these types are trusted.
 */
import type { LineDescription } from '@trame/protocol/line-description';
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import type { ByteOrder, TagType } from '@trame/protocol/tag';
import type { AlarmConfig } from './alarms/alarm-config.ts';
import type { ControlConfig } from './control/control-config.ts';
import type { SortingConfig } from './sorting-config.ts';
import type { TagRef } from './tag-ref.ts';

export interface LineConfig {
  readonly site: string;
  readonly line: string;
  /** IANA name of the site's zone: there its days end. */
  readonly timeZone: string;
  readonly uplink: UplinkConfig | null;
  readonly ledger: LedgerConfig;
  readonly spool: SpoolConfig;
  readonly commands: CommandsConfig;
  readonly devices: readonly DeviceConfig[];
  readonly roles: RolesConfig;
  /** How the line is controlled; null: it is only watched. */
  readonly control: ControlConfig | null;
  readonly sorting: SortingConfig | null;
  /** What stands on its own included. */
  readonly alarms: readonly AlarmConfig[];
}

export interface UplinkConfig {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  /** Sparkplug host whose STATE decides whether to publish; null: never wait. */
  readonly primaryHost: string | null;
  readonly username: string | null;
  /** Absolute path. */
  readonly passwordFile: string | null;
  /** Absolute path of the certificate authority of a TLS broker. */
  readonly caFile: string | null;
  readonly keepAliveS: number;
  /** 4 is MQTT 3.1.1. */
  readonly protocolVersion: 4 | 5;
}

export interface LedgerConfig {
  /** Whose cursors are kept: only their acknowledgements count. 1–8. */
  readonly consumers: readonly string[];
  /** How often what fell is recorded while material falls, ms. Cut at multiples of it, so days are cut right. */
  readonly throughputEveryMs: number;
  /** Free space that only the ledger may use, bytes. */
  readonly reserveBytes: number;
}

export interface SpoolConfig {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Samples a second sent again beside live data. */
  readonly replayPerSecond: number;
}

export interface CommandsConfig {
  /** Absolute paths of PEM files with Ed25519 public keys. Empty: every request is refused. */
  readonly trust: readonly string[];
}

export const DEFAULT_LEDGER: LedgerConfig = {
  consumers: ['trame'],
  throughputEveryMs: 60_000,
  reserveBytes: 64 * 1024 * 1024,
};

export const DEFAULT_SPOOL: SpoolConfig = {
  maxBytes: 256 * 1024 * 1024,
  maxAgeMs: 7 * 24 * 3_600_000,
  replayPerSecond: 2_000,
};

export const NO_COMMANDS: CommandsConfig = { trust: [] };

export type DeviceConfig = ModbusDeviceConfig | OpcuaDeviceConfig;

interface TagCommon {
  readonly name: string;
  /** UCUM code, or as written when it is not one. */
  readonly unit: string | null;
  /** value = raw · scale + offset. With a scale other than 1 or an offset the tag's type is float64. */
  readonly scale: number;
  readonly offset: number;
  /** Smallest change that is published, in the tag's unit; 0: every change. */
  readonly deadband: number;
  /** Values outside are uncertain, `out-of-range`. */
  readonly range: readonly [min: number, max: number] | null;
  readonly writable: boolean;
  /** How long it may take until it reads as written, ms; only of a writable tag. Absent: {@link DEFAULT_READBACK_MS}. */
  readonly readbackMs?: number;
}

export const DEFAULT_READBACK_MS = 500;

/** A tag that the device's program changes all the time; standing still, the device counts as offline. */
export interface LifeCounter {
  readonly tag: string;
  /** Longest time between two changes, ms. */
  readonly withinMs: number;
}

export interface ModbusDeviceConfig {
  readonly driver: 'modbus';
  readonly id: string;
  readonly life?: LifeCounter;
  readonly link: ModbusLink;
  /** Unit identifier, 0–255. */
  readonly unit: number;
  readonly limits: ModbusLimits;
  readonly groups: readonly ModbusGroup[];
  readonly writes: readonly ModbusWrite[];
}

export type ModbusLink =
  | { readonly kind: 'tcp' | 'rtu-tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baud: number;
      readonly parity: 'none' | 'even' | 'odd';
      readonly dataBits: 7 | 8;
      readonly stopBits: 1 | 2;
    };

export interface ModbusLimits {
  /** Registers in one request, 1–125. */
  readonly maxWords: number;
  /** Unused registers that one request may read along. */
  readonly maxGap: number;
  /** Silence between two requests to this device, ms. */
  readonly pauseMs: number;
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
}

export interface ModbusGroup {
  readonly everyMs: number;
  /** Age past which a value of this group is stale, ms. */
  readonly staleAfterMs: number;
  readonly tags: readonly ModbusTag[];
}

export type ModbusRegister = 'holding' | 'input' | 'coil' | 'discrete';

export interface ModbusTag extends TagCommon {
  readonly register: ModbusRegister;
  /** Protocol address, 0–65535: `addressBase` is already taken off. */
  readonly address: number;
  readonly type: TagType;
  readonly byteOrder: ByteOrder;
  /** Bit of a 16-bit register, 0 lowest; only with type bool on holding or input registers. */
  readonly bit: number | null;
  /** Bytes of a string. */
  readonly lengthBytes: number | null;
}

export interface ModbusWrite {
  readonly name: string;
  readonly register: 'holding' | 'coil';
  readonly address: number;
  readonly type: TagType;
  readonly byteOrder: ByteOrder;
  /** How long it may take until the register reads as written, ms. */
  readonly readbackMs: number;
  /** Raw, as the register has it. */
  readonly range: readonly [min: number, max: number] | null;
}

export interface OpcuaDeviceConfig {
  readonly driver: 'opcua';
  readonly id: string;
  readonly life?: LifeCounter;
  /** `opc.tcp://host:port/path`. */
  readonly url: string;
  readonly security: OpcuaSecurity;
  readonly publishingMs: number;
  /** Age past which a silent subscription counts as dead, ms. */
  readonly staleAfterMs: number;
  readonly tags: readonly OpcuaTag[];
  readonly methods: readonly OpcuaMethod[];
  /** Absent: it is no station that keeps spectra. */
  readonly ring?: OpcuaRing;
  /** Absent: it takes no outlets from outside. */
  readonly verdicts?: OpcuaVerdicts;
}

/** The last spectra of a station: result number n lies in place n mod `size`. */
export interface OpcuaRing {
  /** Node of the number of the last result, as {@link OpcuaTag.node}. */
  readonly seq: string;
  readonly size: number;
  /** Nodes of one result, with `{place}` for its place, from 0. */
  readonly result: { readonly seq: string; readonly at: string; readonly spectrum: string };
  /** How often the station may tell of new results, ms. */
  readonly everyMs: number;
  /** What the values of a spectrum stand for. */
  readonly wavelengths: SpectrumGrid;
  readonly quantity: 'absorbance' | 'reflectance';
}

export interface SpectrumGrid {
  readonly fromNm: number;
  readonly stepNm: number;
  /** Values of one spectrum. */
  readonly count: number;
}

/** Where a sorter takes verdicts: an array of UInt32, in pairs of result number and outlet. */
export interface OpcuaVerdicts {
  readonly node: string;
}

/** What the device can be asked to do, by a name of ours. */
export interface OpcuaMethod {
  readonly name: string;
  /** Node that it is called on, as {@link OpcuaTag.node}. */
  readonly object: string;
  /** Node of the method itself. */
  readonly method: string;
}

export interface OpcuaSecurity {
  readonly mode: 'None' | 'Sign' | 'SignAndEncrypt';
  readonly policy: 'None' | 'Basic256Sha256' | 'Aes128_Sha256_RsaOaep' | 'Aes256_Sha256_RsaPss';
  readonly user: string | null;
  /** Absolute path. */
  readonly passwordFile: string | null;
}

export interface OpcuaTag extends TagCommon {
  /** `nsu=<uri>;s=…`, `ns=<index>;i=…`. */
  readonly node: string;
  /** Null: the type that the server tells. */
  readonly type: TagType | null;
  readonly samplingMs: number;
  readonly queue: number;
}

export interface RolesConfig {
  readonly infeedScale: {
    readonly gross: TagRef | null;
    readonly stable: TagRef | null;
    readonly total: TagRef | null;
    readonly baseline: 'first' | 'zero';
  } | null;
  /** Where the line says its state; null: it does not. */
  readonly lineState: LineStateTag | null;
  readonly scales: readonly ScaleConfig[];
  /** Stations, outlets and energy meter, as the birth tells them to the server. */
  readonly description: LineDescription;
}

/** The tag with the number of the line's state, and what its numbers mean: whoever reads the one needs the other. */
export interface LineStateTag extends TagRef {
  /** Null: PackML's own numbers (ISA-TR88.00.02, 1–17). */
  readonly states: ReadonlyMap<number, LineStateName> | null;
}

/** A weighing instrument whose weighings are recorded. Which tags it has decides how: alibi, totaliser, or stable window. */
export interface ScaleConfig {
  readonly id: string;
  readonly use: 'reception' | 'bale';
  readonly device: string;
  /** Names of tags of that device; null: it has none. Masses have the unit of their tag. */
  readonly gross: string | null;
  readonly tare: string | null;
  readonly stable: string | null;
  readonly overload: string | null;
  readonly belowMin: string | null;
  /** Number and net weight of the last record in the alibi memory. */
  readonly alibi: string | null;
  readonly alibiWeight: string | null;
  /** Number of weighings and their sum, never reset. */
  readonly weighings: string | null;
  readonly total: string | null;
  /** Tag that tells the serial of the instrument. */
  readonly serialTag: string | null;
  /** Configured serial, when the instrument does not tell. */
  readonly serial: string | null;
  readonly alibiEpoch: number;
  /** Whether the numbers before the first one seen are ours too: `zero` records them as missed. */
  readonly baseline: 'first' | 'zero';
  readonly minGrams: number | null;
  readonly maxGrams: number | null;
  readonly intervalGrams: number | null;
  /** How long an indication must stand, ms. */
  readonly stableForMs: number;
  readonly tareKind: 'none' | 'weighed' | 'preset';
  /** With `preset`, when no tag tells it. */
  readonly presetTareGrams: number | null;
  /** `YYYY-MM-DD`, in the site's zone; null: not stated. */
  readonly verificationDue: string | null;
  readonly simulated: boolean;
}
