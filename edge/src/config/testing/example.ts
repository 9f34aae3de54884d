/** The example of the documentation. */
export const EXAMPLE = `site: caux-vallee-de-seine
line: tri-1
uplink: { url: mqtt://127.0.0.1:1883, primaryHost: trame }
devices:
  - id: infeed-scale
    driver: modbus
    url: tcp://10.0.0.11:502         # or rtu-tcp://…, or serial:///dev/ttyUSB0?baud=9600&parity=even
    unit: 1
    addressBase: 0                   # 0 protocol, 1 PLC
    byteOrder: CDAB
    limits: { maxWords: 60, maxGap: 8, pauseMs: 0, timeoutMs: 500 }
    groups:
      - every: 200ms
        tags:
          - { name: gross, register: holding, address: 100, type: float32, unit: kg, deadband: 0.05 }
          - { name: stable, register: discrete, address: 3 }
    writes:
      - { name: tareNow, register: coil, address: 1, readback: 500ms }
  - id: nir
    driver: opcua
    url: opc.tcp://10.0.0.20:4840
    security: { mode: SignAndEncrypt, policy: Basic256Sha256, user: trame, passwordFile: /etc/trame/opcua.secret }
    tags:
      - { name: spectrum, node: "nsu=urn:nir;s=Spectrum", sampling: 100ms, queue: 50 }
roles:                               # what the line logic needs, bound to tags
  infeedScale: { device: infeed-scale, gross: gross, stable: stable }
`;

/** A line that says all it can about what it records. */
export const RECORDING_EXAMPLE = `site: s
line: l
ledger: { consumers: [a, b], throughputEvery: 10s, reserve: 64MB }
spool: { maxBytes: 256MiB, maxAge: 7d, replayPerSecond: 2000 }
commands: { trust: [key.pem] }
devices:
  - id: d
    driver: modbus
    url: tcp://h
    tags:
      - { name: gross, register: holding, address: 0, type: float32, unit: kg }
      - { name: stable, register: coil, address: 0 }
      - { name: alibi, register: holding, address: 4, type: uint32 }
      - { name: net, register: holding, address: 6, type: int32, scale: 0.01, unit: kg }
      - { name: serial, register: holding, address: 20, type: string, length: 12 }
roles:
  line: { device: d, packML: alibi }
  scales:
    - { id: a, use: bale, device: d, alibi: alibi, alibiWeight: net, alibiEpoch: 2, serialTag: serial }
    - { id: b, use: reception, device: d, gross: gross, stable: stable, min: 1kg, max: 1.5t, interval: 50g,
        stableFor: 1s, tareKind: preset, presetTare: 62 kg, verificationDue: 2027-03-01, simulated: true }
`;

/** A line that says all it can about its alarms. */
export const ALARMS_EXAMPLE = `site: s
line: l
devices:
  - { id: d, driver: modbus, url: tcp://h, tags: [{ name: level, register: input, address: 0 }, { name: jam, register: coil, address: 0 }] }
roles: { line: { device: d, packML: level }, stations: [{ id: belt, kind: belt, label: Tapis }] }
alarms:
  defaults: true
  list:
    - { id: disk, priority: 2, label: Disque, onDelay: 5min }
    - { id: clock, enabled: false }
    - { id: jam, priority: 1, label: Bourrage, cause: c, consequence: d, response: r, when: { device: d, tag: jam, value: true },
        latching: true, group: stop, station: belt }
    - { id: full, priority: 3, label: Plein, cause: c, consequence: d, response: r, when: { device: d, tag: level, is: ">=", value: 90 },
        deadband: 5, onDelay: 5s, offDelay: 2s, unless: [{ tag: jam, is: "!=", value: false }] }
    - { id: low, priority: 3, label: Cadence, cause: c, consequence: d, response: r, source: throughput-low, limit: 500 }
    - { id: late, priority: 3, label: Tapis, cause: c, consequence: d, response: r, source: station-late, of: belt }
`;
