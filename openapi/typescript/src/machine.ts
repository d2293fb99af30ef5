import type { Schema } from './calls.js';
import { byKey, bySecret } from './credentials.js';
import type { MachineKey, Prove } from './credentials.js';
import type { Authorizer, Post } from './session.js';
import type { Access, How } from './transport.js';

/** Who signs in, and by what: a secret, or a private key, which never leaves the program. */
export type MachineOptions = MachineIdentity &
  ({ clientSecret: string; key?: never } | { key: MachineKey; clientSecret?: never });

interface MachineIdentity {
  clientId: string;
  /** Asks for these scopes of the API client and not for all. */
  scopes?: readonly Schema<'Scope'>[];
  /** The issuer of the service, where that is another address than the client's. A key signs for this one alone. */
  audience?: string;
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/**
 * Signs an API client in (RFC 6749, 4.4), by its secret or its key, with its first call, and again before its token
 * ends. For programs: a page keeps neither.
 */
export class MachineSession implements Authorizer {
  readonly #scopes: string;
  readonly #audience: string | undefined;
  readonly #prove: Prove;
  readonly #how: Partial<How>;
  #service: { post: Post; baseUrl: string } | undefined;
  #token: { access: Access; renewAt: number; expiresAt: number } | undefined;
  #generation = 0;
  #renewal: Promise<Access> | undefined;

  constructor({ clientId, clientSecret, key, scopes = [], audience }: MachineOptions) {
    this.#scopes = scopes.join(' ');
    this.#audience = audience;
    this.#prove = key ? byKey(clientId, key) : bySecret(clientId, clientSecret);
    // An assertion is good once: one that may have arrived is not sent again. A second token does no harm.
    this.#how = { repeat: key ? 'unapplied' : 'freely', isHarmlessTwice: true };
  }

  connect(post: Post, baseUrl: string): void {
    if (this.#service) throw new TypeError('a session belongs to one client');
    this.#service = { post, baseUrl };
  }

  access(refused?: number): Promise<Access> {
    const token = this.#token;
    if (token && refused !== token.access.generation && Date.now() < token.renewAt) {
      return Promise.resolve(token.access);
    }
    this.#renewal ??= this.#renew(refused).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  /** Ends the token before its time. The next call signs in again. */
  async signOut(): Promise<void> {
    const token = this.#token?.access.token;
    this.#token = undefined;
    if (!token) return;
    const { post, proof } = await this.#proved();
    await post('/oauth/revoke', { headers: form, body: { token, ...proof } }, this.#how);
  }

  async #renew(refused?: number): Promise<Access> {
    const old = this.#token;
    try {
      const { post, proof } = await this.#proved();
      const body = {
        grant_type: 'client_credentials',
        ...(this.#scopes && { scope: this.#scopes }),
        ...proof,
      };
      const { data } = await post('/oauth/token', { headers: form, body }, this.#how);
      const lifetime = data.expires_in * 1_000;
      const expiresAt = Date.now() + lifetime;
      const access = { token: data.access_token, generation: (this.#generation += 1) };
      this.#token = { access, expiresAt, renewAt: expiresAt - Math.min(60_000, lifetime / 2) };
      return access;
    } catch (error) {
      // The old token has some time left yet; better used than refused.
      if (old && refused !== old.access.generation && Date.now() < old.expiresAt) return old.access;
      throw error;
    }
  }

  async #proved() {
    if (!this.#service) throw new TypeError('the session has no client: give it to createClient');
    const { post, baseUrl } = this.#service;
    return { post, proof: await this.#prove(this.#audience ?? baseUrl) };
  }
}
