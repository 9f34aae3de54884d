/** A strict reader of the ZPL that is sent to printers: anything that it does not expect is an error. */
import { qrModules } from './symbols.ts';

export interface ZplField {
  readonly kind: 'text' | 'gs1' | 'qr' | 'box' | 'diagonal' | 'circle' | 'graphic';
  /** What is printed, escapes resolved; empty for graphics. */
  readonly data: string;
  /** Dots. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface ZplLabel {
  readonly width: number;
  readonly height: number;
  readonly fields: readonly ZplField[];
}

interface Command {
  readonly name: string;
  readonly argument: string;
}

/** As a printer does: a command begins at every caret or tilde, wherever it stands. */
function commandsOf(zpl: string): readonly Command[] {
  const [before = '', ...pieces] = zpl.split(/(?=[\^~])/u);
  if (!before.startsWith('^')) throw new Error(`ZPL begins with «${before}»`);
  return [before, ...pieces].map((piece) => {
    const name = piece.startsWith('^A0') ? '^A0' : piece.slice(0, 3);
    return { name, argument: piece.slice(name.length) };
  });
}

/** Reads one label. @throws on an unknown command, a missing or stray one, or arguments of the wrong form. */
export function readZpl(zpl: string): ZplLabel {
  const commands = commandsOf(zpl);
  const names = commands.map(({ name }) => name);
  if (names[0] !== '^XA' || names.at(-1) !== '^XZ') throw new Error('not one label from ^XA to ^XZ');
  const body = commands.slice(1, -1);
  const head = new Map<string, string>();
  const fields: ZplField[] = [];
  let open: Command[] = [];
  for (const command of body) {
    if (command.name === '^FS') {
      expectBlank(command);
      fields.push(fieldOf(open));
      open = [];
    } else if (open.length > 0 || command.name === '^FO' || command.name === '^FT') {
      open.push(command);
    } else {
      if (head.has(command.name)) throw new Error(`${command.name} twice`);
      head.set(command.name, command.argument.trimEnd());
    }
  }
  if (open.length > 0) throw new Error('a field without ^FS');
  const { '^PW': width = '', '^LL': height = '', ...rest } = Object.fromEntries(head);
  if (JSON.stringify(rest) !== '{"^CI":"28","^LH":"0,0","^PQ":"1"}')
    throw new Error(`unexpected settings ${JSON.stringify(rest)}`);
  return { width: whole(width), height: whole(height), fields };
}

function fieldOf(commands: readonly Command[]): ZplField {
  const [place, ...drawn] = commands;
  if (place === undefined) throw new Error('^FS without a field');
  const [left = 0, top = 0] = numbers(place.argument, 2);
  const shape = drawn.map(({ name }) => name).join('');
  const argument = (name: string) => drawn.find((command) => command.name === name)?.argument ?? '';
  const isAtBase = place.name === '^FT';
  const sized = (kind: ZplField['kind'], data: string, width: number, height: number): ZplField => ({
    kind,
    data,
    left,
    top,
    right: left + width,
    bottom: top + height,
  });
  switch (shape) {
    case '^A0^FH^FD':
    case '^A0^FB^FH^FD': {
      const [, height = '', width = ''] = /^N,(\d+),(\d+)$/u.exec(argument('^A0')) ?? [];
      const data = unescaped(argument('^FD'));
      const room = /^(\d+),1,0,[CR]$/u.exec(argument('^FB'))?.[1];
      const size = whole(height);
      if (size !== whole(width)) throw new Error('a stretched font');
      // The narrow font of the printers: about half an em a character.
      const wide = room === undefined ? Math.round(0.5 * size * data.length) : whole(room);
      const up = isAtBase ? Math.round(0.76 * size) : 0;
      return { kind: 'text', data, left, right: left + wide, top: top - up, bottom: top - up + size };
    }
    case '^BY^BC^FD': {
      const [, high = ''] = /^N,(\d+),N,N,N,N$/u.exec(argument('^BC')) ?? [];
      const data = argument('^FD');
      if (!/^>;>8\d{20}$/u.test(data)) throw new Error(`not GS1-128 in subset C: ${data}`);
      return sized('gs1', data.slice(4), 156 * whole(argument('^BY')), whole(high));
    }
    case '^BQ^FH^FD': {
      const [, module = ''] = /^N,2,(\d+)$/u.exec(argument('^BQ')) ?? [];
      const data = unescaped(argument('^FD'));
      if (!data.startsWith('MA,')) throw new Error(`not QR of level M: ${data}`);
      const side = qrModules(data.slice(3)).side * whole(module);
      return sized('qr', data.slice(3), side, side);
    }
    case '^GB': {
      const [wide = 0, high = 0] = numbers(argument('^GB'), 3);
      return sized('box', '', wide, high);
    }
    case '^GD': {
      const [, wide = '', high = ''] = /^(\d+),(\d+),\d+,B,[LR]$/u.exec(argument('^GD')) ?? [];
      return sized('diagonal', '', whole(wide), whole(high));
    }
    case '^GC': {
      const [, diameter = ''] = /^(\d+),\d+,B$/u.exec(argument('^GC')) ?? [];
      return sized('circle', '', whole(diameter), whole(diameter));
    }
    case '^GF': {
      const [, total = '', , row = '', hex = ''] =
        /^A,(\d+),(\d+),(\d+),([0-9A-F]+)$/u.exec(argument('^GF')) ?? [];
      if (hex.length !== 2 * whole(total) || whole(total) % whole(row) !== 0)
        throw new Error('a graphic of another length than it says');
      return sized('graphic', '', 8 * whole(row), whole(total) / whole(row));
    }
    default:
      throw new Error(`no field: ${place.name}${shape}`);
  }
}

function unescaped(data: string): string {
  const bytes = data.replaceAll(/_(..)/gu, (_, hex: string) => {
    if (!/^[0-9A-F]{2}$/u.test(hex)) throw new Error(`no escape: _${hex}`);
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  if (/\p{Cc}/u.test(bytes)) throw new Error('a control character in a field');
  return bytes;
}

function expectBlank({ name, argument }: Command): void {
  if (argument.trim() !== '') throw new Error(`«${argument}» after ${name}`);
}

function numbers(text: string, count: number): readonly number[] {
  const parts = text.split(',');
  if (parts.length !== count) throw new Error(`${count} numbers expected: ${text}`);
  return parts.map(whole);
}

function whole(text: string): number {
  if (!/^\d+$/u.test(text)) throw new Error(`no whole number: «${text}»`);
  return Number(text);
}
