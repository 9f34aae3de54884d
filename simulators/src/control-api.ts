import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { refusalOf } from './control-api-admission.ts';
import { speedRange } from './speed-range.ts';
import type { FaultBoard } from './scenarios/fault-board.ts';
import { maxFaults } from './scenarios/fault-board.ts';
import { faultKinds, type FaultKindId } from './scenarios/fault-kinds.ts';
import { parseFault, targetsOn, type FaultVocabulary } from './scenarios/fault.ts';
import { scenariosOn } from './scenarios/scenarios.ts';
import { isHandAct, type HandDesk } from './hand-desk.ts';
import { answerItems, type ItemsSource } from './items-request.ts';
import type { PanelApi } from './panel-desk.ts';
import type { PrintedJob } from './printer/printed-jobs.ts';
import type { Truth } from './truth.ts';

const host = '127.0.0.1';
/** A request body larger than this is refused. */
const maxBodyBytes = 16_384;
const requestTimeoutMs = 10_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ControlApiOptions {
  readonly faults: FaultBoard;
  readonly truth: () => Truth;
  /** Null: this line has no NIR station. */
  readonly items: ItemsSource | null;
  readonly speed: () => number;
  readonly setSpeed: (factor: number) => void;
  readonly vocabulary: FaultVocabulary;
  readonly hand: HandDesk;
  /** Null: this line has no PLC, and no panel. */
  readonly panel: PanelApi | null;
  /** What the label printer printed, oldest first. */
  readonly printerJobs: () => readonly PrintedJob[];
  readonly log: Logger;
}

function bad(error: string): Answer {
  return { status: 400, body: { error } };
}

function notFound(what: string): Answer {
  return { status: 404, body: { error: what } };
}

/** The path without its query; what is no path, as `//` or `*`, is kept as it is and matches nothing. */
function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? target;
}

