import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { demoDashboardFile, demoLineFile, renderDemoDashboard, renderDemoLine } from './demo-config.ts';

const OPTIONS = {
  dataDir: '/data dir/of "Ann"',
  ports: { http: 1, mqtt: 21883, opcua: 24840, modbus: 25020, printer: 29100, sim: 2, edgeHttp: 3 },
};

test('every port and the files of other programs are those of this start, comments are kept', () => {
  const shipped = `# the demo line
uplink: { url: mqtt://127.0.0.1:1883 } # broker
a: opc.tcp://127.0.0.1:4840
b: opc.tcp://127.0.0.1:4841/x
c: tcp://127.0.0.1:5020
d: rtu-tcp://127.0.0.1:5022
e: tcp://127.0.0.1:5024
security: { user: trame, passwordFile: simulators/opcua.secret }
commands: { trust: [dashboard/command-key.pub.pem] }
`;
  expect(renderDemoLine(shipped, OPTIONS)).toBe(`# the demo line
uplink: { url: mqtt://127.0.0.1:21883 } # broker
a: opc.tcp://127.0.0.1:24840
b: opc.tcp://127.0.0.1:24841/x
c: tcp://127.0.0.1:25020
d: rtu-tcp://127.0.0.1:25022
e: tcp://127.0.0.1:25024
security: { user: trame, passwordFile: "/data dir/of \\"Ann\\"/simulators/opcua.secret" }
commands: { trust: ["/data dir/of \\"Ann\\"/dashboard/command-key.pub.pem"] }
`);
});

test('moved ports are not moved again when they are those of another device', () => {
  const swapped = { ...OPTIONS, ports: { ...OPTIONS.ports, opcua: 5020, modbus: 4840 } };
  expect(renderDemoLine('tcp://127.0.0.1:5020 opc.tcp://127.0.0.1:4840', swapped)).toBe(
    'tcp://127.0.0.1:4840 opc.tcp://127.0.0.1:5020',
  );
});

function siteOf(text: string): string | undefined {
  return /^site: (?<site>\S+)$/mu.exec(text)?.groups?.['site'];
}

test('line and dashboard of each kind of start are of one site, and on the ports of this start', () => {
  for (const profile of ['automatic', 'manual'] as const) {
    for (const scales of [0, 1, 2] as const) {
      const line = renderDemoLine(readFileSync(demoLineFile({ profile, scales }), 'utf8'), OPTIONS);
      const file = demoDashboardFile({ profile, scales });
      const dashboard = renderDemoDashboard(readFileSync(file, 'utf8'), OPTIONS);
      expect(siteOf(line)).toBe('caux-vallee-de-seine');
      expect(siteOf(dashboard)).toBe(siteOf(line));
      expect(dashboard).toContain('tcp://127.0.0.1:29100');
      expect(line).not.toMatch(/127\.0\.0\.1:(?:1883|50\d\d|48\d\d)/u);
    }
  }
});

test('an address that nothing listens on is a fault of the shipped file', () => {
  expect(() => renderDemoLine('url: tcp://127.0.0.1:5030', OPTIONS)).toThrow('5030');
});
