/** A line that is controlled, in its parts. */
/** Devices and roles of a line that can be controlled; `control:` follows. */
export const CONTROLLED_DEVICES = `site: s
line: l
devices:
  - id: plc
    driver: opcua
    url: opc.tcp://h:4840
    tags:
      - { name: state, node: "s=State", type: int32 }
      - { name: mode, node: "s=Mode", type: int32 }
      - { name: modeAsked, node: "s=ModeAsked", type: int32, writable: true }
      - { name: remote, node: "s=Remote", type: bool }
      - { name: enable, node: "s=Enable", type: bool }
      - { name: horn, node: "s=Horn", type: bool }
      - { name: doors, node: "s=Doors", type: bool }
      - { name: ack, node: "s=Ack", type: bool }
      - { name: ready, node: "s=Done", type: bool }
      - { name: request, node: "s=Request", type: bool, writable: true }
      - { name: code, node: "s=Code", type: uint16, writable: true }
      - { name: life, node: "s=Life", type: uint32, writable: true }
      - { name: speed, node: "s=Speed", type: float64, unit: m/s, writable: true, range: [0.1, 1.2] }
      - { name: routeA, node: "s=A", type: uint16, writable: true }
      - { name: routeB, node: "s=B", type: uint16, writable: true }
      - { name: programme, node: "s=P", type: string, writable: true }
      - { name: version, node: "s=V", type: uint32, writable: true }
      - { name: divert, node: "s=D", type: uint16, writable: true }
      - { name: full, node: "s=F", type: bool }
    methods:
      - { name: start, object: "s=PackML", method: "s=Start" }
      - { name: stop, object: "s=PackML", method: "s=Stop" }
      - { name: setMode, object: "s=PackML", method: "s=SetMode" }
  - id: io
    driver: modbus
    url: tcp://h
    tags:
      - { name: stable, register: discrete, address: 0 }
      - { name: weight, register: holding, address: 0, type: int32, scale: 0.01, unit: kg }
      - { name: bales, register: holding, address: 4, type: uint32 }
      - { name: outlet, register: holding, address: 6 }
      - { name: level, register: holding, address: 8, writable: true }
    writes:
      - { name: tare, register: coil, address: 1 }
      - { name: number, register: holding, address: 7 }
roles:
  line: { device: plc, packML: state }
  scales:
    - { id: scale, use: bale, device: io, gross: weight, stable: stable, min: 1kg }
  outlets:
    - { id: reuse, label: Réemploi, route: reuse }
    - { id: rags, label: Essuyage, route: recycling }
control:
`;

export const CONTROLLED_PLC = `  device: plc
  methods: { start: start, stop: stop }
`;
export const CONTROLLED_SORTER = `  sorter:
    classes: [cotton, wool]
    outlets: { reuse: 1, rags: 2 }
    table: [routeA, routeB]
    programme: programme
    version: version
    diverters: { reuse: divert }
    programmes: [{ id: p1, label: Courant, version: 3, routes: { cotton: rags, wool: reuse } }]
`;

/** A line that says all it can about how it is controlled. */
export const CONTROLLED_EXAMPLE = `${CONTROLLED_DEVICES}  device: plc
  handshake: { code: code, request: request, acknowledge: ack, done: ready, pulse: 1s, codes: { start: 2, stop: 3 } }
  states: { 4: idle, 6: execute }
  mode: { tag: mode, write: modeAsked, numbers: { production: 1 } }
  remote: remote
  localEnable: enable
  warning: { tag: horn, atLeast: 3s }
  life: { write: life, every: 1s, reaction: La ligne est mise en attente. }
  interlocks:
    - { id: doors, when: { tag: doors, is: "=", value: false }, forbids: [line.start], words: Porte ouverte. }
  setpoints: [{ id: belt, label: Tapis, tag: speed, max: 1, step: 0.05 }]
${CONTROLLED_SORTER}  bins: [{ outlet: reuse, warn: 70, full: { tag: full, value: true }, reaction: { divert: rags } }]
  presses: [{ id: press, device: io, bales: bales, outlet: outlet, outlets: { 1: reuse } }]
  scales: [{ scale: scale, tare: tare }]
`;
