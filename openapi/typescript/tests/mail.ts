// The mail that a service wrote to its folder, as a person would read it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a mail may take to arrive, in milliseconds. */
const patience = 30_000;

const isLink = (line: string) => /^https?:\S+$/.test(line);
const isCode = (line: string) => /^\d{6}$/.test(line);

export class Mailbox {
  constructor(private readonly folder: string) {}

  /** The newest link sent to this address, once there are `count` of them. */
  link(address: string, count = 1): Promise<string> {
    return this.newest(address, isLink, count);
  }

  /** The newest code sent to this address, once there are `count` of them. */
  code(address: string, count = 1): Promise<string> {
    return this.newest(address, isCode, count);
  }

  /** How many codes have come to this address. */
  async codes(address: string): Promise<number> {
    return (await this.found(address, isCode)).length;
  }

  private async newest(address: string, isWanted: (line: string) => boolean, count: number): Promise<string> {
    const start = performance.now();
    for (;;) {
      const found = await this.found(address, isWanted);
      const newest = found.at(-1);
      if (newest !== undefined && found.length >= count) return newest;
      if (performance.now() - start > patience) {
        throw new Error(`of ${count} such mails to ${address}, ${found.length} came into ${this.folder}`);
      }
      await pause(10);
    }
  }

  /** The first such line of the text of each mail to this address that has one, oldest first. */
  private async found(address: string, isWanted: (line: string) => boolean): Promise<string[]> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.eml')).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(this.folder, name), 'utf8')));
    return texts.flatMap((text) => {
      const lines = text.split(/\r?\n/).map((line) => line.trim());
      const isTo = lines.some((line) => line.startsWith('To:') && line.includes(address));
      return isTo ? lines.filter(isWanted).slice(0, 1) : [];
    });
  }
}