/** The text that a segment of a path stands for, or null when its percent signs encode none. */
function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** The body as JSON, or the reason why it is not. */
async function readJson(request: IncomingMessage): Promise<{ json: unknown } | { error: string }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBodyBytes) return { error: `/: the body is larger than ${maxBodyBytes} bytes` };
    chunks.push(chunk as Buffer);
  }
  try {
    return { json: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch (error) {
    return { error: `/: not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Every kind of fault that a line can have, with where it may lie. */
function kindsOn(vocabulary: FaultVocabulary): Record<string, unknown> {
  const kinds = (Object.keys(faultKinds) as FaultKindId[]).map((kind) => {
    return [kind, { ...faultKinds[kind], targets: targetsOn(kind, vocabulary) }] as const;
  });
  return Object.fromEntries(kinds.filter(([, { targets }]) => targets.length > 0));
}

/** Serves the ground truth and takes faults, speed and scenarios; on loopback only. */
export class ControlApi {
  #options: ControlApiOptions;
  #server: Server;

  constructor(options: ControlApiOptions) {
    this.#options = options;
    this.#server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
      void this.#serve(request, response);
    });
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('control API: not listening');
    return address.port;
  }

  /** Listens. Rejects with the system's error when the port is taken; 0 asks for a free one. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answer: Answer;
    try {
      answer = await this.#answer(request);
    } catch (error) {
      this.#options.log.error({ error }, 'control API: a request failed');
      answer = { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
    }
    const text = JSON.stringify(answer.body);
    response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(`${text}\n`);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const refusal = refusalOf(request.headers, this.port);
    if (refusal !== null) return { status: refusal.status, body: { error: refusal.error } };
    const path = pathOf(request.url ?? '/');
    const named = /^\/(?<what>scenarios|faults)\/(?<id>[^/]+)(?<start>\/start)?$/u.exec(path)?.groups;
    if (named !== undefined) return this.#answerNamed(request.method, path, named);
    switch (`${request.method} ${path}`) {
      case 'GET /healthz':
        return { status: 200, body: { ok: true } };
      case 'GET /truth':
        return { status: 200, body: { ...this.#options.truth(), faults: this.#options.faults.active } };
      case 'GET /items':
        return answerItems(this.#options.items, request.url ?? '');
      case 'GET /faults':
        return {
          status: 200,
          body: { faults: this.#options.faults.active, kinds: kindsOn(this.#options.vocabulary) },
        };
      case 'POST /faults':
        return this.#putFault(await readJson(request));
      case 'GET /printer/jobs':
        return { status: 200, body: { jobs: this.#options.printerJobs() } };
      case 'GET /speed':
        return { status: 200, body: { factor: this.#options.speed() } };
      case 'POST /speed':
        return this.#changeSpeed(await readJson(request));
      case 'GET /scenarios':
        return { status: 200, body: { scenarios: scenariosOn(this.#options.vocabulary) } };
      case 'GET /hand':
        return { status: 200, body: this.#options.hand.view() };
      case 'GET /panel':
      case 'POST /panel':
        return this.#answerPanel(request, this.#options.panel);
      default:
        return this.#answerHand(request, path);
    }
  }

  async #answerPanel(request: IncomingMessage, panel: PanelApi | null): Promise<Answer> {
    if (panel === null) return notFound('this line has no panel');
    if (request.method === 'GET') return { status: 200, body: panel.view() };
    const read = await readJson(request);
    return 'error' in read ? bad(read.error) : panel.change(read.json);
  }

  /** What somebody asks the people of the line to do. */
  async #answerHand(request: IncomingMessage, path: string): Promise<Answer> {
    const does = /^POST \/hand\/(?<does>[a-z-]+)$/u.exec(`${request.method} ${path}`)?.groups?.['does'];
    if (does === undefined || !isHandAct(does)) return notFound(`nothing at ${request.method} ${path}`);
    const read = await readJson(request);
    return 'error' in read ? bad(read.error) : this.#options.hand.act(does, read.json);
  }

  /** Requests that name one fault or one scenario in their path. */
  async #answerNamed(
    method: string | undefined,
    path: string,
    { what, id: segment = '', start }: Record<string, string | undefined>,
  ): Promise<Answer> {
    const id = decoded(segment);
    if (id === null) return bad(`${path}: "${segment}" is not percent-encoded UTF-8`);
    switch (`${method} /${what}/{id}${start ?? ''}`) {
      case 'DELETE /faults/{id}':
        return this.#mendFault(id);
      case 'POST /scenarios/{id}/start':
        return this.#startScenario(id);
      default:
        return notFound(`nothing at ${method} ${path}`);
    }
  }

  async #putFault(read: { json: unknown } | { error: string }): Promise<Answer> {
    if ('error' in read) return bad(read.error);
    const parsed = parseFault(read.json, this.#options.vocabulary);
    if (parsed.kind === 'refused') return bad(parsed.error);
    const active = await this.#options.faults.put(parsed.fault);
    if (active === null) return { status: 409, body: { error: `there are already ${maxFaults} faults` } };
    return { status: 201, body: active };
  }

  async #mendFault(id: string): Promise<Answer> {
    const mended = await this.#options.faults.mend(id);
    return mended ? { status: 200, body: { id } } : notFound(`no fault "${id}"`);
  }

  #changeSpeed(read: { json: unknown } | { error: string }): Answer {
    if ('error' in read) return bad(read.error);
    const { json } = read;
    const keys = typeof json === 'object' && json !== null ? Object.keys(json) : [];
    const factor = keys.length === 1 ? (json as Record<string, unknown>)['factor'] : undefined;
    const { low, high } = speedRange;
    if (typeof factor !== 'number' || factor < low || factor > high) {
      return bad(`/factor: expected {"factor": a number from ${low} to ${high}}`);
    }
    this.#options.setSpeed(factor);
    return { status: 200, body: { factor } };
  }

  #startScenario(id: string): Answer {
    const scenarios = scenariosOn(this.#options.vocabulary);
    if (!scenarios.some((scenario) => scenario.id === id)) {
      return bad(`unknown scenario "${id}"; known: ${scenarios.map((known) => known.id).join(', ')}`);
    }
    const started = this.#options.faults.startScenario(id);
    if (!started) return { status: 409, body: { error: 'too many steps are already waiting' } };
    return { status: 202, body: { id } };
  }
}
