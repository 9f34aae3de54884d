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
