// A QR code (ISO/IEC 18004) as a drawing: byte mode, error correction L, versions 1 to 13. It is made here so that the
// secret of an authenticator goes to nobody's picture service.
import { h, svg } from './dom.js';

/** Of each version: data bytes of the blocks, and error correction bytes of each. */
const versions: [blocks: number[], correction: number][] = [
  [[19], 7],
  [[34], 10],
  [[55], 15],
  [[80], 20],
  [[108], 26],
  [[68, 68], 18],
  [[78, 78], 20],
  [[97, 97], 24],
  [[116, 116], 30],
  [[68, 68, 69, 69], 18],
  [[81, 81, 81, 81], 20],
  [[92, 92, 93, 93], 24],
  [[107, 107, 107, 107], 26],
];

/** The code of a text; none where it is too long for one. */
export function qrCode(text: string, label: string): SVGElement | HTMLElement {
  const modules = encode(new TextEncoder().encode(text));
  if (!modules) return h('span', {});
  const size = modules.length;
  let path = '';
  modules.forEach((row, y) =>
    row.forEach((isDark, x) => {
      if (isDark) path += `M${x} ${y}h1v1h-1z`;
    }),
  );
  // Four modules of quiet around it, dark on light whatever the colours of the page: scanners want it so.
  return svg(
    'svg',
    {
      class: 'qr',
      viewBox: `-4 -4 ${size + 8} ${size + 8}`,
      role: 'img',
      'aria-label': label,
      'shape-rendering': 'crispEdges',
    },
    svg('rect', { class: 'qr-light', x: -4, y: -4, width: size + 8, height: size + 8 }),
    svg('path', { class: 'qr-dark', d: path }),
  );
}

/** The modules, dark or light, row by row. */
export function encode(bytes: Uint8Array): boolean[][] | null {
  const index = versions.findIndex(
    ([blocks], at) => sum(blocks) * 8 >= 4 + (at < 9 ? 8 : 16) + bytes.length * 8,
  );
  if (index < 0) return null;
  const version = index + 1;
  const [blocks, correction] = versions[index]!;
  const grid = new Grid(version);
  grid.write(interleaved(padded(bytes, version, sum(blocks)), blocks, correction));
  return grid.modules.map((row) => row.map((one) => one === true));
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** Mode, length, the bytes, and filling up to the room that there is. */
function padded(bytes: Uint8Array, version: number, room: number): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const words = Array.from({ length: bits.length / 8 }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((word, bit) => word * 2 + bit, 0),
  );
  for (let fill = 0xec; words.length < room; fill ^= 0xec ^ 0x11) words.push(fill);
  return words;
}

function interleaved(words: number[], blocks: number[], correction: number): number[] {
  let from = 0;
  const data = blocks.map((length) => words.slice(from, (from += length)));
  const checks = data.map((block) => remainder(block, correction));
  const longest = Math.max(...blocks);
  const all: number[] = [];
  for (let at = 0; at < longest; at += 1)
    for (const block of data) if (at < block.length) all.push(block[at]!);
  for (let at = 0; at < correction; at += 1) for (const check of checks) all.push(check[at]!);
  return all;
}

/** Product in the field of 256 elements with the polynomial 0x11d. */
function times(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((other >> bit) & 1) * one;
  }
  return product;
}

/** The Reed-Solomon check bytes of a block. */
function remainder(block: number[], length: number): number[] {
  const divisor: number[] = [...Array<number>(length - 1).fill(0), 1];
  let root = 1;
  for (let step = 0; step < length; step += 1) {
    for (let at = 0; at < length; at += 1) divisor[at] = times(divisor[at]!, root) ^ (divisor[at + 1] ?? 0);
    root = times(root, 2);
  }
  const rest: number[] = Array<number>(length).fill(0);
  for (const byte of block) {
    const factor = byte ^ rest.shift()!;
    rest.push(0);
    divisor.forEach((value, at) => (rest[at]! ^= times(value, factor)));
  }
  return rest;
}

class Grid {
  readonly modules: (boolean | null)[][];
  readonly #size: number;

  constructor(version: number) {
    this.#size = version * 4 + 17;
    this.modules = Array.from({ length: this.#size }, () => Array<boolean | null>(this.#size).fill(null));
    const last = this.#size - 7;
    for (const [x, y] of [
      [0, 0],
      [last, 0],
      [0, last],
    ] as const)
      this.#finder(x, y);
    const places = this.#alignments(version);
    const corner = places.at(-1);
    for (const x of places)
      for (const y of places) {
        const isFinder = (x === 6 && y === 6) || (x === 6 && y === corner) || (x === corner && y === 6);
        if (!isFinder) this.#ring(x, y, 2);
      }
    for (let at = 8; at < this.#size - 8; at += 1) {
      this.modules[6]![at] ??= at % 2 === 0;
      this.modules[at]![6] ??= at % 2 === 0;
    }
    this.#format();
    if (version >= 7) this.#version(version);
  }

  #set(x: number, y: number, isDark: boolean): void {
    const row = this.modules[y];
    if (row && x >= 0 && x < this.#size) row[x] = isDark;
  }

  #finder(left: number, top: number): void {
    for (let y = -1; y <= 7; y += 1)
      for (let x = -1; x <= 7; x += 1) {
        const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
        this.#set(left + x, top + y, ring !== 2 && ring !== 4);
      }
  }

  #ring(x: number, y: number, radius: number): void {
    for (let dy = -radius; dy <= radius; dy += 1)
      for (let dx = -radius; dx <= radius; dx += 1) {
        this.#set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }
  }

  #alignments(version: number): number[] {
    if (version === 1) return [];
    const last = this.#size - 7;
    return version < 7 ? [6, last] : [6, (6 + last) / 2, last];
  }

  /** Error correction L and mask 0, twice. */
  #format(): void {
    const data = 0b01 << 3;
    let rest = data;
    for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const bits = ((data << 10) | rest) ^ 0x5412;
    const bit = (at: number): boolean => ((bits >> at) & 1) === 1;
    const size = this.#size;
    for (let at = 0; at < 6; at += 1) this.#set(8, at, bit(at));
    this.#set(8, 7, bit(6));
    this.#set(8, 8, bit(7));
    this.#set(7, 8, bit(8));
    for (let at = 9; at < 15; at += 1) this.#set(14 - at, 8, bit(at));
    for (let at = 0; at < 8; at += 1) this.#set(size - 1 - at, 8, bit(at));
    for (let at = 8; at < 15; at += 1) this.#set(8, size - 15 + at, bit(at));
    this.#set(8, size - 8, true);
  }

  #version(version: number): void {
    let rest = version;
    for (let step = 0; step < 12; step += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let at = 0; at < 18; at += 1) {
      const isDark = ((bits >> at) & 1) === 1;
      const far = this.#size - 11 + (at % 3);
      const near = Math.floor(at / 3);
      this.#set(far, near, isDark);
      this.#set(near, far, isDark);
    }
  }

  /** Writes from the right in columns of two, up and down, with mask 0 on what is written. */
  write(words: number[]): void {
    let at = 0;
    for (let right = this.#size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.#size; step += 1)
        for (const x of [right, right - 1]) {
          const isUpward = ((right + 1) & 2) === 0;
          const y = isUpward ? this.#size - 1 - step : step;
          if (this.modules[y]![x] !== null) continue;
          const isDark = at < words.length * 8 && ((words[at >> 3]! >> (7 - (at & 7))) & 1) === 1;
          at += 1;
          this.modules[y]![x] = isDark !== ((x + y) % 2 === 0);
        }
    }
  }
}
