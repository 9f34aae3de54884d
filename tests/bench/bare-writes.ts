/** Set-points written by the libraries alone, without Trame, and a witness who reads the PLC beside whoever writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import modbusSerial from 'modbus-serial';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import {
  AttributeIds,
  DataType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  UserTokenType,
} from 'node-opcua-client';
import type { Site } from '../helpers/site.ts';
import { machineMs } from './quantiles.ts';

export interface BareWriter extends AsyncDisposable {
  readonly name: string;
  readonly write: (mmPerS: number) => Promise<void>;
  /** Reads until the device says this. */
  readonly readUntil: (mmPerS: number) => Promise<void>;
}

export interface Witness extends AsyncDisposable {
  /** @returns when the device first said this, by the machine's clock, ms. */
  readonly until: (mmPerS: number, withinMs: number) => Promise<number>;
}

const UNIT = 1;
const SETPOINT_REGISTER = 8;
const SETPOINT_NODE = 'ns=1;s=InfeedBelt.SpeedSetpoint';
/** Between two looks of the witness: the resolution of what it saw. */
const LOOK_EVERY_MS = 3;
const LINE_ON_MODBUS = 5;

const { default: ModbusClient } = modbusSerial;
type ModbusClient = InstanceType<typeof ModbusClient>;

async function openModbus(port: number): Promise<ModbusClient> {
  const client = new ModbusClient();
  await client.connectTCP('127.0.0.1', { port });
  client.setID(UNIT);
  client.setTimeout(2_000);
  return client;
}

const closeModbus = (client: ModbusClient) => new Promise<void>((resolve) => client.close(() => resolve()));

export async function openWitness(port: number): Promise<Witness> {
  const client = await openModbus(port);
  return {
    until: async (mmPerS, withinMs) => {
      const deadline = machineMs() + withinMs;
      while (machineMs() < deadline) {
        const { data } = await client.readHoldingRegisters(SETPOINT_REGISTER, 1);
        if (data[0] === mmPerS) return machineMs();
        await sleep(LOOK_EVERY_MS);
      }
      throw new Error(`the device never held ${mmPerS}`);
    },
    [Symbol.asyncDispose]: () => closeModbus(client),
  };
}

export async function bareModbus({ ports }: Pick<Site, 'ports'>): Promise<BareWriter> {
  const client = await openModbus(ports.modbus + LINE_ON_MODBUS);
  return {
    name: 'modbus-serial',
    write: async (mmPerS) => void (await client.writeRegister(SETPOINT_REGISTER, mmPerS)),
    readUntil: async (mmPerS) => {
      for (;;) {
        const { data } = await client.readHoldingRegisters(SETPOINT_REGISTER, 1);
        if (data[0] === mmPerS) return;
      }
    },
    [Symbol.asyncDispose]: () => closeModbus(client),
  };
}

/** With the security that the line has in the demonstration. */
export async function bareOpcua({ ports, dataDir }: Pick<Site, 'ports' | 'dataDir'>): Promise<BareWriter> {
  const client = OPCUAClient.create({
    securityMode: MessageSecurityMode.SignAndEncrypt,
    securityPolicy: SecurityPolicy.Basic256Sha256,
    endpointMustExist: false,
    clientCertificateManager: new OPCUACertificateManager({
      rootFolder: join(dataDir, 'bare-pki'),
      automaticallyAcceptUnknownCertificate: true,
    }),
    connectionStrategy: { maxRetry: 2, initialDelay: 200, maxDelay: 500, randomisationFactor: 0 },
  });
  await client.connect(`opc.tcp://127.0.0.1:${ports.opcua}`);
  const session = await client.createSession({
    type: UserTokenType.UserName,
    userName: 'trame',
    password: readFileSync(join(dataDir, 'simulators/opcua.secret'), 'utf8').trim(),
  });
  return {
    name: 'node-opcua',
    write: async (mmPerS) => {
      const status = await session.write({
        nodeId: SETPOINT_NODE,
        attributeId: AttributeIds.Value,
        value: { value: { dataType: DataType.Double, value: mmPerS / 1000 } },
      });
      if (!status.isGood()) throw new Error(`write: ${status.toString()}`);
    },
    readUntil: async (mmPerS) => {
      for (;;) {
        const { value } = await session.read({ nodeId: SETPOINT_NODE, attributeId: AttributeIds.Value });
        if (Math.abs(Number(value.value) - mmPerS / 1000) < 1e-6) return;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await session.close(true);
      await client.disconnect();
    },
  };
}
